use std::process::ExitCode;

use anyhow::Context;
use varco_client::v1::{
    AccessCell, AccessOrigin, DecisionReason, ExplainRequest, Explanation, GetRoleRequest, GetUnitRequest,
};
use varco_client::{CheckQuestion, Client, Error};

use super::connection::connect;
use super::lookup;
use crate::cli::QuestionOptions;
use crate::lifecycle::say;

/// The answer is no.
const DENIED: u8 = 1;

pub(super) async fn check(options: &QuestionOptions) -> anyhow::Result<ExitCode> {
    let (client, _) = connect(&options.client).await?;
    let question = question(&client, options).await?;
    if options.print_request {
        return print(&question);
    }
    let answer = client.check(&question).await?;
    say(&format!("{}\n", sentence(options, answer.allowed, answer.reason, answer.revision)))?;
    Ok(exit_code(answer.allowed))
}

pub(super) async fn explain(options: &QuestionOptions) -> anyhow::Result<ExitCode> {
    let (client, _) = connect(&options.client).await?;
    let question = question(&client, options).await?;
    if options.print_request {
        return print(&question);
    }
    let CheckQuestion { organization_id, subject_id, permission, unit_id, at_least } = question;
    let request =
        ExplainRequest { organization_id: organization_id.clone(), subject_id, permission, unit_id, at_least };
    let answer = client.access().explain(request).await.map_err(Error::from)?.into_inner();
    let explanation = answer.explanation.context("the server answered without an explanation")?;
    let decision = explanation.decision.context("the server answered without a decision")?;
    let mut text = sentence(options, decision.allowed, decision.reason(), answer.revision);
    text = format!("{text}\n  {}\n{}", explanation.summary, details(&client, &organization_id, &explanation).await?);
    say(&text)?;
    Ok(exit_code(decision.allowed))
}

async fn question(client: &Client, options: &QuestionOptions) -> anyhow::Result<CheckQuestion> {
    let organization_id = lookup::organization(client, options.organization.as_deref()).await?;
    let subject_id = lookup::subject(client, &organization_id, &options.user).await?;
    let unit_id = lookup::unit(client, &organization_id, &options.unit).await?;
    Ok(CheckQuestion { organization_id, subject_id, permission: options.permission.clone(), unit_id, at_least: 0 })
}

/// Prints a question as the JSON of its request, the same for `Check` and `Explain`.
fn print(question: &CheckQuestion) -> anyhow::Result<ExitCode> {
    let request = serde_json::json!({
        "organizationId": question.organization_id,
        "subjectId": question.subject_id,
        "permission": question.permission,
        "unitId": question.unit_id,
    });
    say(&format!("{request:#}\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn sentence(options: &QuestionOptions, allowed: bool, reason: DecisionReason, revision: u64) -> String {
    let QuestionOptions { user, permission, unit, .. } = options;
    let (verdict, may) = if allowed { ("ALLOWED", "may") } else { ("DENIED", "may not") };
    let name = reason.as_str_name();
    let reason = name.strip_prefix("DECISION_REASON_").unwrap_or(name);
    let why = if allowed { String::new() } else { format!("{reason}, ") };
    format!("{verdict}: {user} {may} {permission} at {unit} ({why}revision {revision})")
}

/// Roles and units by their names.
async fn details(client: &Client, organization: &str, explanation: &Explanation) -> anyhow::Result<String> {
    let roles = match &explanation.cell {
        Some(cell) => roles(client, organization, cell, &explanation.granting_role_ids).await?,
        None => "not looked at".to_owned(),
    };
    let mut walked = Vec::new();
    for id in &explanation.walked_unit_ids {
        walked.push(unit(client, organization, id).await?);
    }
    Ok(format!("  roles: {roles}\n  units walked: {}\n", walked.join(" > ")))
}

async fn roles(
    client: &Client,
    organization: &str,
    cell: &AccessCell,
    granting_ids: &[String],
) -> anyhow::Result<String> {
    let mut roles = Vec::new();
    for id in &cell.role_ids {
        let grants = if granting_ids.contains(id) { " (grants it)" } else { "" };
        roles.push(format!("{}{grants}", role(client, organization, id).await?));
    }
    match cell.origin() {
        AccessOrigin::Direct => roles.push("assigned here".to_owned()),
        AccessOrigin::Inherited => {
            roles.push(format!("inherited from {}", unit(client, organization, &cell.source_unit_id).await?));
        }
        AccessOrigin::None | AccessOrigin::Unspecified => roles.push("none".to_owned()),
    }
    Ok(roles.join(", "))
}

async fn unit(client: &Client, organization: &str, id: &str) -> anyhow::Result<String> {
    let request = GetUnitRequest { organization_id: organization.to_owned(), unit_id: id.to_owned() };
    let found = client.units().get_unit(request).await.map_err(Error::from)?.into_inner();
    Ok(found.unit.unwrap_or_default().name)
}

async fn role(client: &Client, organization: &str, id: &str) -> anyhow::Result<String> {
    let request = GetRoleRequest { organization_id: organization.to_owned(), role_id: id.to_owned() };
    let found = client.roles().get_role(request).await.map_err(Error::from)?.into_inner();
    Ok(found.role.unwrap_or_default().name)
}

fn exit_code(allowed: bool) -> ExitCode {
    if allowed { ExitCode::SUCCESS } else { ExitCode::from(DENIED) }
}
