//! `varco.v1.UnitService`.

use tonic::Status;
use varco_proto::v1::list_units_request::Scope;
use varco_proto::v1::{
    CreateUnitRequest, DeleteUnitRequest, GetUnitRequest, ListUnitsRequest, MoveUnitRequest, Unit, UnitKind,
    UpdateUnitRequest,
};
use varco_testkit::{OrganizationActor, TestServer, on_every_database, status_text, violations};

/// Well formed, and nobody's.
const ABSENT_UNIT: &str = "unit_01kagbbbbbfbbvbbbbbbbbbbbb";
const REQUEST_ID: &str = "0198c5a0-0000-7000-8000-000000000001";

fn creation(actor: &OrganizationActor, parent: &str, name: &str) -> CreateUnitRequest {
    CreateUnitRequest {
        organization_id: actor.organization.clone(),
        parent_unit_id: parent.to_owned(),
        name: name.to_owned(),
        ..Default::default()
    }
}

fn update(actor: &OrganizationActor, unit: Unit, paths: &[&str]) -> UpdateUnitRequest {
    let paths = paths.iter().map(|path| (*path).to_owned()).collect();
    UpdateUnitRequest {
        organization_id: actor.organization.clone(),
        unit: Some(unit),
        update_mask: Some(prost_types::FieldMask { paths }),
    }
}

async fn move_unit(actor: &OrganizationActor, unit: &str, parent: &str) -> Result<Unit, Status> {
    let request = MoveUnitRequest {
        organization_id: actor.organization.clone(),
        unit_id: unit.to_owned(),
        parent_unit_id: parent.to_owned(),
        validate_only: false,
    };
    Ok(actor.units().move_unit(request).await?.into_inner().unit.unwrap())
}

async fn delete_unit(actor: &OrganizationActor, unit: &str, force: bool) -> Result<u32, Status> {
    let organization_id = actor.organization.clone();
    let request = DeleteUnitRequest { organization_id, unit_id: unit.to_owned(), force, validate_only: false };
    Ok(actor.units().delete_unit(request).await?.into_inner().deleted_units)
}

async fn names(actor: &OrganizationActor, scope: Option<Scope>, search: &str) -> Vec<String> {
    let organization_id = actor.organization.clone();
    let request = ListUnitsRequest { organization_id, scope, search: search.to_owned(), ..Default::default() };
    let units = actor.units().list_units(request).await.unwrap().into_inner().units;
    units.into_iter().map(|unit| unit.name).collect()
}

/// A chain of units below the root, the last of which has this depth.
async fn chain(actor: &OrganizationActor, depth: u32) -> Vec<String> {
    let mut units = vec![actor.root_unit.clone()];
    for level in 2..=depth {
        let parent = units.last().unwrap().clone();
        units.push(actor.create_unit(&parent, &format!("level {level}")).await);
    }
    units
}

on_every_database! {
    async fn a_created_unit_reads_back(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let request = CreateUnitRequest { kind: UnitKind::Project.into(), ..creation(&aurora, &aurora.root_unit, " Milan ") };
        let created = aurora.units().create_unit(request).await.unwrap().into_inner();
        let unit = created.unit.unwrap();

        assert_eq!((unit.name.as_str(), unit.kind(), unit.depth), ("Milan", UnitKind::Project, 2));
        assert_eq!((&unit.parent_unit_id, &unit.organization_id), (&aurora.root_unit, &aurora.organization));
        assert_eq!(aurora.unit(&unit.unit_id).await, unit);
        let last = &aurora.events_so_far().await[0];
        assert_eq!((last.r#type.as_str(), last.revision), ("unit.created", created.revision));
    }
}

on_every_database! {
    async fn a_name_is_taken_among_siblings_alone_whatever_its_case(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let milan = aurora.create_unit(&aurora.root_unit, "Milan").await;
        aurora.create_unit(&milan, "Milan").await;

        let taken = aurora.units().create_unit(creation(&aurora, &aurora.root_unit, "MILAN")).await.unwrap_err();
        assert_eq!(status_text(&taken), "ALREADY_EXISTS UNIT_NAME_TAKEN");
    }
}

on_every_database! {
    async fn every_bad_field_is_named_at_once(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let request = CreateUnitRequest {
            parent_unit_id: "role_01kagbbbbbfbbvbbbbbbbbbbbb".to_owned(),
            name: "x".repeat(201),
            kind: 99,
            request_id: "once".to_owned(),
            ..creation(&aurora, "", "")
        };
        let before = aurora.event_count().await;
        let refused = aurora.units().create_unit(request).await.unwrap_err();

        assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_FIELDS");
        assert_eq!(violations(&refused), ["parent_unit_id", "name", "kind", "request_id"]);
        assert_eq!(aurora.event_count().await, before);
    }
}

on_every_database! {
    async fn a_repeated_creation_gives_the_first_answer(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let request = CreateUnitRequest {
            request_id: REQUEST_ID.to_owned(),
            ..creation(&aurora, &aurora.root_unit, "Milan")
        };
        let first = aurora.units().create_unit(request.clone()).await.unwrap().into_inner();
        let again = aurora.units().create_unit(request.clone()).await.unwrap().into_inner();
        assert_eq!(again, first);

        let other = CreateUnitRequest { name: "Rome".to_owned(), ..request };
        let refused = aurora.units().create_unit(other).await.unwrap_err();
        assert_eq!(status_text(&refused), "INVALID_ARGUMENT REQUEST_ID_REUSED");
        assert_eq!(names(&aurora, None, "").await, ["Aurora", "Milan"]);
    }
}

on_every_database! {
    async fn validating_says_what_would_happen_and_changes_nothing(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let milan = aurora.create_unit(&aurora.root_unit, "Milan").await;
        let before = aurora.event_count().await;
        let organization_id = aurora.organization.clone();

        let request = CreateUnitRequest { validate_only: true, ..creation(&aurora, &milan, "Navigli") };
        let unit = aurora.units().create_unit(request).await.unwrap().into_inner().unit.unwrap();
        assert_eq!(unit.depth, 3);
        let request = CreateUnitRequest { validate_only: true, ..creation(&aurora, &aurora.root_unit, "Milan") };
        let taken = aurora.units().create_unit(request).await.unwrap_err();
        assert_eq!(status_text(&taken), "ALREADY_EXISTS UNIT_NAME_TAKEN");
        let request = DeleteUnitRequest { organization_id, unit_id: milan.clone(), force: false, validate_only: true };
        assert_eq!(aurora.units().delete_unit(request).await.unwrap().into_inner().deleted_units, 1);

        assert_eq!(aurora.event_count().await, before);
        assert_eq!(names(&aurora, None, "").await, ["Aurora", "Milan"]);
    }
}

on_every_database! {
    async fn an_update_changes_what_its_mask_names(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let unit = aurora.unit(&aurora.create_unit(&aurora.root_unit, "Milan").await).await;
        let new = Unit { name: "Milano".to_owned(), kind: UnitKind::Node.into(), ..unit.clone() };
        let updated = aurora.units().update_unit(update(&aurora, new, &["name"])).await.unwrap().into_inner();
        let updated = updated.unit.unwrap();

        assert_eq!((updated.name.as_str(), updated.kind()), ("Milano", UnitKind::Unit));
        assert_ne!(updated.etag, unit.etag);
        assert_eq!(aurora.unit(&unit.unit_id).await, updated);
    }
}

on_every_database! {
    async fn an_update_with_a_passed_etag_is_refused(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let unit = aurora.unit(&aurora.create_unit(&aurora.root_unit, "Milan").await).await;
        let renamed = |name: &str| update(&aurora, Unit { name: name.to_owned(), ..unit.clone() }, &["name"]);
        aurora.units().update_unit(renamed("Milano")).await.unwrap();

        let refused = aurora.units().update_unit(renamed("Mailand")).await.unwrap_err();
        assert_eq!(status_text(&refused), "ABORTED ETAG_MISMATCH");
        assert_eq!(aurora.unit(&unit.unit_id).await.name, "Milano");
    }
}

on_every_database! {
    async fn an_update_needs_a_mask_of_known_fields(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let unit = aurora.unit(&aurora.create_unit(&aurora.root_unit, "Milan").await).await;
        for paths in [&[][..], &["depth"], &["name", "parent_unit_id"]] {
            let refused = aurora.units().update_unit(update(&aurora, unit.clone(), paths)).await.unwrap_err();
            assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_FIELDS", "{paths:?}");
            assert_eq!(violations(&refused), ["update_mask"], "{paths:?}");
        }
    }
}

on_every_database! {
    async fn a_unit_moves_with_all_below_it(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let italy = aurora.create_unit(&aurora.root_unit, "Italy").await;
        let milan = aurora.create_unit(&aurora.root_unit, "Milan").await;
        let navigli = aurora.create_unit(&milan, "Navigli").await;
        let moved = move_unit(&aurora, &milan, &italy).await.unwrap();

        assert_eq!((&moved.parent_unit_id, moved.depth), (&italy, 3));
        assert_eq!(aurora.unit(&navigli).await.depth, 4);
        assert_eq!(names(&aurora, Some(Scope::SubtreeUnitId(italy)), "").await, ["Italy", "Milan", "Navigli"]);
    }
}

on_every_database! {
    async fn a_unit_cannot_move_below_itself(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let units = chain(&aurora, 4).await;
        let before = aurora.event_count().await;
        for target in &units[1..] {
            let refused = move_unit(&aurora, &units[1], target).await.unwrap_err();
            assert_eq!(status_text(&refused), "FAILED_PRECONDITION UNIT_CYCLE");
        }
        // Everything is below the root.
        let refused = move_unit(&aurora, &aurora.root_unit, &units[1]).await.unwrap_err();
        assert_eq!(status_text(&refused), "FAILED_PRECONDITION UNIT_CYCLE");
        assert_eq!(aurora.event_count().await, before);
    }
}

on_every_database! {
    async fn a_tree_has_32_levels_at_most(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let units = chain(&aurora, 32).await;
        let refused = aurora.units().create_unit(creation(&aurora, &units[31], "level 33")).await.unwrap_err();
        assert_eq!(status_text(&refused), "FAILED_PRECONDITION UNIT_TOO_DEEP");

        let branch = aurora.create_unit(&aurora.root_unit, "branch").await;
        aurora.create_unit(&branch, "leaf").await;
        let refused = move_unit(&aurora, &branch, &units[30]).await.unwrap_err();
        assert_eq!(status_text(&refused), "FAILED_PRECONDITION UNIT_TOO_DEEP");
        assert_eq!(move_unit(&aurora, &branch, &units[29]).await.unwrap().depth, 31);
    }
}

on_every_database! {
    async fn a_move_onto_a_taken_name_is_refused(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let italy = aurora.create_unit(&aurora.root_unit, "Italy").await;
        aurora.create_unit(&italy, "Milan").await;
        let milan = aurora.create_unit(&aurora.root_unit, "milan").await;

        let refused = move_unit(&aurora, &milan, &italy).await.unwrap_err();
        assert_eq!(status_text(&refused), "ALREADY_EXISTS UNIT_NAME_TAKEN");
        assert_eq!(aurora.unit(&milan).await.parent_unit_id, aurora.root_unit);
    }
}

on_every_database! {
    async fn a_unit_in_use_goes_by_force_alone(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let units = chain(&aurora, 3).await;
        let (user, role) = (aurora.create_user("mario").await, aurora.create_role("Reader", &["test:things.view"]).await);
        aurora.grant(&user, &units[2], &[&role]).await;
        for unit in &units[1..] {
            let refused = delete_unit(&aurora, unit, false).await.unwrap_err();
            assert_eq!(status_text(&refused), "FAILED_PRECONDITION UNIT_IN_USE");
        }
        assert!(aurora.may(&user, "test:things.view", &units[2]).await);

        assert_eq!(delete_unit(&aurora, &units[1], true).await.unwrap(), 2);
        assert_eq!(names(&aurora, None, "").await, ["Aurora"]);
        assert!(!aurora.may(&user, "test:things.view", &units[2]).await);
        let refused = delete_unit(&aurora, &aurora.root_unit, true).await.unwrap_err();
        assert_eq!(status_text(&refused), "FAILED_PRECONDITION ROOT_UNIT");
    }
}

on_every_database! {
    async fn pages_give_every_unit_once(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let mut expected = vec![aurora.root_unit.clone()];
        for number in 0..7 {
            expected.push(aurora.create_unit(&aurora.root_unit, &format!("unit {number}")).await);
        }
        let organization_id = aurora.organization.clone();
        let mut request = ListUnitsRequest { organization_id, page_size: 3, with_total_size: true, ..Default::default() };
        let (mut seen, mut pages) = (Vec::new(), 0);
        loop {
            let page = aurora.units().list_units(request.clone()).await.unwrap().into_inner();
            assert_eq!(page.total_size, Some(8));
            seen.extend(page.units.into_iter().map(|unit| unit.unit_id));
            pages += 1;
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        assert_eq!((seen, pages), (expected, 3));
    }
}

on_every_database! {
    async fn a_page_token_fits_its_own_query_alone(server: TestServer) {
        let (aurora, borea) = (server.organization("Aurora").await, server.organization("Borea").await);
        for actor in [&aurora, &borea] {
            actor.create_unit(&actor.root_unit, "one").await;
        }
        let first = |actor: &OrganizationActor| ListUnitsRequest {
            organization_id: actor.organization.clone(),
            page_size: 1,
            ..Default::default()
        };
        let page_token = aurora.units().list_units(first(&aurora)).await.unwrap().into_inner().next_page_token;
        let others = [
            (&aurora, ListUnitsRequest { search: "one".to_owned(), page_token: page_token.clone(), ..first(&aurora) }),
            (&aurora, ListUnitsRequest { page_token: format!("{page_token}A"), ..first(&aurora) }),
            (&borea, ListUnitsRequest { page_token, ..first(&borea) }),
        ];
        for (actor, request) in others {
            let refused = actor.units().list_units(request).await.unwrap_err();
            assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_PAGE_TOKEN");
        }
        let negative = ListUnitsRequest { page_size: -1, ..first(&aurora) };
        assert_eq!(violations(&aurora.units().list_units(negative).await.unwrap_err()), ["page_size"]);
    }
}

on_every_database! {
    async fn units_are_found_by_the_beginnings_of_words(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let italy = aurora.create_unit(&aurora.root_unit, "Italy").await;
        for name in ["Sales Milan", "Sales Rome", "Legal"] {
            aurora.create_unit(&italy, name).await;
        }
        assert_eq!(names(&aurora, None, "sal").await, ["Sales Milan", "Sales Rome"]);
        assert_eq!(names(&aurora, None, "MIL sales").await, ["Sales Milan"]);
        assert_eq!(names(&aurora, None, "ales").await, [""; 0]);
        let children = Some(Scope::ParentUnitId(aurora.root_unit.clone()));
        assert_eq!(names(&aurora, children, "").await, ["Italy"]);
    }
}

on_every_database! {
    async fn what_another_organization_has_does_not_exist(server: TestServer) {
        let (aurora, borea) = (server.organization("Aurora").await, server.organization("Borea").await);
        let foreign = borea.create_unit(&borea.root_unit, "Oslo").await;
        let own = aurora.create_unit(&aurora.root_unit, "Milan").await;
        for unit in [foreign.as_str(), ABSENT_UNIT] {
            let request = GetUnitRequest { organization_id: aurora.organization.clone(), unit_id: unit.to_owned() };
            let answers = [
                aurora.units().get_unit(request).await.unwrap_err(),
                aurora.units().create_unit(creation(&aurora, unit, "x")).await.unwrap_err(),
                move_unit(&aurora, unit, &aurora.root_unit).await.unwrap_err(),
                move_unit(&aurora, &own, unit).await.unwrap_err(),
                delete_unit(&aurora, unit, true).await.unwrap_err(),
            ];
            for answer in answers {
                assert_eq!(status_text(&answer), "NOT_FOUND UNIT_NOT_FOUND");
            }
        }
        let request = GetUnitRequest { organization_id: borea.organization.clone(), unit_id: foreign };
        let refused = aurora.units().get_unit(request).await.unwrap_err();
        assert_eq!(status_text(&refused), "NOT_FOUND ORGANIZATION_NOT_FOUND");
    }
}

on_every_database! {
    async fn an_operator_looks_and_does_not_touch(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let operator = server.operator().await;
        let (organization_id, unit_id) = (aurora.organization.clone(), aurora.root_unit.clone());
        assert!(operator.units().get_unit(GetUnitRequest { organization_id, unit_id }).await.is_ok());

        let refused = operator.units().create_unit(creation(&aurora, &aurora.root_unit, "x")).await.unwrap_err();
        assert_eq!(status_text(&refused), "PERMISSION_DENIED CALLER_NOT_PERMITTED");
    }
}

on_every_database! {
    async fn units_outlive_a_restart(server: TestServer) {
        let aurora = server.organization("Aurora").await;
        let milan = aurora.create_unit(&aurora.root_unit, "Milan").await;
        server.restart().await;

        assert_eq!(aurora.unit(&milan).await.name, "Milan");
    }
}
