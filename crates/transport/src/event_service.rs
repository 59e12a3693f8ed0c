//! `varco.v1.EventService`.

mod list_events;
mod present;
mod watch;

use tonic::{Request, Response, Status};
use varco_proto::v1;

use crate::call::unary;
use crate::gate::Gate;

/// The service.
pub(crate) struct EventService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::event_service_server::EventService for EventService {
    type WatchStream = watch::Answer;

    async fn watch(&self, request: Request<v1::WatchRequest>) -> Result<Response<Self::WatchStream>, Status> {
        unary!(self, request, watch::call)
    }

    async fn list_events(
        &self,
        request: Request<v1::ListEventsRequest>,
    ) -> Result<Response<v1::ListEventsResponse>, Status> {
        unary!(self, request, list_events::call)
    }
}
