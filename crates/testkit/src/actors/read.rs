//! What tests look at.

use varco_proto::v1;

use super::OrganizationActor;

impl OrganizationActor {
    /// Asks for a decision.
    pub async fn check(&self, subject: &str, permission: &str, unit: &str) -> v1::CheckResponse {
        let request = v1::CheckRequest {
            organization_id: self.organization.clone(),
            subject_id: subject.to_owned(),
            permission: permission.to_owned(),
            unit_id: unit.to_owned(),
            at_least: 0,
        };
        self.access().check(request).await.expect("the check is answered").into_inner()
    }

    /// Whether a decision allows.
    pub async fn may(&self, subject: &str, permission: &str, unit: &str) -> bool {
        self.check(subject, permission, unit).await.allowed
    }

    /// Gives a unit.
    pub async fn unit(&self, unit: &str) -> v1::Unit {
        let request = v1::GetUnitRequest { organization_id: self.organization.clone(), unit_id: unit.to_owned() };
        self.units().get_unit(request).await.expect("the unit is there").into_inner().unit.expect("the answer has it")
    }

    /// Gives a user.
    pub async fn user(&self, user: &str) -> v1::User {
        let request = v1::GetUserRequest { organization_id: self.organization.clone(), user_id: user.to_owned() };
        self.users().get_user(request).await.expect("the user is there").into_inner().user.expect("the answer has it")
    }

    /// Gives a role.
    pub async fn role(&self, role: &str) -> v1::Role {
        let request = v1::GetRoleRequest { organization_id: self.organization.clone(), role_id: role.to_owned() };
        self.roles().get_role(request).await.expect("the role is there").into_inner().role.expect("the answer has it")
    }

    /// Every event of the organization, newest first.
    pub async fn events_so_far(&self) -> Vec<v1::Event> {
        let mut events = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = v1::ListEventsRequest {
                organization_id: self.organization.clone(),
                page_size: 1000,
                page_token,
                ..Default::default()
            };
            let page = self.events().list_events(request).await.expect("events are listed").into_inner();
            events.extend(page.events);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return events;
            }
        }
    }

    /// How many events the organization has.
    pub async fn event_count(&self) -> usize {
        self.events_so_far().await.len()
    }
}
