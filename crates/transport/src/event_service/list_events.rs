use prost::Message;
use varco_application::Caller;
use varco_application::events::{EventType, ListEvents, list_events};
use varco_application::storage::{EventFilter, EventKey, Page};
use varco_domain::{Event, OrganizationId, SubjectId};
use varco_proto::v1::{self, ListEventsRequest, ListEventsResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, parse_instant};
use crate::paging::{Paging, fitting};

/// How many types a filter may name.
pub(super) const MAX_TYPES: usize = 100;

pub(super) async fn call(call: &Call, request: &ListEventsRequest) -> Result<ListEventsResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let command = parse(request, fields, &paging, &call.caller)?;
    let page = list_events(&call.env, &command).await.map_err(Failure::storage)?;
    let shown = |event: Event| Shown { key: key_of(&event), event: present::event(&event, &call.caller) };
    let page = Page { items: page.items.into_iter().map(shown).collect(), has_more: page.has_more };
    let page = fitting(page, |shown| shown.event.encoded_len());
    let next_page_token = call.next_page_token(&paging, &page, |shown| shown.key);
    Ok(ListEventsResponse { events: page.items.into_iter().map(|shown| shown.event).collect(), next_page_token })
}

/// An event as it is sent, presented once: it is the largest thing that is listed.
struct Shown {
    key: EventKey,
    event: v1::Event,
}

fn key_of(event: &Event) -> EventKey {
    EventKey { revision: event.revision, ordinal: event.ordinal }
}

fn parse(
    request: &ListEventsRequest,
    mut fields: Fields,
    paging: &Paging<EventKey>,
    caller: &Caller,
) -> Result<ListEvents, Failure> {
    let organization = fields.parse_optional("organization_id", &request.organization_id, OrganizationId::parse);
    let actor = fields.parse_optional("actor_id", &request.actor_id, SubjectId::parse);
    let from = parse_instant(&mut fields, "start_time", request.start_time);
    let until = parse_instant(&mut fields, "end_time", request.end_time);
    let types = parse_types(&mut fields, &request.types);
    if request.subject_id.len() > 200 {
        fields.problem("subject_id", "must be an identifier");
    }
    let subject = Some(request.subject_id.clone()).filter(|subject| !subject.is_empty());
    fields.finish(|| {
        let kinds = types.iter().flat_map(EventType::kinds).map(|kind| kind.as_str().to_owned()).collect();
        // Nobody confirms by searching what is left out of the answer: who acted for somebody else.
        let actor_organization = organization.filter(|_| actor.is_some() && !caller.is_operator());
        let filter = EventFilter { organization, from, until, actor, actor_organization, subject, types: kinds };
        Some(ListEvents { filter, before: paging.after, limit: paging.limit })
    })
}

/// The types of event to select.
pub(super) fn parse_types(fields: &mut Fields, types: &[String]) -> Vec<EventType> {
    fields.check_count("types", types.len(), 0..=MAX_TYPES);
    fields.parse_each("types", types, EventType::parse)
}
