//! Tokens that somebody forged, bent or found somewhere else. The server takes none of them.

use serde_json::{Value, json};
use varco_proto::v1;
use varco_testkit::{TestServer, on_every_database};

use super::forge::{Forge, decode, encode, signed_part};
use super::{TOKEN_INVALID, probe, sign_in};
use crate::calls::refusal;

type Vector = (String, String);

fn named(name: impl Into<String>, token: String) -> Vector {
    (name.into(), token)
}

/// Signed as it should be, with a header that is not what it should be.
fn bent_headers(forge: &Forge) -> Vec<Vector> {
    let claims = forge.claims().to_string();
    let signed = |name: &str, value: Value| {
        named(format!("header {name}: {value}"), forge.sign(&forge.header_with(name, value), &claims))
    };
    let mut vectors = vec![
        signed("typ", json!("JWT")),
        signed("typ", json!("at+JWT")),
        signed("typ", json!("application/at+jwt")),
        signed("typ", json!("logout+jwt")),
        signed("typ", Value::Null),
        signed("typ", json!(["at+jwt"])),
        signed("alg", json!("none")),
        signed("alg", json!("eddsa")),
        signed("alg", json!("Ed25519")),
        signed("alg", json!("HS256")),
        signed("alg", json!("RS256")),
        signed("alg", json!("ES256")),
        signed("alg", Value::Null),
        signed("kid", Value::Null),
        signed("kid", json!("")),
        signed("kid", json!("../../../../dev/null")),
        signed("kid", json!("' OR 1=1 --")),
        signed("kid", json!([forge.key_id])),
        signed("kid", json!(format!("{}\u{0}", forge.key_id))),
        signed("jku", json!("https://attacker.test/jwks.json")),
        signed("x5u", json!("https://attacker.test/x5u.pem")),
        signed("x5c", json!(["MIIB"])),
        signed("jwk", forge.strange_jwk()),
        signed("crit", json!(["exp"])),
        signed("crit", json!([])),
        signed("b64", json!(false)),
        signed("cty", json!("JWT")),
        signed("zip", json!("DEF")),
        signed("enc", json!("A256GCM")),
    ];
    let doubled = |field: &str| forge.header().to_string().replacen('{', &format!("{{{field},"), 1);
    for field in [r#""alg":"none""#, r#""alg":"EdDSA""#, r#""typ":"JWT""#, r#""kid":"other""#] {
        vectors.push(named(format!("header {field} as well"), forge.sign(&doubled(field), &claims)));
    }
    vectors
}

/// Signed as it should be, with claims that are not what they should be.
fn bent_claims(forge: &Forge) -> Vec<Vector> {
    let header = forge.header().to_string();
    let now = forge.now;
    let id = |prefix: &str| json!(format!("{prefix}_01kagbbbbbfbbvbbbbbbbbbbbb"));
    let mut bent = Vec::new();
    for name in ["iss", "aud", "sub", "sid", "org", "jti", "iat", "nbf", "exp"] {
        let values = [Value::Null, json!([]), json!({}), json!(""), json!(true), json!(1.5), json!([null])];
        bent.extend(values.map(|value| (name, value)));
    }
    for name in ["iat", "nbf", "exp"] {
        let texts = [(now + 300).to_string(), "never".to_owned()];
        bent.extend(texts.map(|text| (name, json!(text))));
        bent.extend(
            [json!(-1), json!(i64::MAX), json!(u64::MAX), json!(1e300), json!(1.8e9), json!([now])]
                .map(|value| (name, value)),
        );
    }
    bent.extend([
        ("exp", json!(now - 6)),
        ("exp", json!(now + 3601)),
        ("exp", json!(now + 86_400 * 365)),
        ("nbf", json!(now + 6)),
        ("iat", json!(now + 6)),
        ("iat", json!(now - 3600)),
        ("iss", json!(["https://varco.test"])),
        ("iss", json!("https://varco.test/")),
        ("iss", json!("https://varco.test.attacker.test")),
        ("iss", json!("HTTPS://VARCO.TEST")),
        ("iss", json!("https://varc\u{43e}.test")),
        ("iss", json!("http://varco.test")),
        ("aud", json!("Varco")),
        ("aud", json!("varco ")),
        ("aud", json!("varco\u{200b}")),
        ("aud", json!(["other"])),
        ("aud", json!([["varco"]])),
        ("aud", json!({ "varco": true })),
        ("aud", json!("varco other")),
        ("sub", id("sa")),
        ("sub", id("user")),
        ("sub", json!([forge.claims()["sub"]])),
        ("sub", json!(forge.claims()["sub"].as_str().unwrap().to_uppercase())),
        ("sid", id("session")),
        ("sid", json!(format!("{} ", forge.claims()["sid"].as_str().unwrap()))),
        ("org", id("org")),
        ("jti", json!("04040404040444048404040404040404")),
        ("jti", json!("{04040404-0404-4404-8404-040404040404}")),
    ]);
    let signed = |(name, value): (&str, Value)| {
        named(format!("{name}: {value}"), forge.sign(&header, &forge.claims_with(name, value)))
    };
    bent.into_iter().map(signed).collect()
}

/// Claims that are no object, or not only one.
fn bent_json(forge: &Forge) -> Vec<Vector> {
    let (header, claims) = (forge.header().to_string(), forge.claims().to_string());
    let doubled = |field: String| claims.replacen('{', &format!("{{{field},"), 1);
    let mut texts = vec![String::new(), "null".to_owned(), "[]".to_owned(), "\"text\"".to_owned(), "{}".to_owned()];
    let fields = forge.claims();
    let in_order = ["iss", "aud", "sub", "sid", "org", "jti", "iat", "nbf", "exp"].map(|name| fields[name].clone());
    texts.push(json!(in_order).to_string());
    texts.push(format!("{claims}{claims}"));
    texts.push(format!("{claims} x"));
    texts.push(format!(" {claims}"));
    texts.push(format!("\u{feff}{claims}"));
    texts.push(claims.replace('}', ",}"));
    texts.push(claims.replace('"', "'"));
    texts.push(doubled(format!(r#""exp":{}"#, forge.now + 3000)));
    texts.push(doubled(r#""aud":"varco""#.to_owned()));
    texts.push(doubled(r#""s\u0075b":"x""#.to_owned()));
    let mut vectors: Vec<Vector> =
        texts.into_iter().map(|text| named(format!("claims {text}"), forge.sign(&header, &text))).collect();
    for text in ["", "null", "[]", r#"["at+jwt","EdDSA","key"]"#, "{}"] {
        vectors.push(named(format!("header {text}"), forge.sign(text, &claims)));
    }
    vectors
}

/// Everything is right but the signature.
fn bent_signatures(forge: &Forge) -> Vec<Vector> {
    let (header, claims) = (forge.header().to_string(), forge.claims().to_string());
    let with_alg = |alg: &str| forge.header_with("alg", json!(alg));
    let unsigned = signed_part(&header, &claims);
    let embedded = forge.header_with("jwk", forge.strange_jwk());
    let mut vectors = vec![
        named("signed by a stranger", forge.sign_as_stranger(&header, &claims)),
        named("signed by a key of its own", forge.sign_as_stranger(&embedded, &claims)),
        named("signed by an unknown key", forge.sign(&forge.header_with("kid", json!("A".repeat(43))), &claims)),
        named("no signature", format!("{unsigned}.")),
        named("no signature and no dot", unsigned.clone()),
        named("an HMAC with the public key", forge.sign_with_public_key(&with_alg("HS256"), &claims)),
        named("an HMAC with the public key, as EdDSA", forge.sign_with_public_key(&header, &claims)),
    ];
    for alg in ["none", "None", "NONE", "nOnE"] {
        vectors.push(named(format!("alg {alg}"), format!("{}.", signed_part(&with_alg(alg), &claims))));
    }
    for (name, bytes) in
        [("zeros", vec![0; 64]), ("ones", vec![0xff; 64]), ("short", vec![1; 63]), ("long", vec![1; 65])]
    {
        vectors.push(named(format!("a signature of {name}"), format!("{unsigned}.{}", encode(&bytes))));
    }
    // Half of one good token, half of another.
    let other = forge.sign(&header, &forge.claims_with("exp", json!(forge.now + 299)));
    let (_, foreign) = other.rsplit_once('.').unwrap();
    vectors.push(named("the signature of another token", format!("{unsigned}.{foreign}")));
    // The order of the curve added to a good signature: the same point, written differently.
    vectors.push(named("a signature beyond the order", beyond_the_order(&forge.good())));
    vectors
}

/// Adds the order of the curve to the second half of a signature.
fn beyond_the_order(token: &str) -> String {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let mut bytes = decode(signature);
    let mut carry = 0;
    for (byte, order) in bytes[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    format!("{signed}.{}", encode(&bytes))
}

/// No JWS in its compact form.
fn other_forms(forge: &Forge, service_token: &str) -> Vec<Vector> {
    let good = forge.good();
    let parts: Vec<&str> = good.split('.').collect();
    let flattened = json!({ "protected": parts[0], "payload": parts[1], "signature": parts[2] }).to_string();
    vec![
        named("five parts, as a JWE has", format!("{good}.e.e")),
        named("four parts", format!("{good}.e")),
        named("JSON", flattened),
        named("dots", ".".repeat(3)),
        named("ten thousand dots", ".".repeat(10_000)),
        named(
            "more than 4 KiB of a good token",
            forge.sign(&forge.header().to_string(), &forge.claims_with("x", json!("a".repeat(4096)))),
        ),
        named("padded", format!("{good}=")),
        named("with a line end within", good.replacen('.', ".\t", 1)),
        named("in the other alphabet", good.replace('-', "+").replace('_', "/") + "="),
        named("a good one twice", format!("{good}.{good}")),
        named("two tokens", format!("{good}, {service_token}")),
        named("a service account's token as the signature", format!("{}.{}.{service_token}", parts[0], parts[1])),
        named("a service account's token with dots", format!("{service_token}..")),
        named("nothing", String::new()),
    ]
}

on_every_database! {
    async fn no_hostile_token_is_taken(server: TestServer) {
        let mine = server.organization("mine").await;
        let anna = sign_in(&server, &mine, "anna", v1::BackOfficeLevel::Admin).await;
        let forge = Forge::of(&server, &mine, &anna).await;
        let vectors = [
            bent_headers(&forge),
            bent_claims(&forge),
            bent_json(&forge),
            bent_signatures(&forge),
            other_forms(&forge, &mine.token),
        ];
        let mut refused = 0;
        for (name, token) in vectors.concat() {
            let outcome = probe(&mine.with_token(&token)).await;
            assert!(outcome.is_err(), "{name} was taken: {token}");
            assert_eq!(refusal(outcome), TOKEN_INVALID, "{name}");
            refused += 1;
        }
        assert!(refused >= 150, "only {refused} tokens were tried");
    }
}

on_every_database! {
    /// The control: the forge makes tokens that work, also in the spellings that the standard allows.
    async fn control_a_good_token_is_taken(server: TestServer) {
        let mine = server.organization("mine").await;
        let anna = sign_in(&server, &mine, "anna", v1::BackOfficeLevel::None).await;
        let forge = Forge::of(&server, &mine, &anna).await;
        let header = forge.header().to_string();
        let good = [
            forge.good(),
            anna.actor.token.clone(),
            forge.sign(&header, &forge.claims_with("aud", json!(["other", "varco"]))),
            forge.sign(&header, &forge.claims_with("exp", json!(forge.now + 1))),
            forge.sign(&header, &forge.claims_with("nbf", json!(forge.now + 5))),
            forge.sign(&header, &forge.claims_with("later", json!({ "version": [1] }))),
        ];
        for token in good {
            assert!(probe(&mine.with_token(&token)).await.unwrap(), "{token}");
        }
    }
}
