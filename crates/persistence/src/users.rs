//! Accounts and memberships.

mod list;
mod profile_row;
mod row;
mod terms;
mod write;

use async_trait::async_trait;
use uuid::Uuid;
use varco_application::storage::{MemberFilter, MemberQuery, NamedMembership, Page, StorageError, UserRepository};
use varco_domain::{Email, Member, Membership, OrganizationId, Timestamp, User, UserId, Username};

use crate::batch::{Batch, Columns, Kind};
use crate::existing::among;
use crate::sql::{scoped, sql};
use crate::total::TotalRow;
use crate::work::SeaUnitOfWork;
use row::{
    MemberRow, MembershipRow, NamedMembershipRow, SELECT_MEMBERS, SELECT_MEMBERSHIPS, SELECT_NAMED_MEMBERSHIPS,
    SELECT_USERS, UserRow,
};

const IDS: Columns = &[("id", Kind::Uuid)];

const MEMBERS_AMONG: &str = "SELECT given.id FROM given CROSS JOIN memberships m \
    WHERE m.organization_id = $1 AND m.user_id = given.id";

#[async_trait]
impl UserRepository for SeaUnitOfWork {
    async fn find(&mut self, organization: OrganizationId, id: UserId) -> Result<Option<Member>, StorageError> {
        let mut find = scoped(organization, SELECT_MEMBERS);
        find.push(" AND m.user_id = ").bind(id.as_uuid());
        self.row::<MemberRow>(find).await?.map(Member::try_from).transpose()
    }

    async fn find_account(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        let mut find = sql(SELECT_USERS);
        find.push(" WHERE u.id = ").bind(id.as_uuid());
        self.row::<UserRow>(find).await?.map(User::try_from).transpose()
    }

    async fn find_by_username(&mut self, username: &Username) -> Result<Option<User>, StorageError> {
        let mut find = sql(SELECT_USERS);
        find.push(" WHERE u.username = ").bind(username.as_str());
        self.row::<UserRow>(find).await?.map(User::try_from).transpose()
    }

    async fn find_by_email(&mut self, email: &Email) -> Result<Option<User>, StorageError> {
        let mut find = sql(SELECT_USERS);
        find.push(" WHERE u.email_folded = ").bind(email.folded());
        self.row::<UserRow>(find).await?.map(User::try_from).transpose()
    }

    async fn members_among(
        &mut self,
        organization: OrganizationId,
        ids: &[UserId],
    ) -> Result<Vec<UserId>, StorageError> {
        let given = Batch::of(IDS, ids.iter().map(UserId::as_uuid));
        Ok(among(self, organization, given, MEMBERS_AMONG).await?.map(UserId::from_uuid).collect())
    }

    async fn list(&mut self, organization: OrganizationId, query: &MemberQuery) -> Result<Page<Member>, StorageError> {
        let rows = self.rows::<MemberRow>(list::members(organization, query)).await?;
        let members = rows.into_iter().map(Member::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(members, query.limit))
    }

    async fn count(&mut self, organization: OrganizationId, filter: &MemberFilter) -> Result<u64, StorageError> {
        TotalRow::of(self, list::count(organization, filter)).await
    }

    async fn count_active_admins(
        &mut self,
        organization: OrganizationId,
        until: Option<Timestamp>,
    ) -> Result<u64, StorageError> {
        let count = "SELECT COUNT(*) AS total FROM memberships m JOIN users u ON u.id = m.user_id \
            WHERE m.organization_id = $1 AND m.back_office_level = 'admin' AND u.status = 'active' \
            AND (m.expires_at IS NULL OR m.expires_at > $2)";
        let until = until.map_or(i64::MAX, Timestamp::as_micros);
        TotalRow::of(self, scoped(organization, count).with(until)).await
    }

    async fn insert(&mut self, user: &User) -> Result<(), StorageError> {
        self.execute(write::insert(user)).await?;
        self.insert_user_terms(user).await
    }

    async fn update(&mut self, user: &mut User) -> Result<(), StorageError> {
        self.execute_if_current(write::update(user)).await?;
        self.delete_user_terms(user.id).await?;
        self.insert_user_terms(user).await?;
        user.version = user.version.next();
        Ok(())
    }

    async fn note_sign_in(&mut self, user: UserId, at: Timestamp) -> Result<(), StorageError> {
        self.execute(write::note_sign_in(user, at.as_micros())).await.map(drop)
    }

    async fn delete(&mut self, id: UserId) -> Result<(), StorageError> {
        self.execute(sql("DELETE FROM users WHERE id = $1").with(id.as_uuid())).await.map(drop)
    }

    async fn insert_membership(&mut self, membership: &Membership) -> Result<(), StorageError> {
        let insert = sql("INSERT INTO memberships (organization_id, user_id, username, kind, created_at, app_access, \
             back_office_level, mail_general, mail_product, mail_domain, mail_billing, mail_support, expires_at) \
             SELECT $1, id, username, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM users WHERE id = $2")
        .with(membership.organization.as_uuid())
        .with(membership.user.as_uuid())
        .with(membership.kind.as_str())
        .with(membership.created_at.as_micros());
        // No row means no such account: it went since it was read.
        self.execute_if_current(write::with_membership_state(insert, membership)).await
    }

    async fn update_membership(&mut self, membership: &Membership) -> Result<(), StorageError> {
        let text = "UPDATE memberships SET app_access = $3, back_office_level = $4, mail_general = $5, \
            mail_product = $6, mail_domain = $7, mail_billing = $8, mail_support = $9, expires_at = $10 \
            WHERE organization_id = $1 AND user_id = $2";
        let update = scoped(membership.organization, text).with(membership.user.as_uuid());
        self.execute_if_current(write::with_membership_state(update, membership)).await
    }

    async fn delete_membership(&mut self, organization: OrganizationId, user: UserId) -> Result<(), StorageError> {
        let delete = scoped(organization, "DELETE FROM memberships WHERE organization_id = $1 AND user_id = $2");
        self.execute(delete.with(user.as_uuid())).await.map(drop)
    }

    async fn list_memberships(
        &mut self,
        user: UserId,
        after: Option<OrganizationId>,
        limit: usize,
    ) -> Result<Page<Membership>, StorageError> {
        let mut list = sql(SELECT_MEMBERSHIPS);
        list.push(" WHERE m.user_id = ").bind(user.as_uuid());
        list.push(" AND m.organization_id > ").bind(after.map_or(Uuid::nil(), |after| after.as_uuid()));
        list.push(" ORDER BY m.organization_id").limit(limit);
        let rows = self.rows::<MembershipRow>(list).await?;
        let memberships = rows.into_iter().map(Membership::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(memberships, limit))
    }

    async fn list_named_memberships(
        &mut self,
        user: UserId,
        now: Timestamp,
        after: Option<OrganizationId>,
        limit: usize,
    ) -> Result<Page<NamedMembership>, StorageError> {
        let mut list = sql(SELECT_NAMED_MEMBERSHIPS);
        list.push(" WHERE m.user_id = ").bind(user.as_uuid());
        list.push(" AND (m.expires_at IS NULL OR m.expires_at > ").bind(now.as_micros()).push(")");
        list.push(" AND m.organization_id > ").bind(after.map_or(Uuid::nil(), |after| after.as_uuid()));
        list.push(" ORDER BY m.organization_id").limit(limit);
        let rows = self.rows::<NamedMembershipRow>(list).await?;
        let memberships = rows.into_iter().map(NamedMembership::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(memberships, limit))
    }

    async fn expired(&mut self, now: Timestamp, limit: usize) -> Result<Page<Membership>, StorageError> {
        let rows = self.rows::<MembershipRow>(list::expired(now, limit)).await?;
        let memberships = rows.into_iter().map(Membership::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(memberships, limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::assert_batch_indexed;

    #[tokio::test]
    async fn no_member_is_read_but_those_asked_for() {
        assert_batch_indexed(IDS, MEMBERS_AMONG).await;
    }
}
