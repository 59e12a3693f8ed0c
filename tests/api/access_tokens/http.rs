use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Asks the HTTP port, and gives head and body of the answer.
pub(super) async fn get(address: SocketAddr, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), body.to_owned())
}

/// The published keys.
pub(super) async fn key_set(address: SocketAddr) -> Vec<Value> {
    let (head, body) = get(address, "/.well-known/jwks.json").await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    let Value::Array(keys) = serde_json::from_str::<Value>(&body).unwrap()["keys"].take() else { panic!("{body}") };
    keys
}
