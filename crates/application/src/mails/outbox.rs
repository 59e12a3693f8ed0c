use std::fmt;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::ports::Mailer;

/// Where mails leave, and a bell for whoever sends them.
pub struct Outbox {
    pub(super) mailer: Arc<dyn Mailer>,
    pub(super) bell: Notify,
}

impl Outbox {
    /// An outbox that is emptied through this mailer.
    pub fn new(mailer: Arc<dyn Mailer>) -> Self {
        Self { mailer, bell: Notify::new() }
    }

    /// Says that there is something to send.
    pub(crate) fn ring(&self) {
        self.bell.notify_one();
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbox")
    }
}
