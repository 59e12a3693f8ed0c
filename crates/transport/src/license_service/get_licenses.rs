use varco_application::licenses::find_licenses;
use varco_domain::OrganizationId;
use varco_proto::v1::{GetLicensesRequest, GetLicensesResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn call(call: &Call, request: &GetLicensesRequest) -> Result<GetLicensesResponse, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let pools = find_licenses(&call.env, fields.finish(|| organization)?).await?;
    let [app, back_office] = &pools;
    Ok(GetLicensesResponse {
        can_create_app_user: app.has_free(),
        can_create_back_office_user: back_office.has_free(),
        pools: pools.iter().map(present::usage).collect(),
    })
}
