use std::collections::HashMap;

use varco_application::units::{CreateUnit, create_unit};
use varco_application::{Caller, Environment, Mode, Outcome};
use varco_domain::{Label, Organization, UnitId, UnitKind};

use super::ORGANIZATION;

/// Each with the one above it, which comes first.
const UNITS: [(&str, &str, UnitKind); 11] = [
    ("Italy", ORGANIZATION, UnitKind::Unit),
    ("Milan", "Italy", UnitKind::Unit),
    ("Rome", "Italy", UnitKind::Unit),
    ("Turin", "Italy", UnitKind::Unit),
    ("United Kingdom", ORGANIZATION, UnitKind::Unit),
    ("London", "United Kingdom", UnitKind::Unit),
    ("Manchester", "United Kingdom", UnitKind::Unit),
    ("Germany", ORGANIZATION, UnitKind::Unit),
    ("Munich", "Germany", UnitKind::Unit),
    ("Shared Services", ORGANIZATION, UnitKind::Unit),
    ("Customer Portal", "Shared Services", UnitKind::Project),
];

/// Units by name: names are unique in the demo.
pub(super) type Units = HashMap<&'static str, UnitId>;

pub(super) async fn create(env: &Environment, caller: &Caller, organization: &Organization) -> anyhow::Result<Units> {
    let mut units = HashMap::from([(ORGANIZATION, organization.root_unit)]);
    for (name, parent, kind) in UNITS {
        let (parent, organization) = (units[parent], organization.id);
        let command = CreateUnit { organization, parent, name: Label::parse(name)?, kind, mode: Mode::Execute };
        if let Outcome::Done(written) = create_unit(env, caller, &command, None).await? {
            units.insert(name, written.value.id);
        }
    }
    Ok(units)
}
