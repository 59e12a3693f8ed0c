//! Files that hold a secret.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use zeroize::Zeroizing;

/// Whoever is neither the owner nor of the group must not read it.
const OTHERS: u32 = 0o007;

/// No secret is longer; a slip in the path is not read into memory whole.
const MAX_BYTES: u64 = 64 * 1024;

/// Reads a file that others cannot read. The error is what is wrong with it.
pub(super) fn read_private(path: &Path) -> Result<Zeroizing<String>, String> {
    let problem = |error: std::io::Error| format!("names `{}`, which cannot be read: {error}", path.display());
    let file = File::open(path).map_err(problem)?;
    let mode = file.metadata().map_err(problem)?.permissions().mode();
    if mode & OTHERS != 0 {
        let path = path.display();
        return Err(format!("names `{path}`, which others than its owner can read: run `chmod 600 {path}`"));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(problem)?;
    Ok(text)
}
