/// Tells browsers and operating systems apart.
pub trait UserAgents: Send + Sync {
    /// Reads the header that a browser sends.
    fn read(&self, user_agent: &str) -> Agent;
}

/// What a browser says of itself. A claim, never a proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agent {
    /// Name and major version, such as `Firefox 128`; empty if unknown.
    pub browser: String,
    /// Such as `Windows 10`; empty if unknown.
    pub operating_system: String,
}
