use varco_proto::v1::{
    CreateUserRequest, ListUsersRequest, MembershipKind, SuspendUserRequest, User, UserOrder, UserStatus,
};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use super::{created, guest, new_user, profile};
use crate::calls::{ask, bad_fields, refusal};

fn all(actor: &OrganizationActor) -> ListUsersRequest {
    ListUsersRequest { organization_id: actor.organization.clone(), ..ListUsersRequest::default() }
}

async fn usernames(actor: &OrganizationActor, request: ListUsersRequest) -> Vec<String> {
    let users = ask!(actor.users().list_users(request)).unwrap().users;
    users.into_iter().map(|user| user.username).collect()
}

/// Every page of a list, one after the other.
async fn walk(actor: &OrganizationActor, mut request: ListUsersRequest) -> Vec<String> {
    let mut walked = Vec::new();
    loop {
        let page = ask!(actor.users().list_users(request.clone())).unwrap();
        assert!(page.users.len() <= usize::try_from(request.page_size).unwrap());
        walked.extend(page.users.into_iter().map(|user| user.username));
        if page.next_page_token.is_empty() {
            return walked;
        }
        request.page_token = page.next_page_token;
    }
}

async fn named(actor: &OrganizationActor, username: &str, first_name: &str, last_name: &str) -> User {
    let profile = Some(profile(first_name, last_name, "it"));
    created(actor, CreateUserRequest { profile, ..new_user(actor, username) }).await
}

on_every_database! {
    async fn search_finds_words_by_their_beginning(server: TestServer) {
        let mine = server.organization("mine").await;
        named(&mine, "jr-7", "José María", "Núñez-Straße").await;
        named(&mine, "b.rossi", "Beatrice", "Rossi").await;
        let search = async |words: &str| {
            usernames(&mine, ListUsersRequest { search: words.to_owned(), ..all(&mine) }).await
        };

        // In any case; composed, decomposed and folded; each word in any order; username and email.
        for words in ["josé", "JOSÉ", "jose\u{301}", "maría jos", "núñ", "straße", "STRASSE", "jr-7@example", "jr"] {
            assert_eq!(search(words).await, ["jr-7"], "{words}");
        }
        assert_eq!(search("rossi bea").await, ["b.rossi"]);
        assert_eq!(search("").await, ["jr-7", "b.rossi"]);
        for words in ["osé", "josé rossi", "%", "_", "example_com"] {
            assert_eq!(search(words).await, [] as [&str; 0], "{words}");
        }
    }

    async fn pages_give_every_user_once_in_order(server: TestServer) {
        let mine = server.organization("mine").await;
        let by_creation = ["mia", "ana", "zoe", "b.eta", "b-eta", "b_eta", "bea"];
        for username in by_creation {
            created(&mine, new_user(&mine, username)).await;
        }
        let mut by_username = by_creation;
        by_username.sort_unstable();

        for page_size in 1..=8 {
            let request = ListUsersRequest { page_size, ..all(&mine) };
            assert_eq!(walk(&mine, request.clone()).await, by_creation, "{page_size}");
            let request = ListUsersRequest { order_by: UserOrder::Username.into(), ..request };
            assert_eq!(walk(&mine, request).await, by_username, "{page_size}");
        }
    }

    async fn a_page_token_fits_its_own_query_alone(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        for username in ["ana", "bea"] {
            created(&mine, new_user(&mine, username)).await;
        }
        let request = ListUsersRequest { page_size: 1, ..all(&mine) };
        let page_token = ask!(mine.users().list_users(request.clone())).unwrap().next_page_token;
        let next = ListUsersRequest { page_token, ..request };

        assert_eq!(usernames(&mine, ListUsersRequest { page_size: 7, ..next.clone() }).await, ["bea"]);
        let others = [
            ListUsersRequest { order_by: UserOrder::Username.into(), ..next.clone() },
            ListUsersRequest { order_by: UserOrder::CreateTime.into(), ..next.clone() },
            ListUsersRequest { search: "b".to_owned(), ..next.clone() },
            ListUsersRequest { status: UserStatus::Active.into(), ..next.clone() },
            ListUsersRequest { page_token: format!("{}A", next.page_token), ..next.clone() },
        ];
        for request in others {
            let outcome = ask!(mine.users().list_users(request.clone()));
            assert_eq!(refusal(outcome), "INVALID_ARGUMENT INVALID_PAGE_TOKEN", "{request:?}");
        }
        let elsewhere = ListUsersRequest { organization_id: other.organization.clone(), ..next };
        let outcome = ask!(other.users().list_users(elsewhere));
        assert_eq!(refusal(outcome), "INVALID_ARGUMENT INVALID_PAGE_TOKEN");
    }

    async fn filters_narrow_list_and_total(server: TestServer) {
        let (home, mine) = (server.organization("home").await, server.organization("mine").await);
        created(&home, new_user(&home, "guest")).await;
        let ana = created(&mine, new_user(&mine, "ana")).await;
        created(&mine, new_user(&mine, "bea")).await;
        ask!(mine.users().add_membership(guest(&mine, "guest@example.com"))).unwrap();
        let (organization_id, user_id) = (mine.organization.clone(), ana.user_id);
        let suspend = SuspendUserRequest { organization_id, user_id, validate_only: false };
        ask!(mine.users().suspend_user(suspend)).unwrap();

        let external = ListUsersRequest { kind: MembershipKind::External.into(), ..all(&mine) };
        assert_eq!(usernames(&mine, external).await, ["guest"]);
        let suspended = ListUsersRequest { status: UserStatus::Suspended.into(), ..all(&mine) };
        assert_eq!(usernames(&mine, suspended).await, ["ana"]);
        let both = ListUsersRequest {
            status: UserStatus::Active.into(),
            kind: MembershipKind::Internal.into(),
            page_size: 1,
            with_total_size: true,
            ..all(&mine)
        };
        assert_eq!(ask!(mine.users().list_users(both)).unwrap().total_size, Some(1));
        assert_eq!(ask!(mine.users().list_users(all(&mine))).unwrap().total_size, None);
    }

    async fn every_bad_field_is_named(server: TestServer) {
        let mine = server.organization("mine").await;
        for order_by in [0, 9] {
            let request = ListUsersRequest {
                page_size: -1,
                search: "x".repeat(201),
                status: 9,
                kind: 9,
                order_by,
                ..all(&mine)
            };
            let mut named = bad_fields(ask!(mine.users().list_users(request)));
            named.retain(|field| field != "order_by" || order_by == 0);
            assert_eq!(named, ["page_size", "search", "status", "kind"]);
        }
    }
}
