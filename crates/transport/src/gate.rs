//! Lets calls in: proves who calls and holds the call against what the contract declares.

mod metadata;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tonic::{Code, Request, Response, Status};
use varco_application::authentication::{AuthenticationError, authenticate};
use varco_application::{Caller, Environment, Identity, PlainSecret, Principal, Scope};
use varco_domain::OrganizationId;
use varco_proto::v1::{Caller as Declaration, ErrorReason};
use varco_proto::{Declared, Rpc};

use crate::call::Call;
use crate::failure::{Failure, FieldProblem};

/// The longest that a call may take, unless its service says otherwise.
pub(crate) const MAX_TIME: Duration = Duration::from_secs(5);

/// Hears of every call that was answered. The names in `rpc` are those of the contract, so what is
/// counted by them stays bounded.
pub trait Observer: Send + Sync {
    /// Makes a call's span a child of the caller's trace (W3C `traceparent`).
    fn adopt_trace(&self, span: &tracing::Span, traceparent: &str);

    /// One call was answered.
    fn rpc(&self, rpc: &Rpc, code: Code, duration: Duration);
}

/// The longest that a call waits for `at_least`.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// Left of a call's time after a wait, to say that nothing came of it before the library cuts the call
/// off without a reason.
const TIME_TO_ANSWER: Duration = Duration::from_millis(20);

/// How long a call may still wait for `at_least`, of whose time so much is spent.
pub(crate) fn patience(time_limit: Duration, spent: Duration) -> Duration {
    time_limit.saturating_sub(spent + TIME_TO_ANSWER).min(MAX_WAIT)
}

/// Who calls, and by which token that was proved.
pub(crate) struct Proof<'a> {
    principal: Principal,
    token: &'a str,
}

/// The one way in for every RPC.
#[derive(Clone)]
pub struct Gate {
    pub(crate) env: Arc<Environment>,
    pub(crate) observer: Arc<dyn Observer>,
}

impl Gate {
    /// A gate before these use cases.
    pub fn new(env: Arc<Environment>, observer: Arc<dyn Observer>) -> Self {
        Self { env, observer }
    }

    /// Lets a call in, or says why not.
    pub(crate) async fn admit<Q: Declared>(
        &self,
        request: Request<Q>,
        max_time: Duration,
    ) -> Result<(Call, Q), Status> {
        let started = Instant::now();
        let metadata = request.metadata();
        let request_id = metadata::request_id(metadata, self.env.entropy.as_ref());
        let rpc = Q::RPC;
        let span = tracing::info_span!(
            "rpc",
            rpc.system = "grpc",
            rpc.service = rpc.service,
            rpc.method = rpc.method,
            rpc.grpc.status_code = tracing::field::Empty,
            request.id = request_id,
            caller.id = tracing::field::Empty,
            organization.id = request.get_ref().organization_id().filter(|id| OrganizationId::parse(id).is_ok()),
            reason = tracing::field::Empty,
        );
        if let Some(traceparent) = metadata.get("traceparent").and_then(|value| value.to_str().ok()) {
            self.observer.adopt_trace(&span, traceparent);
        }
        let address = request.remote_addr().map(|address| address.ip().to_string());
        let mut call = Call {
            env: self.env.clone(),
            caller: Caller { principal: None, address, request_id },
            token: None,
            rpc,
            observer: self.observer.clone(),
            started,
            time_limit: metadata::time_limit(metadata).map_or(max_time, |asked| asked.min(max_time)),
            span,
        };
        match self.authorize(&request).await {
            Ok(proof) => {
                if let Some(proof) = proof {
                    call.span.record("caller.id", tracing::field::display(proof.principal.subject()));
                    call.caller.principal = Some(proof.principal);
                    call.token = Some(PlainSecret::new(proof.token.to_owned()));
                }
                Ok((call, request.into_inner()))
            }
            Err(failure) => {
                call.note(Some(&failure));
                Err(failure.into_status(&call.caller.request_id))
            }
        }
    }

    /// Answers a call from memory: as `admit`, but without a span, a caller or a time limit of its own,
    /// whose cost would be most of the call's.
    pub(crate) async fn answer_quietly<Q: Declared, S>(
        &self,
        request: &Request<Q>,
        work: impl AsyncFnOnce(&Environment, &Q, Duration) -> Result<S, Failure>,
    ) -> Result<Response<S>, Status> {
        let started = Instant::now();
        let time_limit = metadata::time_limit(request.metadata()).unwrap_or(MAX_TIME);
        let result = match self.authorize(request).await {
            Ok(_) => work(&self.env, request.get_ref(), patience(time_limit, started.elapsed())).await,
            Err(failure) => Err(failure),
        };
        let code = result.as_ref().map_or_else(Failure::code, |_| Code::Ok);
        self.observer.rpc(&Q::RPC, code, started.elapsed());
        result.map(Response::new).map_err(|failure| {
            failure.into_status(&metadata::request_id(request.metadata(), self.env.entropy.as_ref()))
        })
    }

    /// Proves who calls, if the RPC asks for it, and whether it may.
    async fn authorize<'a, Q: Declared>(&self, request: &'a Request<Q>) -> Result<Option<Proof<'a>>, Failure> {
        if Q::RPC.caller == Declaration::Public {
            return self.gateway(request).await;
        }
        let token = metadata::bearer_token(request.metadata()).ok_or_else(token_invalid)?;
        let principal = match authenticate(&self.env, token).await {
            Ok(principal) => principal,
            Err(AuthenticationError::Invalid) => return Err(token_invalid()),
            Err(AuthenticationError::Storage(error)) => return Err(Failure::storage(error)),
        };
        permit(&principal, Q::RPC.caller, request.get_ref().organization_id())?;
        Ok(Some(Proof { principal, token }))
    }
}

impl Gate {
    /// The service account that carries a public call for somebody, if one does. Any other token is
    /// of no concern there.
    async fn gateway<'a, Q>(&self, request: &'a Request<Q>) -> Result<Option<Proof<'a>>, Failure> {
        let Some(token) = metadata::bearer_token(request.metadata()) else { return Ok(None) };
        match authenticate(&self.env, token).await {
            Ok(principal) if matches!(principal.identity, Identity::ServiceAccount { .. }) => {
                Ok(Some(Proof { principal, token }))
            }
            Ok(_) | Err(AuthenticationError::Invalid) => Ok(None),
            Err(AuthenticationError::Storage(error)) => Err(Failure::storage(error)),
        }
    }
}

/// The answer to a call without a token that works.
pub(crate) fn token_invalid() -> Failure {
    Failure::new(
        Code::Unauthenticated,
        ErrorReason::TokenInvalid,
        "send `authorization: Bearer <token>` with a token from AuthenticationService.IssueServiceToken or SignIn that \
         works: not expired, its session not ended",
    )
}

/// Holds a caller against the declaration of an RPC and the organization that the request names.
fn permit(principal: &Principal, declaration: Declaration, named: Option<&str>) -> Result<(), Failure> {
    match (declaration, principal.scope) {
        (Declaration::User, _) => match principal.identity {
            Identity::User { .. } => Ok(()),
            Identity::ServiceAccount { .. } => Err(not_permitted("only a signed-in user may do this, for itself")),
        },
        (Declaration::Public | Declaration::Authenticated, _)
        | (Declaration::Platform | Declaration::OrganizationOrPlatform, Scope::Platform) => Ok(()),
        (Declaration::Organization | Declaration::OrganizationOrPlatform, Scope::Organization(managed)) => {
            permit_organization(managed, named.unwrap_or_default())
        }
        (Declaration::Organization, Scope::Platform) => Err(not_permitted(
            "only a service account of the organization may do this; an operator creates one with \
             ServiceAccountService.CreateServiceAccount",
        )),
        (Declaration::Organization | Declaration::OrganizationOrPlatform, Scope::Member(home)) => {
            permit_organization(home, named.unwrap_or_default())?;
            Err(not_permitted("only a back-office ADMIN or a service account of the organization may do this"))
        }
        (Declaration::Platform, Scope::Organization(_) | Scope::Member(_)) => {
            Err(not_permitted("only an operator may do this"))
        }
        (Declaration::Unspecified, _) => Err(not_permitted("nobody may do this")),
    }
}

/// Any organization but the caller's own is answered like one that does not exist.
fn permit_organization(managed: OrganizationId, named: &str) -> Result<(), Failure> {
    match OrganizationId::parse(named) {
        Ok(named) if named == managed => Ok(()),
        Ok(_) => Err(organization_not_found()),
        Err(problem) => Err(Failure::fields(vec![FieldProblem {
            path: "organization_id".to_owned(),
            problem: problem.to_string(),
        }])),
    }
}

/// The answer for an organization that does not exist or is out of reach.
pub(crate) fn organization_not_found() -> Failure {
    Failure::not_found(ErrorReason::OrganizationNotFound, "no such organization")
}

fn not_permitted(message: &'static str) -> Failure {
    Failure::new(Code::PermissionDenied, ErrorReason::CallerNotPermitted, message)
}

#[cfg(test)]
mod tests;
