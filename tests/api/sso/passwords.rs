//! Who has no password when the provider is gone, or another is in its place.

use varco_proto::v1::sign_in_response::Result as SignedIn;
use varco_testkit::{PASSWORD, on_every_database};

use super::provider::{remove, set};
use super::*;
use crate::calls::refusal;
use crate::sign_in::enumeration::seen;

const LINK_INVALID: &str = "FAILED_PRECONDITION LINK_INVALID";

impl Sso {
    /// Asks for a link to choose a password, and says whether one was mailed.
    async fn is_mailed_a_link(&self, username: &str) -> bool {
        let count = self.server.mails().await.len();
        let request = v1::RequestPasswordResetRequest { username_or_email: username.to_owned(), client: None };
        let answer = ask!(self.server.anonymous().request_password_reset(request)).unwrap();
        assert_eq!(answer, v1::RequestPasswordResetResponse {}, "it says the same of everybody");
        // A drain waits for what goes on behind the answer.
        self.server.restart().await;
        let mails = self.server.mails().await;
        mails[count..].iter().any(|mail| mail.kind.as_str() == "password_reset")
    }

    /// Chooses `PASSWORD` by the link mailed last.
    async fn choose_password(&self, username: &str) -> Result<v1::CompletePasswordResetResponse, Status> {
        let token = self.server.last_mail(&format!("{username}@example.com")).await.value("token").to_owned();
        let request = v1::CompletePasswordResetRequest { token, password: PASSWORD.to_owned() };
        ask!(self.server.anonymous().complete_password_reset(request))
    }

    async fn reset_password(&self, user: &str) -> Result<v1::ResetPasswordResponse, Status> {
        let (organization_id, user_id) = (self.acme.organization.clone(), user.to_owned());
        let request = v1::ResetPasswordRequest { organization_id, user_id, validate_only: false };
        ask!(self.acme.users().reset_password(request))
    }

    async fn set_back(&self) {
        set(&self.acme, provider_at(&self.acme, &self.provider.issuer)).await.unwrap();
    }
}

on_every_database! {
    async fn who_signs_in_elsewhere_is_refused_like_everybody_to_the_byte(sso: Sso) {
        sso.member("ana", "a").await;
        let other = sso.server.organization("other").await;
        other.create_person(&sso.server, "bea", v1::BackOfficeLevel::None).await;
        let answer = async |name: &str, password| {
            // As long as a source that somebody signed in from waits at most.
            sso.server.clock.advance(Duration::from_secs(10));
            seen(&sso.server.try_sign_in(name, password).await.unwrap_err())
        };
        let expected = answer("bea", "nobody's password at all").await;
        for name in ["ana", "ana@example.com", "nobody"] {
            assert_eq!(answer(name, "nobody's password at all").await, expected, "{name}");
            assert_eq!(answer(name, PASSWORD).await, expected, "{name}");
        }
    }

    async fn who_has_no_password_chooses_one_once_the_provider_is_gone(sso: Sso) {
        let ana = sso.member("ana", "a").await;
        assert!(!sso.is_mailed_a_link("ana").await, "she signs in at the provider");
        remove(&sso.acme, false).await.unwrap();
        assert!(sso.is_mailed_a_link("ana").await);
        sso.choose_password("ana").await.unwrap();
        assert_eq!(sso.server.sign_in_user("ana").await.user, ana);

        sso.set_back().await;
        let back = sso.come_back("a").await;
        assert_eq!(user_of(complete(&sso.server, &back).await.unwrap()), ana, "and the provider lets her in as before");
        sso.server.clock.advance(Duration::from_mins(1));
        assert_eq!(sso.server.sign_in_user("ana").await.user, ana, "who has a password keeps it");
    }

    async fn an_administrator_gives_a_temporary_password_once_the_provider_is_gone(sso: Sso) {
        let ana = sso.member("ana", "a").await;
        assert_eq!(refusal(sso.reset_password(&ana).await), "FAILED_PRECONDITION NO_PASSWORD");
        remove(&sso.acme, false).await.unwrap();
        sso.reset_password(&ana).await.unwrap();

        let password = sso.server.last_mail("ana@example.com").await.value("password").to_owned();
        let SignedIn::NextStep(step) = sso.server.try_sign_in("ana", &password).await.unwrap() else {
            panic!("a temporary password lets nobody in")
        };
        assert_eq!(step.kind(), v1::SignInStepKind::ChangePassword);
    }

    async fn another_provider_locks_nobody_out(sso: Sso) {
        let ana = sso.member("ana", "a").await;
        let other = HostileProvider::start(&sso.server.clock).await;
        set(&sso.acme, provider_at(&sso.acme, &other.issuer)).await.unwrap();
        let (leo, token) = sso.invite("leo").await;
        let begun = begin(&sso.server, "", &token).await.unwrap();
        let back = other.sign_in(&begun.authorization_url, "l");
        assert_eq!(user_of(complete(&sso.server, &back).await.unwrap()), leo);

        assert!(!sso.is_mailed_a_link("leo").await, "the new provider knows him");
        assert_eq!(refusal(sso.reset_password(&leo).await), "FAILED_PRECONDITION NO_PASSWORD");
        assert!(sso.is_mailed_a_link("ana").await, "it does not know her");
        sso.choose_password("ana").await.unwrap();
        assert_eq!(sso.server.sign_in_user("ana").await.user, ana);
    }

    async fn a_link_to_a_first_password_ends_where_the_provider_is_back(sso: Sso) {
        let ana = sso.member("ana", "a").await;
        remove(&sso.acme, false).await.unwrap();
        assert!(sso.is_mailed_a_link("ana").await);
        sso.set_back().await;
        assert_eq!(refusal(sso.choose_password("ana").await), LINK_INVALID);
        let refused = sso.server.try_sign_in("ana", PASSWORD).await;
        assert_eq!(refusal(refused), "UNAUTHENTICATED SIGN_IN_FAILED");
        let back = sso.come_back("a").await;
        assert_eq!(user_of(complete(&sso.server, &back).await.unwrap()), ana);
    }
}
