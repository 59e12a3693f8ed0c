//! One request over HTTP, as a browser or a program would send it.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// An answer.
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) location: Option<String>,
    pub(super) cookies: Vec<String>,
    pub(super) text: String,
}

/// Asks for a page of a host on this machine; with a form, posts that.
pub(super) async fn fetch(host: &str, path: &str, cookies: &str, form: Option<&str>) -> Page {
    let stream = TcpStream::connect(host).await.expect("the provider listens");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("the provider speaks HTTP");
    let mut request = Request::builder().method(if form.is_some() { "POST" } else { "GET" }).uri(path);
    request = request.header(HOST, host).header(COOKIE, cookies).header("connection", "close");
    if form.is_some() {
        request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let body = Full::new(Bytes::from(form.unwrap_or_default().to_owned()));
    let request = request.body(body).expect("a request of ours is one");
    let asked = async move {
        let response = sender.send_request(request).await.expect("the provider answers");
        let (head, body) = response.into_parts();
        (head, body.collect().await.expect("the answer is whole").to_bytes())
    };
    let ((head, body), _) = tokio::join!(asked, connection);
    let text = |value: &hyper::header::HeaderValue| value.to_str().expect("a header of the provider").to_owned();
    Page {
        status: head.status,
        location: head.headers.get(LOCATION).map(text),
        cookies: head.headers.get_all(SET_COOKIE).iter().map(text).collect(),
        text: String::from_utf8_lossy(&body).into_owned(),
    }
}
