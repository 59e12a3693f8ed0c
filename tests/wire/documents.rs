//! Documents that list what the code knows.

use varco_application::events::EventType;
use varco_domain::EventKind;

use crate::repository;

#[test]
fn the_list_of_events_is_complete() {
    let listed = std::fs::read_to_string(repository("docs/events.md")).unwrap();
    for kind in EventKind::ALL {
        let row = format!("| `{}` | {} |", kind.as_str(), kind.description());
        assert!(listed.contains(&row), "docs/events.md lacks the row\n{row}");
    }
}

#[test]
fn every_type_of_event_can_be_selected_by_itself_and_by_its_aggregate() {
    for kind in EventKind::ALL {
        let (aggregate, _) = kind.as_str().split_once('.').unwrap();
        let by_aggregate = EventType::parse(&format!("{aggregate}.*")).unwrap();

        assert!(by_aggregate.kinds().any(|it| it == *kind));
        assert_eq!(EventType::parse(kind.as_str()).unwrap().kinds().collect::<Vec<_>>(), [*kind]);
    }
    assert!(EventType::parse("role.*.*").is_err());
    assert!(EventType::parse("*").is_err());
}
