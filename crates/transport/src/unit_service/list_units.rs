use varco_application::storage::{UnitQuery, UnitScope};
use varco_application::units::{ListUnits, find_unit, list_units};
use varco_domain::{OrganizationId, SearchWords, UnitId};
use varco_proto::v1::list_units_request::Scope;
use varco_proto::v1::{GetUnitRequest, GetUnitResponse, ListUnitsRequest, ListUnitsResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::paging::Paging;

pub(super) async fn get(call: &Call, request: &GetUnitRequest) -> Result<GetUnitResponse, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let unit = fields.parse("unit_id", UnitId::parse(&request.unit_id));
    let (organization, unit) = fields.finish(|| Some((organization?, unit?)))?;
    let unit = find_unit(&call.env, organization, unit).await?;
    Ok(GetUnitResponse { unit: Some(present::unit(&unit)) })
}

pub(super) async fn call(call: &Call, request: &ListUnitsRequest) -> Result<ListUnitsResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let command = parse(request, fields, &paging)?;
    let found = list_units(&call.env, &command).await?;
    let next_page_token = call.next_page_token(&paging, &found.page, |unit| unit.id);
    let units = found.page.items.iter().map(present::unit).collect();
    Ok(ListUnitsResponse { units, next_page_token, total_size: found.total })
}

fn parse(request: &ListUnitsRequest, mut fields: Fields, paging: &Paging<UnitId>) -> Result<ListUnits, Failure> {
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let words = fields.parse("search", SearchWords::parse(&request.search));
    let scope = match &request.scope {
        None => Some(UnitScope::Whole),
        Some(Scope::ParentUnitId(id)) => fields.parse("parent_unit_id", UnitId::parse(id)).map(UnitScope::Children),
        Some(Scope::SubtreeUnitId(id)) => fields.parse("subtree_unit_id", UnitId::parse(id)).map(UnitScope::Subtree),
    };
    fields.finish(|| {
        let query = UnitQuery { scope: scope?, words: words?, after: paging.after, limit: paging.limit };
        Some(ListUnits { organization: organization?, query, with_total: request.with_total_size })
    })
}
