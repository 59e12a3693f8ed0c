use varco_domain::{EventKind, Organization, Record, Session, SessionEnd, SessionId, Timestamp, User};

use super::admit::KNOWN_FOR;
use super::origin::Origin;
use super::proceed::Conversation;
use super::{NewSession, SignInError};
use crate::authentication::{TokenHolder, issue_access_token};
use crate::sessions::{end_sessions, note_ended};
use crate::storage::{SessionsOf, StorageError, ThrottleKey};
use crate::write::{Change, Write};
use crate::{Environment, PlainSecret};

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
    let refresh_token = give_refresh_token(&mut write, env, session.id).await?;
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
    write.finish_always().await?;
    let access_token = issue_access_token(env, &holder_of(&session))?;
    Ok(NewSession { session, access_token, refresh_token })
}

/// For whom the access tokens of a session are.
pub(crate) fn holder_of(session: &Session) -> TokenHolder {
    TokenHolder {
        user: session.user,
        session: session.id,
        organization: session.organization,
        ends_at: session.expires_at,
    }
}

/// Makes a refresh token for a session.
pub(crate) async fn give_refresh_token(
    write: &mut Write<'_>,
    env: &Environment,
    session: SessionId,
) -> Result<PlainSecret, StorageError> {
    let token = env.secrets.generate_refresh_token();
    let (digest, now) = (env.secrets.digest(token.expose()), write.now());
    write.work().sessions().insert_token(&digest, session, now).await?;
    Ok(token)
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
