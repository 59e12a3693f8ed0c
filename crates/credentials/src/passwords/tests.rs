use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::SystemEntropy;

fn stronger() -> HashParameters {
    HashParameters::new(16, 2).unwrap()
}

fn master_key() -> MasterKey {
    // 32 bytes, 0 to 31.
    MasterKey::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap()
}

fn hashing(parameters: HashParameters) -> Hashing {
    Hashing { parameters, pepper: Pepper::new(&master_key()), entropy: Arc::new(SystemEntropy) }
}

fn secret(text: &str) -> PlainSecret {
    PlainSecret::new(text.to_owned())
}

/// Hashes and verifies in this thread.
struct Direct(Hashing);

impl Direct {
    fn new(parameters: HashParameters) -> Self {
        Self(hashing(parameters))
    }

    fn hash(&self, password: &str) -> PasswordHash {
        self.0.hash(&secret(password), &mut Vec::new())
    }

    fn verify(&self, stored: &PasswordHash, presented: &str) -> Verified {
        self.0.verify(Some(stored), &secret(presented), &mut Vec::new())
    }
}

#[test]
fn a_password_matches_its_hash_and_no_other() {
    let direct = Direct::new(HashParameters::FOR_TESTS);
    let stored = direct.hash("correct horse battery");

    assert_eq!(direct.verify(&stored, "correct horse battery"), Verified::Yes);
    for wrong in
        ["", "correct horse batter", "correct horse battery ", "Correct horse battery", "correct horse battery\0"]
    {
        assert_eq!(direct.verify(&stored, wrong), Verified::No, "{wrong:?}");
    }
}

#[test]
fn one_password_is_hashed_differently_each_time() {
    let direct = Direct::new(HashParameters::FOR_TESTS);

    assert_ne!(direct.hash("correct horse battery"), direct.hash("correct horse battery"));
}

#[test]
fn unicode_forms_of_one_password_are_the_same() {
    let direct = Direct::new(HashParameters::FOR_TESTS);
    let stored = direct.hash("caff\u{e8} ﬁno alle ４");

    for same in ["caffe\u{300} fino alle 4", "caff\u{e8} ﬁno alle ４", "ｃaffe\u{300} ﬁno alle 4"] {
        assert_eq!(direct.verify(&stored, same), Verified::Yes, "{same:?}");
    }
    assert_eq!(direct.verify(&stored, "caffe fino alle 4"), Verified::No);
}

#[test]
fn the_whole_password_counts() {
    let direct = Direct::new(HashParameters::FOR_TESTS);
    let longest = "\u{1f40e}".repeat(128);
    let stored = direct.hash(&longest);

    assert_eq!(direct.verify(&stored, &longest), Verified::Yes);
    assert_eq!(direct.verify(&stored, &longest[..longest.len() - 4]), Verified::No);
}

#[test]
fn what_is_too_long_to_be_a_password_never_matches() {
    let direct = Direct::new(HashParameters::FOR_TESTS);
    let endless = "x".repeat(100_000);

    for stored in [direct.hash(&endless), direct.hash("")] {
        assert_eq!(direct.verify(&stored, &endless), Verified::No);
    }
}

#[test]
fn nothing_matches_an_absent_hash() {
    let hashing = hashing(HashParameters::FOR_TESTS);

    for presented in ["", "x", "correct horse battery"] {
        assert_eq!(hashing.verify(None, &secret(presented), &mut Vec::new()), Verified::No);
    }
}

/// Otherwise a tag that happens to be the placeholder's would be a password for every absent account.
#[test]
fn not_even_the_tag_of_an_absent_hash_matches_it() {
    let hashing = hashing(HashParameters::FOR_TESTS);
    let Stored { parameters, salt, .. } = Stored::absent(HashParameters::FOR_TESTS);
    let keyed = hashing.pepper.apply("x").unwrap();
    let tag = *argon2id(parameters, &keyed, &salt, &mut Vec::new());

    assert_eq!(Direct(hashing).verify(&Stored { parameters, salt, tag }.write(), "x"), Verified::Yes);
}

#[test]
fn a_hash_made_with_less_matches_and_is_outdated() {
    let weak = Direct::new(HashParameters::FOR_TESTS).hash("correct horse battery");
    let strong = Direct::new(stronger());

    assert_eq!(strong.verify(&weak, "correct horse battery"), Verified::YesButOutdated);
    assert_eq!(strong.verify(&weak, "something else entirely"), Verified::No);
    assert_eq!(strong.verify(&strong.hash("correct horse battery"), "correct horse battery"), Verified::Yes);
}

#[test]
fn a_hash_made_with_more_matches_and_stays() {
    let strong = Direct::new(stronger()).hash("correct horse battery");
    let weak = Direct::new(HashParameters::FOR_TESTS);

    assert_eq!(weak.verify(&strong, "correct horse battery"), Verified::Yes);
}

#[test]
fn a_hash_of_another_installation_does_not_match() {
    let stored = Direct::new(HashParameters::FOR_TESTS).hash("correct horse battery");
    let pepper = Pepper::new(&MasterKey::generate(&SystemEntropy));
    let other = Direct(Hashing { pepper, ..hashing(HashParameters::FOR_TESTS) });

    assert_eq!(other.verify(&stored, "correct horse battery"), Verified::No);
}

#[test]
fn what_cannot_be_read_matches_nothing() {
    let direct = Direct::new(HashParameters::FOR_TESTS);
    let PasswordHash(whole) = direct.hash("x");
    let damaged = [
        whole.replace("pepper=1", "pepper=2"),
        whole.replace("pepper=1,", ""),
        whole.replace("pepper=1,form=nfkc", ""),
        whole.replace("form=nfkc", "form=none"),
        whole.replace("argon2id", "argon2i"),
        whole.replace("v=19", "v=16"),
        whole.replace("v=19$", ""),
        whole.replace("p=1", "p=2"),
        whole.replace("m=8", "m=7"),
        whole.replace("m=8", "m=4294967295"),
        whole.replace("t=1", "t=0"),
        whole.replace("t=1", "t=4294967295"),
        format!("{whole}A"),
        format!("{whole}$"),
        format!(" {whole}"),
    ];
    for text in damaged.into_iter().chain((0..whole.len()).map(|length| whole[..length].to_owned())) {
        assert_ne!(text, whole);
        assert_eq!(direct.verify(&PasswordHash(text.clone()), "x"), Verified::No, "{text}");
    }
    assert_eq!(direct.verify(&PasswordHash(whole), "x"), Verified::Yes);
}

/// Made by the reference implementation in C (argon2-cffi), over HMAC-SHA-256 and NFKC of Python.
#[test]
fn hashes_made_by_another_implementation_match() {
    let known = [
        ("correct horse battery", "m=8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$vYGJBACZfLIVs2wm9AHUyeBH7e/7uhlkVp80l46HauU"),
        (
            "cafe\u{300} \u{fb01}no alle \u{ff14}",
            "m=64,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$SNHAZQxj956XpfRD4t4t7rrIv5eBcOZvpz66FuzR+/w",
        ),
        ("483920", "m=19456,t=2,p=1$/////////////////////w$uOW3Lal37n9wqIYOYugDeraiA3k180NopT+1lsaK5uQ"),
    ];
    let direct = Direct::new(HashParameters::FOR_TESTS);
    for (password, hash) in known {
        let stored = PasswordHash(format!("pepper=1,form=nfkc$argon2id$v=19${hash}"));

        assert_eq!(direct.verify(&stored, password), Verified::Yes, "{password}");
        assert_eq!(direct.verify(&stored, &password[1..]), Verified::No, "{password}");
    }
}

#[test]
fn the_stored_text_says_how_it_was_made() {
    let Stored { parameters, salt, tag } = Stored::absent(HashParameters::PRODUCTION);
    let PasswordHash(text) = Stored { parameters, salt, tag }.write();

    let expected = "pepper=1,form=nfkc$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(text, expected);
}

#[test]
fn debug_shows_no_secret() {
    let hasher = Argon2Passwords::start(HashParameters::FOR_TESTS, &master_key(), Arc::new(SystemEntropy));
    let stored = Direct::new(HashParameters::FOR_TESTS).hash("canary");

    assert_eq!(format!("{hasher:?}"), "Argon2Passwords([redacted])");
    assert_eq!(format!("{stored:?}"), "PasswordHash");
    assert_eq!(format!("{:?}", secret("canary")), "PlainSecret([redacted])");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn only_what_was_hashed_matches(chosen in "\\PC{0,40}", presented in "\\PC{0,40}") {
        let direct = Direct::new(HashParameters::FOR_TESTS);
        let stored = direct.hash(&chosen);
        let same = chosen.nfkc().eq(presented.nfkc());

        prop_assert_eq!(direct.verify(&stored, &chosen), Verified::Yes);
        prop_assert_eq!(direct.verify(&stored, &presented) == Verified::Yes, same);
    }

    #[test]
    fn any_stored_text_is_read_without_panic(text in "(pepper=1,form=nfkc)?(\\$argon2id)?(\\$v=19)?[$=,\\PC]{0,60}") {
        let direct = Direct::new(HashParameters::FOR_TESTS);

        prop_assert_eq!(direct.verify(&PasswordHash(text), "x"), Verified::No);
    }
}
