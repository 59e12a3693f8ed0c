use std::collections::HashMap;

use varco_application::users::{Activation, ChangeStatus, CreateUser, create_user, suspend_user};
use varco_application::{Caller, Environment, Mode, Outcome};
use varco_domain::{Access, BackOfficeLevel, Email, Label, Language, OrganizationId, Profile, UserId, Username};

/// First name, last name, language, back-office level. The username is `first.last`.
const PEOPLE: [(&str, &str, &str, BackOfficeLevel); 12] = [
    ("Chiara", "Moretti", "it", BackOfficeLevel::Admin),
    ("Giulia", "Rossi", "it", BackOfficeLevel::Standard),
    ("Marco", "Bianchi", "it", BackOfficeLevel::None),
    ("Elena", "Ferrari", "it", BackOfficeLevel::None),
    ("Luca", "Romano", "it", BackOfficeLevel::None),
    ("Francesca", "Conti", "it", BackOfficeLevel::None),
    ("Andrea", "Greco", "it", BackOfficeLevel::None),
    ("James", "Taylor", "en-GB", BackOfficeLevel::Standard),
    ("Emma", "Clarke", "en-GB", BackOfficeLevel::None),
    ("Sophie", "Turner", "en-GB", BackOfficeLevel::None),
    ("Thomas", "Baker", "en-GB", BackOfficeLevel::None),
    ("Paolo", "Gallo", "it", BackOfficeLevel::None),
];

/// Left the company; the account is kept until its cases are closed.
const SUSPENDED: &str = "paolo.gallo";

/// People by username.
pub(super) type People = HashMap<String, UserId>;

pub(super) async fn create(env: &Environment, caller: &Caller, organization: OrganizationId) -> anyhow::Result<People> {
    let mut people = HashMap::new();
    for (first_name, last_name, language, back_office) in PEOPLE {
        let username = format!("{first_name}.{last_name}").to_lowercase();
        let command = CreateUser {
            organization,
            username: Username::parse(&username)?,
            email: Email::parse(&format!("{username}@aurora.example"))?,
            profile: Profile::new(Label::parse(first_name)?, Label::parse(last_name)?, Language::parse(language)?),
            access: Access { app: true, back_office },
            expires_at: None,
            activation: Activation::AtOnce,
            mode: Mode::Execute,
        };
        if let Outcome::Done(written) = create_user(env, caller, &command, None).await? {
            people.insert(username, written.value.user.id);
        }
    }
    suspend_user(env, caller, &ChangeStatus { home: organization, user: people[SUSPENDED], mode: Mode::Execute })
        .await?;
    Ok(people)
}
