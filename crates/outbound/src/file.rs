use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use time::OffsetDateTime;
use varco_application::{Mailer, OutgoingMail};
use varco_domain::{MailFault, Timestamp};
use zeroize::Zeroizing;

use crate::LinkBase;
use crate::letter::Letter;
use crate::templates::Templates;

/// For their owner alone: they hold links and passwords.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// Puts mails into a folder, for a machine without a mail server, and prints their links to the
/// log. Never for production: whoever reads the log can use the links.
pub struct FileMailer {
    folder: PathBuf,
    templates: Templates,
}

impl FileMailer {
    /// Puts mails into this folder, which is made if need be.
    pub fn new(folder: PathBuf, link_base: LinkBase) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(&folder)?;
        Ok(Self { folder, templates: Templates::new(link_base) })
    }
}

#[async_trait]
impl Mailer for FileMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailFault> {
        let letter = self.templates.write(mail).map_err(|error| {
            tracing::error!(mail = %mail.id, error = &error as &dyn std::error::Error, "a template does not work");
            MailFault::Unwritable
        })?;
        let path = self.folder.join(file_name(mail));
        let (text, written_to) = (readable(mail, &letter), path.clone());
        let written = tokio::task::spawn_blocking(move || write(&path, &text)).await;
        if let Err(error) = written.map_err(io::Error::other).flatten() {
            tracing::warn!(file = %written_to.display(), error = &error as &dyn std::error::Error, "a mail was not written");
            return Err(MailFault::Unreachable);
        }
        let (kind, file) = (mail.kind.as_str(), written_to.display());
        if let Some(link) = &letter.link {
            tracing::info!(kind, %file, link = link.as_str(), "a mail was written");
        } else {
            tracing::info!(kind, %file, "a mail was written");
        }
        Ok(())
    }
}

/// Sorts by time and is the same at every try.
fn file_name(mail: &OutgoingMail) -> String {
    format!("{}-{}-{}.txt", compact(mail.created_at), mail.kind.as_str(), mail.id)
}

fn compact(instant: Timestamp) -> String {
    let seconds = instant.as_micros().div_euclid(1_000_000);
    let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second) = time.to_hms();
    format!("{year:04}{:02}{day:02}T{hour:02}{minute:02}{second:02}Z", u8::from(month))
}

fn readable(mail: &OutgoingMail, letter: &Letter) -> Zeroizing<String> {
    Zeroizing::new(format!("To: {}\nSubject: {}\n\n{}", mail.recipient, letter.subject, letter.text.as_str()))
}

/// Writes a file that is there whole or not at all.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}

fn open(path: &Path) -> io::Result<File> {
    // Left by a try that was cut off.
    let _ = std::fs::remove_file(path);
    OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)
}

#[cfg(test)]
mod tests;
