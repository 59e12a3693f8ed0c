use std::time::Duration;

use varco_domain::{Id, Kind};

use super::*;
use crate::{AeadVault, MasterKey, SystemEntropy};

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
const SECOND: Duration = Duration::from_secs(1);

fn tokens_of(issuer: &str, audience: &str, master_key: &MasterKey) -> JwtAccessTokens {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let vault = Arc::new(AeadVault::new(master_key, Arc::clone(&entropy)));
    JwtAccessTokens::new(TokenScope { issuer: issuer.to_owned(), audience: audience.to_owned() }, vault, entropy)
}

fn tokens() -> JwtAccessTokens {
    tokens_of("https://varco.test", "varco", &MasterKey::generate(&SystemEntropy))
}

fn id<K: Kind>(number: u8) -> Id<K> {
    Id::generate(NOW, [number; 10])
}

fn claims() -> Claims {
    Claims {
        user: id(1),
        session: id(2),
        organization: id(3),
        id: uuid::Builder::from_random_bytes([4; 16]).into_uuid(),
        issued_at: NOW,
        expires_at: NOW.plus(SECOND * 300),
    }
}

fn parts(token: &PlainSecret) -> Vec<String> {
    let decode = |part: &str| String::from_utf8_lossy(&URL_SAFE_NO_PAD.decode(part).unwrap()).into_owned();
    token.expose().split('.').map(decode).collect()
}

#[test]
fn what_was_signed_verifies() {
    let tokens = tokens();
    let (one, other) = (tokens.generate_key(), tokens.generate_key());
    let token = tokens.sign(&other, &claims()).unwrap();

    assert_eq!(tokens.verify(&[&one, &other], token.expose(), NOW), Ok(claims()));
    assert_eq!(tokens.verify(&[&one], token.expose(), NOW), Err(TokenRefused::UnknownKey));
}

#[test]
fn header_and_claims_are_spelled_like_this() {
    let tokens = tokens();
    let key = tokens.generate_key();
    let parts = parts(&tokens.sign(&key, &claims()).unwrap());

    assert_eq!(parts[0], format!(r#"{{"typ":"at+jwt","alg":"EdDSA","kid":"{}"}}"#, key.id));
    let (user, session, organization) = (claims().user, claims().session, claims().organization);
    let expected = format!(
        r#"{{"iss":"https://varco.test","aud":"varco","sub":"{user}","sid":"{session}","org":"{organization}","jti":"04040404-0404-4404-8404-040404040404","iat":1800000000,"nbf":1800000000,"exp":1800000300}}"#
    );
    assert_eq!(parts[1], expected);
}

#[test]
fn a_token_works_from_its_beginning_to_its_end_give_or_take_five_seconds() {
    let tokens = tokens();
    let key = tokens.generate_key();
    let token = tokens.sign(&key, &claims()).unwrap();
    let works_at = |now: Timestamp| tokens.verify(&[&key], token.expose(), now).is_ok();
    let moment = Duration::from_micros(1);
    let (begin, end) = (NOW.minus(SECOND * 5), claims().expires_at.plus(SECOND * 5));

    assert!(works_at(begin) && works_at(end.minus(moment)));
    assert!(!works_at(begin.minus(moment)) && !works_at(end));
    assert!(!works_at(Timestamp::from_micros(i64::MIN)) && !works_at(Timestamp::from_micros(i64::MAX)));
}

#[test]
fn another_issuer_audience_or_installation_takes_no_token_of_ours() {
    let master_key = MasterKey::generate(&SystemEntropy);
    let ours = tokens_of("https://varco.test", "varco", &master_key);
    let key = ours.generate_key();
    let token = ours.sign(&key, &claims()).unwrap();
    for (issuer, audience) in [
        ("https://varco.test", "other"),
        ("https://varco.test", "varco2"),
        ("https://varco.test", ""),
        ("https://other.test", "varco"),
        ("https://varco.test/", "varco"),
        ("https://varco.tes", "varco"),
    ] {
        let other = tokens_of(issuer, audience, &master_key);
        assert_eq!(other.verify(&[&key], token.expose(), NOW), Err(TokenRefused::Invalid), "{issuer} {audience}");
    }
    let elsewhere = tokens();
    assert_eq!(elsewhere.check(&key), Err(KeyUnusable));
    assert!(elsewhere.sign(&key, &claims()).is_err());
}

#[test]
fn a_sealed_key_belongs_to_what_is_published() {
    let tokens = tokens();
    let (one, other) = (tokens.generate_key(), tokens.generate_key());
    assert_eq!((one.public.len(), one.id.len()), (32, 43));
    assert_ne!(one.id, other.id);
    assert_eq!(tokens.check(&one), Ok(()));

    let mixed = [
        SealedKey { id: other.id.clone(), ..one.clone() },
        SealedKey { public: other.public.clone(), ..one.clone() },
        SealedKey { sealed_private: other.sealed_private.clone(), ..one.clone() },
        SealedKey { sealed_private: Vec::new(), ..one },
    ];
    for key in mixed {
        assert_eq!(tokens.check(&key), Err(KeyUnusable));
    }
}

#[test]
fn a_public_key_that_is_none_verifies_nothing() {
    let tokens = tokens();
    let key = tokens.generate_key();
    let token = tokens.sign(&key, &claims()).unwrap();
    for public in [Vec::new(), vec![0; 31], vec![0; 32], vec![0xff; 32], vec![0; 33]] {
        let key = SealedKey { public, ..key.clone() };
        assert_eq!(tokens.verify(&[&key], token.expose(), NOW), Err(TokenRefused::Invalid));
    }
}

#[test]
fn a_token_is_taken_as_it_was_written_alone() {
    let tokens = tokens();
    let key = tokens.generate_key();
    let token = tokens.sign(&key, &claims()).unwrap();
    let text = token.expose();
    let is_refused = |text: &str| tokens.verify(&[&key], text, NOW).is_err();
    for length in 0..text.len() {
        assert!(is_refused(&text[..length]), "{length} characters");
    }
    for place in 0..text.len() {
        for bit in 0..7 {
            let mut changed = text.as_bytes().to_vec();
            changed[place] ^= 1 << bit;
            assert!(is_refused(std::str::from_utf8(&changed).unwrap()), "bit {bit} of {place}");
        }
    }
    let variants = [
        format!("{text}="),
        format!("{text}=="),
        format!("{text}A"),
        format!("{text}."),
        format!(".{text}"),
        format!("{text}\n"),
        format!(" {text}"),
        text.to_uppercase(),
        text.to_lowercase(),
        text.replacen('.', "=.", 1),
        text.replace('.', ""),
        text.replace('.', ".."),
        text.replace('_', "/").replace('-', "+") + "=",
    ];
    for variant in variants {
        assert!(is_refused(&variant), "{variant}");
    }
    assert!(!is_refused(text), "the control");
}

#[test]
fn what_is_long_or_deep_is_refused() {
    let tokens = tokens();
    let key = tokens.generate_key();
    let deep = |inner: &str| format!("{}{}", r#"{"kid":"#, inner.repeat(500));
    for text in [
        "a".repeat(1 << 20),
        ".".repeat(10_000),
        ".".repeat(4096),
        format!("{}.{}.a", URL_SAFE_NO_PAD.encode(deep("[")), URL_SAFE_NO_PAD.encode(deep("["))),
        format!("{}.{}.a", URL_SAFE_NO_PAD.encode(deep(r#"{"a":"#)), URL_SAFE_NO_PAD.encode("{}")),
    ] {
        assert_eq!(tokens.verify(&[&key], &text, NOW), Err(TokenRefused::Invalid));
    }
}

#[test]
fn debug_shows_no_secret() {
    let tokens = tokens();
    let key = tokens.generate_key();

    assert_eq!(format!("{key:?}"), format!("SealedKey({})", key.id));
    assert!(format!("{tokens:?}").contains("https://varco.test"));
}
