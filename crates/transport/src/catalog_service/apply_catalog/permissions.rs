use std::collections::HashSet;

use varco_domain::{Catalog, CatalogKey, CatalogPermission, Description, PermissionKey};
use varco_proto::v1;

use crate::fields::Fields;

/// Reads the permissions of a catalog, sorted. `catalog` is `None` where its key is no key.
pub(super) fn parse(
    fields: &mut Fields,
    given: &[v1::CatalogPermission],
    catalog: Option<&CatalogKey>,
) -> Vec<CatalogPermission> {
    fields.check_count("catalog.permissions", given.len(), 0..=Catalog::MAX_PERMISSIONS);
    let mut seen = HashSet::new();
    let mut permissions = Vec::new();
    for (place, given) in given.iter().enumerate() {
        let path = format!("catalog.permissions[{place}]");
        let key = fields.parse(format!("{path}.key"), parse_key(&given.key, catalog));
        if key.is_some() && !seen.insert(&given.key) {
            fields.problem(format!("{path}.key"), "must not be given twice");
        }
        let description = fields.parse(format!("{path}.description"), Description::parse(&given.description));
        permissions.extend(key.zip(description).map(|(key, description)| CatalogPermission { key, description }));
    }
    permissions.sort_unstable_by(|left, right| left.key.cmp(&right.key));
    permissions
}

fn parse_key(text: &str, catalog: Option<&CatalogKey>) -> Result<PermissionKey, String> {
    let malformed = "must be the catalog's key, a colon, and two or more parts of A-Z a-z 0-9 _ - joined by dots; \
                     at most 200 characters";
    let key = PermissionKey::parse(text).ok_or(malformed)?;
    match catalog {
        Some(catalog) if key.catalog() != catalog.as_str() => Err(format!("must begin with `{catalog}:`")),
        _ => Ok(key),
    }
}
