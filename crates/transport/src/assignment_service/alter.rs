use std::collections::BTreeSet;

use varco_application::assignments::{Alteration, Place, alter_assignment};
use varco_decision::Cell;
use varco_domain::{InheritanceMode, OrganizationId, RoleId, SubjectId, UnitId};
use varco_proto::v1;

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};
use crate::present::access_cell;

/// How many roles one call may name.
const MAX_ROLES: usize = 1000;

macro_rules! alterations {
    ($($name:ident $request:ident $response:ident: $alteration:expr;)*) => {$(
        pub(super) async fn $name(call: &Call, request: &v1::$request) -> Result<v1::$response, Failure> {
            let mut fields = Fields::default();
            let place = parse_place(&mut fields, &request.organization_id, &request.subject_id, &request.unit_id);
            let parse: fn(&mut Fields, &v1::$request) -> Option<Alteration> = $alteration;
            let alteration = parse(&mut fields, request);
            let (place, alteration) = fields.finish(|| Some((place?, alteration?)))?;
            let mode = mode(request.validate_only);
            let written = alter_assignment(&call.env, &call.caller, &place, &alteration, mode).await?;
            Ok(v1::$response { cell: Some(access_cell(&written.value as &Cell)), revision: written.revision.get() })
        }
    )*};
}

alterations! {
    grant_roles GrantRolesRequest GrantRolesResponse:
        |fields, request| Some(Alteration::Grant(parse_roles(fields, &request.role_ids)));
    revoke_roles RevokeRolesRequest RevokeRolesResponse:
        |fields, request| Some(Alteration::Revoke(parse_roles(fields, &request.role_ids)));
    enable_inheritance EnableInheritanceRequest EnableInheritanceResponse:
        |fields, request| parse_mode(fields, request.mode).map(Alteration::EnableInheritance);
    disable_inheritance DisableInheritanceRequest DisableInheritanceResponse:
        |_, _| Some(Alteration::DisableInheritance);
    break_inheritance BreakInheritanceRequest BreakInheritanceResponse:
        |_, _| Some(Alteration::BreakInheritance);
}

fn parse_place(fields: &mut Fields, organization: &str, subject: &str, unit: &str) -> Option<Place> {
    let organization = fields.parse("organization_id", OrganizationId::parse(organization));
    let subject = fields.parse("subject_id", SubjectId::parse(subject));
    let unit = fields.parse("unit_id", UnitId::parse(unit));
    Some(Place { organization: organization?, subject: subject?, unit: unit? })
}

fn parse_roles(fields: &mut Fields, roles: &[String]) -> BTreeSet<RoleId> {
    fields.check_count("role_ids", roles.len(), 1..=MAX_ROLES);
    fields.parse_each("role_ids", roles, RoleId::parse).into_iter().collect()
}

fn parse_mode(fields: &mut Fields, mode: i32) -> Option<InheritanceMode> {
    let mode = match v1::InheritanceMode::try_from(mode) {
        Ok(v1::InheritanceMode::Replace) => Ok(InheritanceMode::Replace),
        Ok(v1::InheritanceMode::Keep) => Ok(InheritanceMode::Keep),
        Ok(v1::InheritanceMode::Unspecified) | Err(_) => Err("must be REPLACE or KEEP"),
    };
    fields.parse("mode", mode)
}
