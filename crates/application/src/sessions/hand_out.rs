use varco_domain::Session;

use crate::authentication::{AccessToken, TokenHolder, issue_access_token};
use crate::storage::StorageError;
use crate::write::Write;
use crate::{Environment, KeyUnusable, PlainSecret};

/// A session with what its user works by.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The session.
    pub session: Session,
    /// To call with.
    pub access_token: AccessToken,
    /// To be exchanged, once, for new ones.
    pub refresh_token: PlainSecret,
}

/// Makes the next tokens of a session, and durable what led to them.
pub(crate) async fn hand_out<E: From<StorageError> + From<KeyUnusable>>(
    mut write: Write<'_>,
    env: &Environment,
    session: Session,
) -> Result<NewSession, E> {
    let refresh_token = env.secrets.generate_refresh_token();
    let (digest, now) = (env.secrets.digest(refresh_token.expose()), write.now());
    write.work().sessions().insert_token(&digest, session.id, now).await?;
    write.finish_always().await?;
    let holder = TokenHolder {
        user: session.user,
        session: session.id,
        organization: session.organization,
        ends_at: session.expires_at,
    };
    let access_token = issue_access_token(env, &holder)?;
    Ok(NewSession { session, access_token, refresh_token })
}
