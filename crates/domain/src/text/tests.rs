use super::*;
use crate::{OrganizationId, ServiceAccountId, UserId};

#[test]
fn a_name_that_shows_nothing_is_refused() {
    let invisible = [
        '\u{ad}',
        '\u{200b}',
        '\u{2060}',
        '\u{2800}',
        '\u{3164}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{ffa0}',
        '\u{13430}',
        '\u{1bca0}',
        '\u{1d159}',
        '\u{1d173}',
        '\u{1d17a}',
        '\u{e0100}',
    ];
    for found in invisible {
        assert_eq!(Label::parse(&found.to_string()), Err(LabelError::Forbidden { found }));
        assert_eq!(Label::parse(&format!("Acme{found}")), Err(LabelError::Forbidden { found }));
        assert_eq!(Description::parse(&format!("of{found}Acme")).err(), Some(LabelError::Forbidden { found }));
    }
}

#[test]
fn no_noncharacter_is_part_of_a_name() {
    let ends_of_planes = (0..=0x10).flat_map(|plane| [plane << 16 | 0xfffe, plane << 16 | 0xffff]);
    for found in (0xfdd0..=0xfdef).chain(ends_of_planes).filter_map(char::from_u32) {
        assert_eq!(Label::parse(&format!("Acme{found}")), Err(LabelError::Forbidden { found }));
    }
}

#[test]
fn what_can_be_seen_stays_allowed() {
    for name in ["Acme", "M\u{fc}ller & S\u{f6}hne", "\u{5d0}\u{5d1}", "\u{2801}", "\u{1d15e}", "\u{1f469}", "\u{fdf0}"]
    {
        assert!(Label::parse(name).is_ok(), "{name}");
    }
}

#[test]
fn a_username_cannot_pass_for_an_identifier() {
    let uuid = uuid::Uuid::from_u128(1 << 100);
    let identifiers = [
        ServiceAccountId::from_uuid(uuid).to_string(),
        UserId::from_uuid(uuid).to_string(),
        OrganizationId::from_uuid(uuid).to_string().to_uppercase(),
        format!("later_{}", "z".repeat(26)),
    ];
    for text in identifiers {
        assert_eq!(Username::parse(&text), Err(UsernameError::Identifier), "{text}");
    }
    let near =
        ["sa_1", "sa-01h455vb4pex5vsknk084sn02q", "sa_01h455vb4pex5vsknk084sn02", "sa_1u455vb4pex5vsknk084sn02qq"];
    for text in near {
        assert!(Username::parse(text).is_ok(), "{text}");
    }
}
