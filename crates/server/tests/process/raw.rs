//! HTTP/2 by hand, for requests that no client library would send.

use std::time::Duration;

use prost::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const GO_AWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// Makes one call and waits until it has ended, in whatever way.
pub(crate) async fn call(address: &str, path: &str, token: &str, message: &impl Message) {
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).await.unwrap();
    let authorization = format!("Bearer {token}");
    let headers = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path),
        (":authority", "localhost"),
        ("te", "trailers"),
        ("content-type", "application/grpc"),
        ("authorization", &authorization),
    ];
    let headers: Vec<u8> = headers.iter().flat_map(|(name, value)| literal(name, value)).collect();
    let message = message.encode_to_vec();
    let mut body = vec![0];
    body.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    body.extend(message);
    let mut bytes = PREFACE.to_vec();
    bytes.extend(frame(SETTINGS, 0, 0, &[]));
    bytes.extend(frame(HEADERS, END_HEADERS, 1, &headers));
    bytes.extend(frame(DATA, END_STREAM, 1, &body));
    stream.write_all(&bytes).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), end(&mut stream)).await.expect("the call ends");
}

/// A header field that is neither indexed nor compressed (RFC 7541 section 6.2.2).
fn literal(name: &str, value: &str) -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    [vec![0], text(name), text(value)].concat()
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Reads frames until the server has ended the stream or the connection.
async fn end(stream: &mut TcpStream) {
    let mut header = [0; 9];
    while stream.read_exact(&mut header).await.is_ok() {
        let length = usize::from(header[0]) << 16 | usize::from(header[1]) << 8 | usize::from(header[2]);
        let mut payload = vec![0; length];
        if stream.read_exact(&mut payload).await.is_err() {
            return;
        }
        let ends_stream = matches!(header[3], DATA | HEADERS) && header[4] & END_STREAM != 0;
        if ends_stream || matches!(header[3], RESET | GO_AWAY) {
            return;
        }
    }
}
