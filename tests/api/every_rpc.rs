//! Promises that hold for every RPC, found by walking the descriptors, so that a new RPC is held to
//! them without anybody thinking of it.

use prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, Value};
use tonic::{Code, Status};
use tonic_types::StatusExt;
use varco_proto::v1::BackOfficeLevel;
use varco_testkit::{OrganizationActor, TestServer, on_every_database};

use crate::access_tokens::sign_in;
use crate::dynamic::{call, declared_caller, methods};

/// The things of one organization that an id can name.
struct Things {
    organization: String,
    user: String,
    unit: String,
    role: String,
    service_account: String,
    secret: String,
}

impl Things {
    async fn of(actor: &OrganizationActor, name: &str) -> Self {
        let user = actor.create_user(&format!("{name}.member")).await;
        let unit = actor.create_unit(&actor.root_unit, &format!("{name} unit")).await;
        let role = actor.create_role(&format!("{name} role"), &[]).await;
        let account = actor.create_service_account(&format!("{name}-program")).await;
        Self {
            organization: actor.organization.clone(),
            user,
            unit,
            role,
            secret: account.secrets[0].secret_id.clone(),
            service_account: account.service_account_id,
        }
    }

    /// Well-formed identifiers of nothing.
    fn absent() -> Self {
        let id = |prefix: &str| format!("{prefix}_01kagbbbbbfbbvbbbbbbbbbbbb");
        Self {
            organization: id("org"),
            user: id("user"),
            unit: id("unit"),
            role: id("role"),
            service_account: id("sa"),
            secret: id("secret"),
        }
    }

    /// The thing that a field with this name names, if it names one.
    fn named_by(&self, field: &str) -> Option<&str> {
        Some(match field {
            "organization_id" | "parent_organization_id" => &self.organization,
            "user_id" | "subject_id" | "subject_ids" => &self.user,
            "unit_id" | "parent_unit_id" | "subtree_unit_id" | "unit_ids" | "root_unit_id" | "source_unit_id" => {
                &self.unit
            }
            "role_id" | "role_ids" => &self.role,
            "service_account_id" | "actor_id" => &self.service_account,
            "secret_id" => &self.secret,
            _ => return None,
        })
    }

    /// Replaces every identifier of these things by its place, so that answers about different
    /// things can be compared.
    fn mask(&self, text: &str) -> String {
        let ids = [&self.organization, &self.user, &self.unit, &self.role, &self.service_account, &self.secret];
        ids.into_iter().fold(text.to_owned(), |text, id| text.replace(id.as_str(), "<id>"))
    }
}

/// A request in which every field has a value that is valid in the organization of `things`.
fn filled(message: &MessageDescriptor, things: &Things, mask: &str) -> DynamicMessage {
    let mut filled = DynamicMessage::new(message.clone());
    for field in message.fields() {
        let is_later_choice =
            field.containing_oneof().is_some_and(|choice| choice.fields().next() != Some(field.clone()));
        if let Some(value) = value_of(&field, things, mask).filter(|_| !is_later_choice) {
            filled.set_field(&field, value);
        }
    }
    filled
}

fn value_of(field: &FieldDescriptor, things: &Things, mask: &str) -> Option<Value> {
    if field.is_map() {
        return None;
    }
    let value = match field.kind() {
        Kind::String => Value::String(text_of(field.name(), things)?),
        Kind::Enum(_) => Value::EnumNumber(2),
        Kind::Message(message) if message.full_name() == "google.protobuf.FieldMask" => {
            let mut paths = DynamicMessage::new(message);
            paths.set_field_by_name("paths", Value::List(vec![Value::String(mask.to_owned())]));
            Value::Message(paths)
        }
        Kind::Message(message) if message.package_name() == "varco.v1" => {
            Value::Message(filled(&message, things, mask))
        }
        Kind::Bool if field.name() == "validate_only" => Value::Bool(false),
        _ => return None,
    };
    Some(if field.is_list() { Value::List(vec![value]) } else { value })
}

fn text_of(field: &str, things: &Things) -> Option<String> {
    if let Some(id) = things.named_by(field) {
        return Some(id.to_owned());
    }
    Some(match field {
        "etag" => "1".to_owned(),
        "permission" | "permissions" => "test:things.view".to_owned(),
        "email" => "somebody@example.com".to_owned(),
        "language" => "it".to_owned(),
        "username" => "some-body".to_owned(),
        "name" | "first_name" | "last_name" => "Some name".to_owned(),
        "catalog_key" => "test".to_owned(),
        _ => return None,
    })
}

/// The field that the request's update mask names.
fn mask_of(method: &MethodDescriptor) -> &'static str {
    match method.name() {
        "UpdateUser" => "profile.first_name",
        "UpdateMailPreferences" => "mail_preferences.general",
        _ => "name",
    }
}

/// The paths of all fields that choose a thing: those of the request itself, those of questions in a
/// list, and the one by which a resource names itself.
fn id_paths(message: &MessageDescriptor, things: &Things) -> Vec<Vec<FieldDescriptor>> {
    let mut paths = Vec::new();
    for field in message.fields() {
        if things.named_by(field.name()).is_some() {
            paths.push(vec![field.clone()]);
        }
        let Kind::Message(inner) = field.kind() else { continue };
        if inner.package_name() != "varco.v1" {
            continue;
        }
        let own_name = format!("{}_id", field.name());
        let chooses = |inner: &FieldDescriptor| {
            (inner.name() == own_name && message.get_field_by_name(&own_name).is_none())
                || (field.is_list() && things.named_by(inner.name()).is_some())
        };
        paths.extend(inner.fields().filter(chooses).map(|inner| vec![field.clone(), inner]));
    }
    paths
}

fn with_id(mut request: DynamicMessage, path: &[FieldDescriptor], id: &str) -> DynamicMessage {
    let (field, rest) = path.split_first().unwrap();
    let value = match rest {
        [] if field.is_list() => Value::List(vec![Value::String(id.to_owned())]),
        [] => Value::String(id.to_owned()),
        _ => {
            let current = request.get_field(field).into_owned();
            match current {
                Value::List(items) => {
                    let items = items.into_iter().map(|item| replaced(item, rest, id)).collect();
                    Value::List(items)
                }
                single => replaced(single, rest, id),
            }
        }
    };
    request.set_field(field, value);
    request
}

fn replaced(message: Value, path: &[FieldDescriptor], id: &str) -> Value {
    let Value::Message(message) = message else { panic!("{message:?} is no message") };
    Value::Message(with_id(message, path, id))
}

/// What a client can see of an outcome.
fn seen(outcome: &Result<DynamicMessage, Status>) -> String {
    match outcome {
        // The bytes: what a client receives, without the descriptors that Debug would print.
        Ok(message) => format!("{}", String::from_utf8_lossy(&message.encode_to_vec())),
        Err(status) => format!("{:?} {} {:?}", status.code(), status.message(), status.get_error_details()),
    }
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

on_every_database! {
    async fn an_id_of_another_organization_answers_as_an_absent_one(server: TestServer) {
        let (mine, other) = (server.organization("mine").await, server.organization("other").await);
        let (things, foreign, absent) = (Things::of(&mine, "mine").await, Things::of(&other, "other").await, Things::absent());
        let admin = sign_in(&server, &mine, "admin", BackOfficeLevel::Admin).await.actor;
        let before = other.event_count().await;
        let mut compared = 0;
        let mut unproved = Vec::new();
        let methods = methods();
        let callers = [&mine.token, &admin.token];
        let of_organizations = methods.iter().filter(|method| declared_caller(method).starts_with("ORGANIZATION"));
        for (method, token) in of_organizations.flat_map(|method| callers.map(|token| (method, token))) {
            for path in id_paths(&method.input(), &things) {
                let field = path.last().unwrap().name().to_owned();
                let request = |of: &Things| {
                    with_id(filled(&method.input(), &things, mask_of(method)), &path, of.named_by(&field).unwrap())
                };
                let to_foreign = call(mine.channel(), Some(token), method, request(&foreign)).await;
                let to_absent = call(mine.channel(), Some(token), method, request(&absent)).await;
                let name = format!("{} with {field}", method.full_name());

                assert_eq!(foreign.mask(&seen(&to_foreign)), absent.mask(&seen(&to_absent)), "{name}");
                if let Err(status) = &to_foreign {
                    if reason(status) == "INVALID_FIELDS" {
                        unproved.push(format!("{name}: {}", status.message()));
                    }
                    assert!(![Code::Internal, Code::Unknown].contains(&status.code()), "{name}: {status:?}");
                }
                compared += 1;
            }
        }
        assert!(unproved.is_empty(), "these requests prove nothing: {unproved:#?}");
        assert!(compared > 160, "only {compared} fields were compared");
        assert_eq!(other.event_count().await, before, "something of the other organization changed");
    }
}

on_every_database! {
    /// The control: the comparison tells an own id from an absent one.
    async fn control_an_own_id_does_not_answer_as_an_absent_one(server: TestServer) {
        let mine = server.organization("mine").await;
        let (things, absent) = (Things::of(&mine, "mine").await, Things::absent());
        let get_unit = methods().into_iter().find(|method| method.name() == "GetUnit").unwrap();
        let path = id_paths(&get_unit.input(), &things).pop().unwrap();
        let request = |id: &str| with_id(filled(&get_unit.input(), &things, "name"), &path, id);
        let to_own = call(mine.channel(), Some(&mine.token), &get_unit, request(&things.unit)).await;
        let to_absent = call(mine.channel(), Some(&mine.token), &get_unit, request(&absent.unit)).await;

        assert_ne!(things.mask(&seen(&to_own)), absent.mask(&seen(&to_absent)));
    }
}

on_every_database! {
    async fn every_rpc_refuses_whom_its_declaration_does_not_name(server: TestServer) {
        let mine = server.organization("mine").await;
        let things = Things::of(&mine, "mine").await;
        let operator = server.operator().await;
        let admin = sign_in(&server, &mine, "admin", BackOfficeLevel::Admin).await.actor;
        let member = sign_in(&server, &mine, "member", BackOfficeLevel::Standard).await.actor;
        let truncated = &admin.token[..admin.token.len() - 1];
        let mut refused = 0;
        for method in methods() {
            let request = || filled(&method.input(), &things, mask_of(&method));
            let name = method.full_name();
            let declared = declared_caller(&method);
            if declared != "PUBLIC" {
                for token in [None, Some(""), Some("varco_token_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), Some(truncated)] {
                    let status = call(mine.channel(), token, &method, request()).await.unwrap_err();
                    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unauthenticated, "TOKEN_INVALID"), "{name}");
                    refused += 1;
                }
            }
            let excluded = match declared.as_str() {
                "PLATFORM" => vec![&mine.token, &admin.token, &member.token],
                "ORGANIZATION" => vec![&operator.token, &member.token],
                "ORGANIZATION_OR_PLATFORM" => vec![&member.token],
                "USER" => vec![&mine.token, &operator.token],
                _ => continue,
            };
            for excluded in excluded {
                let status = call(mine.channel(), Some(excluded), &method, request()).await.unwrap_err();
                assert_eq!((status.code(), reason(&status).as_str()), (Code::PermissionDenied, "CALLER_NOT_PERMITTED"), "{name}");
                refused += 1;
            }
        }
        assert!(refused > 300, "only {refused} calls were refused");
    }
}

on_every_database! {
    async fn an_admin_is_let_in_wherever_its_organization_is(server: TestServer) {
        let mine = server.organization("mine").await;
        let things = Things::of(&mine, "mine").await;
        let admin = sign_in(&server, &mine, "admin", BackOfficeLevel::Admin).await.actor;
        let mut let_in = 0;
        for method in methods().iter().filter(|method| declared_caller(method).starts_with("ORGANIZATION")) {
            let request = filled(&method.input(), &things, mask_of(method));
            if let Err(status) = call(mine.channel(), Some(&admin.token), method, request).await {
                let refusals = [Code::Unauthenticated, Code::PermissionDenied, Code::Internal, Code::Unknown];
                assert!(!refusals.contains(&status.code()), "{}: {status:?}", method.full_name());
            }
            let_in += 1;
        }
        assert!(let_in > 40, "only {let_in} RPCs were called");
    }
}
