//! A full disk: writes are refused as long as it lasts, and what is acknowledged afterwards is there.

use varco_proto::v1;
use varco_testkit::databases::{Backend, Fixture};
use varco_testkit::{OrganizationActor, ServerProcess};

/// More than one, because each may leave the writer's connection in another state.
const FAILURES: u32 = 5;

#[tokio::test]
async fn after_a_full_disk_every_acknowledged_write_is_there() {
    let process = ServerProcess::on(Backend::Sqlite).await;
    let writer = process.organization("full").await;
    // Less than the store takes already, so that nothing can be added to any of its files.
    process.limit_file_size(Some(4096)).await;
    for number in 0..FAILURES {
        let refused = create_unit(&writer, &format!("refused-{number}")).await;
        assert_eq!(refused.unwrap_err().code(), tonic::Code::Unavailable);
    }
    process.limit_file_size(None).await;
    let mut units = Vec::new();
    for number in 0..10 {
        units.push(create_unit(&writer, &format!("kept-{number}")).await.unwrap());
    }
    assert_all_there(&writer, &units).await;

    process.kill_9().await;
    process.restart().await;
    assert_all_there(&writer, &units).await;
}

async fn create_unit(writer: &OrganizationActor, name: &str) -> Result<String, tonic::Status> {
    let request = v1::CreateUnitRequest {
        organization_id: writer.organization.clone(),
        parent_unit_id: writer.root_unit.clone(),
        name: name.to_owned(),
        ..Default::default()
    };
    Ok(writer.units().create_unit(request).await?.into_inner().unit.unwrap().unit_id)
}

async fn assert_all_there(reader: &OrganizationActor, units: &[String]) {
    for unit in units {
        let request = v1::GetUnitRequest { organization_id: reader.organization.clone(), unit_id: unit.clone() };
        let found = reader.units().get_unit(request).await;
        assert!(found.is_ok(), "an acknowledged unit is lost: {found:?}");
    }
}
