//! What is wrong with a sign-in, nobody is told who signs in.

use std::time::Duration;

use tonic_types::StatusExt;
use varco_application::Clock;
use varco_testkit::{TestServer, on_every_database};

use super::*;

/// All that a client gets of a refusal.
pub(crate) type Seen = (i32, String, Vec<u8>, Vec<String>);

async fn answer(server: &TestServer, username: &str) -> Seen {
    seen(&server.try_sign_in(username, wrong()).await.unwrap_err())
}

async fn answer_at(server: &TestServer, gateway: &OrganizationActor, address: &str, username: &str) -> Seen {
    seen(&server.try_sign_in_from(gateway, address, username, wrong()).await.unwrap_err())
}

pub(crate) fn seen(status: &Status) -> Seen {
    let mut metadata: Vec<String> = status.metadata().keys().map(|key| format!("{key:?}")).collect();
    metadata.sort_unstable();
    (status.code() as i32, status.message().to_owned(), status.details().to_vec(), metadata)
}

on_every_database! {
    async fn every_refusal_reads_alike_to_the_byte(server: TestServer) {
        let (actor, _) = office(&server).await;
        let stopped = person(&server, &actor, "stopped").await;
        suspend(&actor, &stopped).await;
        actor.invite_person("invited", BackOfficeLevel::None).await;
        actor.create_user("no-password").await;
        let contact = v1::CreateContactRequest {
            organization_id: actor.organization.clone(),
            email: "contact@example.com".to_owned(),
            profile: Some(v1::UserProfile {
                first_name: "Con".to_owned(),
                last_name: "Tact".to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        };
        ask!(actor.users().create_contact(contact)).unwrap();

        let names = [
            "ana", "stopped", "invited", "no-password", "contact@example.com", "nobody", "nobody@example.com", "",
            "two words", "a\u{0}b",
        ];
        let expected = answer(&server, "ana").await;
        for name in names {
            assert_eq!(answer(&server, name).await, expected, "{name}");
        }
        let stopped = server.try_sign_in("stopped", PASSWORD).await.unwrap_err();
        assert_eq!(stopped.details(), expected.2, "also with the right password");
    }

    async fn unknown_names_are_slowed_down_like_known_ones(server: TestServer) {
        office(&server).await;
        for name in ["ana", "nobody", "nobody@example.com"] {
            let mut answers = Vec::new();
            for _ in 0..6 {
                answers.push(crate::calls::refusal(server.try_sign_in(name, wrong()).await));
            }
            assert_eq!(answers[..5], [SIGN_IN_FAILED; 5], "{name}");
            assert_eq!(answers[5], TOO_MANY, "{name}");
        }
    }

    async fn no_order_of_tries_tells_whether_two_names_are_one_account(server: TestServer) {
        let (actor, _) = office(&server).await;
        for _ in 0..5 {
            server.try_sign_in_from(&actor, "198.51.100.1", "ana", wrong()).await.unwrap_err();
            server.try_sign_in_from(&actor, "198.51.100.1", "nobody", wrong()).await.unwrap_err();
        }
        let (ana, nobody) = ("ana@example.com", "nobody@example.com");
        for address in ["198.51.100.1", "198.51.100.2"] {
            let expected = answer_at(&server, &actor, address, nobody).await;
            assert_eq!(answer_at(&server, &actor, address, ana).await, expected, "{address}");
        }
        let expected = answer_at(&server, &actor, "198.51.100.2", "nobody").await;
        assert_eq!(answer_at(&server, &actor, "198.51.100.2", "ana").await, expected);
    }

    async fn nothing_that_is_seen_from_anywhere_tells_whether_there_is_an_account(server: TestServer) {
        let (actor, _) = office(&server).await;
        person(&server, &actor, "bea").await;
        // From where the user signs in, from where another does, and from where nobody does.
        let addresses = ["192.0.2.1", "192.0.2.2", "198.51.100.1"];
        server.try_sign_in_from(&actor, addresses[0], "ana", PASSWORD).await.unwrap();
        server.try_sign_in_from(&actor, addresses[1], "bea", PASSWORD).await.unwrap();
        let (mut now, mut dice) = (server.clock.now().plus(Duration::from_secs(10)), 26_u32);
        let mut roll = |sides: usize| {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (dice >> 16) as usize % sides
        };
        let (mut refused, mut early) = (0, 0);
        for round in 0..120 {
            let (address, at) = (addresses[roll(3)], ["", "@example.com"][roll(2)]);
            let look = async |name: &str| {
                server.clock.set(now);
                waited(server.try_sign_in_from(&actor, address, &format!("{name}{at}"), wrong()).await.unwrap_err())
            };
            let ((seen, wait), (other_seen, other_wait)) = (look("nobody").await, look("ana").await);
            assert_eq!(other_seen, seen, "{round} {address}");
            // The clock of the tests goes on by a millisecond whenever somebody looks.
            assert!(wait.abs_diff(other_wait) < Duration::from_millis(20), "{round} {address} {wait:?} {other_wait:?}");
            if wait.is_zero() { refused += 1 } else { early += 1 }
            // Whoever shares the source does not see either that the user signs in.
            if roll(4) == 0 {
                now = now.plus(Duration::from_millis(15_414));
                server.clock.set(now);
                server.try_sign_in_from(&actor, addresses[0], "ana", PASSWORD).await.unwrap();
            }
            // No two sums of these are nearer to each other than the clock goes on.
            let pause = if round % 30 == 29 { 300_414 } else { [1414, 1414, 2414, 4414, 30_414][roll(5)] };
            now = now.plus(Duration::from_millis(pause));
        }
        assert!(refused > 20 && early > 20, "{refused} {early}");
    }
}

/// All that a client gets of a refusal, and apart from the rest how long it is to wait.
fn waited(status: Status) -> (Seen, Duration) {
    let mut details = status.get_error_details();
    let wait = details.retry_info().and_then(|info| info.retry_delay).unwrap_or_default();
    let has_delay = wait > Duration::ZERO;
    details.set_retry_info(has_delay.then_some(Duration::ZERO));
    let (code, message, _, metadata) = seen(&status);
    ((code, message, format!("{details:?}").into_bytes(), metadata), wait)
}
