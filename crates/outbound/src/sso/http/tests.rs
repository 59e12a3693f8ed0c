use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

async fn get(reach: Reach, plain: Plain, url: &str) -> Result<HttpResponse, HttpFailure> {
    let request = Request::builder().uri(url).body(Vec::new()).unwrap();
    HttpClient::new(reach).send(request, plain).await
}

/// Answers one request with these bytes and then says nothing more.
async fn answer(listener: TcpListener, bytes: &[u8]) -> TcpStream {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut head = [0; 1024];
    assert!(stream.read(&mut head).await.unwrap() > 0);
    stream.write_all(bytes).await.unwrap();
    stream
}

async fn got(bytes: &[u8]) -> Result<HttpResponse, HttpFailure> {
    let (listener, address) = listener().await;
    let url = format!("http://{address}/");
    let (got, _stream) = tokio::join!(get(Reach::Private, Plain::OnThisMachine, &url), answer(listener, bytes));
    got
}

/// Time stands still but for who waits for it alone.
#[tokio::test(start_paused = true)]
async fn who_does_not_answer_or_does_not_end_is_not_waited_for() {
    let late = Err(HttpFailure("no answer in time"));
    assert_eq!(got(b"").await.map(drop), late);
    assert_eq!(got(b"HTTP/1.1 200 OK\r\n").await.map(drop), late);
    assert_eq!(got(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await.map(drop), late);
}

#[tokio::test]
async fn an_answer_is_given_whole_whatever_its_status() {
    let response =
        got(b"HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/\r\ncontent-length: 2\r\n\r\nok").await.unwrap();
    assert_eq!((response.status().as_u16(), response.body().as_slice()), (302, b"ok".as_slice()));
}

#[tokio::test]
async fn an_answer_has_bounds() {
    let size = MAX_BODY_BYTES + 1;
    let long = [format!("HTTP/1.1 200 OK\r\ncontent-length: {size}\r\n\r\n").into_bytes(), vec![b'a'; size]].concat();
    assert_eq!(got(&long).await.map(drop), Err(HttpFailure("an answer that is too large")));
    let head = [b"HTTP/1.1 200 OK\r\nx: ".to_vec(), vec![b'a'; 2 * MAX_HEAD_BYTES]].concat();
    assert_eq!(got(&head).await.map(drop), Err(HttpFailure("no HTTP answer")));
}

#[tokio::test]
async fn nothing_is_sent_where_it_may_not_go() {
    let (listener, address) = listener().await;
    let url = format!("http://{address}/");
    let private = "an address that this installation does not let the server talk to";
    let refused = get(Reach::Public, Plain::OnThisMachine, &url).await;
    assert_eq!(refused.map(drop), Err(HttpFailure(private)));
    let name = format!("http://localhost:{}/", address.port());
    assert_eq!(get(Reach::Public, Plain::OnThisMachine, &name).await.map(drop), Err(HttpFailure(private)));

    let plain = Err(HttpFailure("an address without encryption"));
    assert_eq!(get(Reach::Private, Plain::Never, &url).await.map(drop), plain);
    assert_eq!(get(Reach::Private, Plain::OnThisMachine, "http://10.0.0.1/").await.map(drop), plain);
    assert_eq!(get(Reach::Private, Plain::OnThisMachine, "http://localhost.example/").await.map(drop), plain);
    drop(listener);
    assert_eq!(get(Reach::Private, Plain::OnThisMachine, &url).await.map(drop), Err(HttpFailure("no connection")));
}

#[tokio::test]
async fn what_speaks_no_tls_is_not_spoken_to() {
    let (listener, address) = listener().await;
    let url = format!("https://{address}/");
    let plain = answer(listener, b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let (got, _stream) = tokio::join!(get(Reach::Private, Plain::Never, &url), plain);
    assert!(got.is_err());
}
