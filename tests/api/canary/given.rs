//! By value: every secret that a real server gave out.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tonic::{Status, Streaming};
use varco_proto::v1;
use varco_proto::v1::authentication_service_client::AuthenticationServiceClient;
use varco_proto::v1::continue_sign_in_request::Answer as Step;
use varco_proto::v1::continue_sign_in_response::Result as Continued;
use varco_proto::v1::sign_in_response::Result as SignedIn;
use varco_testkit::{
    FrozenClock, HostileProvider, OrganizationActor, PASSWORD, SSO_CLIENT_ID, SSO_CLIENT_SECRET, SSO_REDIRECT_URI,
    ServerProcess,
};

use crate::calls::ask;
use crate::event_service::watch;

const ANOTHER: &str = "a wooden boat, seven oars";
const THIRD: &str = "three blue umbrellas, one hat";
const ANA: &str = "ana@example.com";

/// A server with one user, and what it gave out.
struct Giver<'a> {
    server: &'a ServerProcess,
    mine: &'a OrganizationActor,
    sent: Streaming<v1::WatchResponse>,
    ana: String,
    secrets: Vec<(&'static str, String)>,
    /// Each with the way on which it was given out.
    pins: Vec<(&'static str, String)>,
    refusals: Vec<String>,
}

impl Giver<'_> {
    fn anonymous(&self) -> AuthenticationServiceClient<tonic::transport::Channel> {
        AuthenticationServiceClient::new(self.server.channel().clone())
    }

    fn keep(&mut self, what: &'static str, secret: &str) -> String {
        assert!(secret.len() > 8, "{what}: {secret}");
        self.secrets.push((what, secret.to_owned()));
        secret.to_owned()
    }

    /// Notes what a use of something that works no longer is answered.
    fn refused<T: std::fmt::Debug>(&mut self, outcome: Result<T, Status>) {
        self.refusals.push(format!("{:?}", outcome.unwrap_err()));
    }

    /// The latest mail with this subject, once as many mails as this have gone out since the last call.
    async fn mail(&mut self, count: usize, subject: &str) -> String {
        let mut sent = 0;
        while sent < count {
            sent += self.sent.message().await.unwrap().unwrap().events.len();
        }
        let starts = format!("Subject: {subject}");
        let mails = self.server.mails();
        let mail = mails.into_iter().rfind(|mail| mail.lines().any(|line| line.starts_with(&starts)));
        mail.unwrap_or_else(|| panic!("no mail says {subject}"))
    }

    async fn mailed_link(&mut self, what: &'static str, count: usize, subject: &str) -> String {
        let mail = self.mail(count, subject).await;
        let (_, token) = mail.split_once("#token=").unwrap();
        self.keep(what, token.split_whitespace().next().unwrap())
    }

    /// What stands alone in a line of a mail.
    async fn mailed_word(&mut self, count: usize, subject: &str) -> String {
        let mail = self.mail(count, subject).await;
        mail.lines().find_map(|line| line.strip_prefix("    ")).unwrap().to_owned()
    }

    async fn mailed_pin(&mut self, way: &'static str, count: usize) -> String {
        let pin = self.mailed_word(count, "Your new PIN").await;
        assert_eq!(pin.len(), 6, "{pin}");
        self.pins.push((way, pin.clone()));
        pin
    }

    fn organization_and_user(&self) -> (String, String) {
        (self.mine.organization.clone(), self.ana.clone())
    }

    async fn activate(&mut self) {
        let first = self.mailed_link("an activation link", 1, "Activate your account").await;
        let (organization_id, user_id) = self.organization_and_user();
        let again = v1::ResendActivationRequest { organization_id, user_id, validate_only: false };
        ask!(self.mine.users().resend_activation(again)).unwrap();
        let second = self.mailed_link("another activation link", 1, "Activate your account").await;
        assert_ne!(first, second);
        let request =
            |token: &str| v1::ActivateAccountRequest { token: token.to_owned(), password: PASSWORD.to_owned() };
        let outcome = ask!(self.anonymous().activate_account(request(&first)));
        self.refused(outcome);
        ask!(self.anonymous().activate_account(request(&second))).unwrap();
        self.keep("a password", PASSWORD);
    }

    async fn begin_sign_in(&mut self, password: &str) -> String {
        let (username, password) = ("ana".to_owned(), password.to_owned());
        let request = v1::SignInRequest { username, password, ..Default::default() };
        let Some(SignedIn::NextStep(step)) = ask!(self.anonymous().sign_in(request)).unwrap().result else {
            panic!("a step is needed")
        };
        self.keep("a challenge", &step.challenge_token)
    }

    async fn continue_sign_in(&mut self, challenge: &str, answer: Step) -> Continued {
        let request =
            v1::ContinueSignInRequest { challenge_token: challenge.to_owned(), answer: Some(answer), client: None };
        let continued = ask!(self.anonymous().continue_sign_in(request.clone())).unwrap().result.unwrap();
        let again = ask!(self.anonymous().continue_sign_in(request));
        self.refused(again);
        continued
    }

    fn keep_tokens(&mut self, tokens: &v1::SessionTokens) {
        self.keep("an access token", &tokens.access_token);
        self.keep("a refresh token", &tokens.refresh_token);
    }

    async fn sign_in_with_pin(&mut self) {
        // The mail that says that the account is active goes out beside it.
        let pin = self.mailed_pin("with the activation", 2).await;
        let challenge = self.begin_sign_in(PASSWORD).await;
        let Continued::Session(tokens) = self.continue_sign_in(&challenge, Step::Pin(pin)).await else {
            panic!("nothing more is needed")
        };
        self.keep_tokens(&tokens);
        let request = v1::RefreshSessionRequest { refresh_token: tokens.refresh_token };
        let refreshed = ask!(self.anonymous().refresh_session(request.clone())).unwrap().session.unwrap();
        self.keep_tokens(&refreshed);
        let reused = ask!(self.anonymous().refresh_session(request));
        self.refused(reused);
    }

    async fn recover(&mut self) {
        let request = v1::RequestPasswordResetRequest { username_or_email: ANA.to_owned(), client: None };
        ask!(self.anonymous().request_password_reset(request)).unwrap();
        let token = self.mailed_link("a reset link", 1, "Choose a new password").await;
        let request = v1::CompletePasswordResetRequest { token, password: ANOTHER.to_owned() };
        ask!(self.anonymous().complete_password_reset(request.clone())).unwrap();
        let again = ask!(self.anonymous().complete_password_reset(request));
        self.refused(again);
        self.keep("a chosen password", ANOTHER);
        self.mail(1, "").await;
    }

    async fn be_reset(&mut self) {
        for way in ["by a reset", "by another reset"] {
            let (organization_id, user_id) = self.organization_and_user();
            let request = v1::ResetPinRequest { organization_id, user_id, validate_only: false };
            ask!(self.mine.users().reset_pin(request)).unwrap();
            self.mailed_pin(way, 1).await;
        }
        let (organization_id, user_id) = self.organization_and_user();
        let request = v1::ResetPasswordRequest { organization_id, user_id, validate_only: false };
        ask!(self.mine.users().reset_password(request)).unwrap();
        let temporary = self.mailed_word(1, "A temporary password").await;
        self.keep("a temporary password", &temporary);
        let challenge = self.begin_sign_in(&temporary).await;
        self.keep("a password in place of it", THIRD);
        let next = self.continue_sign_in(&challenge, Step::NewPassword(THIRD.to_owned())).await;
        let Continued::NextStep(step) = next else { panic!("the PIN is needed") };
        self.keep("a second challenge", &step.challenge_token);
    }

    async fn sign_on(&mut self) {
        let provider = HostileProvider::start(&std::sync::Arc::new(FrozenClock::default())).await;
        let request = v1::SetSsoProviderRequest {
            organization_id: self.mine.organization.clone(),
            sso_provider: Some(v1::SsoProvider {
                issuer: provider.issuer.clone(),
                client_id: SSO_CLIENT_ID.to_owned(),
                redirect_uris: vec![SSO_REDIRECT_URI.to_owned()],
            }),
            client_secret: self.keep("our secret at a provider", SSO_CLIENT_SECRET),
            validate_only: false,
        };
        ask!(self.mine.organizations().set_sso_provider(request)).unwrap();
        let request = v1::BeginSsoRequest {
            organization_id: self.mine.organization.clone(),
            redirect_uri: SSO_REDIRECT_URI.to_owned(),
            ..Default::default()
        };
        let begun = ask!(self.anonymous().begin_sso(request)).unwrap();
        self.keep("a state", &begun.state);
        let nonce = begun.authorization_url.split(['?', '&']).find_map(|part| part.strip_prefix("nonce=")).unwrap();
        self.keep("a nonce", nonce);
        let back = provider.sign_in(&begun.authorization_url, "somebody");
        let request = v1::CompleteSsoRequest { state: back.state, code: back.code, issuer: back.issuer, client: None };
        // Its time stands still, and ours does not.
        let came = ask!(self.anonymous().complete_sso(request));
        self.refused(came);
    }
}

/// The SQLite file and what lies beside it.
fn database(server: &ServerProcess) -> Vec<u8> {
    let path = server.database.path().unwrap();
    let beside = |end: &str| std::fs::read(format!("{}{end}", path.display())).unwrap_or_default();
    ["", "-wal"].map(beside).concat()
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// The 256 bits of a token, without their spelling.
fn random_part(secret: &str) -> Option<Vec<u8>> {
    let (_, random) = secret.strip_prefix("varco_")?.split_once('_')?;
    URL_SAFE_NO_PAD.decode(random).ok()
}

async fn demand_pin(mine: &OrganizationActor) {
    let get = v1::GetOrganizationRequest { organization_id: mine.organization.clone() };
    let mut organization = ask!(mine.organizations().get_organization(get)).unwrap().organization.unwrap();
    organization.policies.get_or_insert_default().pin_required = true;
    let request = v1::UpdateOrganizationRequest {
        organization_id: mine.organization.clone(),
        organization: Some(organization),
        update_mask: Some(prost_types::FieldMask { paths: vec!["policies.pin_required".to_owned()] }),
    };
    ask!(mine.organizations().update_organization(request)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_given_out_is_in_a_log_an_event_an_error_or_the_database() {
    let server = super::start().await;
    let (mine, operator) = (server.organization("mine").await, server.operator().await);
    demand_pin(&mine).await;
    let sent = watch(&mine, &mine.organization, None, &["mail.sent"]).await;
    let ana = mine.invite_person("ana", v1::BackOfficeLevel::None).await;
    let (secrets, pins, refusals) = (Vec::new(), Vec::new(), Vec::new());
    let mut giver = Giver { server: &server, mine: &mine, sent, ana, secrets, pins, refusals };
    for (what, secret) in [("a service token", &mine.token), ("a client secret", &mine.credential.client_secret)] {
        giver.keep(what, secret);
    }
    giver.activate().await;
    giver.sign_in_with_pin().await;
    giver.recover().await;
    giver.be_reset().await;
    giver.sign_on().await;
    let Giver { secrets, pins, refusals, .. } = giver;
    let stored = database(&server);
    let shown = super::shown(&server, &operator, refusals).await;

    assert!(contains(&stored, ANA.as_bytes()), "the database is elsewhere");
    assert_eq!((secrets.len(), pins.len()), (19, 3));
    for (what, secret) in &secrets {
        assert_eq!(shown.place_of(secret), None, "of {what}");
        assert!(!contains(&stored, secret.as_bytes()), "{what} is in the database");
        let is_stored = random_part(secret).is_some_and(|random| contains(&stored, &random));
        assert!(!is_stored, "{what} is in the database, spelled otherwise");
    }
    for (way, pin) in &pins {
        assert_eq!(shown.place_of_word(pin), None, "of a PIN {way}");
        assert!(!contains(&stored, pin.as_bytes()), "a PIN {way} is in the database");
    }
}
