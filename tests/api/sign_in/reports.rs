//! What administrators see: refused sign-ins, security issues, the last sign-in.

use std::time::Duration;

use varco_proto::v1::{SecurityIssueKind, SignInRefusal};
use varco_testkit::{Actor, TestServer, on_every_database};

use super::*;
use crate::calls::refusal;

pub(super) async fn failures(actor: &Actor, organization: &str, user: &str) -> Result<Vec<v1::FailedSignIn>, Status> {
    let (mut failures, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = v1::ListFailedSignInsRequest {
            organization_id: organization.to_owned(),
            user_id: user.to_owned(),
            page_size: 2,
            page_token,
        };
        let page = ask!(actor.reports().list_failed_sign_ins(request))?;
        failures.extend(page.failed_sign_ins);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(failures);
        }
    }
}

pub(super) fn reasons(failures: &[v1::FailedSignIn]) -> Vec<SignInRefusal> {
    failures.iter().map(v1::FailedSignIn::reason).collect()
}

async fn issues(actor: &OrganizationActor) -> Vec<(String, Vec<SecurityIssueKind>)> {
    let (mut issues, mut page_token) = (Vec::new(), String::new());
    loop {
        let request =
            v1::ListSecurityIssuesRequest { organization_id: actor.organization.clone(), page_size: 1, page_token };
        let page = ask!(actor.reports().list_security_issues(request)).unwrap();
        issues.extend(page.issues.into_iter().map(|issue| (issue.username.clone(), issue.kinds().collect())));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return issues;
        }
    }
}

on_every_database! {
    async fn every_refusal_is_kept_for_the_home_of_the_account(server: TestServer) {
        let (actor, user) = office(&server).await;
        let other = server.organization("other").await;
        let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
            Version/17.4 Safari/605.1.15";
        let client = v1::SignInClient { address: "192.0.2.44".to_owned(), user_agent: safari.to_owned() };
        let request = v1::SignInRequest {
            username: "ana".to_owned(),
            password: wrong().to_owned(),
            client: Some(client),
            ..Default::default()
        };
        ask!(actor.authentication().sign_in(request)).unwrap_err();
        server.clock.advance(Duration::from_secs(1));
        demand_pin(&actor).await;
        let asked = next(&server, "ana", PASSWORD).await;
        let given = v1::continue_sign_in_request::Answer::Pin("000000".to_owned());
        go_on(&server, &asked, given).await.unwrap_err();
        server.clock.advance(Duration::from_secs(1));
        suspend(&actor, &user).await;
        server.try_sign_in("ana", PASSWORD).await.unwrap_err();
        server.clock.advance(Duration::from_secs(1));
        server.try_sign_in("nobody", PASSWORD).await.unwrap_err();

        let kept = failures(&actor, &actor.organization, &user).await.unwrap();
        assert_eq!(reasons(&kept), [SignInRefusal::Suspended, SignInRefusal::WrongPin, SignInRefusal::WrongPassword]);
        let first = kept.last().unwrap();
        assert_eq!((first.address.as_str(), first.user_agent.as_str()), ("192.0.2.44", safari));
        assert!(first.browser.contains("Safari") && first.operating_system.contains("mac"), "{first:?}");
        assert_eq!(failures(&actor, &actor.organization, "").await.unwrap(), kept);

        let refused = failures(&other, &other.organization, &user).await;
        assert_eq!(refusal(refused), "NOT_FOUND USER_NOT_FOUND");
        assert_eq!(refusal(failures(&other, &actor.organization, "").await), "NOT_FOUND ORGANIZATION_NOT_FOUND");
        assert!(failures(&other, &other.organization, "").await.unwrap().is_empty());
        let all = failures(&server.operator().await, "", "").await.unwrap();
        assert_eq!(all.len(), 4);
        assert_eq!((all[0].reason(), all[0].user_id.as_str()), (SignInRefusal::UnknownUser, ""));
    }

    async fn security_issues_are_listed_over_the_whole_team(server: TestServer) {
        let actor = server.organization("mine").await;
        for name in ["ana", "blocked", "fine", "stopped"] {
            person(&server, &actor, name).await;
        }
        actor.invite_person("invited", BackOfficeLevel::None).await;
        let users = ask!(actor.users().list_users(v1::ListUsersRequest {
            organization_id: actor.organization.clone(),
            ..Default::default()
        }));
        let users = users.unwrap().users;
        let id = |name: &str| users.iter().find(|user| user.username == name).unwrap().user_id.clone();
        reset_password(&actor, &id("blocked")).await;
        suspend(&actor, &id("stopped")).await;
        let expected = [
            ("blocked", vec![SecurityIssueKind::Blocked]),
            ("stopped", vec![SecurityIssueKind::Suspended]),
            ("invited", vec![SecurityIssueKind::NotActive]),
        ];
        assert_eq!(issues(&actor).await, expected.map(|(name, kinds)| (name.to_owned(), kinds)));

        demand_pin(&actor).await;
        let asked = next(&server, "fine", PASSWORD).await;
        let pin = mailed_pin(&server, "fine").await;
        go_on(&server, &asked, v1::continue_sign_in_request::Answer::Pin(pin)).await.unwrap();
        let named: Vec<(String, Vec<SecurityIssueKind>)> = issues(&actor).await;
        assert!(named.contains(&("ana".to_owned(), vec![SecurityIssueKind::NotActive])), "{named:?}");
        assert!(!named.iter().any(|(name, _)| name == "fine"), "{named:?}");
    }

    async fn a_password_past_its_age_is_an_issue(server: TestServer) {
        let (actor, _) = office(&server).await;
        let day = prost_types::Duration { seconds: 24 * 3600, nanos: 0 };
        set_policies(&actor, "policies.max_password_age", |policies| policies.max_password_age = Some(day)).await;
        assert!(issues(&actor).await.is_empty());
        server.clock.advance(Duration::from_hours(24));
        // The token of the program went with the day.
        let actor = OrganizationActor::clone(&actor);
        let again = server.actor(&actor.credential).await;
        let request = v1::ListSecurityIssuesRequest {
            organization_id: actor.organization.clone(),
            ..Default::default()
        };
        let issues = ask!(again.reports().list_security_issues(request)).unwrap().issues;
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0].kinds().collect::<Vec<_>>(), [SecurityIssueKind::Blocked]);
    }

    async fn the_last_sign_in_is_noted(server: TestServer) {
        let (actor, user) = office(&server).await;
        assert_eq!(actor.user(&user).await.last_sign_in_time, None);
        server.sign_in_user("ana").await;
        assert!(actor.user(&user).await.last_sign_in_time.is_some());
    }
}
