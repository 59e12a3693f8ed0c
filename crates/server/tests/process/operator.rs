//! The first operator.

use std::sync::Arc;
use std::time::Duration;

use varco_credentials::{MasterKey, SystemEntropy, TokenScope};
use varco_outbound::Reach;
use varco_server::operator::{MissingFile, ensure_operator};
use varco_server::wiring::{assemble, system_parts};
use varco_testkit::RecordingMailer;
use varco_testkit::databases::TestDatabase;
use varco_testkit::on_every_database;

use crate::binary::Place;

on_every_database! {
    async fn of_servers_that_start_at_once_one_writes_the_credential(database: TestDatabase) {
        let place = Place::new();
        let key = MasterKey::generate(&SystemEntropy);
        let scope = TokenScope { issuer: "https://varco.test".to_owned(), audience: "varco".to_owned() };
        let mailer = Arc::new(RecordingMailer::default());
        let parts = system_parts(database.open().await, &key, scope, mailer, Reach::Public, Duration::from_secs(10));
        let env = assemble(parts).await.unwrap().env;
        let start = |name: &str| {
            let (env, path) = (env.clone(), place.path(name));
            async move { ensure_operator(&env, &path, "http://localhost", MissingFile::Leave).await.unwrap().is_some() }
        };
        let written = tokio::join!(start("one"), start("two"), start("three"));

        let written = [written.0, written.1, written.2];
        assert_eq!(written.iter().filter(|is_written| **is_written).count(), 1, "{written:?}");
        let exist = ["one", "two", "three"].map(|name| place.path(name).exists());
        assert_eq!(exist, written);
    }
}
