use super::*;

#[test]
fn a_call_waits_for_a_revision_up_to_its_deadline_and_at_most_a_second() {
    let milliseconds = Duration::from_millis;
    let waits = |limit, spent| patience(milliseconds(limit), milliseconds(spent));
    assert_eq!(waits(300, 0), milliseconds(280));
    assert_eq!(waits(300, 100), milliseconds(180));
    assert_eq!(waits(300, 400), Duration::ZERO);
    assert_eq!(waits(5_000, 0), MAX_WAIT);
    assert_eq!(waits(5_000, 4_500), milliseconds(480));
}
