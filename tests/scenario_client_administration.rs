//! The story of client administration (rows E2 to E16 of the requirements, but E11), from its first
//! step to its last, on a real server over TCP and on both databases.
//!
//! Each step names the rows that it shows.

#![expect(clippy::unwrap_used, reason = "a scenario that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tonic::Code;
use varco_application::Clock;
use varco_domain::Timestamp;
use varco_proto::v1;
use varco_proto::v1::{AccessOrigin, BulkAction, CellOutcome, InheritanceMode};
use varco_testkit::{
    HostileProvider, OrganizationActor, PASSWORD, Returned, SSO_CLIENT_ID, SSO_CLIENT_SECRET, SSO_REDIRECT_URI,
    TestServer, on_every_database, status_text,
};

const VIEW: &str = "privacy:register.view";
const EDIT: &str = "privacy:register.edit";
const APPROVE: &str = "privacy:assessment.approve";
const EXPORT: &str = "privacy:register.export";

/// The predefined roles that the product ships, with what they grant.
const PREDEFINED: [(&str, &str, &[&str]); 6] = [
    ("officer", "Data protection officer", &[VIEW, EDIT, APPROVE, EXPORT]),
    ("manager", "Privacy manager", &[VIEW, EDIT, EXPORT]),
    ("owner", "Processing owner", &[VIEW, EDIT]),
    ("assessor", "Assessor", &[VIEW, APPROVE]),
    ("auditor", "Auditor", &[VIEW, EXPORT]),
    ("reader", "Reader", &[VIEW]),
];

on_every_database! {
    async fn a_client_administrator_gives_and_takes_access(server: TestServer) {
        let admin = office(&server).await;
        let roles = the_six_predefined_roles_are_there(&admin).await;
        let mut roles = roles;
        roles.extend(a_role_is_built_one_choice_at_a_time(&admin).await);
        a_new_user_activates_the_account_by_a_mailed_link(&server, &admin).await;
        with_single_sign_on_the_mailed_link_activates_by_the_provider(&server, &admin).await;
        let people = people(&admin).await;
        let units = units(&admin).await;
        users_and_units_are_found_by_search(&admin, &people, &units).await;
        nobody_sees_anything_without_a_role(&admin, &people, &units).await;
        roles_are_assigned_one_by_one(&admin, &roles, &people, &units).await;
        editing_a_role_reaches_every_holder(&admin, &roles, &people, &units).await;
        roles_are_assigned_in_bulk(&admin, &roles).await;
        inheritance_replaces(&admin, &roles, &people, &units).await;
        inheritance_keeps(&admin, &roles, &people, &units).await;
        editing_inherited_roles_breaks_the_link(&admin, &roles, &people, &units).await;
        inheritance_is_switched_off_and_on(&admin, &roles, &people, &units).await;
    }
}

type Names = BTreeMap<&'static str, String>;

/// An organization that subscribes to the privacy catalog.
async fn office(server: &TestServer) -> OrganizationActor {
    let operator = server.operator().await;
    let permissions = [VIEW, EDIT, APPROVE, EXPORT]
        .map(|key| v1::CatalogPermission { key: key.to_owned(), description: String::new() });
    let predefined_roles = PREDEFINED.map(|(key, name, permissions)| v1::PredefinedRole {
        key: key.to_owned(),
        name: name.to_owned(),
        description: String::new(),
        permissions: permissions.iter().map(ToString::to_string).collect(),
    });
    let catalog = v1::Catalog {
        catalog_key: "privacy".to_owned(),
        display_name: "Privacy office".to_owned(),
        version: 1,
        permissions: permissions.to_vec(),
        predefined_roles: predefined_roles.to_vec(),
        apply_time: None,
    };
    let apply = v1::ApplyCatalogRequest { catalog: Some(catalog), validate_only: false };
    operator.catalogs().apply_catalog(apply).await.unwrap();
    let admin = server.organization("Aurora").await;
    let subscribe = v1::SubscribeRequest {
        organization_id: admin.organization.clone(),
        catalog_key: "privacy".to_owned(),
        validate_only: false,
    };
    admin.catalogs().subscribe(subscribe).await.unwrap();
    admin
}

/// E6, E16: six predefined roles, each with the number of its permissions.
async fn the_six_predefined_roles_are_there(admin: &OrganizationActor) -> Names {
    let listed = list_roles(admin).await;
    let counts: BTreeMap<&str, u32> = listed.iter().map(|role| (role.name.as_str(), role.permission_count)).collect();
    let expected: BTreeMap<&str, u32> =
        PREDEFINED.iter().map(|(_, name, permissions)| (*name, u32::try_from(permissions.len()).unwrap())).collect();

    assert_eq!(counts, expected);
    assert!(listed.iter().all(|role| role.origin() == v1::RoleOrigin::Predefined));
    let id_of = |name: &str| listed.iter().find(|role| role.name == name).unwrap().role_id.clone();
    PREDEFINED.iter().map(|(key, name, _)| (*key, id_of(name))).collect()
}

/// E2, E3, E4: a new user is listed as not yet activated and mailed a link at once, which works for seven
/// days and can be sent again; by it the user sets a password, is active, and a mail says so.
async fn a_new_user_activates_the_account_by_a_mailed_link(server: &TestServer, admin: &OrganizationActor) {
    let nora = admin.invite_person("nora", v1::BackOfficeLevel::None).await;
    assert_eq!(invited_users(admin).await, [nora.as_str()]);
    let first = server.last_mail("nora@example.com").await;
    assert_eq!((first.kind.as_str(), first.organization.as_str()), ("invitation", admin.organization.as_str()));
    let lives_until = Timestamp::from_micros(first.value("expires_at").parse().unwrap());
    let week = Duration::from_hours(7 * 24);
    assert!(lives_until.since(server.clock.now()) <= week);
    assert!(lives_until.since(server.clock.now()) > week - Duration::from_mins(1));

    let (organization_id, user_id) = (admin.organization.clone(), nora.clone());
    let again = v1::ResendActivationRequest { organization_id, user_id, validate_only: false };
    admin.users().resend_activation(again).await.unwrap();
    let second = server.last_mail("nora@example.com").await;
    let use_link = async |token: &str| {
        let request = v1::ActivateAccountRequest { token: token.to_owned(), password: PASSWORD.to_owned() };
        server.anonymous().activate_account(request).await
    };
    let refused = use_link(first.value("token")).await.unwrap_err();
    assert_eq!(status_text(&refused), "FAILED_PRECONDITION LINK_INVALID", "the old link no longer works");
    use_link(second.value("token")).await.unwrap();

    assert_eq!(admin.user(&nora).await.status(), v1::UserStatus::Active);
    assert!(invited_users(admin).await.is_empty());
    assert_eq!(server.last_mail("nora@example.com").await.kind.as_str(), "activated");
    assert_eq!(server.sign_in_user("nora").await.user, nora);
}

/// E3 with single sign-on: the mailed link leads to the provider and from there straight into an active
/// account, without a password; from then on the provider lets the user in.
async fn with_single_sign_on_the_mailed_link_activates_by_the_provider(server: &TestServer, admin: &OrganizationActor) {
    let provider = HostileProvider::start(&server.clock).await;
    let request = v1::SetSsoProviderRequest {
        organization_id: admin.organization.clone(),
        sso_provider: Some(v1::SsoProvider {
            issuer: provider.issuer.clone(),
            client_id: SSO_CLIENT_ID.to_owned(),
            redirect_uris: vec![SSO_REDIRECT_URI.to_owned()],
        }),
        client_secret: SSO_CLIENT_SECRET.to_owned(),
        validate_only: false,
    };
    admin.organizations().set_sso_provider(request).await.unwrap();
    let sofia = admin.invite_person("sofia", v1::BackOfficeLevel::None).await;
    let link = server.last_mail("sofia@example.com").await.value("token").to_owned();
    let request = v1::ActivateAccountRequest { token: link.clone(), password: PASSWORD.to_owned() };
    let refused = server.anonymous().activate_account(request).await.unwrap_err();
    assert_eq!(status_text(&refused), "FAILED_PRECONDITION SSO_REQUIRED");

    assert_eq!(sign_on(server, &provider, "", &link).await, sofia);
    assert_eq!(admin.user(&sofia).await.status(), v1::UserStatus::Active);
    assert!(invited_users(admin).await.is_empty());
    assert_eq!(server.last_mail("sofia@example.com").await.kind.as_str(), "activated");
    assert_eq!(sign_on(server, &provider, &admin.organization, "").await, sofia, "without the link");
}

/// Goes to the provider and back, and gives the user whose session begins.
async fn sign_on(server: &TestServer, provider: &HostileProvider, organization: &str, link: &str) -> String {
    let request = v1::BeginSsoRequest {
        organization_id: organization.to_owned(),
        redirect_uri: SSO_REDIRECT_URI.to_owned(),
        activation_token: link.to_owned(),
        client: None,
    };
    let begun = server.anonymous().begin_sso(request).await.unwrap().into_inner();
    let Returned { state, code, issuer } = provider.sign_in(&begun.authorization_url, "sofia-at-the-provider");
    let request = v1::CompleteSsoRequest { state, code, issuer, client: None };
    let answer = server.anonymous().complete_sso(request).await.unwrap().into_inner().result;
    match answer.unwrap() {
        v1::complete_sso_response::Result::Session(tokens) => tokens.session.unwrap().user_id,
        v1::complete_sso_response::Result::NextStep(step) => panic!("something is needed first: {step:?}"),
    }
}

async fn invited_users(admin: &OrganizationActor) -> Vec<String> {
    let request = v1::ListUsersRequest {
        organization_id: admin.organization.clone(),
        status: v1::UserStatus::Invited.into(),
        ..Default::default()
    };
    let users = admin.users().list_users(request).await.unwrap().into_inner().users;
    users.into_iter().map(|user| user.user_id).collect()
}

/// E5, E6, E7: a new role starts empty and is saved choice by choice; two administrators who choose
/// at the same time lose nothing of each other's; a predefined role can be copied.
async fn a_role_is_built_one_choice_at_a_time(admin: &OrganizationActor) -> Names {
    let custom = admin.create_role("Administrator Unit A", &[]).await;
    let (one, two) = tokio::join!(add(admin, &custom, VIEW), add(admin, &custom, EDIT));
    assert!(one.revision != two.revision);
    let removed = v1::RemovePermissionsRequest {
        organization_id: admin.organization.clone(),
        role_id: custom.clone(),
        permissions: vec![EDIT.to_owned()],
        validate_only: false,
    };
    admin.roles().remove_permissions(removed).await.unwrap();
    add(admin, &custom, APPROVE).await;
    assert_eq!(get_role(admin, &custom).await.permissions, [APPROVE, VIEW]);
    // The newest role is on top of the list.
    assert_eq!(list_roles(admin).await[0].role_id, custom);

    let reader = list_roles(admin).await.into_iter().find(|role| role.name == "Reader").unwrap();
    let copy = v1::CopyRoleRequest {
        organization_id: admin.organization.clone(),
        role_id: reader.role_id,
        name: "Reader Unit B".to_owned(),
        ..Default::default()
    };
    let copy = admin.roles().copy_role(copy).await.unwrap().into_inner().role.unwrap();
    assert_eq!((copy.origin(), copy.permissions), (v1::RoleOrigin::Custom, vec![VIEW.to_owned()]));
    [("custom", custom), ("copy", copy.role_id)].into()
}

async fn people(admin: &OrganizationActor) -> Names {
    let mut people = Names::new();
    for name in ["anna", "bruno", "carla", "dario", "elena", "fabio", "gina", "ugo", "irene", "luca"] {
        people.insert(name, admin.create_user(&format!("{name}.rossi")).await);
    }
    people
}

/// E12: units form a tree.
async fn units(admin: &OrganizationActor) -> Names {
    let mut units: Names = [("group", admin.root_unit.clone())].into();
    for (name, parent) in
        [("italy", "group"), ("france", "group"), ("milan", "italy"), ("turin", "italy"), ("milan-hr", "milan")]
    {
        let unit = admin.create_unit(&units[parent], name).await;
        units.insert(name, unit);
    }
    units
}

/// E16: users and units are searchable.
async fn users_and_units_are_found_by_search(admin: &OrganizationActor, people: &Names, units: &Names) {
    for search in ["anna", "ANNA.ROSSI", "anna.r"] {
        let found = v1::ListUsersRequest {
            organization_id: admin.organization.clone(),
            search: search.to_owned(),
            ..Default::default()
        };
        let found = admin.users().list_users(found).await.unwrap().into_inner().users;
        assert_eq!(found.iter().map(|user| &user.user_id).collect::<Vec<_>>(), [&people["anna"]], "{search}");
    }
    let found = v1::ListUnitsRequest {
        organization_id: admin.organization.clone(),
        search: "MIL".to_owned(),
        ..Default::default()
    };
    let found = admin.units().list_units(found).await.unwrap().into_inner().units;
    let found: BTreeSet<&String> = found.iter().map(|unit| &unit.unit_id).collect();
    assert_eq!(found, [&units["milan"], &units["milan-hr"]].into());
}

/// E5: no role anywhere: nothing visible.
async fn nobody_sees_anything_without_a_role(admin: &OrganizationActor, people: &Names, units: &Names) {
    let reached = v1::AccessServiceListUnitsRequest {
        organization_id: admin.organization.clone(),
        subject_id: people["anna"].clone(),
        permission: VIEW.to_owned(),
        ..Default::default()
    };
    assert!(admin.access().list_units(reached).await.unwrap().into_inner().unit_ids.is_empty());
    assert!(permissions(admin, &people["anna"], &units["milan"]).await.is_empty());
    assert!(!admin.may(&people["anna"], VIEW, &units["milan"]).await);
}

/// E5, E8, E9: a role in one unit is there only; several add up; the overview shows them, filtered
/// by units and by users.
async fn roles_are_assigned_one_by_one(admin: &OrganizationActor, roles: &Names, people: &Names, units: &Names) {
    admin.grant(&people["anna"], &units["milan"], &[&roles["reader"]]).await;
    assert!(admin.may(&people["anna"], VIEW, &units["milan"]).await);
    for elsewhere in ["group", "italy", "turin", "milan-hr"] {
        assert!(!admin.may(&people["anna"], VIEW, &units[elsewhere]).await, "{elsewhere}");
    }
    // The same role in another unit, another role in a third, several in one.
    admin.grant(&people["anna"], &units["turin"], &[&roles["reader"]]).await;
    admin.grant(&people["anna"], &units["france"], &[&roles["owner"]]).await;
    admin.grant(&people["anna"], &units["milan"], &[&roles["assessor"]]).await;
    assert_eq!(permissions(admin, &people["anna"], &units["milan"]).await, [APPROVE, VIEW]);
    assert_eq!(permissions(admin, &people["anna"], &units["france"]).await, [EDIT, VIEW]);

    admin.grant(&people["bruno"], &units["milan"], &[&roles["auditor"]]).await;
    let of_milan = cells(admin, &[], &[&units["milan"]]).await;
    assert_eq!(subjects(&of_milan), [&people["anna"], &people["bruno"]].into());
    let of_anna = cells(admin, &[&people["anna"]], &[]).await;
    let anna_is_in: BTreeSet<&String> = of_anna.iter().map(|cell| &cell.unit_id).collect();
    assert_eq!(anna_is_in, [&units["milan"], &units["turin"], &units["france"]].into());

    revoke(admin, &people["anna"], &units["milan"], &[&roles["assessor"]]).await;
    assert_eq!(permissions(admin, &people["anna"], &units["milan"]).await, [VIEW]);
    assert!(admin.may(&people["anna"], VIEW, &units["turin"]).await);
}

/// E6: a predefined role can be edited and renamed, which reaches every holder in every unit.
async fn editing_a_role_reaches_every_holder(admin: &OrganizationActor, roles: &Names, people: &Names, units: &Names) {
    assert!(!admin.may(&people["anna"], EXPORT, &units["turin"]).await);
    add(admin, &roles["reader"], EXPORT).await;
    for unit in ["milan", "turin"] {
        assert!(admin.may(&people["anna"], EXPORT, &units[unit]).await, "{unit}");
    }
    let reader = get_role(admin, &roles["reader"]).await;
    let rename = v1::UpdateRoleRequest {
        organization_id: admin.organization.clone(),
        role: Some(v1::Role { name: "Visitor".to_owned(), ..reader }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["name".to_owned()] }),
    };
    admin.roles().update_role(rename).await.unwrap();
    assert!(admin.may(&people["anna"], EXPORT, &units["turin"]).await, "a renamed role grants what it granted");
    let renamed = list_roles(admin).await.into_iter().find(|role| role.name == "Visitor").unwrap();
    assert_eq!((renamed.holder_count, renamed.permission_count), (1, 2));
}

/// E10: three roles to ten users in five units in one operation, and away again.
async fn roles_are_assigned_in_bulk(admin: &OrganizationActor, roles: &Names) {
    let mut subject_ids = Vec::new();
    let mut unit_ids = Vec::new();
    for number in 0..10 {
        subject_ids.push(admin.create_user(&format!("bulk{number}")).await);
    }
    for number in 0..5 {
        unit_ids.push(admin.create_unit(&admin.root_unit, &format!("bulk {number}")).await);
    }
    let request = |action: BulkAction| v1::BulkAssignRequest {
        organization_id: admin.organization.clone(),
        action: action.into(),
        role_ids: ["owner", "assessor", "auditor"].map(|role| roles[role].clone()).to_vec(),
        subject_ids: subject_ids.clone(),
        unit_ids: unit_ids.clone(),
        ..Default::default()
    };
    let preview = v1::BulkAssignRequest { validate_only: true, ..request(BulkAction::Add) };
    assert_eq!(bulk(admin, preview).await.0.changed, 150);
    assert!(permissions(admin, &subject_ids[9], &unit_ids[4]).await.is_empty(), "a preview changes nothing");

    let (summary, outcomes) = bulk(admin, request(BulkAction::Add)).await;
    assert_eq!((summary.changed, summary.refused, outcomes.len()), (150, 0, 150));
    assert!(outcomes.iter().all(|outcome| *outcome == CellOutcome::Changed));
    for (subject, unit) in subject_ids.iter().flat_map(|subject| unit_ids.iter().map(move |unit| (subject, unit))) {
        assert_eq!(permissions(admin, subject, unit).await, [APPROVE, EDIT, EXPORT, VIEW]);
    }
    let (summary, _) = bulk(admin, request(BulkAction::Remove)).await;
    assert_eq!(summary.changed, 150);
    let left: Vec<&String> = subject_ids.iter().collect();
    assert!(cells(admin, &left, &[]).await.is_empty());
}

/// E12, replace: every unit below gets these roles, all former ones go.
async fn inheritance_replaces(admin: &OrganizationActor, roles: &Names, people: &Names, units: &Names) {
    let carla = &people["carla"];
    admin.grant(carla, &units["milan"], &[&roles["auditor"]]).await;
    admin.grant(carla, &units["italy"], &[&roles["owner"]]).await;
    enable(admin, carla, &units["italy"], InheritanceMode::Replace).await;
    for unit in ["milan", "turin", "milan-hr"] {
        let cell = cell(admin, carla, &units[unit]).await;
        assert_eq!((cell.origin(), &cell.source_unit_id), (AccessOrigin::Inherited, &units["italy"]), "{unit}");
        assert_eq!(cell.role_ids, [roles["owner"].clone()], "{unit}");
    }
    // A unit that comes later inherits as well.
    let later = admin.create_unit(&units["turin"], "turin later").await;
    assert!(admin.may(carla, EDIT, &later).await);
    assert!(!admin.may(carla, EDIT, &units["group"]).await);
}

/// E12, keep: only units below where the user had none.
async fn inheritance_keeps(admin: &OrganizationActor, roles: &Names, people: &Names, units: &Names) {
    let dario = &people["dario"];
    admin.grant(dario, &units["milan"], &[&roles["auditor"]]).await;
    admin.grant(dario, &units["italy"], &[&roles["owner"]]).await;
    enable(admin, dario, &units["italy"], InheritanceMode::Keep).await;

    assert_eq!(permissions(admin, dario, &units["milan"]).await, [EXPORT, VIEW], "its own roles stay");
    assert_eq!(cell(admin, dario, &units["milan"]).await.origin(), AccessOrigin::Direct);
    assert_eq!(permissions(admin, dario, &units["turin"]).await, [EDIT, VIEW]);
    assert_eq!(permissions(admin, dario, &units["milan-hr"]).await, [EDIT, VIEW], "below a kept one too");
    // The link: a change at the source reaches the units that inherit.
    admin.grant(dario, &units["italy"], &[&roles["assessor"]]).await;
    assert!(admin.may(dario, APPROVE, &units["turin"]).await);
    assert!(!admin.may(dario, APPROVE, &units["milan"]).await);
}

/// E13, E14: in one unit all roles are inherited or all direct; editing inherited ones breaks the link
/// there, and units below no longer inherit.
async fn editing_inherited_roles_breaks_the_link(
    admin: &OrganizationActor,
    roles: &Names,
    people: &Names,
    units: &Names,
) {
    let elena = &people["elena"];
    admin.grant(elena, &units["italy"], &[&roles["owner"], &roles["assessor"]]).await;
    enable(admin, elena, &units["italy"], InheritanceMode::Replace).await;
    let mixed = v1::GrantRolesRequest {
        organization_id: admin.organization.clone(),
        subject_id: elena.clone(),
        unit_id: units["milan"].clone(),
        role_ids: vec![roles["auditor"].clone()],
        validate_only: false,
    };
    let refused = admin.assignments().grant_roles(mixed).await.unwrap_err();
    assert_eq!(
        (refused.code(), status_text(&refused).as_str()),
        (Code::FailedPrecondition, "FAILED_PRECONDITION INHERITED_HERE")
    );

    let break_it = v1::BreakInheritanceRequest {
        organization_id: admin.organization.clone(),
        subject_id: elena.clone(),
        unit_id: units["milan"].clone(),
        validate_only: false,
    };
    admin.assignments().break_inheritance(break_it).await.unwrap();
    let broken = cell(admin, elena, &units["milan"]).await;
    assert_eq!((broken.origin(), broken.role_ids.len()), (AccessOrigin::Direct, 2));
    revoke(admin, elena, &units["milan"], &[&roles["assessor"]]).await;
    assert_eq!(permissions(admin, elena, &units["milan"]).await, [EDIT, VIEW]);
    assert!(permissions(admin, elena, &units["milan-hr"]).await.is_empty(), "the chain ends at the broken link");
    assert_eq!(permissions(admin, elena, &units["turin"]).await, [APPROVE, EDIT, VIEW]);
}

/// E15: switched off at its source, every inherited role below is lost; it can be switched on again.
async fn inheritance_is_switched_off_and_on(admin: &OrganizationActor, roles: &Names, people: &Names, units: &Names) {
    let fabio = &people["fabio"];
    admin.grant(fabio, &units["group"], &[&roles["reader"]]).await;
    enable(admin, fabio, &units["group"], InheritanceMode::Replace).await;
    let break_it = v1::BreakInheritanceRequest {
        organization_id: admin.organization.clone(),
        subject_id: fabio.clone(),
        unit_id: units["italy"].clone(),
        validate_only: false,
    };
    admin.assignments().break_inheritance(break_it).await.unwrap();
    enable(admin, fabio, &units["italy"], InheritanceMode::Keep).await;
    assert!(admin.may(fabio, VIEW, &units["milan-hr"]).await);

    let disable = v1::DisableInheritanceRequest {
        organization_id: admin.organization.clone(),
        subject_id: fabio.clone(),
        unit_id: units["italy"].clone(),
        validate_only: false,
    };
    admin.assignments().disable_inheritance(disable).await.unwrap();
    for below in ["milan", "turin", "milan-hr"] {
        assert!(!admin.may(fabio, VIEW, &units[below]).await, "{below} gets nothing, not from further up either");
    }
    assert!(admin.may(fabio, VIEW, &units["italy"]).await, "the source keeps its own roles");
    assert!(admin.may(fabio, VIEW, &units["france"]).await, "another branch still inherits");

    enable(admin, fabio, &units["italy"], InheritanceMode::Keep).await;
    assert!(admin.may(fabio, VIEW, &units["milan-hr"]).await);
}

async fn add(admin: &OrganizationActor, role: &str, permission: &str) -> v1::AddPermissionsResponse {
    let request = v1::AddPermissionsRequest {
        organization_id: admin.organization.clone(),
        role_id: role.to_owned(),
        permissions: vec![permission.to_owned()],
        validate_only: false,
    };
    admin.roles().add_permissions(request).await.unwrap().into_inner()
}

async fn get_role(admin: &OrganizationActor, role: &str) -> v1::Role {
    let request = v1::GetRoleRequest { organization_id: admin.organization.clone(), role_id: role.to_owned() };
    admin.roles().get_role(request).await.unwrap().into_inner().role.unwrap()
}

async fn list_roles(admin: &OrganizationActor) -> Vec<v1::Role> {
    let request = v1::ListRolesRequest { organization_id: admin.organization.clone(), ..Default::default() };
    admin.roles().list_roles(request).await.unwrap().into_inner().roles
}

async fn revoke(admin: &OrganizationActor, subject: &str, unit: &str, roles: &[&String]) {
    let request = v1::RevokeRolesRequest {
        organization_id: admin.organization.clone(),
        subject_id: subject.to_owned(),
        unit_id: unit.to_owned(),
        role_ids: roles.iter().map(ToString::to_string).collect(),
        validate_only: false,
    };
    admin.assignments().revoke_roles(request).await.unwrap();
}

async fn enable(admin: &OrganizationActor, subject: &str, unit: &str, mode: InheritanceMode) {
    let request = v1::EnableInheritanceRequest {
        organization_id: admin.organization.clone(),
        subject_id: subject.to_owned(),
        unit_id: unit.to_owned(),
        mode: mode.into(),
        validate_only: false,
    };
    admin.assignments().enable_inheritance(request).await.unwrap();
}

async fn permissions(admin: &OrganizationActor, subject: &str, unit: &str) -> Vec<String> {
    let request = v1::AccessServiceListPermissionsRequest {
        organization_id: admin.organization.clone(),
        subject_id: subject.to_owned(),
        unit_id: unit.to_owned(),
        at_least: 0,
    };
    admin.access().list_permissions(request).await.unwrap().into_inner().permissions
}

async fn cells(admin: &OrganizationActor, subjects: &[&String], units: &[&String]) -> Vec<v1::AccessCell> {
    let request = v1::ListAssignmentsRequest {
        organization_id: admin.organization.clone(),
        page_size: 1000,
        subject_ids: subjects.iter().map(ToString::to_string).collect(),
        unit_ids: units.iter().map(ToString::to_string).collect(),
        ..Default::default()
    };
    admin.assignments().list_assignments(request).await.unwrap().into_inner().cells
}

async fn cell(admin: &OrganizationActor, subject: &String, unit: &String) -> v1::AccessCell {
    cells(admin, &[subject], &[unit]).await.pop().unwrap_or_default()
}

fn subjects(cells: &[v1::AccessCell]) -> BTreeSet<&String> {
    cells.iter().map(|cell| &cell.subject_id).collect()
}

async fn bulk(admin: &OrganizationActor, request: v1::BulkAssignRequest) -> (v1::BulkSummary, Vec<CellOutcome>) {
    let mut stream = admin.assignments().bulk_assign(request).await.unwrap().into_inner();
    let (mut summary, mut outcomes) = (None, Vec::new());
    while let Some(message) = stream.message().await.unwrap() {
        outcomes.extend(message.results.iter().map(v1::CellResult::outcome));
        summary = message.summary;
    }
    (summary.unwrap(), outcomes)
}
