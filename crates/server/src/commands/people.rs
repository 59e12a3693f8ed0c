use std::process::ExitCode;

use varco_client::Error;
use varco_client::v1::{BackOfficeLevel, CreateUserRequest, GrantRolesRequest, UserProfile};

use super::connection::connect;
use super::lookup;
use crate::cli::{GrantOptions, InviteOptions};
use crate::lifecycle::say;

/// Creates an account, whose user gets a link.
pub(super) async fn invite(options: &InviteOptions) -> anyhow::Result<ExitCode> {
    let (client, _) = connect(&options.client).await?;
    let request = CreateUserRequest {
        organization_id: lookup::organization(&client, options.organization.as_deref()).await?,
        username: options.username.clone(),
        email: options.email.clone(),
        profile: Some(UserProfile {
            first_name: options.first_name.clone(),
            last_name: options.last_name.clone(),
            ..Default::default()
        }),
        app_access: true,
        back_office_level: BackOfficeLevel::None.into(),
        ..Default::default()
    };
    let created = client.users().create_user(request).await.map_err(Error::from)?.into_inner();
    let id = created.user.unwrap_or_default().user_id;
    say(&format!("{id} is invited by a mail to {} (revision {})\n", options.email, created.revision))?;
    Ok(ExitCode::SUCCESS)
}

/// Assigns a role at a unit.
pub(super) async fn grant(options: &GrantOptions) -> anyhow::Result<ExitCode> {
    let (client, _) = connect(&options.client).await?;
    let organization_id = lookup::organization(&client, options.organization.as_deref()).await?;
    let request = GrantRolesRequest {
        subject_id: lookup::subject(&client, &organization_id, &options.user).await?,
        unit_id: lookup::unit(&client, &organization_id, &options.unit).await?,
        role_ids: vec![lookup::role(&client, &organization_id, &options.role).await?],
        organization_id,
        validate_only: false,
    };
    let revision = client.assignments().grant_roles(request).await.map_err(Error::from)?.into_inner().revision;
    let GrantOptions { user, role, unit, .. } = options;
    say(&format!("{user} has the role {role} at {unit} (revision {revision})\n"))?;
    Ok(ExitCode::SUCCESS)
}
