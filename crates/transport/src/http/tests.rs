use std::future::pending;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::*;

/// What a client reads until the server closes the connection, and after how long that is. With the
/// clock paused, time passes by itself as soon as there is nothing to do.
async fn said_to(request: &str) -> (String, Duration) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = serve(listener, Health::not_serving().await, KeySet::default(), pending());
    let client = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let (started, mut answer) = (Instant::now(), String::new());
        stream.read_to_string(&mut answer).await.unwrap();
        (answer, started.elapsed())
    };
    tokio::select! {
        said = client => said,
        _ = server => unreachable!("the server goes on"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_says_nothing_or_half_a_request_is_cut_off() {
    for request in ["", "GET", "GET /livez HTTP/1.1\r\nHost: here\r\n", "PRI"] {
        let (answer, lasted) = said_to(request).await;
        assert_eq!((answer.as_str(), lasted.as_secs()), ("", MAX_HEADER_TIME.as_secs()), "{request:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_idle_after_its_answer_is_cut_off() {
    let (answer, lasted) = said_to("GET /livez HTTP/1.1\r\nHost: here\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok\n"), "{answer}");
    assert_eq!(lasted.as_secs(), MAX_HEADER_TIME.as_secs());
}
