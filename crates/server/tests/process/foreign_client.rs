//! The README's check by a client that nobody here wrote and that knows no contract: it asks the
//! server for it, by reflection.

use std::path::PathBuf;
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::binary::Place;

/// Where `tests/install` puts it.
fn buf() -> PathBuf {
    let repository = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let buf = repository.join("target/tools/bin/buf");
    assert!(buf.exists(), "there is no {}: tests/install brings it", buf.display());
    buf
}

#[tokio::test]
async fn a_foreign_client_asks_by_reflection() {
    let place = Place::new();
    let server = place.start(&[]).await;
    let text = |output: std::process::Output| String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let question = ["check", "--print-request", "giulia.rossi", "privacy:register.edit", "Milan"];
    let request = text(place.run(&question).await);
    let token = text(place.run(&["token"]).await);

    for (bearer, expected) in [(token.as_str(), "\"allowed\": true"), ("none", "unauthenticated")] {
        let answer = curl(&format!("http://{}", server.grpc()), bearer, &request).await;
        assert!(answer.contains(expected), "{answer}");
    }
    assert!(server.stop().await.0.success());
}

/// All that `buf curl` says of a call.
async fn curl(address: &str, bearer: &str, request: &str) -> String {
    let mut curl = Command::new(buf());
    curl.args(["curl", "--protocol", "grpc", "--http2-prior-knowledge", "--data", "@-", "--header"])
        .arg(format!("authorization: Bearer {bearer}"))
        .arg(format!("{address}/varco.v1.AccessService/Check"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut curl = curl.spawn().unwrap();
    curl.stdin.take().unwrap().write_all(request.as_bytes()).await.unwrap();
    let output = curl.wait_with_output().await.unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
