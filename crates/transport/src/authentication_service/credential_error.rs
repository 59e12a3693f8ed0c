use varco_application::credentials::CredentialError;
use varco_proto::v1::ErrorReason;

use crate::failure::{Failure, FieldProblem};

impl From<CredentialError> for Failure {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::User(error) => error.into(),
            CredentialError::OwnCredentials => Self::precondition(
                ErrorReason::CannotResetOwn,
                "nobody resets their own password or PIN; change the password, or ask another administrator",
            ),
            CredentialError::NotActivated => Self::precondition(
                ErrorReason::NotActivated,
                "the user has not activated the account; send the activation link again",
            ),
            CredentialError::NoPassword => Self::precondition(
                ErrorReason::NoPassword,
                "the user has no password: it signs in by the organization's provider, or, where there is none, \
                 chooses one by RequestPasswordReset",
            ),
            // One answer, whatever it is that is wrong: it tells nobody what became of an account.
            CredentialError::LinkInvalid => Self::precondition(
                ErrorReason::LinkInvalid,
                "the link does not work: it is wrong, used or expired, or a later one was sent",
            ),
            CredentialError::SsoRequired => Self::precondition(
                ErrorReason::SsoRequired,
                "the organization has single sign-on: give the link's token to AuthenticationService.BeginSso",
            ),
            CredentialError::PasswordWrong => {
                Self::precondition(ErrorReason::PasswordWrong, "the current password is another one")
            }
            CredentialError::Password(problem) => bad_password(problem.to_string()),
            problem @ CredentialError::PasswordUnchanged => bad_password(problem.to_string()),
            CredentialError::TooEarly(error) => Self::too_early(error.wait),
            CredentialError::Busy(error) => Self::overloaded(error.retry_after),
            CredentialError::Storage(error) => Self::storage(error),
        }
    }
}

/// Every RPC that takes a new password calls it `password`.
fn bad_password(problem: String) -> Failure {
    Failure::fields(vec![FieldProblem { path: "password".to_owned(), problem }])
}
