//! A hundred at the same time: exactly one gets what there is once.

use futures::future::join_all;
use tonic::Status;
use varco_testkit::{PASSWORD, TestServer, on_every_database};

use super::{ANOTHER, activate, complete, events_about, forget, invited, link_of, mails_to, person};
use crate::calls::{patiently, refusal};

const AT_ONCE: usize = 100;

/// How many went through; every other must have been refused like this.
fn won<T: std::fmt::Debug>(outcomes: Vec<Result<T, Status>>, refused: &str) -> usize {
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    for outcome in lost {
        assert_eq!(refusal(outcome), refused);
    }
    won.len()
}

on_every_database! {
    async fn of_a_hundred_uses_of_an_activation_link_one_activates(server: TestServer) {
        let mine = server.organization("mine").await;
        let ana = invited(&mine, "ana").await;
        let token = link_of(&server, "ana").await;
        let calls = (0..AT_ONCE).map(async |number| {
            let password = format!("{PASSWORD} {number}");
            patiently(async || activate(&server, &token, &password).await).await
        });
        let outcomes = join_all(calls).await;

        assert_eq!(won(outcomes, "FAILED_PRECONDITION LINK_INVALID"), 1);
        assert_eq!(mails_to(&server, "ana").await, ["invitation", "activated"]);
        let events = events_about(&mine, &ana).await;
        assert_eq!(events.iter().filter(|event| *event == "user.password_changed").count(), 1);
    }

    async fn of_a_hundred_uses_of_a_reset_link_one_chooses_the_password(server: TestServer) {
        let mine = server.organization("mine").await;
        person(&server, &mine, "ana").await;
        forget(&server, "ana").await;
        let token = link_of(&server, "ana").await;
        let calls = (0..AT_ONCE).map(async |number| {
            let password = format!("{ANOTHER} {number}");
            patiently(async || complete(&server, &token, &password).await).await
        });
        let outcomes = join_all(calls).await;

        assert_eq!(won(outcomes, "FAILED_PRECONDITION LINK_INVALID"), 1);
        let mails = mails_to(&server, "ana").await;
        assert_eq!(mails.iter().filter(|kind| **kind == "password_changed").count(), 1);
    }
}
