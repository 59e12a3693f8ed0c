//! `EventService`.

use std::collections::BTreeSet;
use std::time::Duration;

use tonic::{Code, Streaming};
use varco_application::authentication::authenticate;
use varco_application::events::{self, EventSelection, Watch, WatchEnd, Watched};
use varco_application::{Environment, MAX_WATCHES, PlainSecret, Scope};
use varco_domain::Revision;
use varco_proto::v1;
use varco_testkit::{Actor, OrganizationActor, TestServer, on_every_database, status_text};

use crate::calls::{ask, bad_fields, refusal};

pub(crate) async fn watch(
    actor: &Actor,
    organization: &str,
    after: Option<u64>,
    types: &[&str],
) -> Streaming<v1::WatchResponse> {
    let request = v1::WatchRequest {
        organization_id: organization.to_owned(),
        after_revision: after,
        types: types.iter().map(ToString::to_string).collect(),
    };
    actor.events().watch(request).await.unwrap().into_inner()
}

/// Reads until everything up to a revision has come.
pub(crate) async fn read_until(stream: &mut Streaming<v1::WatchResponse>, revision: u64) -> Vec<v1::Event> {
    let mut events = Vec::new();
    loop {
        let message = stream.message().await.unwrap().unwrap();
        events.extend(message.events);
        if message.complete_revision >= revision {
            return events;
        }
    }
}

/// All that there was and will be.
async fn everything(env: &Environment, actor: &OrganizationActor) -> Watch {
    let principal = authenticate(env, &actor.token).await.unwrap();
    let token = PlainSecret::new(actor.token.clone());
    Watch { selection: EventSelection::default(), after: Some(Revision::ZERO), token, principal }
}

async fn head(actor: &OrganizationActor) -> u64 {
    actor.create_unit(&actor.root_unit, &format!("unit {}", actor.event_count().await)).await;
    actor.events_so_far().await[0].revision
}

on_every_database! {
    async fn an_operator_sees_every_change_once_and_in_order(server: TestServer) {
        let mine = server.organization("mine").await;
        let other = server.organization("other").await;
        other.create_user("berta").await;
        let last = head(&mine).await;
        let operator = server.operator().await;
        let events = read_until(&mut watch(&operator, "", Some(0), &[]).await, last).await;

        let keys: Vec<(u64, u32)> = events.iter().map(|event| (event.revision, event.ordinal)).collect();
        assert!(keys.is_sorted_by(|one, next| one < next), "{keys:?}");
        let revisions: BTreeSet<u64> = keys.iter().map(|(revision, _)| *revision).collect();
        assert_eq!(revisions, (1..=last).collect(), "the log is dense");
    }
}

on_every_database! {
    async fn an_organization_sees_its_own_changes_alone(server: TestServer) {
        let mine = server.organization("mine").await;
        let other = server.organization("canary").await;
        let mut stream = watch(&mine, &mine.organization, Some(0), &[]).await;
        other.create_user("canary-user").await;
        other.create_role("canary role", &[]).await;
        let last = head(&mine).await;
        let events = read_until(&mut stream, last).await;

        assert!(events.len() > 2);
        assert!(events.iter().all(|event| event.organization_id == mine.organization));
        assert!(!format!("{events:?}").contains("canary"));
    }
}

on_every_database! {
    async fn a_watcher_resumes_anywhere_and_goes_on_live(server: TestServer) {
        let mine = server.organization("mine").await;
        let mut created = Vec::new();
        for number in 0..10 {
            created.push(mine.create_unit(&mine.root_unit, &format!("early {number}")).await);
        }
        let last = head(&mine).await;
        let all = read_until(&mut watch(&mine, &mine.organization, Some(0), &["unit.created"]).await, last).await;
        for resumed_at in all.iter().map(|event| event.revision) {
            let mut stream = watch(&mine, &mine.organization, Some(resumed_at), &["unit.*"]).await;
            let rest = read_until(&mut stream, last).await;
            let expected: Vec<_> = all.iter().filter(|event| event.revision > resumed_at).collect();
            assert_eq!(rest.iter().collect::<Vec<_>>(), expected);
        }
        let mut live = watch(&mine, &mine.organization, None, &["unit.created"]).await;
        live.message().await.unwrap();
        let later = mine.create_unit(&mine.root_unit, "live").await;
        let event = loop {
            if let Some(event) = live.message().await.unwrap().unwrap().events.pop() {
                break event;
            }
        };
        assert_eq!(event.subject_ids["unit"], later);
    }
}

on_every_database! {
    async fn an_event_says_who_did_what_in_which_call(server: TestServer) {
        let mine = server.organization("mine").await;
        let unit = mine.create_unit(&mine.root_unit, "before").await;
        let renamed = v1::UpdateUnitRequest {
            organization_id: mine.organization.clone(),
            unit: Some(v1::Unit { name: "after".to_owned(), ..mine.unit(&unit).await }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["name".to_owned()] }),
        };
        let mut request = tonic::Request::new(renamed);
        request.metadata_mut().insert("x-request-id", "call-17".parse().unwrap());
        mine.units().update_unit(request).await.unwrap();
        let event = mine.events_so_far().await.remove(0);
        let actor = event.actor.unwrap();

        assert_eq!((event.r#type.as_str(), event.request_id.as_str()), ("unit.updated", "call-17"));
        assert_eq!((actor.kind(), actor.actor_id), (v1::ActorKind::ServiceAccount, mine.credential.client_id.clone()));
        assert_eq!(actor.address, "127.0.0.1");
        let name = |state: Option<prost_types::Struct>| format!("{:?}", state.unwrap().fields["name"]);
        assert!(name(event.before).contains("before") && name(event.after).contains("after"));
    }
}

on_every_database! {
    async fn the_log_is_searched_by_actor_subject_type_and_time(server: TestServer) {
        let mine = server.organization("mine").await;
        let unit = mine.create_unit(&mine.root_unit, "searched").await;
        server.clock.advance(Duration::from_mins(30));
        mine.create_unit(&mine.root_unit, "half an hour later").await;
        let all = v1::ListEventsRequest { organization_id: mine.organization.clone(), ..Default::default() };
        let count = |request: v1::ListEventsRequest| async { ask!(mine.events().list_events(request)).unwrap().events.len() };

        let total = count(all.clone()).await;
        assert_eq!(count(v1::ListEventsRequest { subject_id: unit, ..all.clone() }).await, 1);
        assert_eq!(count(v1::ListEventsRequest { types: vec!["unit.created".to_owned()], ..all.clone() }).await, 3);
        let by_me = v1::ListEventsRequest { actor_id: mine.credential.client_id.clone(), ..all.clone() };
        assert_eq!(count(by_me).await, 2);
        let newest = ask!(mine.events().list_events(all.clone())).unwrap().events.remove(0).event_time;
        assert_eq!(count(v1::ListEventsRequest { start_time: newest, ..all.clone() }).await, 1);
        assert_eq!(count(v1::ListEventsRequest { end_time: newest, ..all }).await, total - 1);
    }
}

on_every_database! {
    async fn bad_watches_are_refused(server: TestServer) {
        let mine = server.organization("mine").await;
        let request =
            v1::WatchRequest { organization_id: mine.organization.clone(), after_revision: None, types: Vec::new() };
        let future = v1::WatchRequest { after_revision: Some(1 << 40), ..request.clone() };
        assert_eq!(refusal(ask!(mine.events().watch(future)).map(drop)), "OUT_OF_RANGE REVISION_NOT_REACHED");
        let unknown = v1::WatchRequest { types: vec!["role.*".to_owned(), "nothing.*".to_owned()], ..request.clone() };
        assert_eq!(bad_fields(ask!(mine.events().watch(unknown)).map(drop)), ["types[1]"]);
        let everything = v1::WatchRequest { organization_id: String::new(), ..request };
        assert_eq!(bad_fields(ask!(mine.events().watch(everything)).map(drop)), ["organization_id"]);
    }
}

on_every_database! {
    async fn a_stream_ends_when_its_token_is_revoked(server: TestServer) {
        let mine = server.organization("mine").await;
        let mut stream = watch(&mine, &mine.organization, None, &[]).await;
        let operator = server.operator().await;
        let request = v1::DeleteServiceAccountRequest {
            organization_id: mine.organization.clone(),
            service_account_id: mine.credential.client_id.clone(),
            validate_only: false,
        };
        operator.service_accounts().delete_service_account(request).await.unwrap();
        let end = loop {
            match stream.message().await {
                Ok(Some(message)) => assert_eq!(message.events, [], "not even the event that says so"),
                Ok(None) => panic!("the stream says why it ends"),
                Err(end) => break end,
            }
        };
        assert_eq!((end.code(), status_text(&end).as_str()), (Code::Unauthenticated, "UNAUTHENTICATED TOKEN_INVALID"));
    }
}

on_every_database! {
    async fn what_waited_when_the_token_was_revoked_is_not_given(server: TestServer) {
        let mine = server.organization("mine").await;
        let env = server.environment().await;
        let mut stream = events::watch(&env, everything(&env, &mine).await).await.unwrap();
        mine.create_unit(&mine.root_unit, "seen by nobody").await;
        let request = v1::DeleteServiceAccountRequest {
            organization_id: mine.organization.clone(),
            service_account_id: mine.credential.client_id.clone(),
            validate_only: false,
        };
        server.operator().await.service_accounts().delete_service_account(request).await.unwrap();
        let end = loop {
            match stream.recv().await.unwrap() {
                Ok(message) => assert!(matches!(message, Watched::Complete(_)), "{message:?}"),
                Err(end) => break end,
            }
        };
        assert!(matches!(end, WatchEnd::TokenInvalid), "{end:?}");
    }
}

on_every_database! {
    async fn a_stream_ends_when_its_caller_manages_less(server: TestServer) {
        let mine = server.organization("mine").await;
        let env = server.environment().await;
        let mut command = everything(&env, &mine).await;
        // What the caller was when the call was let in; by now it is less.
        command.principal.scope = Scope::Platform;
        let mut stream = events::watch(&env, command).await.unwrap();
        let end = loop {
            match stream.recv().await.unwrap() {
                Ok(message) => assert!(matches!(message, Watched::Complete(_)), "{message:?}"),
                Err(end) => break end,
            }
        };
        assert!(matches!(end, WatchEnd::TokenInvalid), "{end:?}");
    }
}

on_every_database! {
    async fn a_server_has_so_many_streams_and_no_more(server: TestServer) {
        let mine = server.organization("mine").await;
        let env = server.environment().await;
        let (command, mut streams) = (everything(&env, &mine).await, Vec::new());
        for _ in 0..MAX_WATCHES {
            streams.push(events::watch(&env, command.clone()).await.unwrap());
        }
        let one_more =
            v1::WatchRequest { organization_id: mine.organization.clone(), after_revision: None, types: Vec::new() };
        let refused = ask!(mine.events().watch(one_more.clone())).map(drop);
        assert_eq!(refusal(refused), "RESOURCE_EXHAUSTED TOO_MANY_WATCHES");
        assert!(mine.create_unit(&mine.root_unit, "others go on").await.starts_with("unit_"));

        // Whoever stops to read makes room, as soon as the server has noticed.
        drop(streams);
        while let Err(refused) = mine.events().watch(one_more.clone()).await {
            assert_eq!(status_text(&refused), "RESOURCE_EXHAUSTED TOO_MANY_WATCHES");
        }
    }
}

on_every_database! {
    async fn nobody_finds_by_searching_who_acted_from_elsewhere(server: TestServer) {
        let mine = server.organization("mine").await;
        let operator = server.operator().await;
        let of_mine = v1::ListEventsRequest { organization_id: mine.organization.clone(), ..Default::default() };
        let first = ask!(operator.events().list_events(of_mine.clone())).unwrap().events.pop().unwrap();
        let actor_id = first.actor.unwrap().actor_id;
        assert!(actor_id.starts_with("sa_"));
        let by_operator = v1::ListEventsRequest { actor_id, ..of_mine.clone() };
        assert!(!ask!(operator.events().list_events(by_operator.clone())).unwrap().events.is_empty());
        assert_eq!(ask!(mine.events().list_events(by_operator)).unwrap().events, []);
        let by_me = v1::ListEventsRequest { actor_id: mine.credential.client_id.clone(), ..of_mine };
        mine.create_unit(&mine.root_unit, "mine").await;
        assert_eq!(ask!(mine.events().list_events(by_me)).unwrap().events.len(), 1);
    }
}

on_every_database! {
    /// Nothing is skipped for a reader that is too slow: the stream ends and says from where to resume.
    async fn a_reader_that_is_too_slow_is_ended_with_its_last_revision(server: TestServer) {
        let mine = server.organization("mine").await;
        let env = server.environment().await;
        let mut slow = events::watch(&env, everything(&env, &mine).await).await.unwrap();
        for number in 0..100 {
            mine.create_unit(&mine.root_unit, &format!("unit {number}")).await;
        }
        // Nobody reads: the server gives up by itself.
        let mut looks = tokio::time::interval(Duration::from_millis(50));
        while !slow.is_closed() {
            looks.tick().await;
        }
        let (mut last, mut seen) = (0, Vec::new());
        while let Some(Ok(message)) = slow.recv().await {
            if let Watched::Commit(commit) = message {
                last = commit.revision.get();
                seen.push(last);
            }
        }
        assert!(seen.len() < 100 && seen.iter().copied().eq(1..=last), "what came is complete up to its end: {seen:?}");
        let head = mine.events_so_far().await[0].revision;
        let operator = server.operator().await;
        let rest = read_until(&mut watch(&operator, "", Some(last), &[]).await, head).await;
        let rest: BTreeSet<u64> = rest.iter().map(|event| event.revision).collect();
        assert_eq!(rest, (last + 1..=head).collect(), "and it goes on from there");
    }
}
