use varco_domain::{Event, EventKind, OrganizationId};

/// A type of event to select, or all types of an aggregate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventType {
    /// Such as `role.created`.
    Kind(EventKind),
    /// Such as `role.*`.
    Aggregate(String),
}

/// A text names no type of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a type of event such as `role.created`, or all of an aggregate such as `role.*`")]
pub struct EventTypeError;

impl EventType {
    /// Reads `role.created` or `role.*`.
    pub fn parse(text: &str) -> Result<Self, EventTypeError> {
        if let Some(kind) = EventKind::parse(text) {
            return Ok(Self::Kind(kind));
        }
        let aggregate = text.strip_suffix(".*").ok_or(EventTypeError)?;
        let is_known = EventKind::ALL.iter().any(|kind| aggregate_of(*kind) == aggregate);
        is_known.then(|| Self::Aggregate(aggregate.to_owned())).ok_or(EventTypeError)
    }

    /// Every kind that it selects.
    pub fn kinds(&self) -> impl Iterator<Item = EventKind> {
        EventKind::ALL.iter().copied().filter(|kind| self.matches(*kind))
    }

    fn matches(&self, kind: EventKind) -> bool {
        match self {
            Self::Kind(selected) => *selected == kind,
            Self::Aggregate(selected) => aggregate_of(kind) == selected,
        }
    }
}

fn aggregate_of(kind: EventKind) -> &'static str {
    kind.as_str().split_once('.').map_or("", |(aggregate, _)| aggregate)
}

/// Which events a watcher wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventSelection {
    /// Only of this organization; `None` for all.
    pub organization: Option<OrganizationId>,
    /// Only of these types; empty for all.
    pub types: Vec<EventType>,
}

impl EventSelection {
    /// Whether it wants this one.
    pub fn matches(&self, event: &Event) -> bool {
        let is_of_type = self.types.is_empty() || self.types.iter().any(|it| it.matches(event.kind));
        let is_of_organization = self.organization.is_none() || self.organization == event.organization;
        is_of_type && is_of_organization
    }
}
