use std::collections::{BTreeSet, HashSet};

use varco_domain::{Description, Label, PermissionKey, PredefinedRole, PredefinedRoleKey};
use varco_proto::v1;

use crate::fields::Fields;

/// How many a catalog may have.
const MAX: usize = 1_000;

/// Reads the predefined roles of a catalog, which may grant what it offers.
pub(super) fn parse(fields: &mut Fields, catalog: &v1::Catalog) -> Vec<PredefinedRole> {
    let given = &catalog.predefined_roles;
    fields.check_count("catalog.predefined_roles", given.len(), 0..=MAX);
    // As given: a permission with a bad description is there all the same.
    let offered: BTreeSet<&str> = catalog.permissions.iter().map(|permission| permission.key.as_str()).collect();
    let mut seen = HashSet::new();
    let mut roles = Vec::new();
    for (place, given) in given.iter().enumerate() {
        let path = format!("catalog.predefined_roles[{place}]");
        if !given.key.is_empty() && !seen.insert(&given.key) {
            fields.problem(format!("{path}.key"), "must not be given twice");
        }
        roles.extend(parse_role(fields, &path, given, &offered));
    }
    roles
}

fn parse_role(
    fields: &mut Fields,
    path: &str,
    given: &v1::PredefinedRole,
    offered: &BTreeSet<&str>,
) -> Option<PredefinedRole> {
    let key = PredefinedRoleKey::parse(&given.key).ok_or("must be 2 to 64 of the characters a-z 0-9 -, first a letter");
    let key = fields.parse(format!("{path}.key"), key);
    let name = fields.parse(format!("{path}.name"), Label::parse(&given.name));
    let description = fields.parse(format!("{path}.description"), Description::parse(&given.description));
    let permissions = fields.parse_each(&format!("{path}.permissions"), &given.permissions, |text| {
        let offered = PermissionKey::parse(text).filter(|key| offered.contains(key.as_str()));
        offered.ok_or("must be one of the permissions of this catalog")
    });
    let permissions = permissions.into_iter().collect();
    Some(PredefinedRole { key: key?, name: name?, description: description?, permissions })
}
