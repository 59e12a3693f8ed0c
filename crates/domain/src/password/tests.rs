use super::*;

const NOBODY: fn(&str) -> bool = |_| false;

fn context() -> PasswordContext {
    PasswordContext::new(false, ["mario.rossi", "m.rossi@example.com", "m.rossi", "Müller & Söhne"])
}

fn parse(text: &str) -> Result<String, PasswordError> {
    Password::parse(text, &context(), NOBODY).map(|password| password.expose().to_owned())
}

#[test]
fn a_password_is_15_to_128_characters_of_any_script() {
    for text in [
        "correct horse battery",
        "               ",
        "пароль от сейфа",
        "🐎🔋📎🐎🔋📎🐎🔋📎🐎🔋📎🐎🔋📎",
        "\u{0}23456789abcdef",
    ] {
        assert_eq!(parse(text).as_deref(), Ok(text));
    }
    assert_eq!(parse(&"x".repeat(128)), Ok("x".repeat(128)));
    assert_eq!(parse(&"\u{1f40e}".repeat(128)).map(|text| text.len()), Ok(512));
}

#[test]
fn shorter_and_longer_ones_are_refused() {
    for text in ["", "x", "abcdefghijklmn"] {
        assert_eq!(parse(text), Err(PasswordError::TooShort { min: 15 }));
    }
    for length in [129, 2048, 2049, 1 << 20] {
        assert_eq!(parse(&"x".repeat(length)), Err(PasswordError::TooLong), "{length}");
    }
}

#[test]
fn with_a_pin_eight_characters_will_do() {
    let context = PasswordContext::new(true, []);

    assert!(Password::parse("zebra123", &context, NOBODY).is_ok());
    assert_eq!(Password::parse("zebra12", &context, NOBODY), Err(PasswordError::TooShort { min: 8 }));
}

#[test]
fn characters_are_counted_in_the_form_that_is_hashed() {
    // Fourteen letters with an accent each, decomposed: 28 code points as given.
    assert_eq!(parse(&"e\u{301}".repeat(14)), Err(PasswordError::TooShort { min: 15 }));
    assert_eq!(parse(&"e\u{301}".repeat(15)), Ok("\u{e9}".repeat(15)));
    assert_eq!(parse(&"e\u{301}".repeat(128)), Ok("\u{e9}".repeat(128)));
    // One ligature that is eighteen characters.
    assert_eq!(parse("\u{fdfa}").map(|text| text.chars().count()), Ok(18));
    assert_eq!(parse(&"\u{fdfa}".repeat(8)), Err(PasswordError::TooLong));
}

#[test]
fn names_with_little_else_are_no_password() {
    for text in [
        "m.rossi@example.com",
        "M.ROSSI@EXAMPLE.COM",
        "mario.rossi.mario.rossi",
        "Mario Rossi 1985!",
        "1985-mario-rossi",
        "varcovarcovarco",
        "Varco, Varco, Varco!",
        "MU\u{308}LLER&SO\u{308}HNE 2026",
        "ｍｕ\u{308}ｌｌｅｒ & so\u{308}hne 26",
    ] {
        assert_eq!(parse(text), Err(PasswordError::MadeOfNames), "{text}");
    }
}

#[test]
fn a_name_among_other_words_is_fine() {
    for text in ["mario.rossi eats zebras", "the varco of all varcos", "müller und söhne"] {
        assert_eq!(parse(text).as_deref(), Ok(text));
    }
}

#[test]
fn a_short_name_or_none_forbids_nothing() {
    let context = PasswordContext::new(false, ["", "x", "..", "ab"]);

    assert!(Password::parse("abxabxabxabxabx", &context, NOBODY).is_ok());
}

#[test]
fn a_name_that_begins_another_does_not_hide_it() {
    let context = PasswordContext::new(false, ["abc", "abcdef"]);

    assert_eq!(Password::parse("abcdef abcdef abcdef", &context, NOBODY), Err(PasswordError::MadeOfNames));
}

#[test]
fn a_common_password_is_looked_up_folded() {
    let is_common = |folded: &str| folded == "correct horse battery";
    let refused = |text: &str| Password::parse(text, &context(), is_common) == Err(PasswordError::Common);

    assert!(refused("Correct Horse BATTERY"));
    assert!(refused("ｃorrect horse battery"));
    assert!(!refused("correct horse battery "));
}

#[test]
fn an_account_goes_by_its_username_and_its_email_and_what_stands_before_the_at() {
    let username = Username::parse("anna.bianchi").unwrap();
    let email = Email::parse("abi@bianchi.example").unwrap();

    assert_eq!(names_of(&username, &email), ["anna.bianchi", "abi@bianchi.example", "abi"]);
}

#[test]
fn debug_shows_no_secret() {
    let password = Password::parse("correct horse battery", &context(), NOBODY).unwrap();

    assert_eq!(format!("{password:?}"), "Password([redacted])");
}

#[test]
fn what_is_wrong_is_said_without_the_password() {
    let messages = [PasswordError::TooShort { min: 15 }, PasswordError::TooLong].map(|error| error.to_string());

    assert_eq!(messages, ["must be at least 15 characters", "must be at most 128 characters"]);
}

#[test]
fn a_temporary_password_works_for_seven_days() {
    let made_at = Timestamp::from_micros(1_767_225_600_000_000);
    let ends_at = made_at.plus(Duration::from_hours(7 * 24));
    assert!(Password::is_temporary_at(made_at, Timestamp::from_micros(ends_at.as_micros() - 1)));
    assert!(!Password::is_temporary_at(made_at, ends_at));
}

#[test]
fn a_password_is_the_same_in_every_spelling() {
    let password = Password::parse("caf\u{e9} au lait, twice", &context(), NOBODY).unwrap();
    assert!(password.is("cafe\u{301} au lait, twice"));
    assert!(!password.is("Caf\u{e9} au lait, twice"));
}
