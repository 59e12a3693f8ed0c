//! Roles that come with a catalog, in the organizations that use it.

use std::collections::{BTreeSet, HashSet};
use std::iter::once;

use varco_domain::{
    CatalogKey, EventKind, Label, OrganizationId, PredefinedRole, PredefinedRoleKey, Role, RoleId, RoleOrigin, Version,
};

use crate::Environment;
use crate::storage::{RoleSummary, StorageError};
use crate::write::{Change, Write};

/// How many roles are read at once.
const PAGE: usize = 500;

/// Creates roles of a catalog in an organization, which must be locked. One that it still has, from
/// before the catalog lost it or the subscription ended, stays as it is.
pub(super) async fn create_predefined_roles(
    env: &Environment,
    write: &mut Write<'_>,
    organization: OrganizationId,
    catalog: &CatalogKey,
    roles: &[PredefinedRole],
) -> Result<Vec<RoleId>, StorageError> {
    let existing = Existing::read(write, organization, catalog).await?;
    let Existing { mut names, keys } = existing;
    let mut created = Vec::new();
    for predefined in roles.iter().filter(|role| !keys.contains(&role.key)) {
        let role = Role {
            id: env.new_id(),
            organization,
            name: free_name(&predefined.name, catalog, &names),
            description: predefined.description.clone(),
            permissions: predefined.permissions.clone(),
            origin: RoleOrigin::Predefined { catalog: catalog.clone(), key: predefined.key.clone() },
            created_at: write.now(),
            version: Version::FIRST,
        };
        names.insert(role.name.folded().to_owned());
        write.work().roles().insert(&role).await?;
        write.record(EventKind::RoleCreated, Some(organization), &[("role", &role.id)], Change::created(&role));
        created.push(role.id);
    }
    Ok(created)
}

/// Deletes the roles of a catalog that nobody holds in an organization, which must be locked.
pub(super) async fn delete_unheld_roles(
    write: &mut Write<'_>,
    organization: OrganizationId,
    catalog: &CatalogKey,
) -> Result<(), StorageError> {
    for RoleSummary { role, holders } in roles_of(write, organization, Some(true)).await? {
        if holders == 0 && key_of(&role, catalog).is_some() {
            write.work().roles().delete(organization, role.id).await?;
            write.record(EventKind::RoleDeleted, Some(organization), &[("role", &role.id)], Change::deleted(&role));
        }
    }
    Ok(())
}

/// What an organization has already.
struct Existing {
    /// Of all its roles, folded.
    names: HashSet<String>,
    /// Of its roles of one catalog.
    keys: BTreeSet<PredefinedRoleKey>,
}

impl Existing {
    async fn read(
        write: &mut Write<'_>,
        organization: OrganizationId,
        catalog: &CatalogKey,
    ) -> Result<Self, StorageError> {
        let roles = roles_of(write, organization, None).await?;
        let names = roles.iter().map(|summary| summary.role.name.folded().to_owned()).collect();
        let keys = roles.iter().filter_map(|summary| key_of(&summary.role, catalog)).cloned().collect();
        Ok(Self { names, keys })
    }
}

async fn roles_of(
    write: &mut Write<'_>,
    organization: OrganizationId,
    predefined: Option<bool>,
) -> Result<Vec<RoleSummary>, StorageError> {
    let mut roles: Vec<RoleSummary> = Vec::new();
    loop {
        let before = roles.last().map(|summary| summary.role.id);
        let page = write.work().roles().list(organization, predefined, before, PAGE).await?;
        roles.extend(page.items);
        if !page.has_more {
            return Ok(roles);
        }
    }
}

/// The key of a role in this catalog; `None` if it is not of this catalog.
fn key_of<'a>(role: &'a Role, catalog: &CatalogKey) -> Option<&'a PredefinedRoleKey> {
    match &role.origin {
        RoleOrigin::Predefined { catalog: from, key } if from == catalog => Some(key),
        RoleOrigin::Predefined { .. } | RoleOrigin::Custom => None,
    }
}

/// The name of a predefined role, or one like it that is not taken.
fn free_name(name: &Label, catalog: &CatalogKey, taken: &HashSet<String>) -> Label {
    // One candidate more than names are taken, and no two alike: one of them is free.
    let numbered = (2..=taken.len() + 1).map(|number| format!("({catalog} {number})"));
    let suffixes = once(format!("({catalog})")).chain(numbered);
    let variants = suffixes.filter_map(|suffix| with_suffix(name, &suffix));
    let mut candidates = once(name.clone()).chain(variants);
    candidates.find(|name| !taken.contains(name.folded())).unwrap_or_else(|| name.clone())
}

/// A long name is cut so that the suffix fits.
fn with_suffix(name: &Label, suffix: &str) -> Option<Label> {
    let room = Label::MAX_LENGTH.checked_sub(suffix.chars().count() + 1)?;
    let stem: String = name.as_str().chars().take(room).collect();
    Label::parse(&format!("{} {suffix}", stem.trim_end())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_beside(wanted: &str, taken: &[&str]) -> String {
        let taken = taken.iter().map(|name| Label::parse(name).unwrap().folded().to_owned()).collect();
        let catalog = CatalogKey::parse("privacy").unwrap();
        free_name(&Label::parse(wanted).unwrap(), &catalog, &taken).as_str().to_owned()
    }

    #[test]
    fn a_free_name_stays() {
        assert_eq!(name_beside("Editor", &["Viewer"]), "Editor");
    }

    #[test]
    fn a_taken_name_gets_the_key_of_the_catalog_and_then_a_number() {
        assert_eq!(name_beside("Editor", &["EDITOR"]), "Editor (privacy)");
        assert_eq!(name_beside("Editor", &["editor", "editor (privacy)"]), "Editor (privacy 2)");
        assert_eq!(name_beside("Editor", &["editor", "editor (privacy)", "editor (privacy 2)"]), "Editor (privacy 3)");
    }

    #[test]
    fn a_long_name_is_cut_to_make_room() {
        let long = "n".repeat(Label::MAX_LENGTH);
        let name = name_beside(&long, &[&long]);

        assert_eq!(name.chars().count(), Label::MAX_LENGTH);
        assert!(name.ends_with("n (privacy)"));
    }
}
