//! What the gRPC port serves, and within which limits.

use tonic::client::Grpc;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;
use varco_client::v1::{ApplyCatalogRequest, Catalog, CatalogPermission, CreateUnitRequest, UnitKind};
use varco_testkit::{ServerProcess, TestServer, on_every_database, status_text};

use crate::binary::{Place, complaint, said};
use crate::raw;

/// Calls a path with an empty message and no token.
async fn try_call(channel: &Channel, path: &str) -> Result<(), Status> {
    let mut grpc = Grpc::new(channel.clone());
    grpc.ready().await.unwrap();
    let codec = ProstCodec::<(), ()>::default();
    grpc.unary(Request::new(()), path.parse().unwrap(), codec).await.map(|_| ())
}

/// As `try_call` where the answer is a refusal.
async fn call(channel: &Channel, path: &str) -> Status {
    try_call(channel, path).await.unwrap_err()
}

on_every_database! {
    async fn every_rpc_of_the_contract_is_served(server: TestServer) {
        for path in varco_proto::PATHS {
            let answer = try_call(server.channel(), path).await;
            let code = answer.map_or_else(|status| status.code(), |()| Code::Ok);
            let expected: &[Code] = match path.rsplit('/').next() {
                // It says the same to everybody.
                Some("RequestPasswordReset") => &[Code::Ok],
                // An empty link is one that does not work.
                Some("ActivateAccount" | "CompletePasswordReset") => &[Code::FailedPrecondition],
                _ => &[Code::Unauthenticated, Code::InvalidArgument],
            };
            assert!(expected.contains(&code), "{path}: {code:?}");
        }
    }
}

on_every_database! {
    async fn a_path_that_is_not_written_as_the_contract_does_is_unimplemented(server: TestServer) {
        for path in [
            "/",
            "//varco.v1.UnitService/CreateUnit",
            "/varco.v1.UnitService//CreateUnit",
            "/varco.v1.UnitService/CreateUnit/",
            "/varco.v1.UnitService/CreateUnit/x",
            "/varco.v1.UnitService/createunit",
            "/VARCO.V1.UnitService/CreateUnit",
            "/varco.v1.UnitService/Create%55nit",
            "/varco%2Ev1.UnitService/CreateUnit",
            "/varco.v1.UnitService",
            "/varco.v1.UnitService/",
            "/varco.v2.UnitService/CreateUnit",
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        ] {
            assert_eq!(status_text(&call(server.channel(), path).await), "UNIMPLEMENTED UNKNOWN_RPC", "{path}");
        }
    }
}

on_every_database! {
    async fn a_compressed_message_is_refused_with_what_is_taken(server: TestServer) {
        let mut compressed = Request::new(());
        compressed.metadata_mut().insert("grpc-encoding", "br".parse().unwrap());
        let mut grpc = Grpc::new(server.channel().clone());
        grpc.ready().await.unwrap();
        let path = "/varco.v1.UnitService/CreateUnit".parse().unwrap();
        let refused = grpc.unary(compressed, path, ProstCodec::<(), ()>::default()).await.map(|_| ()).unwrap_err();
        assert_eq!(status_text(&refused), "UNIMPLEMENTED ENCODING_NOT_SUPPORTED");
        assert_eq!(refused.metadata().get("grpc-accept-encoding").unwrap(), "identity");
    }
}

#[tokio::test]
async fn a_path_without_its_slash_runs_nothing() {
    let server = <TestServer as varco_testkit::databases::Fixture>::on(varco_testkit::databases::Backend::Sqlite).await;
    let aurora = server.organization("Aurora").await;
    let request = |name: &str| CreateUnitRequest {
        organization_id: aurora.organization.clone(),
        parent_unit_id: aurora.root_unit.clone(),
        name: name.to_owned(),
        kind: UnitKind::Unit.into(),
        ..Default::default()
    };
    let before = aurora.event_count().await;
    for path in ["varco.v1.UnitService/CreateUnit", "*", "", "/../varco.v1.UnitService/CreateUnit"] {
        raw::call(&server.address(), path, &aurora.token, &request(path)).await;
        assert_eq!(aurora.event_count().await, before, "{path}");
    }
    // The control: the same bytes under the right path do run.
    raw::call(&server.address(), "/varco.v1.UnitService/CreateUnit", &aurora.token, &request("control")).await;
    assert_eq!(aurora.event_count().await, before + 1);
}

on_every_database! {
    async fn a_request_over_its_size_is_refused(server: ServerProcess) {
        let aurora = server.organization("Aurora").await;
        let request = CreateUnitRequest {
            organization_id: aurora.organization.clone(),
            parent_unit_id: aurora.root_unit.clone(),
            name: "x".repeat(1024 * 1024),
            ..Default::default()
        };
        let refused = aurora.units().create_unit(request).await.unwrap_err();
        assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_FIELDS");
        assert!(refused.message().contains("1 MiB or, for assignments, catalogs and roles, 4 MiB"), "{refused}");
    }
}

on_every_database! {
    /// A catalog is applied whole, so it is not told to come in parts.
    async fn a_catalog_over_its_size_is_told_to_have_shorter_texts(server: TestServer) {
        let permission = |number| CatalogPermission { key: format!("big:part{number}.view"), description: "x".repeat(1_000) };
        let catalog = Catalog {
            catalog_key: "big".to_owned(),
            display_name: "Big".to_owned(),
            version: 1,
            permissions: (0..4_500).map(permission).collect(),
            ..Default::default()
        };
        let request = ApplyCatalogRequest { catalog: Some(catalog), validate_only: false };
        let refused = server.operator().await.catalogs().apply_catalog(request).await.unwrap_err();
        assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_FIELDS");
        assert!(refused.message().contains("where all belongs together, shorter texts"), "{refused}");
    }
}

on_every_database! {
    async fn bytes_that_are_no_request_are_refused(server: TestServer) {
        let mut grpc = Grpc::new(server.channel().clone());
        grpc.ready().await.unwrap();
        // A number where the contract has a text.
        let codec = ProstCodec::<u64, ()>::default();
        let path = "/varco.v1.UnitService/CreateUnit".parse().unwrap();
        let refused = grpc.unary(Request::new(1), path, codec).await.unwrap_err();
        assert_eq!(status_text(&refused), "INVALID_ARGUMENT INVALID_FIELDS");
    }
}

#[tokio::test]
async fn a_server_with_a_certificate_is_reached_by_tls_alone() {
    let place = Place::new();
    place.write("key", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
    place.write("tls-key.pem", include_str!("tls/key.pem"));
    place.write("tls.pem", include_str!("tls/certificate.pem"));
    place.write(
        "varco.toml",
        "[grpc]\nlisten = \"0.0.0.0:0\"\ntls_certificate_file = \"tls.pem\"\ntls_key_file = \"tls-key.pem\"\n\
         [mail]\ntransport = \"file\"\nfolder = \"mail\"\nlink_base_url = \"https://app.varco.test\"\n\
         [http]\nlisten = \"127.0.0.1:0\"\n[database]\nsqlite_path = \"varco.db\"\n[secrets]\nkey_file = \"key\"\n\
         [tokens]\nissuer = \"https://varco.test\"\naudience = \"varco\"\n[bootstrap]\noperator_credential_file = \"operator.json\"\n",
    );
    let server = place.serve().await;
    let (_, port) = server.grpc.rsplit_once(':').unwrap();
    let token = ["token", "--credential", "operator.json"];
    let encrypted = format!("https://localhost:{port}");
    let answer = place.run(&[&token[..], &["--ca-certificate", "tls.pem", "--address", &encrypted]].concat()).await;
    assert!(said(&answer).starts_with("varco_token_"), "{}", complaint(&answer));

    let untrusted = place.run(&[&token[..], &["--address", &encrypted]].concat()).await;
    assert_eq!(untrusted.status.code(), Some(2));
    let plain = format!("http://localhost:{port}");
    let plain = place.run(&[&token[..], &["--address", &plain]].concat()).await;
    assert_eq!(plain.status.code(), Some(2));
}
