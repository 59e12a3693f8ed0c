use std::fmt::Write as _;
use std::io;

use super::programs::psql;
use super::throwaway;

/// A database in a PostgreSQL server. It is dropped with this.
pub(super) struct Database {
    server: Server,
    name: String,
}

/// A server that tests make databases in.
struct Server {
    /// Of a database to run statements about databases in.
    url: String,
    /// A database to copy, which has the tables already.
    template: Option<String>,
}

impl Server {
    /// The server that the environment names, or a throwaway one.
    #[expect(clippy::disallowed_methods, reason = "tests are told by the environment what to run on")]
    fn find() -> io::Result<Self> {
        if let Ok(url) = std::env::var("VARCO_TEST_POSTGRES_URL") {
            return Ok(Self { url, template: None });
        }
        let url = throwaway::server()?;
        let template = throwaway::template(&url)?;
        Ok(Self { url, template: Some(template) })
    }
}

impl Database {
    /// Makes one.
    pub(super) fn create() -> io::Result<Self> {
        let server = Server::find()?;
        let name = unused_name()?;
        let template = server.template.as_deref().unwrap_or("template1");
        psql(&server.url, &format!("CREATE DATABASE {name} TEMPLATE {template}"))?;
        Ok(Self { server, name })
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        with_database(&self.server.url, &self.name)
    }

    /// Runs SQL in it.
    pub(super) fn run(&self, sql: &str) -> io::Result<String> {
        psql(&self.url(), sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A database that stays is not what the test is about.
        let _ = psql(&self.server.url, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// The address of another database of the same server.
pub(super) fn with_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').map_or((url, None), |(address, options)| (address, Some(options)));
    let host_at = address.find("//").map_or(0, |at| at + 2);
    let end = address[host_at..].find('/').map_or(address.len(), |at| host_at + at);
    let mut other = format!("{}/{name}", &address[..end]);
    if let Some(options) = options {
        let _ = write!(other, "?{options}");
    }
    other
}

/// Processes that run at a time do not know of each other, so the name is random.
fn unused_name() -> io::Result<String> {
    use std::io::Read as _;
    let mut random = [0; 8];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut random)?;
    Ok(format!("varco_test_{:016x}", u64::from_ne_bytes(random)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_all_but_its_database() {
        assert_eq!(with_database("postgres://a:b@c:5/d?sslmode=disable", "e"), "postgres://a:b@c:5/e?sslmode=disable");
        assert_eq!(with_database("postgres://c", "e"), "postgres://c/e");
        assert_eq!(
            with_database("postgres://varco@localhost/d?host=/tmp/x", "e"),
            "postgres://varco@localhost/e?host=/tmp/x"
        );
    }
}
