//! A database for each test, on SQLite and on PostgreSQL.
//!
//! SQLite is a file in a temporary folder. PostgreSQL is a database in a server that all tests of a
//! run share: the one that `VARCO_TEST_POSTGRES_URL` names, or a throwaway one, which the first test
//! that needs it starts and which stops by itself (see `throwaway`). `VARCO_TEST_BACKENDS=embedded`
//! leaves PostgreSQL out.

mod external;
mod programs;
mod throwaway;

use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;
use varco_persistence::{PostgresOptions, SeaStore};

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Backend {
    /// Whether this run is to test it.
    #[expect(clippy::disallowed_methods, reason = "tests are told by the environment what to run on")]
    pub fn is_wanted(self) -> bool {
        self == Self::Sqlite || std::env::var("VARCO_TEST_BACKENDS").as_deref() != Ok("embedded")
    }
}

/// What a test starts from, made anew on the database that it is to run on.
pub trait Fixture: Sized {
    /// Makes one.
    fn on(backend: Backend) -> impl Future<Output = Self> + Send;

    /// What is looked at when the test is over. It is asked for before the test, which takes the
    /// fixture, and keeps alive what it looks at.
    fn at_end(&self) -> impl Future<Output = ()> + Send + use<Self> {
        std::future::ready(())
    }
}

/// Makes of every test two, `name::sqlite` and `name::postgres`. The argument is any [`Fixture`].
#[macro_export]
macro_rules! on_every_database {
    ($($(#[$attribute:meta])* async fn $name:ident($fixture:ident: $kind:ty) $body:block)*) => {$(
        $(#[$attribute])*
        mod $name {
            use super::*;

            async fn check($fixture: $kind) $body

            async fn check_on(backend: $crate::databases::Backend) {
                if backend.is_wanted() {
                    let fixture = <$kind as $crate::databases::Fixture>::on(backend).await;
                    let at_end = $crate::databases::Fixture::at_end(&fixture);
                    check(fixture).await;
                    at_end.await;
                }
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                check_on($crate::databases::Backend::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                check_on($crate::databases::Backend::Postgres).await;
            }
        }
    )*};
}

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A SQLite file.
    Path(PathBuf),
    /// A PostgreSQL database.
    Url(String),
}

/// A database of one test. It goes when this is dropped.
pub struct TestDatabase {
    address: Address,
    place: Place,
}

/// What holds the database.
enum Place {
    Folder { _folder: TempDir },
    Server(external::Database),
}

impl Fixture for TestDatabase {
    async fn on(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => sqlite(),
            Backend::Postgres => postgres().await,
        }
    }
}

/// Makes an empty place for a SQLite store.
pub fn sqlite() -> TestDatabase {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let address = Address::Path(folder.path().join("varco.db"));
    TestDatabase { address, place: Place::Folder { _folder: folder } }
}

/// Makes a PostgreSQL database.
pub async fn postgres() -> TestDatabase {
    let created = tokio::task::spawn_blocking(external::Database::create).await;
    let database = created.expect("making a database does not panic").expect("PostgreSQL is there for tests");
    TestDatabase { address: Address::Url(database.url()), place: Place::Server(database) }
}

impl TestDatabase {
    /// Opens the store. On PostgreSQL several times, as several replicas would.
    pub async fn open(&self) -> Arc<SeaStore> {
        let opened = match &self.address {
            Address::Path(path) => SeaStore::open_sqlite(path).await,
            Address::Url(url) => SeaStore::connect_postgres(url, &PostgresOptions::default()).await,
        };
        Arc::new(opened.expect("the test's database opens"))
    }

    /// Where it is, for a server process.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The SQLite file, if it is one.
    pub fn path(&self) -> Option<&PathBuf> {
        match &self.address {
            Address::Path(path) => Some(path),
            Address::Url(_) => None,
        }
    }

    /// The address of the PostgreSQL database, if it is one.
    pub fn url(&self) -> Option<&str> {
        match &self.address {
            Address::Path(_) => None,
            Address::Url(url) => Some(url),
        }
    }

    /// Runs SQL behind the store's back, as no version of the program would.
    pub fn tamper(&self, sql: &str) {
        let done = match (&self.address, &self.place) {
            (_, Place::Server(database)) => database.run(sql),
            (Address::Path(path), _) => programs::sqlite(path, sql),
            (Address::Url(_), Place::Folder { .. }) => unreachable!("a folder holds a file"),
        };
        done.expect("the database takes the statement");
    }
}
