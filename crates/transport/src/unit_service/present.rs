use varco_domain::{Unit, UnitKind};
use varco_proto::v1;

use crate::fields::Fields;
use crate::present::{etag, timestamp};

/// A unit as the wire shows it.
pub(super) fn unit(unit: &Unit) -> v1::Unit {
    v1::Unit {
        unit_id: unit.id.to_string(),
        organization_id: unit.organization.to_string(),
        parent_unit_id: unit.parent.map(|parent| parent.to_string()).unwrap_or_default(),
        name: unit.name.as_str().to_owned(),
        kind: kind(unit.kind).into(),
        depth: unit.depth,
        create_time: Some(timestamp(unit.created_at)),
        etag: etag(unit.version),
    }
}

fn kind(kind: UnitKind) -> v1::UnitKind {
    match kind {
        UnitKind::Unit => v1::UnitKind::Unit,
        UnitKind::Project => v1::UnitKind::Project,
        UnitKind::Node => v1::UnitKind::Node,
    }
}

/// What a unit stands for; UNSPECIFIED gives `default`, if there is one.
pub(super) fn parse_kind(fields: &mut Fields, path: &str, number: i32, default: Option<UnitKind>) -> Option<UnitKind> {
    let kind = match v1::UnitKind::try_from(number) {
        Ok(v1::UnitKind::Unspecified) => default,
        Ok(v1::UnitKind::Unit) => Some(UnitKind::Unit),
        Ok(v1::UnitKind::Project) => Some(UnitKind::Project),
        Ok(v1::UnitKind::Node) => Some(UnitKind::Node),
        Err(_) => None,
    };
    fields.parse(path, kind.ok_or("must be one of UNIT, PROJECT, NODE"))
}
