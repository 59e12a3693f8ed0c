use tonic::Status;
use varco_client::Refusal;

/// A refusal as `CODE REASON`, such as `NOT_FOUND UNIT_NOT_FOUND`.
pub fn status_text(status: &Status) -> String {
    let refusal = Refusal::from(status);
    format!("{} {}", varco_client::code_name(refusal.code), refusal.reason)
}

/// The paths of all fields that are refused.
pub fn violations(status: &Status) -> Vec<String> {
    Refusal::from(status).violations.into_iter().map(|violation| violation.path).collect()
}
