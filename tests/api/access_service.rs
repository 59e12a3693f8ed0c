//! `AccessService`.

use std::time::Duration;

use tonic::Request;
use varco_proto::v1;
use varco_proto::v1::DecisionReason;
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use crate::calls::{ask, bad_fields, refusal};

const VIEW: &str = "test:things.view";

on_every_database! {
    async fn every_reason_is_given_where_it_holds(server: TestServer) {
        let mine = server.organization("mine").await;
        let user = mine.create_user("anna").await;
        let role = mine.create_role("Reader", &[VIEW]).await;
        let below = mine.create_unit(&mine.root_unit, "below").await;
        mine.grant(&user, &mine.root_unit, &[&role]).await;
        let absent = |prefix: &str| format!("{prefix}_01kagbbbbbfbbvbbbbbbbbbbbb");
        for (subject, permission, unit, expected) in [
            (user.clone(), VIEW, mine.root_unit.clone(), DecisionReason::Allowed),
            (absent("user"), VIEW, mine.root_unit.clone(), DecisionReason::NotAMember),
            (user.clone(), VIEW, absent("unit"), DecisionReason::NoSuchUnit),
            (user.clone(), "test:things.fly", mine.root_unit.clone(), DecisionReason::NoSuchPermission),
            (user.clone(), "no key", mine.root_unit.clone(), DecisionReason::NoSuchPermission),
            (user.clone(), VIEW, below.clone(), DecisionReason::NoRoleHere),
            (user.clone(), "test:things.edit", mine.root_unit.clone(), DecisionReason::NotGranted),
        ] {
            assert_eq!(mine.check(&subject, permission, &unit).await.reason(), expected);
            agree(&mine, &subject, permission, &unit).await;
        }
        set_app_access(&mine, &user, false).await;
        assert_eq!(mine.check(&user, VIEW, &mine.root_unit).await.reason(), DecisionReason::NoAppAccess);
        let (organization_id, user_id) = (mine.organization.clone(), user.clone());
        let suspend = v1::SuspendUserRequest { organization_id, user_id, validate_only: false };
        ask!(mine.users().suspend_user(suspend)).unwrap();
        assert_eq!(mine.check(&user, VIEW, &mine.root_unit).await.reason(), DecisionReason::UserNotActive);
        agree(&mine, &user, VIEW, &mine.root_unit).await;
    }
}

/// Every form of the question gives the answer that `Check` gives.
async fn agree(actor: &OrganizationActor, subject: &str, permission: &str, unit: &str) {
    let organization_id = actor.organization.clone();
    let (subject_id, unit_id, permission) = (subject.to_owned(), unit.to_owned(), permission.to_owned());
    let check = actor.check(subject, &permission, unit).await;
    let item =
        v1::CheckItem { subject_id: subject_id.clone(), permission: permission.clone(), unit_id: unit_id.clone() };
    let batch = v1::BatchCheckRequest { organization_id: organization_id.clone(), items: vec![item], at_least: 0 };
    let batch = ask!(actor.access().batch_check(batch)).unwrap().decisions;
    assert_eq!((batch[0].allowed, batch[0].reason), (check.allowed, check.reason));

    let explain = v1::ExplainRequest {
        organization_id: organization_id.clone(),
        subject_id: subject_id.clone(),
        permission: permission.clone(),
        unit_id: unit_id.clone(),
        at_least: 0,
    };
    let explained = ask!(actor.access().explain(explain)).unwrap().explanation.unwrap();
    assert_eq!(explained.decision.as_ref(), Some(&batch[0]));
    assert_eq!(explained.summary.starts_with("allowed"), check.allowed, "{}", explained.summary);

    let list = v1::AccessServiceListPermissionsRequest {
        organization_id: organization_id.clone(),
        subject_id: subject_id.clone(),
        unit_id: unit_id.clone(),
        at_least: 0,
    };
    let held = ask!(actor.access().list_permissions(list)).unwrap().permissions;
    assert_eq!(held.contains(&permission), check.allowed);
    let list = v1::AccessServiceListUnitsRequest {
        organization_id: organization_id.clone(),
        subject_id: subject_id.clone(),
        permission: permission.clone(),
        ..Default::default()
    };
    let units = ask!(actor.access().list_units(list)).unwrap().unit_ids;
    assert_eq!(units.contains(&unit_id), check.allowed);
    let list = v1::AccessServiceListUsersRequest { organization_id, permission, unit_id, ..Default::default() };
    let subjects = ask!(actor.access().list_users(list)).unwrap().subject_ids;
    assert_eq!(subjects.contains(&subject_id), check.allowed);
}

async fn set_app_access(actor: &OrganizationActor, user: &str, app_access: bool) {
    let request = v1::SetAccessRequest {
        organization_id: actor.organization.clone(),
        user_id: user.to_owned(),
        app_access: Some(app_access),
        ..Default::default()
    };
    ask!(actor.users().set_access(request)).unwrap();
}

on_every_database! {
    async fn an_explanation_names_the_source_and_the_role(server: TestServer) {
        let mine = server.organization("mine").await;
        let user = mine.create_user("anna").await;
        let role = mine.create_role("Reader", &[VIEW]).await;
        let above = mine.create_unit(&mine.root_unit, "above").await;
        let below = mine.create_unit(&above, "below").await;
        mine.grant(&user, &above, &[&role]).await;
        mine.enable_inheritance(&user, &above, v1::InheritanceMode::Keep).await;
        let explain = v1::ExplainRequest {
            organization_id: mine.organization.clone(),
            subject_id: user,
            permission: VIEW.to_owned(),
            unit_id: below.clone(),
            at_least: 0,
        };
        let explained = ask!(mine.access().explain(explain)).unwrap().explanation.unwrap();

        assert_eq!(explained.cell.unwrap().source_unit_id, above);
        assert_eq!(explained.granting_role_ids, [role]);
        assert_eq!(explained.walked_unit_ids, [below, above]);
    }
}

on_every_database! {
    async fn a_write_is_seen_by_the_next_check_without_any_token(server: TestServer) {
        let mine = server.organization("mine").await;
        let user = mine.create_user("anna").await;
        let role = mine.create_role("Reader", &[VIEW]).await;
        for _ in 0..50 {
            let granted = mine.grant(&user, &mine.root_unit, &[&role]).await;
            let seen = mine.check(&user, VIEW, &mine.root_unit).await;
            assert!(seen.allowed && seen.revision >= granted);
            let revoked = mine.revoke(&user, &mine.root_unit, &[&role]).await;
            let seen = mine.check(&user, VIEW, &mine.root_unit).await;
            assert!(!seen.allowed && seen.revision >= revoked);
        }
    }
}

on_every_database! {
    async fn a_check_waits_for_its_revision_or_says_that_it_did_not_come(server: TestServer) {
        let mine = server.organization("mine").await;
        let user = mine.create_user("anna").await;
        let now = mine.check(&user, VIEW, &mine.root_unit).await.revision;
        let request = v1::CheckRequest {
            organization_id: mine.organization.clone(),
            subject_id: user.clone(),
            permission: VIEW.to_owned(),
            unit_id: mine.root_unit.clone(),
            at_least: now + 1,
        };
        let mut impatient = Request::new(request.clone());
        impatient.set_timeout(Duration::from_mins(1));
        let outcome = ask!(mine.access().check(impatient));
        assert_eq!(refusal(outcome), "UNAVAILABLE INDEX_BEHIND");

        let mut access = mine.access();
        let waiting = access.check(request);
        let (waited, _) = tokio::join!(waiting, mine.create_unit(&mine.root_unit, "later"));
        assert!(waited.unwrap().into_inner().revision > now);
    }
}

on_every_database! {
    async fn a_batch_is_checked_item_by_item_and_bounded(server: TestServer) {
        let mine = server.organization("mine").await;
        let user = mine.create_user("anna").await;
        let item = |subject: &str, permission: &str| v1::CheckItem {
            subject_id: subject.to_owned(),
            permission: permission.to_owned(),
            unit_id: mine.root_unit.clone(),
        };
        let batch = |items: Vec<v1::CheckItem>| v1::BatchCheckRequest {
            organization_id: mine.organization.clone(),
            items,
            at_least: 0,
        };
        let good = item(&user, VIEW);
        let bad = vec![good.clone(), item("anna", ""), good.clone()];
        assert_eq!(bad_fields(ask!(mine.access().batch_check(batch(bad)))), ["items[1].subject_id", "items[1].permission"]);
        for (count, is_taken) in [(0, false), (1, true), (1000, true), (1001, false)] {
            let outcome = ask!(mine.access().batch_check(batch(vec![good.clone(); count])));
            assert_eq!(outcome.map(|answer| answer.decisions.len()).ok(), is_taken.then_some(count), "{count}");
        }
    }
}

on_every_database! {
    async fn reverse_look_ups_are_paged_to_their_end(server: TestServer) {
        let mine = server.organization("mine").await;
        let role = mine.create_role("Reader", &[VIEW]).await;
        let mut users = Vec::new();
        for number in 0..5 {
            let user = mine.create_user(&format!("user{number}")).await;
            mine.grant(&user, &mine.root_unit, &[&role]).await;
            users.push(user);
        }
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = v1::AccessServiceListUsersRequest {
                organization_id: mine.organization.clone(),
                permission: VIEW.to_owned(),
                unit_id: mine.root_unit.clone(),
                page_size: 2,
                page_token,
                at_least: 0,
            };
            let page = ask!(mine.access().list_users(request)).unwrap();
            found.extend(page.subject_ids);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(found, users);
    }
}
