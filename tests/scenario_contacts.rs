//! The story of a customer's contacts (rows B1 to B6 of the requirements), from its first step to its last,
//! on a real server over TCP and on both databases.
//!
//! Each step names the rows that it shows.

#![expect(clippy::unwrap_used, reason = "a scenario that cannot go on fails")]

use std::time::Duration;

use prost_types::FieldMask;
use varco_proto::v1;
use varco_proto::v1::{BackOfficeLevel, MailCategory, MailPreferences, SeatPool, UserStatus};
use varco_testkit::{OrganizationActor, PASSWORD, TestServer, UserActor, on_every_database, status_text};

const INVOICES: &str = "test:reports.view";
const NEW_PASSWORD: &str = "a bicycle below the lighthouse";

on_every_database! {
    async fn a_customer_keeps_its_contacts(server: TestServer) {
        let customer = server.organization("Rossi Impianti").await;
        customer.create_person(&server, "titolare", BackOfficeLevel::Admin).await;
        let owner = server.sign_in_user("titolare").await;
        contacts_are_added_with_their_whole_form(&customer, &owner).await;
        a_contact_is_picked_from_the_list_and_edited(&customer, &owner).await;
        nobody_signs_in_as_a_contact(&server, &customer, &owner).await;
        services_ask_who_wants_which_mail(&customer, &owner).await;
        a_switch_lets_a_contact_in(&server, &customer, &owner).await;
        roles_are_given_to_one_person(&customer, &owner).await;
        a_person_looks_after_its_own_account(&server).await;
        what_was_mailed_can_be_read_afterwards(&server, &customer, &owner).await;
        the_switch_puts_the_sub_account_out(&server, &customer, &owner).await;
    }
}

fn form() -> v1::UserProfile {
    v1::UserProfile {
        first_name: "Carla".to_owned(),
        last_name: "Verdi".to_owned(),
        language: "it".to_owned(),
        company: "Rossi Impianti S.r.l.".to_owned(),
        phone: "+39 0543 123456".to_owned(),
        address_line1: "Via Garibaldi 12".to_owned(),
        address_line2: "Interno 3".to_owned(),
        city: "Forlì".to_owned(),
        province: "FC".to_owned(),
        postal_code: "47121".to_owned(),
        ..Default::default()
    }
}

async fn contacts(customer: &OrganizationActor, owner: &UserActor) -> Vec<v1::User> {
    let request = v1::ListUsersRequest {
        organization_id: customer.organization.clone(),
        status: UserStatus::Contact.into(),
        order_by: v1::UserOrder::CreateTime.into(),
        ..Default::default()
    };
    owner.users().list_users(request).await.unwrap().into_inner().users
}

/// Carla, as she is now.
async fn carla(customer: &OrganizationActor, owner: &UserActor) -> v1::User {
    let (organization_id, search) = (customer.organization.clone(), "carla".to_owned());
    let request = v1::ListUsersRequest { organization_id, search, ..Default::default() };
    let found = owner.users().list_users(request).await.unwrap().into_inner().users;
    found.into_iter().next().unwrap()
}

/// Whose mail of a category goes to whom.
async fn recipients(customer: &OrganizationActor, category: MailCategory) -> Vec<String> {
    let request = v1::ListMailRecipientsRequest {
        organization_id: customer.organization.clone(),
        category: category.into(),
        ..Default::default()
    };
    let listed = customer.users().list_mail_recipients(request).await.unwrap().into_inner();
    listed.recipients.into_iter().map(|recipient| recipient.email).collect()
}

/// B1, B2, B4: a contact has a name, a company, an address, numbers, and the mail that it wants.
async fn contacts_are_added_with_their_whole_form(customer: &OrganizationActor, owner: &UserActor) {
    let request = v1::CreateContactRequest {
        organization_id: customer.organization.clone(),
        email: "carla.verdi@example.com".to_owned(),
        profile: Some(form()),
        mail_preferences: Some(MailPreferences { billing: true, domain: true, ..Default::default() }),
        ..Default::default()
    };
    let created = owner.users().create_contact(request.clone()).await.unwrap().into_inner().user.unwrap();
    assert_eq!((created.status(), created.profile), (UserStatus::Contact, Some(form())));

    let second = v1::CreateContactRequest { email: "dario.neri@example.com".to_owned(), ..request };
    owner.users().create_contact(second).await.unwrap();
}

/// B2: chosen from the list, edited, saved.
async fn a_contact_is_picked_from_the_list_and_edited(customer: &OrganizationActor, owner: &UserActor) {
    let listed = contacts(customer, owner).await;
    let picked = listed.iter().find(|contact| contact.email == "dario.neri@example.com").unwrap().clone();
    let edited = v1::UserProfile {
        first_name: "Dario".to_owned(),
        last_name: "Neri".to_owned(),
        phone: "+39 0543 999".to_owned(),
        address_line2: String::new(),
        ..form()
    };
    let paths = ["profile.first_name", "profile.last_name", "profile.phone", "profile.address_line2"];
    let request = v1::UpdateUserRequest {
        organization_id: customer.organization.clone(),
        user: Some(v1::User { profile: Some(edited.clone()), ..picked }),
        update_mask: Some(FieldMask { paths: paths.map(str::to_owned).to_vec() }),
    };
    owner.users().update_user(request).await.unwrap();
    assert_eq!(contacts(customer, owner).await[1].profile, Some(edited));
}

/// B3: a contact has no password and no seat, and nobody mailed it.
async fn nobody_signs_in_as_a_contact(server: &TestServer, customer: &OrganizationActor, owner: &UserActor) {
    for contact in contacts(customer, owner).await {
        assert!(server.mails().await.iter().all(|mail| mail.recipient != contact.email));
        let refused = server.try_sign_in(&contact.email, PASSWORD).await.unwrap_err();
        assert_eq!(status_text(&refused), "UNAUTHENTICATED SIGN_IN_FAILED");
    }
    assert_eq!(app_seats(customer).await, 1, "the owner's");
}

async fn app_seats(customer: &OrganizationActor) -> u32 {
    let request = v1::GetLicensesRequest { organization_id: customer.organization.clone() };
    let pools = customer.licenses().get_licenses(request).await.unwrap().into_inner().pools;
    pools.into_iter().find(|usage| usage.pool() == SeatPool::App).unwrap().used
}

/// B4: five categories, each on or off; whoever sends invoices asks who receives them.
async fn services_ask_who_wants_which_mail(customer: &OrganizationActor, owner: &UserActor) {
    let (owner_address, carla_address, dario) =
        ("titolare@example.com", "carla.verdi@example.com", "dario.neri@example.com");
    assert_eq!(recipients(customer, MailCategory::General).await, [owner_address]);
    assert_eq!(recipients(customer, MailCategory::Billing).await, [carla_address, dario]);
    assert_eq!(recipients(customer, MailCategory::Domain).await, [carla_address, dario]);
    assert_eq!(recipients(customer, MailCategory::Product).await, [""; 0]);

    let request = v1::UpdateMailPreferencesRequest {
        organization_id: customer.organization.clone(),
        user_id: carla(customer, owner).await.user_id,
        mail_preferences: Some(MailPreferences { support: true, product: true, ..Default::default() }),
        update_mask: Some(FieldMask {
            paths: ["support", "product", "domain"].map(|path| format!("mail_preferences.{path}")).to_vec(),
        }),
        validate_only: false,
    };
    owner.users().update_mail_preferences(request).await.unwrap();
    assert_eq!(recipients(customer, MailCategory::Support).await, [carla_address]);
    assert_eq!(recipients(customer, MailCategory::Product).await, [carla_address]);
    assert_eq!(recipients(customer, MailCategory::Domain).await, [dario]);
    assert_eq!(recipients(customer, MailCategory::Billing).await, [carla_address, dario], "not named, not changed");
}

/// B3: the switch takes a seat and mails a link, with which the person chooses a password.
async fn a_switch_lets_a_contact_in(server: &TestServer, customer: &OrganizationActor, owner: &UserActor) {
    let request = v1::ActivateSubAccountRequest {
        organization_id: customer.organization.clone(),
        user_id: carla(customer, owner).await.user_id,
        app_access: true,
        back_office_level: BackOfficeLevel::None.into(),
        validate_only: false,
    };
    let invited = owner.users().activate_sub_account(request).await.unwrap().into_inner().user.unwrap();
    assert_eq!((invited.status(), app_seats(customer).await), (UserStatus::Invited, 2));
    server.choose_password("carla.verdi@example.com").await;
    server.clock.advance(Duration::from_secs(1));
    let session = server.sign_in_user("carla.verdi@example.com").await;
    assert_eq!(session.session().organization_id, customer.organization);
    assert_eq!(carla(customer, owner).await.profile, Some(form()), "she kept what was known of her");
}

/// B5: what a secondary user may do is defined for each of them.
async fn roles_are_given_to_one_person(customer: &OrganizationActor, owner: &UserActor) {
    let accountant = customer.create_role("Accountant", &[INVOICES]).await;
    let carla = carla(customer, owner).await.user_id;
    assert!(!customer.may(&carla, INVOICES, &customer.root_unit).await);
    let request = v1::GrantRolesRequest {
        organization_id: customer.organization.clone(),
        subject_id: carla.clone(),
        unit_id: customer.root_unit.clone(),
        role_ids: vec![accountant],
        validate_only: false,
    };
    owner.assignments().grant_roles(request).await.unwrap();
    assert!(customer.may(&carla, INVOICES, &customer.root_unit).await);
    assert!(!customer.may(&owner.user, INVOICES, &customer.root_unit).await, "hers, and nobody else's");
}

/// B6: a person changes its own password and profile.
async fn a_person_looks_after_its_own_account(server: &TestServer) {
    let session = server.sign_in_user("carla.verdi@example.com").await;
    let own = session.authentication().get_profile(v1::GetProfileRequest {}).await.unwrap().into_inner().user.unwrap();
    let profile = v1::UserProfile { mobile_phone: "+39 347 000111".to_owned(), ..own.profile.clone().unwrap() };
    let request = v1::UpdateProfileRequest {
        profile: Some(profile.clone()),
        etag: own.etag,
        update_mask: Some(FieldMask { paths: vec!["profile.mobile_phone".to_owned()] }),
    };
    let updated = session.authentication().update_profile(request).await.unwrap().into_inner().user.unwrap();
    assert_eq!(updated.profile, Some(profile));

    let request =
        v1::ChangePasswordRequest { current_password: PASSWORD.to_owned(), password: NEW_PASSWORD.to_owned() };
    session.authentication().change_password(request).await.unwrap();
    let refused = server.try_sign_in("carla.verdi@example.com", PASSWORD).await.unwrap_err();
    assert_eq!(status_text(&refused), "UNAUTHENTICATED SIGN_IN_FAILED");
    // A wrong password costs a moment.
    server.clock.advance(Duration::from_secs(10));
    server.try_sign_in("carla.verdi@example.com", NEW_PASSWORD).await.unwrap();
}

/// B6: the history of what was mailed to a person, newest first, without what stood in it.
async fn what_was_mailed_can_be_read_afterwards(server: &TestServer, customer: &OrganizationActor, owner: &UserActor) {
    server.mails().await;
    let carla = carla(customer, owner).await;
    let request = v1::ListSentMailsRequest {
        organization_id: customer.organization.clone(),
        user_id: carla.user_id,
        ..Default::default()
    };
    let mails = owner.users().list_sent_mails(request).await.unwrap().into_inner().mails;
    let kinds: Vec<_> = mails.iter().map(v1::SentMail::kind).collect();
    assert_eq!(kinds, [v1::MailKind::PasswordChanged, v1::MailKind::Activated, v1::MailKind::Invitation]);
    for mail in mails {
        assert_eq!((mail.recipient.as_str(), mail.category()), (carla.email.as_str(), MailCategory::General));
        assert_eq!(mail.status(), v1::MailStatus::Sent);
    }
}

/// B3: and back: the seat is free, the password useless; what is known of the person and
/// the mail it wants stay.
async fn the_switch_puts_the_sub_account_out(server: &TestServer, customer: &OrganizationActor, owner: &UserActor) {
    let before = carla(customer, owner).await;
    let request = v1::DeactivateSubAccountRequest {
        organization_id: customer.organization.clone(),
        user_id: before.user_id.clone(),
        validate_only: false,
    };
    owner.users().deactivate_sub_account(request).await.unwrap();

    let after = carla(customer, owner).await;
    assert_eq!((after.status(), after.profile), (UserStatus::Contact, before.profile));
    assert_eq!(app_seats(customer).await, 1);
    let refused = server.try_sign_in("carla.verdi@example.com", NEW_PASSWORD).await.unwrap_err();
    assert_eq!(status_text(&refused), "UNAUTHENTICATED SIGN_IN_FAILED");
    assert!(!customer.may(&before.user_id, INVOICES, &customer.root_unit).await);
    assert_eq!(recipients(customer, MailCategory::Support).await, ["carla.verdi@example.com"]);
}
