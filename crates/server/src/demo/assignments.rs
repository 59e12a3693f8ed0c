use std::collections::{BTreeSet, HashMap};

use varco_application::assignments::{Alteration, Place, alter_assignment};
use varco_application::roles::{ListRoles, list_roles};
use varco_application::{Caller, Environment, Mode};
use varco_domain::{InheritanceMode, Organization, OrganizationId, RoleId, SubjectId, UnitId, UserId};

use super::ORGANIZATION;
use super::people::People;
use super::units::Units;

/// What happens to a person at a unit.
#[derive(Clone, Copy)]
enum Step {
    /// Grants a role.
    Grant(&'static str),
    /// Passes the roles on; units below that have their own keep them.
    PassOn,
    /// Makes the inherited roles direct ones, and ends inheritance there.
    Break,
}

/// In order: who, where, what.
const STEPS: [(&str, &str, Step); 22] = [
    // The whole group, for ever: a unit that is added tomorrow is theirs as well.
    ("chiara.moretti", ORGANIZATION, Step::Grant("Data Protection Officer")),
    ("chiara.moretti", ORGANIZATION, Step::PassOn),
    // Rome is under investigation, where she only answers data subjects: an exception that is kept
    // when Italy begins to pass its roles on.
    ("giulia.rossi", "Rome", Step::Grant("Request Handler")),
    ("giulia.rossi", "Italy", Step::Grant("Privacy Manager")),
    ("giulia.rossi", "Italy", Step::PassOn),
    ("james.taylor", "United Kingdom", Step::Grant("Privacy Manager")),
    ("james.taylor", "United Kingdom", Step::PassOn),
    // He audits the group; in London he was given his roles by hand, so that what changes above no
    // longer reaches him there.
    ("thomas.baker", ORGANIZATION, Step::Grant("Auditor")),
    ("thomas.baker", ORGANIZATION, Step::PassOn),
    ("thomas.baker", "London", Step::Break),
    ("marco.bianchi", "Milan", Step::Grant("Privacy Contact")),
    ("marco.bianchi", "Customer Portal", Step::Grant("Privacy Contact")),
    ("elena.ferrari", "Rome", Step::Grant("Privacy Contact")),
    ("luca.romano", "Turin", Step::Grant("Privacy Contact")),
    ("francesca.conti", "Milan", Step::Grant("Request Handler")),
    ("francesca.conti", "Turin", Step::Grant("Request Handler")),
    ("andrea.greco", "Munich", Step::Grant("Privacy Contact")),
    ("andrea.greco", "Germany", Step::Grant("Employee")),
    ("emma.clarke", "London", Step::Grant("Privacy Contact")),
    ("sophie.turner", "London", Step::Grant("Request Handler")),
    ("sophie.turner", "Manchester", Step::Grant("Employee")),
    ("paolo.gallo", "Milan", Step::Grant("Privacy Contact")),
];

pub(super) async fn create(
    env: &Environment,
    caller: &Caller,
    organization: &Organization,
    units: &Units,
    people: &People,
) -> anyhow::Result<()> {
    let roles = roles(env, organization.id).await?;
    for (person, unit, step) in STEPS {
        let place = place(organization.id, people[person], units[unit]);
        let alteration = match step {
            Step::Grant(role) => Alteration::Grant(BTreeSet::from([roles[role]])),
            Step::PassOn => Alteration::EnableInheritance(InheritanceMode::Keep),
            Step::Break => Alteration::BreakInheritance,
        };
        alter_assignment(env, caller, &place, &alteration, Mode::Execute).await?;
    }
    Ok(())
}

fn place(organization: OrganizationId, user: UserId, unit: UnitId) -> Place {
    Place { organization, subject: SubjectId::User(user), unit }
}

/// The roles that came with the catalog, by name.
async fn roles(env: &Environment, organization: OrganizationId) -> anyhow::Result<HashMap<String, RoleId>> {
    let page = list_roles(env, &ListRoles { organization, predefined: Some(true), before: None, limit: 1000 }).await?;
    Ok(page.items.into_iter().map(|found| (found.role.name.as_str().to_owned(), found.role.id)).collect())
}
