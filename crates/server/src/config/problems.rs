use std::fmt;

/// What is wrong with one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Such as `grpc.listen`.
    pub key: String,
    /// Such as `must be an address and a port`.
    pub problem: String,
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    pub(super) fn one(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self(vec![Problem { key: key.into(), problem: problem.into() }])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration cannot be used:")?;
        self.0.iter().try_for_each(|Problem { key, problem }| write!(f, "\n  {key} {problem}"))
    }
}

impl std::error::Error for Problems {}
