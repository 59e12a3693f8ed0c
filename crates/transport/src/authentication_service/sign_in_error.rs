use tonic::Code;
use varco_application::sessions::SessionError;
use varco_application::sign_in::SignInError;
use varco_proto::v1::ErrorReason;

use crate::failure::{Failure, FieldProblem};
use crate::gate::organization_not_found;

impl From<SignInError> for Failure {
    fn from(error: SignInError) -> Self {
        match error {
            // One answer, whatever it is that is wrong: it tells nobody which accounts exist.
            SignInError::Refused => Self::new(
                Code::Unauthenticated,
                ErrorReason::SignInFailed,
                "the sign-in was refused: something that was given is wrong, or the account cannot sign in",
            ),
            SignInError::TooManyAttempts { wait } => Self::too_early(wait),
            SignInError::Overloaded { wait } => Self::overloaded(wait),
            SignInError::OrganizationNotFound => organization_not_found(),
            SignInError::Password(problem) => bad_password(problem.to_string()),
            problem @ SignInError::PasswordUnchanged => bad_password(problem.to_string()),
            SignInError::Key(error) => Self::internal(error),
            SignInError::Storage(error) => Self::storage(error),
        }
    }
}

fn bad_password(problem: String) -> Failure {
    Failure::fields(vec![FieldProblem { path: "new_password".to_owned(), problem }])
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotFound => Self::not_found(ErrorReason::SessionNotFound, "no such session"),
            SessionError::RefreshTokenInvalid => Self::new(
                Code::Unauthenticated,
                ErrorReason::RefreshTokenInvalid,
                "the refresh token is unknown or used, or its session has ended; sign in again",
            ),
            SessionError::Key(error) => Self::internal(error),
            SessionError::Storage(error) => Self::storage(error),
        }
    }
}
