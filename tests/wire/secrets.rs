//! No secret is printed by accident.

use prost_reflect::{DescriptorPool, FieldDescriptor, Value};
use varco_proto::v1;

const CANARY: &str = "canary-of-a-secret";

#[test]
fn debug_of_a_message_with_a_secret_shows_none() {
    let shown = [
        format!("{:?}", v1::CreateServiceAccountResponse { client_secret: CANARY.into(), ..Default::default() }),
        format!("{:?}", v1::CreateSecretResponse { client_secret: CANARY.into(), ..Default::default() }),
        format!("{:?}", v1::IssueServiceTokenRequest { client_secret: CANARY.into(), ..Default::default() }),
        format!("{:?}", v1::IssueServiceTokenResponse { access_token: CANARY.into(), ..Default::default() }),
    ];
    for text in &shown {
        assert!(!text.contains(CANARY), "{text}");
        assert!(text.contains("[redacted]"), "{text}");
    }
}

/// The four messages above are all that carry one.
#[test]
fn every_field_with_a_secret_is_marked_and_known() {
    let pool = DescriptorPool::decode(varco_proto::DESCRIPTORS).unwrap();
    let messages = pool.all_messages().filter(|message| message.package_name() == "varco.v1");
    let fields: Vec<FieldDescriptor> = messages.flat_map(|message| message.fields().collect::<Vec<_>>()).collect();
    let is_marked = |field: &&FieldDescriptor| {
        let options = field.options();
        options.get_field_by_name("debug_redact").is_some_and(|mark| *mark == Value::Bool(true))
    };
    let marked: Vec<&str> = fields.iter().filter(is_marked).map(FieldDescriptor::full_name).collect();
    let sounds_secret = |field: &&FieldDescriptor| {
        ["client_secret", "access_token", "refresh_token", "password", "pin"].contains(&field.name())
    };
    let sounding: Vec<&str> = fields.iter().filter(sounds_secret).map(FieldDescriptor::full_name).collect();

    assert_eq!(marked, sounding);
    assert_eq!(marked.len(), 4, "a new one needs a Debug of its own in proto/lib.rs and a line in build.rs");
}
