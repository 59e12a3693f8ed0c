//! What a client is told when a call fails. The one place that builds a `Status`.

mod bounds;

use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use varco_application::RequestIdReused;
use varco_application::storage::StorageError;
use varco_proto::v1::ErrorReason;

/// The domain of every reason (AIP-193).
const DOMAIN: &str = "varco";

/// How long a client should wait before it tries again after contention or an outage.
const RETRY_DELAY: Duration = Duration::from_millis(100);

/// A refusal, with all that the client may know of it.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    reason: ErrorReason,
    message: Cow<'static, str>,
    metadata: Vec<(String, String)>,
    fields: Box<[FieldProblem]>,
    quota: Option<&'static str>,
    retry_after: Option<Duration>,
    /// For the log alone.
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldProblem {
    pub(crate) path: String,
    pub(crate) problem: String,
}

impl Failure {
    pub(crate) fn new(code: Code, reason: ErrorReason, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            reason,
            message: message.into(),
            metadata: Vec::new(),
            fields: Box::default(),
            quota: None,
            retry_after: None,
            cause: None,
        }
    }

    pub(crate) fn not_found(reason: ErrorReason, message: &'static str) -> Self {
        Self::new(Code::NotFound, reason, message)
    }

    pub(crate) fn precondition(reason: ErrorReason, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::FailedPrecondition, reason, message)
    }

    pub(crate) fn already_exists(reason: ErrorReason, message: &'static str) -> Self {
        Self::new(Code::AlreadyExists, reason, message)
    }

    /// One or more fields are malformed.
    pub(crate) fn fields(fields: Vec<FieldProblem>) -> Self {
        let message = bounds::summary(&fields);
        Self::new(Code::InvalidArgument, ErrorReason::InvalidFields, message).with_fields(fields)
    }

    /// The resource changed since it was read.
    pub(crate) fn stale(thing: &'static str) -> Self {
        let message = format!("the {thing} changed since it was read; read it again and retry");
        Self::new(Code::Aborted, ErrorReason::EtagMismatch, message)
    }

    /// Something that should not happen. The client gets the request id, the log the cause.
    pub(crate) fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(Code::Internal, ErrorReason::Internal, "internal error") }
    }

    /// Storage failed in a way that no use case expects.
    pub(crate) fn storage(error: StorageError) -> Self {
        match error {
            StorageError::Contention | StorageError::Duplicate(varco_application::storage::UniqueKey::Receipt) => {
                Self {
                    retry_after: Some(RETRY_DELAY),
                    ..Self::new(Code::Aborted, ErrorReason::Contention, "other writers kept getting in between; retry")
                }
            }
            StorageError::Unavailable(source) => Self {
                retry_after: Some(RETRY_DELAY),
                cause: Some(source),
                ..Self::new(
                    Code::Unavailable,
                    ErrorReason::StorageUnavailable,
                    "the database does not answer; retry later",
                )
            },
            error @ (StorageError::Duplicate(_)
            | StorageError::Stale
            | StorageError::Corrupt { .. }
            | StorageError::Backend(_)) => Self::internal(error),
        }
    }

    /// It comes too early after others that failed, whoever they were for.
    pub(crate) fn too_early(wait: Duration) -> Self {
        let message = "too many attempts; wait before the next one";
        Self { retry_after: Some(wait), ..Self::new(Code::ResourceExhausted, ErrorReason::TooManyAttempts, message) }
    }

    /// There is more to do than can be done soon.
    pub(crate) fn overloaded(retry_after: Duration) -> Self {
        let message = "too many passwords are being verified; retry later";
        Self { retry_after: Some(retry_after), ..Self::new(Code::ResourceExhausted, ErrorReason::Overloaded, message) }
    }

    /// Adds a value that the message mentions.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers give what they have, numbers, ids or texts")]
    pub(crate) fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.metadata.push((key.to_owned(), value.to_string()));
        self
    }

    /// Names the fields that are to blame.
    #[must_use]
    pub(crate) fn with_fields(mut self, fields: Vec<FieldProblem>) -> Self {
        self.fields = fields.into();
        self
    }

    /// Names the quota that is used up.
    #[must_use]
    pub(crate) fn with_quota(mut self, subject: &'static str) -> Self {
        self.quota = Some(subject);
        self
    }

    /// Whether the same call may succeed if it is simply made again.
    pub(crate) fn is_contention(&self) -> bool {
        self.reason == ErrorReason::Contention
    }

    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// The reason as clients see it.
    pub(crate) fn reason(&self) -> &'static str {
        let name = self.reason.as_str_name();
        name.strip_prefix("ERROR_REASON_").unwrap_or(name)
    }

    /// Logs a fault of ours once, with its cause, and turns the failure into what the client gets.
    pub(crate) fn into_status(mut self, request_id: &str) -> Status {
        if let Some(cause) = self.cause.take() {
            tracing::error!(request.id = request_id, reason = self.reason(), error = %chain(cause.as_ref()), "a call failed");
        }
        if self.code == Code::Internal {
            self.message = format!("internal error; report it with the request id {request_id}").into();
            self.metadata.push(("request_id".to_owned(), request_id.to_owned()));
        }
        let details = self.details();
        Status::with_error_details(self.code, self.message, details)
    }

    fn details(&mut self) -> ErrorDetails {
        let mut metadata = std::mem::take(&mut self.metadata);
        let fields = std::mem::take(&mut self.fields);
        let listed = bounds::listed(&fields);
        if listed.len() < fields.len() {
            metadata.push(("field_problem_count".to_owned(), fields.len().to_string()));
        }
        let mut details = ErrorDetails::with_error_info(
            self.reason(),
            DOMAIN,
            metadata.into_iter().collect::<std::collections::HashMap<_, _>>(),
        );
        for field in listed {
            details.add_bad_request_violation(&field.path, &field.problem);
        }
        if self.code == Code::FailedPrecondition {
            details.add_precondition_failure_violation(self.reason(), "", self.message.as_ref());
        }
        if let Some(subject) = self.quota {
            details.add_quota_failure_violation(subject, self.message.as_ref());
        }
        if let Some(delay) = self.retry_after {
            details.set_retry_info(Some(delay));
        }
        details
    }
}

/// An error with everything behind it, on one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

impl From<RequestIdReused> for Failure {
    fn from(error: RequestIdReused) -> Self {
        Self::new(
            Code::InvalidArgument,
            ErrorReason::RequestIdReused,
            format!("{error}; choose a new one for every new request"),
        )
    }
}
