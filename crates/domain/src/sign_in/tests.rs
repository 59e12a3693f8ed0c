use proptest::prelude::*;

use super::*;
use crate::Timestamp;

fn organization(number: u8) -> OrganizationId {
    OrganizationId::generate(Timestamp::EPOCH, [number; 10])
}

fn door(number: u8, pin: bool) -> Door {
    Door { organization: organization(number), pin }
}

fn demands(new_password: bool, pin: bool, doors: Vec<Door>) -> Demands {
    Demands { new_password, pin, doors }
}

fn shown(pin: bool, organization: Option<OrganizationId>) -> Shown {
    Shown { pin, organization }
}

#[test]
fn the_only_organization_is_entered_without_asking() {
    let demands = demands(false, false, vec![door(1, false)]);
    assert_eq!(demands.progress(&shown(false, None)), Progress::Done(organization(1)));
}

#[test]
fn a_temporary_password_comes_first_then_the_pin_then_the_organization() {
    let doors = vec![door(1, false), door(2, false)];
    let first = demands(true, true, doors.clone()).progress(&shown(false, None));
    let second = demands(false, true, doors.clone()).progress(&shown(false, None));
    let third = demands(false, true, doors).progress(&shown(true, None));
    let asked = [first, second, third];
    assert_eq!(asked, [Step::NewPassword, Step::Pin, Step::Organization].map(Progress::Next));
}

#[test]
fn the_organization_that_is_entered_may_ask_for_the_pin() {
    let demands = demands(false, false, vec![door(1, false), door(2, true)]);
    assert_eq!(demands.progress(&shown(false, None)), Progress::Next(Step::Organization));
    assert_eq!(demands.progress(&shown(false, Some(organization(1)))), Progress::Done(organization(1)));
    assert_eq!(demands.progress(&shown(false, Some(organization(2)))), Progress::Next(Step::Pin));
    assert_eq!(demands.progress(&shown(true, Some(organization(2)))), Progress::Done(organization(2)));
}

#[test]
fn where_there_is_no_door_nobody_goes() {
    assert_eq!(demands(false, false, Vec::new()).progress(&shown(true, None)), Progress::Nowhere);
    let elsewhere = demands(false, false, vec![door(1, false)]).progress(&shown(true, Some(organization(9))));
    assert_eq!(elsewhere, Progress::Nowhere);
}

/// What may happen to a sign-in: its user answers a step, or something about the account changes.
#[derive(Clone, Copy, Debug)]
enum Move {
    ChoosePassword,
    GivePin,
    Choose(u8),
    PasswordIsReset,
    PinIsDemanded(bool),
    DoorAsksForPin(u8, bool),
    DoorCloses(u8),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        Just(Move::ChoosePassword),
        Just(Move::GivePin),
        (0_u8..4).prop_map(Move::Choose),
        Just(Move::PasswordIsReset),
        any::<bool>().prop_map(Move::PinIsDemanded),
        (0_u8..3, any::<bool>()).prop_map(|(door, pin)| Move::DoorAsksForPin(door, pin)),
        (0_u8..3).prop_map(Move::DoorCloses),
    ];
    proptest::collection::vec(one, 0..40)
}

/// The world as it is, and what one sign-in has gone through in it: kept apart from `Shown`.
struct World {
    demands: Demands,
    shown: Shown,
    pin_was_right: bool,
    awaited: Option<Step>,
}

impl World {
    /// Plays a move as the use cases do: a step that is not awaited changes nothing.
    fn play(&mut self, step: Move) {
        match step {
            Move::ChoosePassword if self.awaited == Some(Step::NewPassword) => self.demands.new_password = false,
            Move::GivePin if self.awaited == Some(Step::Pin) => {
                self.shown.pin = true;
                self.pin_was_right = true;
            }
            Move::Choose(number) if self.awaited == Some(Step::Organization) => {
                let chosen = organization(number);
                if self.demands.doors.iter().any(|door| door.organization == chosen) {
                    self.shown.organization = Some(chosen);
                }
            }
            Move::ChoosePassword | Move::GivePin | Move::Choose(_) => {}
            Move::PasswordIsReset => self.demands.new_password = true,
            Move::PinIsDemanded(pin) => self.demands.pin = pin,
            Move::DoorAsksForPin(number, pin) => {
                let asked = organization(number);
                self.demands.doors.iter_mut().filter(|door| door.organization == asked).for_each(|door| door.pin = pin);
            }
            Move::DoorCloses(number) => self.demands.doors.retain(|door| door.organization != organization(number)),
        }
    }
}

proptest! {
    /// No order of steps and changes reaches a session without everything that is demanded then.
    #[test]
    fn there_is_no_way_around_a_demand(
        new_password in any::<bool>(),
        pin in any::<bool>(),
        door_pins in proptest::collection::vec(any::<bool>(), 0..3),
        asked in proptest::option::of(0_u8..4),
        moves in moves(),
    ) {
        let doors = (0..).zip(&door_pins).map(|(number, pin)| door(number, *pin)).collect();
        let mut world = World {
            demands: demands(new_password, pin, doors),
            shown: shown(false, asked.map(organization)),
            pin_was_right: false,
            awaited: None,
        };
        for step in moves {
            match world.demands.progress(&world.shown) {
                Progress::Next(awaited) => world.awaited = Some(awaited),
                Progress::Nowhere => break,
                Progress::Done(entered) => {
                    let door = world.demands.doors.iter().find(|door| door.organization == entered);
                    let door = door.expect("only an open door is entered");
                    prop_assert!(!world.demands.new_password, "a temporary password lets nobody in");
                    prop_assert!(world.pin_was_right || !(world.demands.pin || door.pin), "the PIN was demanded");
                    prop_assert!(world.shown.organization.is_none_or(|asked| asked == entered));
                    prop_assert!(world.shown.organization.is_some() || world.demands.doors.len() == 1);
                    break;
                }
            }
            world.play(step);
        }
    }

    /// Whoever gives what is asked for arrives, in at most three steps.
    #[test]
    fn whoever_gives_what_is_asked_for_arrives(
        new_password in any::<bool>(),
        pin in any::<bool>(),
        door_pins in proptest::collection::vec(any::<bool>(), 1..3),
        choice in 0_usize..3,
    ) {
        let doors: Vec<Door> = (0..).zip(&door_pins).map(|(number, pin)| door(number, *pin)).collect();
        let chosen = doors[choice % doors.len()].organization;
        let (mut demands, mut shown) = (demands(new_password, pin, doors), shown(false, None));
        let mut steps = 0;
        while let Progress::Next(step) = demands.progress(&shown) {
            match step {
                Step::NewPassword => demands.new_password = false,
                Step::Pin => shown.pin = true,
                Step::Organization => shown.organization = Some(chosen),
            }
            steps += 1;
            prop_assert!(steps <= 3);
        }
        prop_assert!(matches!(demands.progress(&shown), Progress::Done(_)));
    }
}
