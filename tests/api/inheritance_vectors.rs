//! Every world of the inheritance vectors, played through the API: after every step the overview says
//! what the vectors expect.

use std::collections::BTreeMap;

use serde_json::Value;
use tonic::Status;
use varco_proto::v1;
use varco_proto::v1::{AccessOrigin, InheritanceMode};
use varco_testkit::{OrganizationActor, TestServer, on_every_database, status_text};

on_every_database! {
    async fn every_story_of_the_vectors_ends_as_expected(server: TestServer) {
        let steps = play_all(&server, "stories").await;
        assert!(steps > 100, "only {steps} steps were played");
    }
}

on_every_database! {
    async fn every_random_world_of_the_vectors_ends_as_expected(server: TestServer) {
        let steps = play_all(&server, "random").await;
        assert!(steps > 1000, "only {steps} steps were played");
    }
}

async fn play_all(server: &TestServer, part: &str) -> usize {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/inheritance.json");
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut played = 0;
    for (number, world) in vectors[part].as_array().unwrap().iter().enumerate() {
        let mut player = Player::new(server.organization(&format!("{part} {number}")).await).await;
        for (place, step) in world["steps"].as_array().unwrap().iter().enumerate() {
            let name = format!("{} step {place} {}", world["name"], step["op"]);
            player.play(step, &name).await;
            played += 1;
        }
    }
    played
}

/// One world: an organization with one user, and the identifiers behind the names of the vectors.
struct Player {
    actor: OrganizationActor,
    user: String,
    units: BTreeMap<String, String>,
    roles: BTreeMap<String, String>,
}

impl Player {
    async fn new(actor: OrganizationActor) -> Self {
        let user = actor.create_user(&format!("player-{}", &actor.organization[20..])).await;
        let units = [("root".to_owned(), actor.root_unit.clone())].into();
        Self { actor, user, units, roles: BTreeMap::new() }
    }

    async fn play(&mut self, step: &Value, name: &str) {
        let unit = step["unit"].as_str().unwrap();
        let outcome = self.apply(step, unit).await;
        let refused = outcome.as_ref().err().map(status_text);
        let expected = step["refused"].as_str().map(|reason| match reason {
            "CYCLE" => "FAILED_PRECONDITION UNIT_CYCLE".to_owned(),
            "ROOT" => "FAILED_PRECONDITION ROOT_UNIT".to_owned(),
            reason => format!("FAILED_PRECONDITION {reason}"),
        });
        assert_eq!(refused, expected, "{name}");
        self.check(&step["expect"], name).await;
    }

    async fn apply(&mut self, step: &Value, unit: &str) -> Result<(), Status> {
        let organization_id = self.actor.organization.clone();
        let (subject_id, validate_only) = (self.user.clone(), false);
        let op = step["op"].as_str().unwrap();
        if op == "create_unit" {
            let parent = self.units[step["parent"].as_str().unwrap()].clone();
            let created = self.actor.create_unit(&parent, unit).await;
            self.units.insert(unit.to_owned(), created);
            return Ok(());
        }
        let role_ids = self.role_ids(&step["roles"]).await;
        let unit_id = self.units[unit].clone();
        let (mut assignments, mut units) = (self.actor.assignments(), self.actor.units());
        match op {
            "move_unit" => {
                let parent_unit_id = self.units[step["parent"].as_str().unwrap()].clone();
                let request = v1::MoveUnitRequest { organization_id, unit_id, parent_unit_id, validate_only };
                units.move_unit(request).await.map(drop)
            }
            "delete_unit" => {
                let request = v1::DeleteUnitRequest { organization_id, unit_id, force: true, validate_only };
                units.delete_unit(request).await.map(drop)
            }
            "grant" => {
                let request = v1::GrantRolesRequest { organization_id, subject_id, unit_id, role_ids, validate_only };
                assignments.grant_roles(request).await.map(drop)
            }
            "revoke" => {
                let request = v1::RevokeRolesRequest { organization_id, subject_id, unit_id, role_ids, validate_only };
                assignments.revoke_roles(request).await.map(drop)
            }
            "enable" => {
                let mode = match step["mode"].as_str().unwrap() {
                    "REPLACE" => InheritanceMode::Replace,
                    _ => InheritanceMode::Keep,
                };
                let mode = mode.into();
                let request =
                    v1::EnableInheritanceRequest { organization_id, subject_id, unit_id, mode, validate_only };
                assignments.enable_inheritance(request).await.map(drop)
            }
            "disable" => {
                let request = v1::DisableInheritanceRequest { organization_id, subject_id, unit_id, validate_only };
                assignments.disable_inheritance(request).await.map(drop)
            }
            "break" => {
                let request = v1::BreakInheritanceRequest { organization_id, subject_id, unit_id, validate_only };
                assignments.break_inheritance(request).await.map(drop)
            }
            other => panic!("the vectors have an operation that is not played: {other}"),
        }
    }

    async fn role_ids(&mut self, names: &Value) -> Vec<String> {
        let mut ids = Vec::new();
        for name in names.as_array().into_iter().flatten() {
            let name = name.as_str().unwrap();
            if !self.roles.contains_key(name) {
                self.roles.insert(name.to_owned(), self.actor.create_role(name, &[]).await);
            }
            ids.push(self.roles[name].clone());
        }
        ids
    }

    async fn check(&self, expect: &Value, name: &str) {
        let request = v1::ListAssignmentsRequest {
            organization_id: self.actor.organization.clone(),
            page_size: 1000,
            subject_ids: vec![self.user.clone()],
            ..Default::default()
        };
        let cells = self.actor.assignments().list_assignments(request).await.unwrap().into_inner().cells;
        for (unit, expected) in expect.as_object().unwrap() {
            let cell = cells.iter().find(|cell| cell.unit_id == self.units[unit]);
            assert_eq!(self.state(cell), *expected, "{name}: {unit}");
        }
    }

    /// A cell in the words of the vectors.
    fn state(&self, cell: Option<&v1::AccessCell>) -> Value {
        let cell = cell.cloned().unwrap_or_default();
        let name_of = |names: &BTreeMap<String, String>, id: &String| {
            names.iter().find(|(_, other)| *other == id).map(|(name, _)| name.clone())
        };
        let mut roles: Vec<_> = cell.role_ids.iter().map(|role| name_of(&self.roles, role)).collect();
        roles.sort();
        let origin = match cell.origin() {
            AccessOrigin::Unspecified | AccessOrigin::None => "none",
            AccessOrigin::Direct => "direct",
            AccessOrigin::Inherited => "inherited",
        };
        serde_json::json!({ "roles": roles, "origin": origin, "source": name_of(&self.units, &cell.source_unit_id) })
    }
}
