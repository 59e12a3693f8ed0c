//! No secret is printed by accident.

use std::collections::BTreeSet;

use prost_reflect::{DescriptorPool, FieldDescriptor, Kind, Value};
use varco_proto::v1;

const CANARY: &str = "canary-of-a-secret";

/// Every field that holds a secret, as the contract names it, with what `Debug` shows of its message.
macro_rules! secrets {
    ($($message:ident . $field:ident)*) => {
        vec![$((
            concat!("varco.v1.", stringify!($message), ".", stringify!($field)),
            {
                let mut message = v1::$message::default();
                message.$field = CANARY.into();
                format!("{message:?}")
            },
        )),*]
    };
}

fn secrets() -> Vec<(&'static str, String)> {
    fields().into_iter().chain(answers()).collect()
}

fn answers() -> [(&'static str, String); 2] {
    use v1::continue_sign_in_request::Answer;
    let shown = |answer| format!("{:?}", v1::ContinueSignInRequest { answer: Some(answer), ..Default::default() });
    [
        ("varco.v1.ContinueSignInRequest.new_password", shown(Answer::NewPassword(CANARY.to_owned()))),
        ("varco.v1.ContinueSignInRequest.pin", shown(Answer::Pin(CANARY.to_owned()))),
    ]
}

fn fields() -> Vec<(&'static str, String)> {
    secrets! {
        CreateServiceAccountResponse.client_secret
        CreateSecretResponse.client_secret
        IssueServiceTokenRequest.client_secret
        IssueServiceTokenResponse.access_token
        IntrospectTokenRequest.token
        ActivateAccountRequest.token
        ActivateAccountRequest.password
        CompletePasswordResetRequest.token
        CompletePasswordResetRequest.password
        ChangePasswordRequest.current_password
        ChangePasswordRequest.password
        SessionTokens.access_token
        SessionTokens.refresh_token
        SignInStep.challenge_token
        SignInRequest.password
        ContinueSignInRequest.challenge_token
        RefreshSessionRequest.refresh_token
        SetSsoProviderRequest.client_secret
        BeginSsoRequest.activation_token
        BeginSsoResponse.authorization_url
        BeginSsoResponse.state
        CompleteSsoRequest.state
        CompleteSsoRequest.code
    }
}

#[test]
fn debug_of_a_message_with_a_secret_shows_none() {
    for (field, text) in secrets() {
        assert!(!text.contains(CANARY), "{field}: {text}");
        assert!(text.contains("[redacted]"), "{field}: {text}");
    }
}

/// The fields above are all that hold one. A new one also needs a `Debug` of its own in `proto/lib.rs`
/// and a line in `build.rs`.
#[test]
fn every_field_with_a_secret_is_marked_and_known() {
    let pool = DescriptorPool::decode(varco_proto::DESCRIPTORS).unwrap();
    let messages = pool.all_messages().filter(|message| message.package_name() == "varco.v1");
    let fields: Vec<FieldDescriptor> = messages.flat_map(|message| message.fields().collect::<Vec<_>>()).collect();
    let is_marked = |field: &&FieldDescriptor| {
        let options = field.options();
        options.get_field_by_name("debug_redact").is_some_and(|mark| *mark == Value::Bool(true))
    };
    let sounds_secret = |field: &&FieldDescriptor| {
        let name = field.name();
        let ends = ["secret", "token", "password", "pin", "code"];
        field.kind() == Kind::String
            && name != "postal_code"
            && name != "page_token"
            && name != "next_page_token"
            && ends.iter().any(|end| name == *end || name.ends_with(&format!("_{end}")))
    };
    let marked: BTreeSet<&str> = fields.iter().filter(is_marked).map(FieldDescriptor::full_name).collect();
    let sounding: BTreeSet<&str> = fields.iter().filter(sounds_secret).map(FieldDescriptor::full_name).collect();
    let secrets = secrets();
    let known: BTreeSet<&str> = secrets.iter().map(|(field, _)| *field).collect();

    assert_eq!(known, marked);
    let unmarked: Vec<&&str> = sounding.difference(&marked).collect();
    assert!(unmarked.is_empty(), "{unmarked:?} sound secret: mark them with debug_redact, or name them otherwise");
}
