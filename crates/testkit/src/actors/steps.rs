//! Steps that tests take on the way to what they are about. Each must succeed.

use varco_proto::v1;

use super::OrganizationActor;

impl OrganizationActor {
    /// Creates a unit and gives its id.
    pub async fn create_unit(&self, parent: &str, name: &str) -> String {
        let request = v1::CreateUnitRequest {
            organization_id: self.organization.clone(),
            parent_unit_id: parent.to_owned(),
            name: name.to_owned(),
            ..Default::default()
        };
        let created = self.units().create_unit(request).await.expect("a unit is created").into_inner();
        created.unit.expect("the answer has it").unit_id
    }

    /// Creates an active user with app access and gives its id.
    pub async fn create_user(&self, username: &str) -> String {
        self.create_user_with(username, v1::BackOfficeLevel::None).await
    }

    /// Creates an active user with app access and a back-office level, and gives its id.
    pub async fn create_user_with(&self, username: &str, back_office_level: v1::BackOfficeLevel) -> String {
        let (first_name, last_name) = ("Some".to_owned(), username.to_owned());
        let profile = v1::UserProfile { first_name, last_name, ..Default::default() };
        let request = v1::CreateUserRequest {
            organization_id: self.organization.clone(),
            username: username.to_owned(),
            email: format!("{username}@example.com"),
            profile: Some(profile),
            app_access: true,
            back_office_level: back_office_level.into(),
            ..Default::default()
        };
        let created = self.users().create_user(request).await.expect("a user is created").into_inner();
        let user = created.user.expect("the answer has it").user_id;
        self.activate(&user).await;
        user
    }

    /// Creates a role and gives its id.
    pub async fn create_role(&self, name: &str, permissions: &[&str]) -> String {
        let request = v1::CreateRoleRequest {
            organization_id: self.organization.clone(),
            name: name.to_owned(),
            permissions: texts(permissions),
            ..Default::default()
        };
        let created = self.roles().create_role(request).await.expect("a role is created").into_inner();
        created.role.expect("the answer has it").role_id
    }

    /// Creates a service account of the organization.
    pub async fn create_service_account(&self, username: &str) -> v1::ServiceAccount {
        let (organization_id, username) = (self.organization.clone(), username.to_owned());
        let request = v1::CreateServiceAccountRequest { organization_id, username, secret_ttl: None };
        let created = self.service_accounts().create_service_account(request).await;
        created.expect("a service account is created").into_inner().service_account.expect("the answer has it")
    }

    /// Grants roles and gives the revision.
    pub async fn grant(&self, subject: &str, unit: &str, roles: &[&str]) -> u64 {
        let request = v1::GrantRolesRequest {
            organization_id: self.organization.clone(),
            subject_id: subject.to_owned(),
            unit_id: unit.to_owned(),
            role_ids: texts(roles),
            validate_only: false,
        };
        self.assignments().grant_roles(request).await.expect("roles are granted").into_inner().revision
    }

    /// Revokes roles and gives the revision.
    pub async fn revoke(&self, subject: &str, unit: &str, roles: &[&str]) -> u64 {
        let request = v1::RevokeRolesRequest {
            organization_id: self.organization.clone(),
            subject_id: subject.to_owned(),
            unit_id: unit.to_owned(),
            role_ids: texts(roles),
            validate_only: false,
        };
        self.assignments().revoke_roles(request).await.expect("roles are revoked").into_inner().revision
    }

    /// Passes the roles at a unit on to the units below, and gives the revision.
    pub async fn enable_inheritance(&self, subject: &str, unit: &str, mode: v1::InheritanceMode) -> u64 {
        let request = v1::EnableInheritanceRequest {
            organization_id: self.organization.clone(),
            subject_id: subject.to_owned(),
            unit_id: unit.to_owned(),
            mode: mode.into(),
            validate_only: false,
        };
        let enabled = self.assignments().enable_inheritance(request).await;
        enabled.expect("inheritance is enabled").into_inner().revision
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
