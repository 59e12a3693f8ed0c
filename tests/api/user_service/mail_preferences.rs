//! Which mail a member wants, and who wants which mail.

use std::time::Duration;

use prost_types::FieldMask;
use tonic::Status;
use varco_proto::v1::{
    AddMembershipRequest, CreateContactRequest, ListMailRecipientsRequest, MailCategory, MailPreferences,
    MailRecipient, Membership, SuspendUserRequest, UpdateMailPreferencesRequest,
};
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use super::contacts::{contact, new_contact};
use super::{created, events_about, guest, membership, new_user};
use crate::calls::{ask, bad_fields, refusal};

const NONE: MailPreferences =
    MailPreferences { general: false, product: false, domain: false, billing: false, support: false };

fn choose(actor: &OrganizationActor, user: &str, to: MailPreferences, paths: &[&str]) -> UpdateMailPreferencesRequest {
    UpdateMailPreferencesRequest {
        organization_id: actor.organization.clone(),
        user_id: user.to_owned(),
        mail_preferences: Some(to),
        update_mask: Some(FieldMask { paths: paths.iter().map(|path| format!("mail_preferences.{path}")).collect() }),
        validate_only: false,
    }
}

async fn chosen(
    actor: &OrganizationActor,
    user: &str,
    to: MailPreferences,
    paths: &[&str],
) -> Result<Membership, Status> {
    let request = choose(actor, user, to, paths);
    ask!(actor.users().update_mail_preferences(request)).map(|response| response.membership.unwrap())
}

async fn recipients(actor: &OrganizationActor, category: MailCategory) -> Vec<MailRecipient> {
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListMailRecipientsRequest {
            organization_id: actor.organization.clone(),
            category: category.into(),
            page_size: 1,
            page_token,
        };
        let page = ask!(actor.users().list_mail_recipients(request)).unwrap();
        assert!(page.recipients.len() <= 1);
        all.extend(page.recipients);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return all;
        }
    }
}

async fn addresses(actor: &OrganizationActor, category: MailCategory) -> Vec<String> {
    recipients(actor, category).await.into_iter().map(|recipient| recipient.email).collect()
}

on_every_database! {
    async fn each_category_is_on_or_off_by_itself(server: TestServer) {
        let mine = server.organization("mine").await;
        let billing = MailPreferences { billing: true, ..NONE };
        let request = CreateContactRequest { mail_preferences: Some(billing), ..new_contact(&mine, "carla") };
        let carla = ask!(mine.users().create_contact(request)).unwrap().user.unwrap();
        assert_eq!(membership(&carla).mail_preferences, Some(billing));
        let all = MailPreferences { general: true, product: true, domain: true, billing: true, support: true };

        let mut expected = billing;
        let id = carla.user_id.as_str();
        for (path, set) in [
            ("general", (|it, on| it.general = on) as fn(&mut MailPreferences, bool)),
            ("product", |it, on| it.product = on),
            ("domain", |it, on| it.domain = on),
            ("billing", |it, on| it.billing = on),
            ("support", |it, on| it.support = on),
        ] {
            set(&mut expected, true);
            assert_eq!(chosen(&mine, id, all, &[path]).await.unwrap().mail_preferences, Some(expected), "{path}");
        }
        let off = chosen(&mine, id, NONE, &["general", "support"]).await.unwrap();
        let left = MailPreferences { general: false, support: false, ..all };
        assert_eq!(off.mail_preferences, Some(left));
        assert_eq!(membership(&mine.user(id).await), &off);
    }

    async fn a_choice_that_changes_nothing_or_is_only_asked_for_notes_nothing(server: TestServer) {
        let mine = server.organization("mine").await;
        let carla = contact(&mine, "carla").await.user_id;
        let request = UpdateMailPreferencesRequest {
            validate_only: true,
            ..choose(&mine, &carla, MailPreferences { domain: true, ..NONE }, &["domain"])
        };
        let answer = ask!(mine.users().update_mail_preferences(request)).unwrap().membership.unwrap();
        assert!(answer.mail_preferences.unwrap().domain);
        chosen(&mine, &carla, NONE, &["domain"]).await.unwrap();
        assert_eq!(events_about(&mine, &carla).await, ["membership.added", "user.created"]);

        chosen(&mine, &carla, MailPreferences { domain: true, ..NONE }, &["domain"]).await.unwrap();
        assert_eq!(events_about(&mine, &carla).await[0], "membership.mail_preferences_changed");
    }

    async fn what_is_wrong_is_named(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let carla = contact(&mine, "carla").await.user_id;
        for paths in [&[] as &[&str], &["news"]] {
            assert_eq!(bad_fields(chosen(&mine, &carla, NONE, paths).await), ["update_mask"]);
        }
        assert_eq!(refusal(chosen(&other, &carla, NONE, &["domain"]).await), "NOT_FOUND USER_NOT_FOUND");
        let organization_id = mine.organization.clone();
        let request = ListMailRecipientsRequest { organization_id, ..ListMailRecipientsRequest::default() };
        assert_eq!(bad_fields(ask!(mine.users().list_mail_recipients(request))), ["category"]);
    }

    async fn recipients_are_those_who_want_the_category(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let ana = created(&mine, new_user(&mine, "ana")).await;
        let carla = contact(&mine, "carla").await.user_id;
        created(&other, new_user(&other, "guest")).await;
        ask!(mine.users().add_membership(guest(&mine, "guest@example.com"))).unwrap();
        assert_eq!(addresses(&mine, MailCategory::General).await, ["ana@example.com", "guest@example.com"]);
        assert_eq!(addresses(&mine, MailCategory::Billing).await, [""; 0]);

        let billing = MailPreferences { billing: true, ..NONE };
        chosen(&mine, &carla, billing, &["billing"]).await.unwrap();
        chosen(&mine, &ana.user_id, billing, &["billing", "general"]).await.unwrap();
        assert_eq!(addresses(&mine, MailCategory::General).await, ["guest@example.com"]);
        let found = recipients(&mine, MailCategory::Billing).await;
        assert_eq!(found.iter().map(|it| it.email.as_str()).collect::<Vec<_>>(), ["ana@example.com", "carla@example.com"]);
        let expected = MailRecipient {
            user_id: carla,
            first_name: "Carla".to_owned(),
            last_name: "Verdi".to_owned(),
            email: "carla@example.com".to_owned(),
            language: "it".to_owned(),
        };
        assert_eq!(found[1], expected);
        assert_eq!(addresses(&other, MailCategory::Billing).await, [""; 0], "a choice holds in its organization alone");
    }

    async fn nobody_writes_to_who_is_suspended_or_gone(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let ana = created(&mine, new_user(&mine, "ana")).await;
        created(&other, new_user(&other, "guest")).await;
        let expire_time = Some(prost_types::Timestamp { seconds: 1_767_225_600 + 600, nanos: 0 });
        let request = AddMembershipRequest { expire_time, ..guest(&mine, "guest@example.com") };
        ask!(mine.users().add_membership(request)).unwrap();
        let organization_id = mine.organization.clone();
        let suspend = SuspendUserRequest { organization_id, user_id: ana.user_id, validate_only: false };
        ask!(mine.users().suspend_user(suspend)).unwrap();

        assert_eq!(addresses(&mine, MailCategory::General).await, ["guest@example.com"]);
        server.clock.advance(Duration::from_mins(10));
        assert_eq!(addresses(&mine, MailCategory::General).await, [""; 0]);
    }
}
