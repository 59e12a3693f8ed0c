use varco_application::access::fresh_index;
use varco_application::storage::Page;
use varco_domain::{OrganizationId, Revision, SubjectId};
use varco_proto::v1::{AccessServiceListUnitsRequest, AccessServiceListUnitsResponse};

use super::check::check_permission;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn call(
    call: &Call,
    request: &AccessServiceListUnitsRequest,
) -> Result<AccessServiceListUnitsResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let subject = fields.parse("subject_id", SubjectId::parse(&request.subject_id));
    check_permission(&mut fields, "permission", &request.permission);
    let (organization, subject) = fields.finish(|| Some((organization?, subject?)))?;

    let index = fresh_index(&call.env, Revision::new(request.at_least), call.patience()).await?;
    let moment = index.at(call.env.clock.now());
    let units = moment.units_with(organization, subject, &request.permission, paging.after, paging.limit + 1);
    let page = Page::of(units, paging.limit);
    let next_page_token = call.next_page_token(&paging, &page, |unit| *unit);
    let unit_ids = page.items.iter().map(ToString::to_string).collect();
    Ok(AccessServiceListUnitsResponse { unit_ids, next_page_token, revision: index.revision().get() })
}
