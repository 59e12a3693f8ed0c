use prost::Message;
use varco_application::assignments::{ListAssignments, list_assignments};
use varco_domain::{OrganizationId, Revision, SubjectId, UnitId};
use varco_proto::v1::{ListAssignmentsRequest, ListAssignmentsResponse};

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::paging::{Paging, fitting};
use crate::present::access_cell;

/// How many subjects and units a filter may name.
const MAX_FILTER: usize = 1000;

pub(super) async fn call(call: &Call, request: &ListAssignmentsRequest) -> Result<ListAssignmentsResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let command = parse(request, fields, &paging)?;
    let (page, revision) = list_assignments(&call.env, &command, call.patience()).await?;
    let page = fitting(page, |cell| access_cell(cell).encoded_len());
    let next_page_token = call.next_page_token(&paging, &page, |cell| (cell.subject, cell.unit));
    let cells = page.items.iter().map(access_cell).collect();
    Ok(ListAssignmentsResponse { cells, next_page_token, revision: revision.get() })
}

fn parse(
    request: &ListAssignmentsRequest,
    mut fields: Fields,
    paging: &Paging<(SubjectId, UnitId)>,
) -> Result<ListAssignments, Failure> {
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    fields.check_count("subject_ids", request.subject_ids.len(), 0..=MAX_FILTER);
    fields.check_count("unit_ids", request.unit_ids.len(), 0..=MAX_FILTER);
    let subjects = fields.parse_each("subject_ids", &request.subject_ids, SubjectId::parse);
    let units = fields.parse_each("unit_ids", &request.unit_ids, UnitId::parse);
    fields.finish(|| {
        let at_least = Revision::new(request.at_least);
        let organization = organization?;
        Some(ListAssignments { organization, subjects, units, after: paging.after, limit: paging.limit, at_least })
    })
}
