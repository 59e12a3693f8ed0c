//! People whose account lives in another organization.

use varco_proto::v1::{
    AddMembershipRequest, CreateUserRequest, ListMembershipsRequest, MembershipKind, RemoveMembershipRequest, SeatPool,
};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use super::{count, created, found, guest, membership, new_user, profile, used_seats};
use crate::calls::{ask, refusal};

fn memberships_of(actor: &OrganizationActor, user_id: &str) -> ListMembershipsRequest {
    ListMembershipsRequest {
        organization_id: actor.organization.clone(),
        user_id: user_id.to_owned(),
        ..ListMembershipsRequest::default()
    }
}

on_every_database! {
    async fn creating_a_user_with_a_known_email_adds_that_person_as_external(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        let request = CreateUserRequest {
            email: "ANA@example.com".to_owned(),
            profile: Some(profile("Somebody", "Else", "de")),
            app_access: true,
            ..new_user(&other, "another-name")
        };
        let invited = created(&other, request).await;

        assert_eq!((&invited.user_id, &invited.username), (&ana.user_id, &ana.username));
        assert_eq!(invited.profile, ana.profile);
        assert_eq!(membership(&invited).kind(), MembershipKind::External);
        assert_eq!(used_seats(&other, SeatPool::App).await, 1);
        assert_eq!(found(&home, &ana.user_id).await.unwrap(), ana, "the account stays as it is");

        let again = ask!(other.users().create_user(CreateUserRequest {
            email: "ana@example.com".to_owned(),
            ..new_user(&other, "third-name")
        }));
        assert_eq!(refusal(again), "ALREADY_EXISTS ALREADY_MEMBER");
    }

    async fn a_membership_is_added_by_email_once(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        let before = other.event_count().await;
        let only_asked = AddMembershipRequest { validate_only: true, ..guest(&other, "ana@example.com") };
        let answer = ask!(other.users().add_membership(only_asked)).unwrap().user.unwrap();

        assert_eq!(answer.user_id, ana.user_id);
        assert_eq!((count(&other).await, other.event_count().await), (0, before));

        let request = AddMembershipRequest {
            request_id: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
            ..guest(&other, "ana@example.com")
        };
        let first = ask!(other.users().add_membership(request.clone())).unwrap();
        let repeated = ask!(other.users().add_membership(request)).unwrap();
        assert_eq!(repeated, first);
        assert_eq!(membership(&first.user.unwrap()).kind(), MembershipKind::External);

        let again = ask!(other.users().add_membership(guest(&other, "ana@example.com")));
        assert_eq!(refusal(again), "ALREADY_EXISTS ALREADY_MEMBER");
        let at_home = ask!(home.users().add_membership(guest(&home, "ana@example.com")));
        assert_eq!(refusal(at_home), "ALREADY_EXISTS ALREADY_MEMBER");
        let unknown = ask!(other.users().add_membership(guest(&other, "nobody@example.com")));
        assert_eq!(refusal(unknown), "NOT_FOUND USER_NOT_FOUND");
    }

    async fn a_membership_ends_only_where_it_is_external(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let ana = created(&home, new_user(&home, "ana")).await;
        ask!(other.users().add_membership(guest(&other, "ana@example.com"))).unwrap();
        let end = |actor: &OrganizationActor| RemoveMembershipRequest {
            organization_id: actor.organization.clone(),
            user_id: ana.user_id.clone(),
            validate_only: false,
        };

        let internal = ask!(home.users().remove_membership(end(&home)));
        assert_eq!(refusal(internal), "FAILED_PRECONDITION INTERNAL_MEMBERSHIP");
        ask!(other.users().remove_membership(end(&other))).unwrap();
        let again = ask!(other.users().remove_membership(end(&other)));
        assert_eq!(refusal(again), "NOT_FOUND USER_NOT_FOUND");
        assert!(found(&home, &ana.user_id).await.is_ok());
    }

    async fn only_home_and_operators_see_every_membership(server: TestServer) {
        let (home, other) = (server.organization("home").await, server.organization("other").await);
        let third = server.organization("third").await;
        let operator = server.operator().await;
        let ana = created(&home, new_user(&home, "ana")).await;
        for actor in [&other, &third] {
            ask!(actor.users().add_membership(guest(actor, "ana@example.com"))).unwrap();
        }
        let mut all = [&home, &other, &third].map(|actor| actor.organization.clone());
        all.sort_unstable();
        let seen = |memberships: Vec<varco_proto::v1::Membership>| -> Vec<String> {
            memberships.into_iter().map(|membership| membership.organization_id).collect()
        };

        let at_home = ask!(home.users().list_memberships(memberships_of(&home, &ana.user_id))).unwrap();
        let mut names: Vec<_> = at_home.memberships.iter().map(|membership| &membership.organization_name).collect();
        names.sort_unstable();
        assert_eq!(names, ["home", "other", "third"]);
        assert_eq!(seen(at_home.memberships), all);
        let elsewhere = ask!(other.users().list_memberships(memberships_of(&other, &ana.user_id))).unwrap();
        assert_eq!(elsewhere.memberships[0].organization_name, "other");
        assert_eq!(seen(elsewhere.memberships), [other.organization.as_str()]);
        let request = memberships_of(&other, &ana.user_id);
        let to_operator = ask!(operator.users().list_memberships(request)).unwrap();
        assert_eq!(seen(to_operator.memberships), all);

        let mut walked = Vec::new();
        let mut request = ListMembershipsRequest { page_size: 1, ..memberships_of(&home, &ana.user_id) };
        loop {
            let page = ask!(home.users().list_memberships(request.clone())).unwrap();
            walked.extend(seen(page.memberships));
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        assert_eq!(walked, all);
    }
}
