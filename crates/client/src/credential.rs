use std::fmt;

/// What a service account proves itself with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    client_id: String,
    client_secret: String,
}

impl Credential {
    /// The service account's id (`sa_…`) or username, and one of its secrets.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self { client_id: client_id.into(), client_secret: client_secret.into() }
    }

    /// Who.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(crate) fn client_secret(&self) -> &str {
        &self.client_secret
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("client_id", &self.client_id)
            .field("client_secret", &format_args!("[redacted]"))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", Credential::new("backend", "varco_secret_abc"));

        assert!(shown.contains("backend") && !shown.contains("abc"), "{shown}");
    }
}
