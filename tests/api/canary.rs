//! No secret that a client sends, and none that it is given, shows in a log, an event or an error,
//! whatever RPC it is sent to; and none that was given out is in the database. The real binary, which
//! logs everything that it can.

mod given;

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};
use varco_testkit::databases::{Backend, Fixture, TestDatabase};
use varco_testkit::{Actor, OrganizationActor, ServerProcess, ServerProcessOptions};

use crate::dynamic::{call, declared_caller, methods};

const CANARY: &str = "canary-of-a-secret-that-nobody-may-see";

/// Where a message holds a secret, itself or in a message within it.
fn secret_paths(message: &MessageDescriptor) -> Vec<Vec<FieldDescriptor>> {
    let mut paths = Vec::new();
    for field in message.fields() {
        let is_marked = field.options().get_field_by_name("debug_redact").is_some_and(|it| *it == Value::Bool(true));
        match field.kind() {
            _ if is_marked => paths.push(vec![field]),
            Kind::Message(inner) if inner.package_name() == "varco.v1" && !field.is_list() => {
                let inner = secret_paths(&inner).into_iter();
                paths.extend(inner.map(|path| [field.clone()].into_iter().chain(path).collect()));
            }
            _ => (),
        }
    }
    paths
}

/// Where a message holds a text that somebody could paste a secret into.
fn text_paths(message: &MessageDescriptor) -> Vec<Vec<FieldDescriptor>> {
    let fields = message.fields().filter(|field| field.kind() == Kind::String && !field.is_list());
    fields.map(|field| vec![field]).collect()
}

fn with_canary(message: &MessageDescriptor, path: &[FieldDescriptor], organization: &str) -> DynamicMessage {
    let mut filled = DynamicMessage::new(message.clone());
    if message.get_field_by_name("organization_id").is_some() {
        filled.set_field_by_name("organization_id", Value::String(organization.to_owned()));
    }
    let Some((field, rest)) = path.split_first() else { return filled };
    let value = match field.kind() {
        Kind::Message(inner) => Value::Message(with_canary(&inner, rest, organization)),
        _ => Value::String(CANARY.to_owned()),
    };
    filled.set_field(field, value);
    filled
}

/// Calls every RPC with the canary in every place for it, and gives what the errors say.
async fn call_everything(mine: &OrganizationActor, operator: &Actor) -> (usize, Vec<String>) {
    let (mut calls, mut answers) = (0, Vec::new());
    for method in methods() {
        let input = method.input();
        let mut paths = secret_paths(&input);
        if declared_caller(&method) == "PUBLIC" {
            paths.extend(text_paths(&input));
        }
        for path in paths {
            for token in [None, Some(mine.token.as_str()), Some(operator.token.as_str()), Some(CANARY)] {
                let request = with_canary(&input, &path, &mine.organization);
                if let Err(status) = call(mine.channel(), token, &method, request).await {
                    answers.push(format!("{}: {status:?}", method.full_name()));
                }
                calls += 1;
            }
        }
        // A token that is none, wherever one is asked for.
        let request = with_canary(&input, &[], &mine.organization);
        if let Err(status) = call(mine.channel(), Some(CANARY), &method, request).await {
            answers.push(format!("{}: {status:?}", method.full_name()));
        }
        calls += 1;
    }
    (calls, answers)
}

/// Every event so far.
async fn events(operator: &Actor) -> String {
    let request = varco_proto::v1::ListEventsRequest { page_size: 1000, ..Default::default() };
    format!("{:?}", operator.events().list_events(request).await.unwrap().into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_shows_in_a_log_an_event_or_an_error() {
    let server = start().await;
    let mine = server.organization("mine").await;
    let operator = server.operator().await;
    mine.invite_person("ana", varco_proto::v1::BackOfficeLevel::None).await;
    let (calls, answers) = call_everything(&mine, &operator).await;
    assert!(calls > 100, "only {calls} calls were made");
    let shown = shown(&server, &operator, answers).await;

    for text in ["TRACE", "SignIn", "CompletePasswordReset"] {
        assert!(shown.log.iter().any(|line| line.contains(text)), "the log does not show {text}");
    }
    let given = [&mine.token, &operator.token, &mine.credential.client_secret, &operator.credential.client_secret];
    let tokens = ["varco_link_", "varco_refresh_", "varco_challenge_", "varco_sso_"];
    for secret in given.into_iter().map(String::as_str).chain([CANARY]).chain(tokens) {
        assert_eq!(shown.place_of(secret), None, "of {secret}");
    }
}

async fn start() -> ServerProcess {
    let options = ServerProcessOptions { log_filter: "trace", ..ServerProcessOptions::default() };
    ServerProcess::start_with(TestDatabase::on(Backend::Sqlite).await, options).await
}

/// What somebody can see who is to see no secret.
struct Shown {
    log: Vec<String>,
    events: String,
    answers: Vec<String>,
}

async fn shown(server: &ServerProcess, operator: &Actor, answers: Vec<String>) -> Shown {
    let events = events(operator).await;
    // The mailer to files prints the links that it would have mailed: that is what it is for.
    let log = server.log().lines().filter(|line| !line.contains("a mail was written")).map(str::to_owned).collect();
    Shown { log, events, answers }
}

impl Shown {
    /// Where a text can be seen.
    fn place_of(&self, text: &str) -> Option<String> {
        self.place_where(|line| line.contains(text))
    }

    /// Where a text stands as a word of its own: so short a one is within others by chance, as in the
    /// fractions of seconds of the log.
    fn place_of_word(&self, text: &str) -> Option<String> {
        let is_part = |character: char| character.is_ascii_alphanumeric() || character == '.';
        self.place_where(|line| {
            line.match_indices(text).any(|(start, _)| {
                let after = &line[start + text.len()..];
                !line[..start].ends_with(is_part) && !after.starts_with(|next: char| next.is_ascii_alphanumeric())
            })
        })
    }

    fn place_where(&self, shows: impl Fn(&str) -> bool) -> Option<String> {
        let of = |lines: &[String]| lines.iter().find(|line| shows(line)).cloned();
        let event = shows(&self.events).then(|| "an event".to_owned());
        of(&self.log).or(event).or_else(|| of(&self.answers))
    }
}

#[test]
fn a_word_is_seen_where_it_stands_alone() {
    let shown = |line: &str| Shown { log: vec![line.to_owned()], events: String::new(), answers: Vec::new() };
    for line in ["pin: \"482915\"", "pin=482915", "482915", "the PIN is 482915.", "[482915]"] {
        assert!(shown(line).place_of_word("482915").is_some(), "{line}");
    }
    for line in ["12:00:00.482915Z", "a482915", "4829150", "id=14829153"] {
        assert!(shown(line).place_of_word("482915").is_none(), "{line}");
    }
}
