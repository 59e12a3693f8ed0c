//! `kill -9` under load, again and again: no acknowledged write is lost, and a watcher that resumes
//! by revision misses nothing and sees nothing twice.

use std::sync::Arc;

use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinHandle;
use tonic::Status;
use varco_proto::v1;
use varco_testkit::{Actor, OrganizationActor, ServerProcess, on_every_database};

use crate::history::{Acknowledged, History};

const KILLS: u32 = 50;
const WRITERS: u32 = 4;

on_every_database! {
    async fn fifty_kills_under_load_lose_nothing(process: ServerProcess) {
        let writer = process.organization("loaded").await;
        let user = writer.create_user("anna").await;
        let role = writer.create_role("Reader", &["test:things.view"]).await;
        let target = Arc::new(Target { writer, user, role });
        let operator = process.operator().await;
        let watcher = Arc::new(Mutex::new(Watcher { operator, resume_from: 0, events: Vec::new() }));
        let mut acknowledged = Vec::new();
        for round in 0..KILLS {
            let watching = spawn(watch_until_cut(Arc::clone(&watcher)));
            let counter = Arc::new(Semaphore::new(0));
            let writing: Vec<_> = (0..WRITERS)
                .map(|number| spawn(write_until_cut(Arc::clone(&target), format!("{round}-{number}"), Arc::clone(&counter))))
                .collect();
            // Killed after some number of writes that differs from round to round.
            counter.acquire_many(1 + round * 7919 % 37).await.unwrap().forget();
            process.kill_9().await;
            for writes in writing {
                acknowledged.extend(writes.await.unwrap());
            }
            watching.await.unwrap();
            process.restart().await;
        }
        assert!(acknowledged.len() >= 500, "only {} writes were acknowledged", acknowledged.len());
        let history = settle(&target, &watcher, acknowledged).await;
        assert_eq!(history.violations(), Vec::<String>::new());
    }
}

struct Target {
    writer: OrganizationActor,
    user: String,
    role: String,
}

/// Creates units and grants a role at each, until a call fails.
async fn write_until_cut(target: Arc<Target>, name: String, counter: Arc<Semaphore>) -> Vec<Acknowledged> {
    let mut acknowledged = Vec::new();
    for number in 0..100_000 {
        let Ok(write) = create_unit(&target, format!("{name}-{number}")).await else { break };
        let unit = write.unit.clone();
        acknowledged.push(write);
        counter.add_permits(1);
        let Ok(write) = grant(&target, unit).await else { break };
        acknowledged.push(write);
        counter.add_permits(1);
    }
    acknowledged
}

async fn create_unit(target: &Target, name: String) -> Result<Acknowledged, Status> {
    let request = v1::CreateUnitRequest {
        organization_id: target.writer.organization.clone(),
        parent_unit_id: target.writer.root_unit.clone(),
        name,
        ..Default::default()
    };
    let created = target.writer.units().create_unit(request).await?.into_inner();
    Ok(Acknowledged { revision: created.revision, kind: "unit.created", unit: created.unit.unwrap().unit_id })
}

async fn grant(target: &Target, unit: String) -> Result<Acknowledged, Status> {
    let request = v1::GrantRolesRequest {
        organization_id: target.writer.organization.clone(),
        subject_id: target.user.clone(),
        unit_id: unit.clone(),
        role_ids: vec![target.role.clone()],
        validate_only: false,
    };
    let granted = target.writer.assignments().grant_roles(request).await?.into_inner();
    Ok(Acknowledged { revision: granted.revision, kind: "assignment.granted", unit })
}

/// A client that keeps the last revision that it was given whole, and nothing of what came after.
struct Watcher {
    operator: Actor,
    resume_from: u64,
    events: Vec<v1::Event>,
}

impl Watcher {
    /// Reads until the connection is cut or everything up to a revision has come.
    async fn read(&mut self, up_to: u64) -> Result<(), Status> {
        let request = v1::WatchRequest { after_revision: Some(self.resume_from), ..Default::default() };
        let mut stream = self.operator.events().watch(request).await?.into_inner();
        let mut unfinished = Vec::new();
        while self.resume_from < up_to {
            let message = stream.message().await?.ok_or_else(|| Status::from_error("the stream ended".into()))?;
            unfinished.extend(message.events);
            if message.complete_revision > 0 {
                self.events.append(&mut unfinished);
                self.resume_from = message.complete_revision;
            }
        }
        Ok(())
    }
}

async fn watch_until_cut(watcher: Arc<Mutex<Watcher>>) {
    let cut = watcher.lock().await.read(u64::MAX).await;
    assert!(cut.is_err(), "a stream goes on until it is cut");
}

async fn settle(target: &Target, watcher: &Mutex<Watcher>, acknowledged: Vec<Acknowledged>) -> History {
    let head = create_unit(target, "the last one".to_owned()).await.unwrap().revision;
    let mut watcher = watcher.lock().await;
    watcher.read(head).await.unwrap();
    History {
        acknowledged,
        watched: watcher.events.clone(),
        head,
        units: all_units(&target.writer).await.into_iter().collect(),
        assigned: all_assigned_units(&target.writer).await.into_iter().collect(),
    }
}

async fn all_units(actor: &OrganizationActor) -> Vec<String> {
    let (mut units, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = v1::ListUnitsRequest {
            organization_id: actor.organization.clone(),
            page_size: 1000,
            page_token,
            ..Default::default()
        };
        let page = actor.units().list_units(request).await.unwrap().into_inner();
        units.extend(page.units.into_iter().map(|unit| unit.unit_id));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return units;
        }
    }
}

async fn all_assigned_units(actor: &OrganizationActor) -> Vec<String> {
    let (mut units, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = v1::ListAssignmentsRequest {
            organization_id: actor.organization.clone(),
            page_size: 1000,
            page_token,
            ..Default::default()
        };
        let page = actor.assignments().list_assignments(request).await.unwrap().into_inner();
        units.extend(page.cells.into_iter().map(|cell| cell.unit_id));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return units;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the test waits for its tasks itself")]
fn spawn<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    tokio::spawn(task)
}
