//! `varco.v1.MailService`.

mod list_mails;
pub(crate) mod present;
mod retry_mail;

use tonic::{Code, Request, Response, Status};
use varco_application::mails::MailError;
use varco_domain::NotRetried;
use varco_proto::v1::{self, ErrorReason};

use crate::call::unary;
use crate::failure::Failure;
use crate::gate::{Gate, organization_not_found};

/// The service.
pub(crate) struct MailService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::mail_service_server::MailService for MailService {
    async fn list_mails(
        &self,
        request: Request<v1::ListMailsRequest>,
    ) -> Result<Response<v1::ListMailsResponse>, Status> {
        unary!(self, request, list_mails::call)
    }

    async fn retry_mail(
        &self,
        request: Request<v1::RetryMailRequest>,
    ) -> Result<Response<v1::RetryMailResponse>, Status> {
        unary!(self, request, retry_mail::call)
    }
}

impl From<MailError> for Failure {
    fn from(error: MailError) -> Self {
        match error {
            MailError::OrganizationNotFound => organization_not_found(),
            MailError::MailNotFound => Self::new(Code::NotFound, ErrorReason::MailNotFound, "no such mail"),
            MailError::NotRetried(NotRetried::NotDead) => Self::new(
                Code::FailedPrecondition,
                ErrorReason::MailNotDead,
                "the mail waits or was sent; only one that was given up is queued again",
            ),
            MailError::NotRetried(NotRetried::TooOld) => Self::new(
                Code::FailedPrecondition,
                ErrorReason::MailTooOld,
                "what the mail said is kept for seven days; have the link, password or PIN sent anew",
            ),
            MailError::Storage(error) => Self::storage(error),
        }
    }
}
