use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use varco_domain::{EventKind, Mail, MailFault, MailStatus};

use super::MailValues;
use super::enqueue::{record, vault_context};
use crate::ports::OutgoingMail;
use crate::retry::retry;
use crate::storage::StorageError;
use crate::write::{Change, Write};
use crate::{Caller, Environment, Mode};

/// How long after it was queued, elsewhere, or became due a mail may lie.
const POLL: Duration = Duration::from_secs(1);

/// How long mails on their way may take when the server stops: less than a drain has.
const GRACE: Duration = Duration::from_secs(5);

/// How many are read at once.
const BATCH: usize = 100;

/// How many are on their way at once: a mail server that is slow with one holds up few.
const PARALLEL: usize = 8;

/// Sends mails until the server stops.
pub async fn send_mails(env: Arc<Environment>) {
    while !env.tasks.is_stopping() {
        tokio::select! {
            () = env.outbox.bell.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            () = env.tasks.stopping() => return,
        }
        let too_late = async {
            env.tasks.stopping().await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            result = deliver_due(&env) => note(result),
            () = too_late => return,
        }
    }
}

fn note(result: Result<usize, StorageError>) {
    if let Err(error) = result {
        tracing::warn!(error = &error as &dyn std::error::Error, "mails wait: the queue could not be read or written");
    }
}

/// Sends every mail that is due, and says how many a mail server took.
pub async fn deliver_due(env: &Environment) -> Result<usize, StorageError> {
    let mut sent = 0;
    loop {
        let due = due(env).await?;
        let is_last = due.len() < BATCH;
        let tries = stream::iter(due).map(|mail| deliver(env, mail)).buffer_unordered(PARALLEL);
        sent += tries.try_fold(0, async |sent, was_sent| Ok(sent + usize::from(was_sent))).await?;
        if is_last || env.tasks.is_stopping() {
            return Ok(sent);
        }
    }
}

async fn due(env: &Environment) -> Result<Vec<Mail>, StorageError> {
    let mut work = env.store.begin_read().await?;
    work.mails().due(env.clock.now(), BATCH).await
}

/// Tries to send one, unless somebody else does. Says whether a mail server took it.
async fn deliver(env: &Environment, mut mail: Mail) -> Result<bool, StorageError> {
    if env.tasks.is_stopping() {
        return Ok(false);
    }
    let Some(sealed) = claim(env, &mut mail).await? else { return Ok(false) };
    let result = match outgoing(env, &mail, &sealed) {
        Some(outgoing) => env.outbox.mailer.send(&outgoing).await,
        None => Err(MailFault::Unwritable),
    };
    let before = mail.clone();
    let kind = end(env, &mut mail, result);
    // The mail has left, or was tried; not to have noted it is to try it once more.
    retry(StorageError::is_contention, || store_end(env, &before, &mail, kind)).await?;
    Ok(result.is_ok())
}

/// Takes a mail and gives its content; `None` if somebody else took it. Of all who try at once one
/// finds the row as it was read.
async fn claim(env: &Environment, mail: &mut Mail) -> Result<Option<Vec<u8>>, StorageError> {
    let seen = mail.clone();
    mail.claim(env.clock.now());
    let mut work = env.store.begin().await?;
    let claimed = match work.mails().replace(&seen, mail).await {
        Err(StorageError::Contention) | Ok(false) => return Ok(None),
        claimed => claimed?,
    };
    debug_assert!(claimed, "the rest was returned");
    let sealed = work.mails().content(mail.id).await?;
    work.commit().await?;
    Ok(sealed)
}

fn outgoing(env: &Environment, mail: &Mail, sealed: &[u8]) -> Option<OutgoingMail> {
    let content = env.vault.open(&vault_context(mail.id), sealed)?;
    Some(OutgoingMail {
        id: mail.id,
        organization: mail.organization,
        recipient: mail.recipient.clone(),
        language: mail.language.clone(),
        kind: mail.kind,
        created_at: mail.created_at,
        values: MailValues::decode(&content)?,
    })
}

/// Notes how a try ended, and gives the event that tells it. A try that is followed by another is none.
fn end(env: &Environment, mail: &mut Mail, result: Result<(), MailFault>) -> Option<EventKind> {
    let now = env.clock.now();
    match result {
        Ok(()) => {
            mail.sent(now);
            Some(EventKind::MailSent)
        }
        Err(fault) => {
            mail.failed(fault, now);
            tracing::warn!(mail = %mail.id, kind = mail.kind.as_str(), fault = fault.as_str(), attempts = mail.attempts,
                status = mail.status.as_str(), "a mail could not be sent");
            (mail.status == MailStatus::Dead).then_some(EventKind::MailDied)
        }
    }
}

async fn store_end(env: &Environment, before: &Mail, mail: &Mail, kind: Option<EventKind>) -> Result<(), StorageError> {
    let Some(kind) = kind else { return store_quietly(env, before, mail).await };
    let caller = Caller::system("mails");
    let mut write = Write::begin(env, &caller).await?;
    // The account may be gone by now, and its mails with it.
    if write.work().mails().replace(before, mail).await? {
        record(&mut write, kind, mail, Change::updated(before, mail));
        write.finish(Mode::Execute).await?;
    }
    Ok(())
}

async fn store_quietly(env: &Environment, before: &Mail, mail: &Mail) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    work.mails().replace(before, mail).await?;
    work.commit().await
}
