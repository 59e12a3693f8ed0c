use varco_domain::{EventKind, Organization, Record, Session, SessionEnd, Timestamp, User};

use super::SignInError;
use super::admit::KNOWN_FOR;
use super::origin::Origin;
use super::proceed::Conversation;
use crate::Environment;
use crate::sessions::{NewSession, end_sessions, hand_out, note_ended};
use crate::storage::{SessionsOf, StorageError, ThrottleKey};
use crate::write::{Change, Write};

/// A session that may begin: everything is proved, and the user's home and the organization are locked.
pub(super) struct Beginning<'a> {
    /// Whose.
    pub(super) user: &'a User,
    /// Where.
    pub(super) organization: &'a Organization,
    /// How it came to it.
    pub(super) conversation: &'a Conversation<'a>,
}

impl Beginning<'_> {
    fn session(&self, env: &Environment, now: Timestamp) -> Session {
        let expires_at = now.plus(self.organization.policies.max_session_age);
        // Going from one organization to the next makes nothing last longer.
        let expires_at = self.conversation.replaced.map_or(expires_at, |replaced| expires_at.min(replaced.expires_at));
        Session {
            id: env.new_id(),
            user: self.user.id,
            organization: self.organization.id,
            pin_given: self.conversation.shown.pin,
            created_at: now,
            last_used_at: now,
            expires_at,
            client: self.conversation.origin.client.clone(),
        }
    }
}

/// Begins a session.
pub(super) async fn begin_session(
    mut write: Write<'_>,
    env: &Environment,
    beginning: &Beginning<'_>,
) -> Result<NewSession, SignInError> {
    let session = beginning.session(env, write.now());
    write.act_in(session.user, session.organization);
    write.work().sessions().insert(&session).await?;
    match beginning.conversation.replaced {
        Some(replaced) => {
            end_sessions(&mut write, SessionsOf::Session(replaced.id), None, SessionEnd::OrganizationChanged).await?;
        }
        None => remember(&mut write, &session, beginning.conversation.origin).await?,
    }
    let ended = write.work().sessions().end_beyond(session.user, Session::MAX_PER_USER).await?;
    note_ended(&mut write, &ended, SessionEnd::TooMany);
    write.record(
        EventKind::SessionStarted,
        Some(session.organization),
        &[("session", &session.id), ("user", &session.user)],
        Change::created(Record::default().with("pin_given", session.pin_given)),
    );
    hand_out(write, env, session).await
}

/// Notes the sign-in and its source, and forgets the tries that led to it. From a known source it does
/// not make room for those who try from others.
async fn remember(write: &mut Write<'_>, session: &Session, origin: &Origin) -> Result<(), StorageError> {
    let (user, now, source) = (session.user, write.now(), origin.source.to_string());
    let sign_ins = write.work().sign_ins();
    let is_known = sign_ins.is_known_source(user, &source, now.minus(KNOWN_FOR)).await?;
    let key = if is_known { ThrottleKey::Known(user, source.clone()) } else { ThrottleKey::Account(user) };
    sign_ins.forget_tries(&key).await?;
    sign_ins.note_source(user, &source, now).await?;
    write.work().users().note_sign_in(user, now).await
}
