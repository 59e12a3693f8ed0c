//! The mails of a server in the test's own process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use varco_application::mails::deliver_due;
use varco_application::{Mailer, OutgoingMail};
use varco_domain::{MailFault, MailId, MailKind};

use crate::TestServer;

/// Keeps the mails that a server sends.
#[derive(Debug, Default)]
pub struct RecordingMailer {
    received: Mutex<Vec<ReceivedMail>>,
    fault: Mutex<Option<MailFault>>,
}

/// A mail as it left the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMail {
    /// Names it.
    pub id: MailId,
    /// What it says.
    pub kind: MailKind,
    /// In whose name it was sent.
    pub organization: String,
    /// To whom.
    pub recipient: String,
    /// In which it is written.
    pub language: String,
    /// What it says in particular.
    pub values: BTreeMap<String, String>,
}

impl ReceivedMail {
    /// What stands in a place of the mail, such as `token`, `password` or `pin`.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).unwrap_or_else(|| panic!("the mail has no `{name}`: {self:?}"))
    }
}

impl RecordingMailer {
    /// From now on no mail is taken, for this reason, or every one.
    pub fn fail(&self, fault: Option<MailFault>) {
        *lock(&self.fault) = fault;
    }

    /// Every mail so far, oldest first.
    pub fn received(&self) -> Vec<ReceivedMail> {
        let mut received = lock(&self.received).clone();
        // Several are on their way at once.
        received.sort_by_key(|mail| mail.id);
        received
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Mailer for RecordingMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailFault> {
        if let Some(fault) = *lock(&self.fault) {
            return Err(fault);
        }
        lock(&self.received).push(ReceivedMail {
            id: mail.id,
            kind: mail.kind,
            organization: mail.organization.to_string(),
            recipient: mail.recipient.as_str().to_owned(),
            language: mail.language.as_str().to_owned(),
            values: mail.values.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        });
        Ok(())
    }
}

impl TestServer {
    /// Sends what is due, and gives every mail so far, oldest first. Nothing else sends mails: a
    /// test server has no sender in the background.
    pub async fn mails(&self) -> Vec<ReceivedMail> {
        deliver_due(self.environment().await.as_ref()).await.expect("the queue is readable");
        self.mailer.received()
    }

    /// Sends what is due, and gives the newest mail to an address.
    pub async fn last_mail(&self, recipient: &str) -> ReceivedMail {
        let newest = self.mails().await.into_iter().rfind(|mail| mail.recipient == recipient);
        newest.unwrap_or_else(|| panic!("no mail went to {recipient}"))
    }

    /// Where its mails go.
    pub fn mailer(&self) -> &Arc<RecordingMailer> {
        &self.mailer
    }
}
