use varco_application::sessions::NewSession;
use varco_application::sign_in::{Answered, NextStep};
use varco_application::storage::NamedDoor;
use varco_domain::{Session, SessionId, Step};
use varco_proto::v1;

use crate::present::{duration, timestamp};

/// What a step of a sign-in gave, as one of the two results of its response.
pub(super) fn answered<R>(
    answered: Answered,
    session: impl FnOnce(v1::SessionTokens) -> R,
    step: impl FnOnce(v1::SignInStep) -> R,
) -> R {
    match answered {
        Answered::Session(new) => session(tokens(&new)),
        Answered::Next(next) => step(next_step(&next)),
    }
}

/// A session with its tokens. It is the one that the caller works by from now on.
pub(super) fn tokens(new: &NewSession) -> v1::SessionTokens {
    v1::SessionTokens {
        session: Some(session(&new.session, Some(new.session.id))),
        access_token: new.access_token.token.expose().to_owned(),
        expires_in: Some(duration(new.access_token.expires_in)),
        refresh_token: new.refresh_token.expose().to_owned(),
    }
}

/// A session, as its user sees it.
pub(super) fn session(session: &Session, current: Option<SessionId>) -> v1::Session {
    let client = session.client.clone();
    v1::Session {
        session_id: session.id.to_string(),
        user_id: session.user.to_string(),
        organization_id: session.organization.to_string(),
        create_time: Some(timestamp(session.created_at)),
        last_use_time: Some(timestamp(session.last_used_at)),
        expire_time: Some(timestamp(session.expires_at)),
        address: client.address.unwrap_or_default(),
        user_agent: client.user_agent.unwrap_or_default(),
        browser: client.browser.unwrap_or_default(),
        operating_system: client.operating_system.unwrap_or_default(),
        is_current: current == Some(session.id),
    }
}

fn next_step(next: &NextStep) -> v1::SignInStep {
    let kind = match next.step {
        Step::NewPassword => v1::SignInStepKind::ChangePassword,
        Step::Pin => v1::SignInStepKind::Pin,
        Step::Organization => v1::SignInStepKind::ChooseOrganization,
    };
    let organization = |door: &NamedDoor| v1::SignInOrganization {
        organization_id: door.door.organization.to_string(),
        name: door.name.as_str().to_owned(),
    };
    v1::SignInStep {
        kind: kind.into(),
        challenge_token: next.challenge.expose().to_owned(),
        expires_in: Some(duration(next.expires_in)),
        organizations: next.doors.iter().map(organization).collect(),
    }
}
