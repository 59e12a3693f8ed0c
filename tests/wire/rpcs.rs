//! Every RPC with what it demands of its caller.

use prost_reflect::{DescriptorPool, MethodDescriptor};

use crate::repository;

fn methods() -> Vec<MethodDescriptor> {
    let pool = DescriptorPool::decode(varco_proto::DESCRIPTORS).unwrap();
    let services: Vec<_> = pool.services().filter(|service| service.package_name() == "varco.v1").collect();
    services.iter().flat_map(|service| service.methods().collect::<Vec<_>>()).collect()
}

fn caller(method: &MethodDescriptor) -> String {
    let pool = method.parent_pool();
    let access = pool.get_extension_by_name("varco.v1.access").unwrap();
    let options = method.options();
    let declaration = options.get_extension(&access);
    let caller = declaration.as_message().unwrap().get_field_by_name("caller").unwrap().as_enum_number().unwrap();
    let name = pool.get_enum_by_name("varco.v1.Caller").unwrap().get_value(caller).unwrap().name().to_owned();
    name.strip_prefix("CALLER_").unwrap().to_owned()
}

/// Whether it changes nothing, by its verb.
fn is_read(method: &MethodDescriptor) -> bool {
    let verbs = ["Get", "List", "Check", "BatchCheck", "Explain", "Watch", "Issue", "Introspect"];
    verbs.iter().any(|verb| method.name().starts_with(verb))
}

/// Whoever changes who may call an RPC changes this list too, and a reviewer sees it.
#[test]
fn who_may_call_what_is_as_reviewed() {
    let rows: Vec<String> = methods()
        .iter()
        .map(|method| format!("{}/{} {}", method.parent_service().name(), method.name(), caller(method)))
        .collect();
    let reviewed = std::fs::read_to_string(repository("tests/wire/rpcs.txt")).unwrap();
    let reviewed: Vec<&str> = reviewed.lines().collect();

    assert_eq!(rows, reviewed, "if the change is meant, write it to tests/wire/rpcs.txt");
}

/// What anyone may call: how somebody comes by a token, or by what a token is given for.
const PUBLIC: &[&str] = &[
    "ActivateAccount",
    "BeginSso",
    "CompletePasswordReset",
    "CompleteSso",
    "ContinueSignIn",
    "IssueServiceToken",
    "RefreshSession",
    "RequestPasswordReset",
    "SignIn",
];

#[test]
fn only_the_ways_in_are_public() {
    let public = methods().into_iter().filter(|method| caller(method) == "PUBLIC");
    let mut names: Vec<String> = public.map(|method| method.name().to_owned()).collect();
    names.sort_unstable();

    assert_eq!(names, PUBLIC);
}

/// Writes that answer without a revision, each with the reason.
const WITHOUT_REVISION: &[(&str, &str)] = &[
    ("AssignmentService.BulkAssign", "the stream carries it in its summary"),
    ("AuthenticationService.RequestPasswordReset", "nobody is told whether anything happened"),
    ("AuthenticationService.BeginSso", "a browser that is on its way may do nothing"),
    ("AuthenticationService.CompleteSso", "a session lets nobody do more than its user may"),
    ("AuthenticationService.SignIn", "a session lets nobody do more than its user may"),
    ("AuthenticationService.ContinueSignIn", "a session lets nobody do more than its user may"),
    ("AuthenticationService.RefreshSession", "a session lets nobody do more than its user may"),
    ("AuthenticationService.SelectOrganization", "a session lets nobody do more than its user may"),
];

#[test]
fn every_write_answers_with_a_revision() {
    for method in methods() {
        let name = format!("{}.{}", method.parent_service().name(), method.name());
        let has_revision = method.output().get_field_by_name("revision").is_some();
        let is_named = WITHOUT_REVISION.iter().any(|(rpc, _)| *rpc == name);

        assert!(is_read(&method) || has_revision != is_named, "{name} changes something and gives no revision");
    }
}

/// Writes that take no `validate_only`, each with the reason.
const NOT_VALIDATED: &[(&str, &str)] = &[
    ("OrganizationService.CreateOrganization", "a new organization has nobody whose access could change"),
    ("OrganizationService.UpdateOrganization", "name and policies let nobody do more or less"),
    ("UserService.UpdateUser", "a profile lets nobody do more or less"),
    ("UnitService.UpdateUnit", "name and kind let nobody do more or less"),
    ("RoleService.UpdateRole", "name and description let nobody do more or less"),
    ("LicenseService.SetLicenseLimits", "a limit takes no seat from its holder"),
    ("ServiceAccountService.CreateServiceAccount", "a new account may do nothing yet; its secret is shown once"),
    ("ServiceAccountService.CreateSecret", "it grants the account nothing; the secret is shown once"),
    ("AuthenticationService.ActivateAccount", "the caller does it for itself, with what only it has"),
    ("AuthenticationService.RequestPasswordReset", "nobody is told what would happen"),
    ("AuthenticationService.CompletePasswordReset", "the caller does it for itself, with what only it has"),
    ("AuthenticationService.ChangePassword", "the caller does it for itself, with what only it has"),
    ("AuthenticationService.UpdateProfile", "a profile lets nobody do more or less"),
    ("AuthenticationService.BeginSso", "the caller does it for itself, with what only it has"),
    ("AuthenticationService.CompleteSso", "the caller does it for itself, with what only it has"),
    ("AuthenticationService.SignIn", "the caller does it for itself, with what only it has"),
    ("AuthenticationService.ContinueSignIn", "the caller does it for itself, with what only it has"),
    ("AuthenticationService.RefreshSession", "the caller does it for itself, with what only it has"),
    ("AuthenticationService.SignOut", "a session lets nobody do more than its user may"),
    ("AuthenticationService.RevokeSession", "a session lets nobody do more than its user may"),
    ("AuthenticationService.SelectOrganization", "a session lets nobody do more than its user may"),
];

/// Exactly the writes that affect access can be tried.
#[test]
fn every_other_write_takes_validate_only() {
    let mut untried: Vec<String> = methods()
        .iter()
        .filter(|method| !is_read(method) && method.input().get_field_by_name("validate_only").is_none())
        .map(|method| format!("{}.{}", method.parent_service().name(), method.name()))
        .collect();
    untried.sort_unstable();
    let mut named: Vec<&str> = NOT_VALIDATED.iter().map(|(rpc, _)| *rpc).collect();
    named.sort_unstable();

    assert_eq!(untried, named, "if the change is meant, give the reason in NOT_VALIDATED");
}

/// AIP-158: paged lists look alike.
#[test]
fn every_list_is_paged_alike() {
    // Bounded by what one subject can do at one unit.
    let unpaged = ["varco.v1.AccessService.ListPermissions"];
    for method in methods().into_iter().filter(|method| method.name().starts_with("List")) {
        if unpaged.contains(&method.full_name()) {
            continue;
        }
        for (message, field) in
            [(method.input(), "page_size"), (method.input(), "page_token"), (method.output(), "next_page_token")]
        {
            assert!(message.get_field_by_name(field).is_some(), "{} has no {field}", message.full_name());
        }
    }
}
