//! SIGTERM: tell, finish, end.

use std::time::{Duration, Instant};

use tonic::{Code, Status};
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use varco_client::v1::{CreateUnitRequest, WatchRequest};
use varco_testkit::{OrganizationActor, ServerProcess, on_every_database, status_text};

/// What a drain of a server with nothing to do may take.
const PROMPT: Duration = Duration::from_secs(3);

on_every_database! {
    async fn an_open_watch_ends_and_the_process_with_it(server: ServerProcess) {
        let operator = server.operator().await;
        let request = WatchRequest { after_revision: Some(0), ..Default::default() };
        let mut stream = operator.events().watch(request).await.unwrap().into_inner();
        stream.message().await.unwrap().unwrap();

        let asked = Instant::now();
        let status = server.terminate().await;
        assert_eq!(status.code(), Some(0), "{}", server.log());
        assert!(asked.elapsed() < PROMPT, "it took {:?}", asked.elapsed());
        let end = loop {
            match stream.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("the stream ended without saying why"),
                Err(status) => break status,
            }
        };
        assert_eq!(status_text(&end), "UNAVAILABLE SHUTTING_DOWN");
    }
}

on_every_database! {
    async fn watchers_of_the_health_hear_of_it_first(server: ServerProcess) {
        let mut health = HealthClient::new(server.channel().clone());
        let services = ["", "varco.v1.AccessService", "varco.v1.UnitService"];
        let mut streams = Vec::new();
        for service in services {
            let request = HealthCheckRequest { service: service.to_owned() };
            let mut stream = health.watch(request).await.unwrap().into_inner();
            let first = stream.message().await.unwrap().unwrap();
            assert_eq!(first.status, ServingStatus::Serving as i32, "{service}");
            streams.push(stream);
        }
        let unknown = health.check(HealthCheckRequest { service: "varco.v1.Nothing".to_owned() }).await.unwrap_err();
        assert_eq!(unknown.code(), Code::NotFound);

        let status = server.terminate().await;
        assert_eq!(status.code(), Some(0));
        for mut stream in streams {
            assert_eq!(stream.message().await.unwrap().unwrap().status, ServingStatus::NotServing as i32);
        }
    }
}

on_every_database! {
    async fn what_was_acknowledged_is_there_after_a_kill(server: ServerProcess) {
        let aurora = server.organization("Aurora").await;
        let milan = aurora.create_unit(&aurora.root_unit, "Milan").await;
        server.kill_9().await;
        server.restart().await;

        assert_eq!(aurora.unit(&milan).await.name, "Milan");
    }
}

on_every_database! {
    async fn calls_that_are_open_are_answered(server: ServerProcess) {
        let aurora = server.organization("Aurora").await;
        let writers = futures::future::join_all((0..8).map(|writer| write(&aurora, writer)));
        let terminate = async {
            while aurora.event_count().await < 100 {}
            server.terminate().await
        };
        let (writers, status) = tokio::join!(writers, terminate);
        assert_eq!(status.code(), Some(0), "{}", server.log());
        let mut acknowledged = Vec::new();
        for (units, end) in writers {
            acknowledged.extend(units);
            // The connection was closed to new calls, or nobody listens any more.
            assert!([Code::Unavailable, Code::Cancelled, Code::Unknown].contains(&end.code()), "{end:?}");
        }
        assert!(!server.log().contains("cut off"), "{}", server.log());
        server.restart().await;
        for unit in acknowledged {
            aurora.unit(&unit).await;
        }
    }
}

/// Creates units until a call fails. Gives what was acknowledged, and the failure.
async fn write(actor: &OrganizationActor, writer: usize) -> (Vec<String>, Status) {
    let mut units = Vec::new();
    loop {
        let request = CreateUnitRequest {
            organization_id: actor.organization.clone(),
            parent_unit_id: actor.root_unit.clone(),
            name: format!("{writer}.{}", units.len()),
            ..Default::default()
        };
        match actor.units().create_unit(request).await {
            Ok(created) => units.push(created.into_inner().unit.unwrap().unit_id),
            Err(end) => return (units, end),
        }
    }
}

on_every_database! {
    async fn a_second_signal_ends_it_at_once(server: ServerProcess) {
        let operator = server.operator().await;
        // A reflection stream whose client does not end it holds the drain up for as long as it may.
        let _held = hold_open(&server).await;
        let pid = server.pid().await.to_string();
        let signal = |pid: String| async move {
            tokio::process::Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
        };
        signal(pid.clone()).await;
        drop(operator);
        let mut health = HealthClient::new(server.channel().clone());
        while health.check(HealthCheckRequest::default()).await.is_ok_and(|it| it.into_inner().status == 1) {}
        let asked = Instant::now();
        let status = server.terminate().await;

        assert_eq!(status.code(), Some(130), "{}", server.log());
        assert!(asked.elapsed() < PROMPT, "it took {:?}", asked.elapsed());
    }
}

on_every_database! {
    async fn a_call_that_does_not_end_is_cut_off_within_the_grace(server: ServerProcess) {
        let _held = hold_open(&server).await;
        let asked = Instant::now();
        let status = server.terminate().await;

        assert_eq!(status.code(), Some(0), "{}", server.log());
        assert!(asked.elapsed() < Duration::from_secs(10), "it took {:?}", asked.elapsed());
        assert!(server.log().contains("some calls were cut off"), "{}", server.log());
    }
}

/// Opens a stream that only its client can end.
async fn hold_open(server: &ServerProcess) -> impl Sized + use<> {
    use tonic_reflection::pb::v1::ServerReflectionRequest;
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    let (sender, requests) = tokio::sync::mpsc::channel(1);
    let list = MessageRequest::ListServices(String::new());
    let request = ServerReflectionRequest { host: String::new(), message_request: Some(list) };
    sender.send(request).await.unwrap();
    let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
    let mut client = ServerReflectionClient::new(server.channel().clone());
    let mut answers = client.server_reflection_info(requests).await.unwrap().into_inner();
    answers.message().await.unwrap().unwrap();
    (sender, answers)
}
