use varco_application::reports::{ListFailedSignIns, list_failed_sign_ins};
use varco_application::storage::SignInFailure;
use varco_domain::{OrganizationId, SignInRefusal, UserId};
use varco_proto::v1;

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::present::timestamp;

pub(super) async fn call(
    call: &Call,
    request: &v1::ListFailedSignInsRequest,
) -> Result<v1::ListFailedSignInsResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let organization = fields.parse_optional("organization_id", &request.organization_id, OrganizationId::parse);
    let user = fields.parse_optional("user_id", &request.user_id, UserId::parse);
    let command =
        fields.finish(|| Some(ListFailedSignIns { organization, user, before: paging.after, limit: paging.limit }))?;
    let page = list_failed_sign_ins(&call.env, &command).await?;
    let next_page_token = call.next_page_token(&paging, &page, |failure| failure.id);
    let failed_sign_ins = page.items.into_iter().map(failed_sign_in).collect();
    Ok(v1::ListFailedSignInsResponse { failed_sign_ins, next_page_token })
}

fn failed_sign_in(failure: SignInFailure) -> v1::FailedSignIn {
    v1::FailedSignIn {
        failed_sign_in_id: failure.id.to_string(),
        user_id: failure.user.map(|user| user.to_string()).unwrap_or_default(),
        occur_time: Some(timestamp(failure.occurred_at)),
        reason: refusal(failure.refusal).into(),
        address: failure.client.address.unwrap_or_default(),
        user_agent: failure.client.user_agent.unwrap_or_default(),
        browser: failure.client.browser.unwrap_or_default(),
        operating_system: failure.client.operating_system.unwrap_or_default(),
    }
}

fn refusal(refusal: SignInRefusal) -> v1::SignInRefusal {
    match refusal {
        SignInRefusal::UnknownUser => v1::SignInRefusal::UnknownUser,
        SignInRefusal::WrongPassword => v1::SignInRefusal::WrongPassword,
        SignInRefusal::PasswordExpired => v1::SignInRefusal::PasswordExpired,
        SignInRefusal::NoPassword => v1::SignInRefusal::NoPassword,
        SignInRefusal::WrongPin => v1::SignInRefusal::WrongPin,
        SignInRefusal::NotActivated => v1::SignInRefusal::NotActivated,
        SignInRefusal::Suspended => v1::SignInRefusal::Suspended,
        SignInRefusal::NoAccess => v1::SignInRefusal::NoAccess,
        SignInRefusal::TooManyAttempts => v1::SignInRefusal::TooManyAttempts,
        SignInRefusal::ProviderRefused => v1::SignInRefusal::ProviderRefused,
        SignInRefusal::UnknownIdentity => v1::SignInRefusal::UnknownIdentity,
    }
}
