use varco_application::licenses::{SeatLimit, SetLicenseLimits, set_license_limits};
use varco_domain::{OrganizationId, SeatPool};
use varco_proto::v1::{self, SetLicenseLimitsRequest, SetLicenseLimitsResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

/// The most seats that a limit may name.
const MAX_LIMIT: u32 = 1_000_000_000;

pub(super) async fn call(call: &Call, request: &SetLicenseLimitsRequest) -> Result<SetLicenseLimitsResponse, Failure> {
    let command = parse(request)?;
    let written = set_license_limits(&call.env, &call.caller, &command).await?;
    let pools = written.value.iter().map(present::usage).collect();
    Ok(SetLicenseLimitsResponse { pools, revision: written.revision.get() })
}

fn parse(request: &SetLicenseLimitsRequest) -> Result<SetLicenseLimits, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    fields.check_count("limits", request.limits.len(), 1..=SeatPool::ALL.len());
    let mut limits: Vec<SeatLimit> = Vec::new();
    for (place, given) in request.limits.iter().enumerate() {
        let limit = parse_limit(&mut fields, place, given);
        if limit.is_some_and(|limit| limits.iter().any(|before| before.pool == limit.pool)) {
            fields.problem(format!("limits[{place}].pool"), "must not be named twice");
        }
        limits.extend(limit);
    }
    fields.finish(|| Some(SetLicenseLimits { organization: organization?, limits }))
}

fn parse_limit(fields: &mut Fields, place: usize, given: &v1::SeatLimit) -> Option<SeatLimit> {
    if given.limit.is_some_and(|limit| limit > MAX_LIMIT) {
        fields.problem(format!("limits[{place}].limit"), "must be at most 1,000,000,000");
    }
    let pool = present::parse_pool(fields, &format!("limits[{place}].pool"), given.pool)?;
    Some(SeatLimit { pool, limit: given.limit })
}
