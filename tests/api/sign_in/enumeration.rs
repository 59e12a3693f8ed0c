//! What is wrong with a sign-in, nobody is told who signs in.

use varco_testkit::{TestServer, on_every_database};

use super::*;

/// All that a client gets of a refusal.
async fn answer(server: &TestServer, username: &str) -> (i32, String, Vec<u8>, Vec<String>) {
    let status = server.try_sign_in(username, wrong()).await.unwrap_err();
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
}
