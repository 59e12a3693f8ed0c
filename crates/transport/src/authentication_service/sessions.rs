use varco_application::PlainSecret;
use varco_application::sessions::{
    ListSessions, RefreshSession, RevokeSession, list_sessions, refresh_session, revoke_session, sign_out,
};
use varco_domain::SessionId;
use varco_proto::v1;

use super::present::{session, tokens};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::gate::token_invalid;

pub(super) async fn refresh(
    call: &Call,
    request: &v1::RefreshSessionRequest,
) -> Result<v1::RefreshSessionResponse, Failure> {
    let command = RefreshSession { unverified_token: PlainSecret::new(request.refresh_token.clone()) };
    let refreshed = refresh_session(&call.env, &call.caller, &command).await?;
    Ok(v1::RefreshSessionResponse { session: Some(tokens(&refreshed)) })
}

pub(super) async fn end_own(call: &Call, _: &v1::SignOutRequest) -> Result<v1::SignOutResponse, Failure> {
    let (_, session) = call.caller.user().ok_or_else(token_invalid)?;
    let written = sign_out(&call.env, &call.caller, session).await?;
    Ok(v1::SignOutResponse { revision: written.revision.get() })
}

pub(super) async fn list(call: &Call, request: &v1::ListSessionsRequest) -> Result<v1::ListSessionsResponse, Failure> {
    let (user, current) = call.caller.user().ok_or_else(token_invalid)?;
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let command = fields.finish(|| Some(ListSessions { user, after: paging.after, limit: paging.limit }))?;
    let page = list_sessions(&call.env, &command).await?;
    let next_page_token = call.next_page_token(&paging, &page, |session| session.id);
    let sessions = page.items.iter().map(|it| session(it, Some(current))).collect();
    Ok(v1::ListSessionsResponse { sessions, next_page_token })
}

pub(super) async fn revoke(
    call: &Call,
    request: &v1::RevokeSessionRequest,
) -> Result<v1::RevokeSessionResponse, Failure> {
    let mut fields = Fields::default();
    let session = fields.parse("session_id", SessionId::parse(&request.session_id));
    let command = fields.finish(|| Some(RevokeSession { session: session? }))?;
    let written = revoke_session(&call.env, &call.caller, &command).await?;
    Ok(v1::RevokeSessionResponse { revision: written.revision.get() })
}
