use varco_application::organizations::{OrganizationChange, UpdateOrganization, update_organization};
use varco_domain::{Label, OrganizationId, Policies};
use varco_proto::v1::{self, UpdateOrganizationRequest, UpdateOrganizationResponse};

use super::{policies, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

const NAME: &str = "name";
const APP_DISPLAY_NAME: &str = "app_display_name";
const ACTIVATION_LINK_TTL: &str = "policies.activation_link_ttl";
const PIN_REQUIRED: &str = "policies.pin_required";
const MAX_PASSWORD_AGE: &str = "policies.max_password_age";
const MAX_SESSION_AGE: &str = "policies.max_session_age";

/// What a mask may name.
const PATHS: [&str; 6] = [NAME, APP_DISPLAY_NAME, ACTIVATION_LINK_TTL, PIN_REQUIRED, MAX_PASSWORD_AGE, MAX_SESSION_AGE];

pub(super) async fn call(
    call: &Call,
    request: &UpdateOrganizationRequest,
) -> Result<UpdateOrganizationResponse, Failure> {
    let command = parse(request)?;
    let written = update_organization(&call.env, &call.caller, &command).await?;
    Ok(UpdateOrganizationResponse {
        organization: Some(present::organization(&written.value)),
        revision: written.revision.get(),
    })
}

fn parse(request: &UpdateOrganizationRequest) -> Result<UpdateOrganization, Failure> {
    let mut fields = Fields::default();
    let new = request.organization.clone().unwrap_or_default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let version = fields.etag("organization.etag", &new.etag);
    let paths = fields.mask(request.update_mask.as_ref(), &PATHS);
    let policies = parse_named_policies(&mut fields, &new, &paths);
    let changes = paths.iter().filter_map(|path| parse_change(&mut fields, path, &new, &policies)).collect();
    fields.finish(|| Some(UpdateOrganization { organization: organization?, version: version?, changes }))
}

/// Reads the policies that the mask names; nothing is wrong with the others.
fn parse_named_policies(fields: &mut Fields, new: &v1::Organization, paths: &[&str]) -> Policies {
    let given = new.policies.unwrap_or_default();
    let named = v1::OrganizationPolicies {
        activation_link_ttl: given.activation_link_ttl.filter(|_| paths.contains(&ACTIVATION_LINK_TTL)),
        pin_required: given.pin_required,
        max_password_age: given.max_password_age.filter(|_| paths.contains(&MAX_PASSWORD_AGE)),
        max_session_age: given.max_session_age.filter(|_| paths.contains(&MAX_SESSION_AGE)),
    };
    policies::parse(fields, "organization.policies", &named)
}

fn parse_change(
    fields: &mut Fields,
    path: &str,
    new: &v1::Organization,
    policies: &Policies,
) -> Option<OrganizationChange> {
    let change = match path {
        NAME => OrganizationChange::Name(fields.parse("organization.name", Label::parse(&new.name))?),
        APP_DISPLAY_NAME => {
            let name = &new.app_display_name;
            let name = fields.parse_optional("organization.app_display_name", name, Label::parse);
            OrganizationChange::AppDisplayName(name)
        }
        ACTIVATION_LINK_TTL => OrganizationChange::ActivationLinkTtl(policies.activation_link_ttl),
        PIN_REQUIRED => OrganizationChange::PinRequired(policies.pin_required),
        MAX_PASSWORD_AGE => OrganizationChange::MaxPasswordAge(policies.max_password_age),
        _ => OrganizationChange::MaxSessionAge(policies.max_session_age),
    };
    Some(change)
}
