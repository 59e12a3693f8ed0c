//! A demo organization for the first minute: the privacy office of a group of companies.
//!
//! It is made by the same use cases as any other. A file beside the store says how far it got: a
//! start that was cut off in the middle is found by it, and the half-made organization, which
//! nobody can have used before the server listened, is deleted and made anew.

mod assignments;
mod catalog;
mod people;
mod units;

use std::path::Path;

use anyhow::Context;
use varco_application::catalogs::{Subscribe, subscribe};
use varco_application::organizations::{
    CreateOrganization, DeleteOrganization, ListOrganizations, create_organization, delete_organization,
    list_organizations,
};
use varco_application::{Caller, Environment, Mode, Outcome};
use varco_domain::{Label, Organization, Policies};

use crate::private_file;

/// The name of the organization.
pub(crate) const ORGANIZATION: &str = "Aurora Group";

const STATE_FILE: &str = "demo.state";
const LOADING: &str = "loading\n";
const LOADED: &str = "loaded\n";

/// Loads the demo into a store that is new, or finishes what a start that was cut off began. Says
/// whether it did.
pub(crate) async fn ensure(env: &Environment, folder: &Path) -> anyhow::Result<bool> {
    let path = folder.join(STATE_FILE);
    let state = std::fs::read_to_string(&path).unwrap_or_default();
    let caller = Caller::system("demo");
    match state.as_str() {
        LOADED => return Ok(false),
        LOADING => remove(env, &caller).await?,
        _ if !organizations(env, &caller).await?.is_empty() => return Ok(false),
        _ => {}
    }
    let write =
        |state| private_file::write(&path, state).with_context(|| format!("could not write `{}`", path.display()));
    write(LOADING)?;
    load(env, &caller).await.context("could not load the demo organization")?;
    write(LOADED)?;
    Ok(true)
}

async fn load(env: &Environment, caller: &Caller) -> anyhow::Result<()> {
    catalog::apply(env, caller).await?;
    let organization = create(env, caller).await?;
    let catalog = catalog::key()?;
    subscribe(env, caller, &Subscribe { organization: organization.id, catalog, mode: Mode::Execute }).await?;
    let units = units::create(env, caller, &organization).await?;
    let people = people::create(env, caller, organization.id).await?;
    assignments::create(env, caller, &organization, &units, &people).await
}

async fn create(env: &Environment, caller: &Caller) -> anyhow::Result<Organization> {
    let command = CreateOrganization {
        name: Label::parse(ORGANIZATION)?,
        app_display_name: Some(Label::parse("Aurora Privacy")?),
        parent: None,
        policies: Policies::default(),
        root_unit_name: None,
    };
    match create_organization(env, caller, &command, None).await? {
        Outcome::Done(written) => Ok(written.value),
        Outcome::Repeated(_) => anyhow::bail!("a call without a request id cannot be a repeat"),
    }
}

async fn organizations(env: &Environment, caller: &Caller) -> anyhow::Result<Vec<Organization>> {
    let command = ListOrganizations { parent: None, after: None, limit: 1000 };
    Ok(list_organizations(env, caller, &command).await?.items)
}

async fn remove(env: &Environment, caller: &Caller) -> anyhow::Result<()> {
    for organization in organizations(env, caller).await? {
        if organization.name.as_str() == ORGANIZATION {
            let (organization, version) = (organization.id, organization.version);
            let command = DeleteOrganization { organization, version, mode: Mode::Execute };
            delete_organization(env, caller, &command).await.context("could not remove a half-made demo")?;
        }
    }
    Ok(())
}
