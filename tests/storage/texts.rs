//! Case, accents and order: names are equal by one canonical form, on both databases alike.

use varco_domain::*;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::world::*;

on_every_database! {
    async fn names_are_equal_by_their_folded_form_alone(database: TestDatabase) {
        let store = database.open().await;
        let tenant = tenant(&store, "Acme").await;
        // Each pair is one name, or two.
        let pairs = [
            ("Foo", "FOO", false),
            ("Foo", "foo ", false),
            ("Caf\u{e9}", "Cafe\u{301}", false),
            ("\u{ff26}oo2", "foo2", false),
            ("Stra\u{df}e", "STRASSE", false),
            ("\u{3a3}\u{3af}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c2}", "\u{3a3}\u{38a}\u{3a3}\u{3a5}\u{3a6}\u{39f}\u{3a3}", false),
            ("Cafe", "Caf\u{e9}", true),
            ("a_b", "axb", true),
            ("a%", "ab", true),
            ("I", "\u{131}", true),
        ];
        for (name, other, are_two) in pairs {
            let above = unit(tenant.id(), Some(&tenant.root), &format!("above {}", count()));
            commit!(store, |work| work.units().insert(&above), work.units().insert(&unit(tenant.id(), Some(&above), name)));
            let inserted = attempt!(store, |work| work.units().insert(&unit(tenant.id(), Some(&above), other)));
            let expected = if are_two { Ok(()) } else { Err("Duplicate(UnitName)".to_owned()) };
            assert_eq!(inserted, expected, "{name} and {other}");
        }
    }

    async fn logins_and_emails_are_equal_by_their_folded_form_alone(database: TestDatabase) {
        let store = database.open().await;
        let home = tenant(&store, "Home").await.id();
        member(&store, home, "foo").await;

        for other in ["FOO", "Foo", "\u{ff46}oo"] {
            let same = User { email: Email::parse("x@example.org").unwrap(), ..user(home, "other") };
            let same = User { username: username(other), ..same };
            let inserted = attempt!(store, |work| work.users().insert(&same));
            assert_eq!(inserted, Err("Duplicate(Username)".to_owned()), "{other}");
        }
        for other in ["FOO@example.org", "foo@EXAMPLE.ORG", "\u{ff46}oo@example.org"] {
            let email = Email::parse(other).unwrap();
            let inserted = attempt!(store, |work| work.users().insert(&User { email: email.clone(), ..user(home, "other") }));
            assert_eq!(inserted, Err("Duplicate(Email)".to_owned()), "{other}");
            assert!(read(&store).await.users().find_by_email(&email).await.unwrap().is_some(), "{other}");
        }
    }

    async fn identifiers_are_told_apart_by_case(database: TestDatabase) {
        let store = database.open().await;
        for subject in ["Foo", "foo", "FOO"] {
            commit!(store, |work| work.log().append(&mut [event(None, EventKind::UserCreated, &[("user", subject)])]));
        }
        let filter = varco_application::storage::EventFilter { subject: Some("foo".to_owned()), ..Default::default() };
        let found = read(&store).await.log().search(&filter, None, 10).await.unwrap().items;
        assert_eq!(found.iter().map(|event| event.revision.get()).collect::<Vec<_>>(), [2]);
    }

    async fn texts_and_instants_read_back_exactly(database: TestDatabase) {
        let store = database.open().await;
        let acme = tenant(&store, "Acme").await.id();
        let texts = ["\u{1f469}\u{1f3fd}", "\u{5d0}\u{5d1}", "'; DROP TABLE roles; --", "$1 ? \\ \" {}", "e\u{301}x"];
        let instants = [i64::MIN, -1, 0, 1, 1_763_836_799_999_999, i64::MAX];
        for text in texts {
            for micros in instants {
                let role = Role { created_at: Timestamp::from_micros(micros), ..role(acme, &format!("{text}{micros}")) };
                commit!(store, |work| work.roles().insert(&role));
                assert_eq!(read(&store).await.roles().find(acme, role.id).await.unwrap(), Some(role));
            }
        }
    }
}
