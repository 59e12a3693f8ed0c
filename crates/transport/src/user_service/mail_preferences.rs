use varco_application::users::{
    ListMailRecipients, UpdateMailPreferences, list_mail_recipients, update_mail_preferences,
};
use varco_domain::{MailCategory, MailPreferences, OrganizationId, User, UserId};
use varco_proto::v1::{
    self, ListMailRecipientsRequest, ListMailRecipientsResponse, UpdateMailPreferencesRequest,
    UpdateMailPreferencesResponse,
};

use super::{parse, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};
use crate::paging::Paging;

const PATHS: [&str; 5] = [
    "mail_preferences.general",
    "mail_preferences.product",
    "mail_preferences.domain",
    "mail_preferences.billing",
    "mail_preferences.support",
];

/// Every category with what was chosen, in the order of `PATHS`.
fn choices(given: v1::MailPreferences) -> [(MailCategory, bool); 5] {
    [
        (MailCategory::General, given.general),
        (MailCategory::Product, given.product),
        (MailCategory::Domain, given.domain),
        (MailCategory::Billing, given.billing),
        (MailCategory::Support, given.support),
    ]
}

/// The preferences that a request gives whole.
pub(super) fn chosen(given: v1::MailPreferences) -> MailPreferences {
    choices(given).into_iter().filter(|(_, is_on)| *is_on).map(|(category, _)| category).collect()
}

pub(super) async fn update(
    call: &Call,
    request: &UpdateMailPreferencesRequest,
) -> Result<UpdateMailPreferencesResponse, Failure> {
    let command = parse_update(request)?;
    let written = update_mail_preferences(&call.env, &call.caller, &command).await?;
    let membership = Some(present::membership(&written.value));
    Ok(UpdateMailPreferencesResponse { membership, revision: written.revision.get() })
}

fn parse_update(request: &UpdateMailPreferencesRequest) -> Result<UpdateMailPreferences, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user_id", UserId::parse(&request.user_id));
    let named = fields.mask(request.update_mask.as_ref(), &PATHS);
    let choices = PATHS.into_iter().zip(choices(request.mail_preferences.unwrap_or_default()));
    let changes = choices.filter(|(path, _)| named.contains(path)).map(|(_, choice)| choice).collect();
    let mode = mode(request.validate_only);
    fields.finish(|| Some(UpdateMailPreferences { organization: organization?, user: user?, changes, mode }))
}

pub(super) async fn list_recipients(
    call: &Call,
    request: &ListMailRecipientsRequest,
) -> Result<ListMailRecipientsResponse, Failure> {
    let mut fields = Fields::default();
    let paging: Paging<UserId> = call.paging(request, &mut fields)?;
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let category = parse::mail_category(&mut fields, request.category);
    let (after, limit) = (paging.after, paging.limit);
    let command = fields
        .finish(|| Some(ListMailRecipients { organization: organization?, category: category?, after, limit }))?;
    let page = list_mail_recipients(&call.env, &command).await?;
    let next_page_token = call.next_page_token(&paging, &page, |member| member.user.id);
    let recipients = page.items.iter().map(|member| recipient(&member.user)).collect();
    Ok(ListMailRecipientsResponse { recipients, next_page_token })
}

fn recipient(user: &User) -> v1::MailRecipient {
    v1::MailRecipient {
        user_id: user.id.to_string(),
        first_name: user.profile.first_name.as_str().to_owned(),
        last_name: user.profile.last_name.as_str().to_owned(),
        email: user.email.as_str().to_owned(),
        language: user.profile.language.as_str().to_owned(),
    }
}
