//! `AssignmentService`.

use tonic::Code;
use varco_proto::v1;
use varco_proto::v1::{AccessOrigin, BulkAction, CellOutcome, InheritanceMode, OnRefused};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use crate::calls::{ask, bad_fields, refusal};

const ABSENT_ROLE: &str = "role_01kagbbbbbfbbvbbbbbbbbbbbb";

/// A user, a role, and two units one below the other.
struct World {
    actor: OrganizationActor,
    user: String,
    role: String,
    above: String,
    below: String,
}

impl World {
    async fn new(server: &TestServer) -> Self {
        let actor = server.organization("mine").await;
        let user = actor.create_user("anna").await;
        let role = actor.create_role("Reader", &["test:things.view"]).await;
        let above = actor.create_unit(&actor.root_unit, "above").await;
        let below = actor.create_unit(&above, "below").await;
        Self { actor, user, role, above, below }
    }

    fn grant(&self, unit: &str) -> v1::GrantRolesRequest {
        v1::GrantRolesRequest {
            organization_id: self.actor.organization.clone(),
            subject_id: self.user.clone(),
            unit_id: unit.to_owned(),
            role_ids: vec![self.role.clone()],
            validate_only: false,
        }
    }

    fn bulk(&self, action: BulkAction) -> v1::BulkAssignRequest {
        v1::BulkAssignRequest {
            organization_id: self.actor.organization.clone(),
            action: action.into(),
            role_ids: vec![self.role.clone()],
            subject_ids: vec![self.user.clone()],
            unit_ids: vec![self.above.clone(), self.below.clone()],
            ..Default::default()
        }
    }
}

on_every_database! {
    async fn granting_again_changes_nothing_and_writes_no_event(server: TestServer) {
        let world = World::new(&server).await;
        let first = ask!(world.actor.assignments().grant_roles(world.grant(&world.above))).unwrap();
        let events = world.actor.event_count().await;
        let again = ask!(world.actor.assignments().grant_roles(world.grant(&world.above))).unwrap();

        assert_eq!(first.revision, again.revision);
        assert_eq!(first.cell, again.cell);
        assert_eq!(world.actor.event_count().await, events);
    }
}

on_every_database! {
    async fn a_preview_tells_the_outcome_and_changes_nothing(server: TestServer) {
        let world = World::new(&server).await;
        let preview = v1::GrantRolesRequest { validate_only: true, ..world.grant(&world.above) };
        let previewed = ask!(world.actor.assignments().grant_roles(preview)).unwrap().cell.unwrap();

        assert_eq!((previewed.origin(), previewed.role_ids), (AccessOrigin::Direct, vec![world.role.clone()]));
        assert!(!world.actor.may(&world.user, "test:things.view", &world.above).await);
    }
}

on_every_database! {
    async fn each_operation_is_refused_where_it_makes_no_sense(server: TestServer) {
        let world = World::new(&server).await;
        let (organization_id, subject_id) = (world.actor.organization.clone(), world.user.clone());
        let mut assignments = world.actor.assignments();
        let enable = v1::EnableInheritanceRequest {
            organization_id: organization_id.clone(),
            subject_id: subject_id.clone(),
            unit_id: world.above.clone(),
            mode: InheritanceMode::Keep.into(),
            validate_only: false,
        };
        let disable = v1::DisableInheritanceRequest {
            organization_id: organization_id.clone(),
            subject_id: subject_id.clone(),
            unit_id: world.above.clone(),
            validate_only: false,
        };
        let break_it =
            v1::BreakInheritanceRequest { organization_id, subject_id, unit_id: world.below.clone(), validate_only: false };

        assert_eq!(refusal(ask!(assignments.enable_inheritance(enable.clone()))), "FAILED_PRECONDITION NO_ROLES_HERE");
        assert_eq!(refusal(ask!(assignments.disable_inheritance(disable))), "FAILED_PRECONDITION NOT_PROPAGATING");
        assert_eq!(refusal(ask!(assignments.break_inheritance(break_it))), "FAILED_PRECONDITION NOT_INHERITED");
        ask!(assignments.grant_roles(world.grant(&world.above))).unwrap();
        ask!(assignments.enable_inheritance(enable)).unwrap();
        assert_eq!(refusal(ask!(assignments.grant_roles(world.grant(&world.below)))), "FAILED_PRECONDITION INHERITED_HERE");
    }
}

on_every_database! {
    async fn absent_things_are_named_in_the_refusal(server: TestServer) {
        let world = World::new(&server).await;
        let mut assignments = world.actor.assignments();
        let grant = world.grant(&world.above);
        let subject_id = "user_01kagbbbbbfbbvbbbbbbbbbbbb".to_owned();
        let unit_id = "unit_01kagbbbbbfbbvbbbbbbbbbbbb".to_owned();
        let role_ids = vec![ABSENT_ROLE.to_owned()];

        let outcome = ask!(assignments.grant_roles(v1::GrantRolesRequest { subject_id, ..grant.clone() }));
        assert_eq!(refusal(outcome), "NOT_FOUND SUBJECT_NOT_FOUND");
        let outcome = ask!(assignments.grant_roles(v1::GrantRolesRequest { unit_id, ..grant.clone() }));
        assert_eq!(refusal(outcome), "NOT_FOUND UNIT_NOT_FOUND");
        let outcome = ask!(assignments.grant_roles(v1::GrantRolesRequest { role_ids, ..grant }));
        assert_eq!(refusal(outcome), "NOT_FOUND ROLE_NOT_FOUND");
    }
}

on_every_database! {
    async fn every_bad_field_is_reported_at_once(server: TestServer) {
        let world = World::new(&server).await;
        let request = v1::BulkAssignRequest {
            action: 9,
            role_ids: vec![world.role.clone(), world.role.clone()],
            subject_ids: vec!["nobody".to_owned()],
            unit_ids: Vec::new(),
            on_refused: 7,
            request_id: "not a uuid".to_owned(),
            ..world.bulk(BulkAction::Add)
        };
        let outcome = ask!(world.actor.assignments().bulk_assign(request)).map(drop);

        assert_eq!(
            bad_fields(outcome),
            ["action", "on_refused", "role_ids", "subject_ids[0]", "unit_ids", "request_id"]
        );
    }
}

on_every_database! {
    async fn more_cells_than_a_hundred_thousand_are_refused(server: TestServer) {
        let world = World::new(&server).await;
        let ids = |prefix: &str, count: u32| -> Vec<String> {
            (0..count).map(|number| format!("{prefix}_01kagbbbbbfbbvbbbbbbb{number:05}")).collect()
        };
        let request = v1::BulkAssignRequest {
            subject_ids: ids("user", 1001),
            unit_ids: ids("unit", 100),
            ..world.bulk(BulkAction::Add)
        };
        assert_eq!(bad_fields(ask!(world.actor.assignments().bulk_assign(request)).map(drop)), ["role_ids"]);
    }
}

on_every_database! {
    async fn a_refused_cell_fails_a_bulk_call_or_is_skipped(server: TestServer) {
        let world = World::new(&server).await;
        let mut assignments = world.actor.assignments();
        world.actor.grant(&world.user, &world.above, &[&world.role]).await;
        world.actor.enable_inheritance(&world.user, &world.above, InheritanceMode::Keep).await;
        let other = world.actor.create_role("Writer", &["test:things.edit"]).await;
        let request =
            v1::BulkAssignRequest { role_ids: vec![other, ABSENT_ROLE.to_owned()], ..world.bulk(BulkAction::Add) };

        let failed = assignments.bulk_assign(request.clone()).await.unwrap_err();
        assert_eq!(failed.code(), Code::FailedPrecondition);
        assert_eq!(refusal::<()>(Err(failed)), "FAILED_PRECONDITION CELL_REFUSED");
        assert!(!world.actor.may(&world.user, "test:things.edit", &world.above).await, "nothing was done");

        let skipped = v1::BulkAssignRequest { on_refused: OnRefused::Skip.into(), ..request };
        let (outcomes, summary) = bulk(&world.actor, skipped).await;
        assert_eq!(
            outcomes,
            [CellOutcome::Changed, CellOutcome::NoSuchRole, CellOutcome::InheritedHere, CellOutcome::NoSuchRole]
        );
        assert_eq!((summary.changed, summary.unchanged, summary.refused), (1, 0, 3));
        assert!(world.actor.may(&world.user, "test:things.edit", &world.above).await);
    }
}

on_every_database! {
    async fn a_repeated_bulk_call_gives_the_first_answer_and_changes_nothing(server: TestServer) {
        let world = World::new(&server).await;
        let request = v1::BulkAssignRequest {
            request_id: "0192f4d0-0000-7000-8000-000000000001".to_owned(),
            ..world.bulk(BulkAction::Add)
        };
        let first = bulk(&world.actor, request.clone()).await;
        world.actor.revoke(&world.user, &world.below, &[&world.role]).await;
        let again = bulk(&world.actor, request.clone()).await;

        assert_eq!(first, again);
        assert!(!world.actor.may(&world.user, "test:things.view", &world.below).await, "the repeat did nothing");
        let other = v1::BulkAssignRequest { action: BulkAction::Remove.into(), ..request };
        let outcome = ask!(world.actor.assignments().bulk_assign(other)).map(drop);
        assert_eq!(refusal(outcome), "INVALID_ARGUMENT REQUEST_ID_REUSED");
    }
}

on_every_database! {
    async fn a_bulk_call_is_one_revision(server: TestServer) {
        let world = World::new(&server).await;
        let (_, summary) = bulk(&world.actor, world.bulk(BulkAction::Add)).await;
        let events = world.actor.events_so_far().await;
        let granted: Vec<_> = events.iter().filter(|event| event.revision == summary.revision).collect();

        assert_eq!(granted.len(), 2);
        assert!(granted.iter().all(|event| event.r#type == "assignment.granted"));
        let (_, again) = bulk(&world.actor, world.bulk(BulkAction::Add)).await;
        assert_eq!((again.changed, again.unchanged, again.revision), (0, 2, summary.revision));
    }
}

on_every_database! {
    async fn the_overview_is_paged_to_its_end_without_gap_or_repeat(server: TestServer) {
        let world = World::new(&server).await;
        let mut expected = Vec::new();
        for number in 0..7 {
            let user = world.actor.create_user(&format!("user{number}")).await;
            for unit in [&world.above, &world.below] {
                world.actor.grant(&user, unit, &[&world.role]).await;
                expected.push((user.clone(), unit.clone()));
            }
        }
        for page_size in [1, 3, 1000] {
            let (mut found, mut page_token) = (Vec::new(), String::new());
            loop {
                let request = v1::ListAssignmentsRequest {
                    organization_id: world.actor.organization.clone(),
                    page_size,
                    page_token,
                    ..Default::default()
                };
                let page = ask!(world.actor.assignments().list_assignments(request)).unwrap();
                assert!(page.cells.len() <= usize::try_from(page_size).unwrap());
                found.extend(page.cells.into_iter().map(|cell| (cell.subject_id, cell.unit_id)));
                page_token = page.next_page_token;
                if page_token.is_empty() {
                    break;
                }
            }
            assert_eq!(found, expected, "page size {page_size}");
        }
    }
}

on_every_database! {
    async fn a_service_account_can_hold_roles(server: TestServer) {
        let world = World::new(&server).await;
        let program = world.actor.create_service_account("a-program").await.service_account_id;
        world.actor.grant(&program, &world.above, &[&world.role]).await;

        assert!(world.actor.may(&program, "test:things.view", &world.above).await);
        assert!(!world.actor.may(&program, "test:things.view", &world.below).await);
    }
}

async fn bulk(actor: &OrganizationActor, request: v1::BulkAssignRequest) -> (Vec<CellOutcome>, v1::BulkSummary) {
    let mut stream = actor.assignments().bulk_assign(request).await.unwrap().into_inner();
    let (mut outcomes, mut summary) = (Vec::new(), None);
    while let Some(message) = stream.message().await.unwrap() {
        outcomes.extend(message.results.iter().map(v1::CellResult::outcome));
        summary = message.summary;
    }
    (outcomes, summary.unwrap())
}
