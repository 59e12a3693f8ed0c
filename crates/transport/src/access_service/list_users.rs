use varco_application::access::fresh_index;
use varco_application::storage::Page;
use varco_domain::{OrganizationId, Revision, UnitId};
use varco_proto::v1::{AccessServiceListUsersRequest, AccessServiceListUsersResponse};

use super::check::check_permission;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn call(
    call: &Call,
    request: &AccessServiceListUsersRequest,
) -> Result<AccessServiceListUsersResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let unit = fields.parse("unit_id", UnitId::parse(&request.unit_id));
    check_permission(&mut fields, "permission", &request.permission);
    let (organization, unit) = fields.finish(|| Some((organization?, unit?)))?;

    let index = fresh_index(&call.env, Revision::new(request.at_least), call.patience()).await?;
    let moment = index.at(call.env.clock.now());
    let subjects = moment.subjects_with(organization, &request.permission, unit, paging.after, paging.limit + 1);
    let page = Page::of(subjects, paging.limit);
    let next_page_token = call.next_page_token(&paging, &page, |subject| *subject);
    let subject_ids = page.items.iter().map(ToString::to_string).collect();
    Ok(AccessServiceListUsersResponse { subject_ids, next_page_token, revision: index.revision().get() })
}
