//! How much memory an idle server takes.

use varco_testkit::{ServerProcess, on_every_database};

const MAX_IDLE_BYTES: u64 = 60 * 1024 * 1024;

on_every_database! {
    async fn an_idle_server_stays_under_60_megabytes(process: ServerProcess) {
        process.organization("idle").await;
        let resident = process.resident_bytes().await;

        assert!(resident < MAX_IDLE_BYTES, "{resident} bytes are resident");
    }
}
