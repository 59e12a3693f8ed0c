use zeroize::Zeroizing;

/// Seals what the database keeps and nobody may read there: links and passwords in mails that wait,
/// private keys, secrets of other systems.
pub trait Vault: Send + Sync {
    /// Encrypts; what `context` says is bound to the result. It names the purpose and the row, so
    /// that what was sealed for one opens for no other.
    fn seal(&self, context: &[u8], content: &[u8]) -> Vec<u8>;

    /// Decrypts what `seal` gave for the same context. `None` for anything else.
    fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>>;
}
