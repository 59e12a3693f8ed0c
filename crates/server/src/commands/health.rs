use std::process::ExitCode;

use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::connection::server;
use crate::cli::ServerOptions;
use crate::lifecycle::say;

pub(super) async fn run(options: &ServerOptions) -> anyhow::Result<ExitCode> {
    let server = server(options, None)?;
    let Ok(channel) = server.channel().await else {
        say(&format!("no server answers at {}\n", server.address()))?;
        return Ok(ExitCode::FAILURE);
    };
    let answer = HealthClient::new(channel).check(HealthCheckRequest::default()).await;
    let status = answer.map_or(ServingStatus::Unknown, |answer| answer.into_inner().status());
    say(&format!("{}\n", status.as_str_name()))?;
    Ok(if status == ServingStatus::Serving { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
