use std::collections::BTreeSet;

use anyhow::{Context, anyhow};
use varco_application::catalogs::{ApplyCatalog, apply_catalog};
use varco_application::{Caller, Environment, Mode};
use varco_domain::{
    CatalogKey, CatalogPermission, Description, Label, PermissionKey, PredefinedRole, PredefinedRoleKey,
};

const KEY: &str = "privacy";

/// What can be permitted, less the catalog's key.
const PERMISSIONS: [(&str, &str); 26] = [
    ("assessment.approve", "Approve a data protection impact assessment."),
    ("assessment.edit", "Write a data protection impact assessment."),
    ("assessment.view", "Read data protection impact assessments."),
    ("audit.edit", "Plan and record audits."),
    ("audit.view", "Read audits and their findings."),
    ("breach.assess", "Assess the risk of a personal data breach."),
    ("breach.notify", "Notify a breach to the authority and to those concerned."),
    ("breach.report", "Report a suspected breach."),
    ("breach.view", "Read breaches."),
    ("consent.edit", "Write consent texts."),
    ("consent.view", "Read consents given and withdrawn."),
    ("document.approve", "Approve policies and notices."),
    ("document.edit", "Write policies and notices."),
    ("document.view", "Read policies and notices."),
    ("measure.edit", "Plan technical and organizational measures."),
    ("measure.view", "Read technical and organizational measures."),
    ("processor.approve", "Approve a contract with a processor."),
    ("processor.edit", "Keep the list of processors and their contracts."),
    ("processor.view", "Read the list of processors."),
    ("register.approve", "Approve an entry of the register of processing activities."),
    ("register.edit", "Keep the register of processing activities."),
    ("register.export", "Export the register for the authority."),
    ("register.view", "Read the register of processing activities."),
    ("request.answer", "Answer the request of a data subject."),
    ("request.view", "Read the requests of data subjects."),
    ("training.edit", "Plan trainings and record who took part."),
];

/// The roles of a privacy office: key, name, what for, permissions.
const ROLES: [(&str, &str, &str, &[&str]); 6] = [
    (
        "data-protection-officer",
        "Data Protection Officer",
        "Watches over all processing and advises; sees everything.",
        &[
            "assessment.approve",
            "assessment.view",
            "audit.edit",
            "audit.view",
            "breach.assess",
            "breach.notify",
            "breach.view",
            "consent.view",
            "document.approve",
            "document.view",
            "measure.view",
            "processor.approve",
            "processor.view",
            "register.approve",
            "register.export",
            "register.view",
            "request.view",
            "training.edit",
        ],
    ),
    (
        "privacy-manager",
        "Privacy Manager",
        "Runs the privacy office of a company.",
        &[
            "assessment.edit",
            "assessment.view",
            "audit.view",
            "breach.assess",
            "breach.report",
            "breach.view",
            "consent.edit",
            "consent.view",
            "document.edit",
            "document.view",
            "measure.edit",
            "measure.view",
            "processor.edit",
            "processor.view",
            "register.edit",
            "register.export",
            "register.view",
            "request.answer",
            "request.view",
            "training.edit",
        ],
    ),
    (
        "privacy-contact",
        "Privacy Contact",
        "Keeps the register of one department up to date.",
        &["assessment.view", "breach.report", "document.view", "measure.view", "register.edit", "register.view"],
    ),
    (
        "request-handler",
        "Request Handler",
        "Answers data subjects.",
        &["consent.view", "register.view", "request.answer", "request.view"],
    ),
    (
        "auditor",
        "Auditor",
        "Reads everything and changes only audits.",
        &[
            "assessment.view",
            "audit.edit",
            "audit.view",
            "breach.view",
            "consent.view",
            "document.view",
            "measure.view",
            "processor.view",
            "register.view",
            "request.view",
        ],
    ),
    ("employee", "Employee", "Reads policies and reports breaches.", &["breach.report", "document.view"]),
];

pub(super) fn key() -> anyhow::Result<CatalogKey> {
    CatalogKey::parse(KEY).context("the demo's catalog has a malformed key")
}

pub(super) async fn apply(env: &Environment, caller: &Caller) -> anyhow::Result<()> {
    let permission = |(path, text): &(&str, &str)| {
        Ok(CatalogPermission { key: permission(path)?, description: Description::parse(text)? })
    };
    let command = ApplyCatalog {
        key: key()?,
        display_name: Label::parse("Privacy office")?,
        version: 1,
        permissions: PERMISSIONS.iter().map(permission).collect::<anyhow::Result<_>>()?,
        predefined_roles: ROLES.iter().map(role).collect::<anyhow::Result<_>>()?,
        mode: Mode::Execute,
    };
    apply_catalog(env, caller, &command).await?;
    Ok(())
}

fn permission(path: &str) -> anyhow::Result<PermissionKey> {
    PermissionKey::parse(&format!("{KEY}:{path}")).ok_or_else(|| anyhow!("`{path}` is no permission"))
}

fn role((key, name, description, permissions): &(&str, &str, &str, &[&str])) -> anyhow::Result<PredefinedRole> {
    Ok(PredefinedRole {
        key: PredefinedRoleKey::parse(key).ok_or_else(|| anyhow!("`{key}` is no key of a role"))?,
        name: Label::parse(name)?,
        description: Description::parse(description)?,
        permissions: permissions.iter().map(|path| permission(path)).collect::<anyhow::Result<BTreeSet<_>>>()?,
    })
}
