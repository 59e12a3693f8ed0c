use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::{SecurityIssue, StorageError};
use varco_domain::{OrganizationId, Timestamp, UserId, Username};

use crate::place::Place;
use crate::sql::{Sql, scoped};

macro_rules! not_active {
    () => {
        "(u.status = 'invited' OR (m.kind = 'internal' AND u.status = 'active' AND o.pin_required \
         AND NOT EXISTS (SELECT 1 FROM pins n WHERE n.user_id = u.id AND n.is_active)))"
    };
}

macro_rules! blocked {
    () => {
        "(m.kind = 'internal' AND EXISTS (SELECT 1 FROM passwords p WHERE p.user_id = u.id \
         AND (p.must_change OR p.changed_at + o.max_password_age_micros <= $2)))"
    };
}

macro_rules! suspended {
    () => {
        "(u.status = 'suspended')"
    };
}

/// Members of the organization `$1` with something in their way at the instant `$2`. What an account
/// can prove itself by is told to its home alone.
const SELECT: &str = concat!(
    "SELECT u.id, u.username, ",
    not_active!(),
    " AS is_not_active, ",
    blocked!(),
    " AS is_blocked, ",
    suspended!(),
    " AS is_suspended FROM memberships m JOIN organizations o ON o.id = m.organization_id \
     JOIN users u ON u.id = m.user_id WHERE m.organization_id = $1 \
     AND (m.expires_at IS NULL OR m.expires_at > $2) AND u.status <> 'contact' AND (",
    not_active!(),
    " OR ",
    blocked!(),
    " OR ",
    suspended!(),
    ")",
);

#[derive(FromQueryResult)]
pub(super) struct IssueRow {
    id: Uuid,
    username: String,
    is_not_active: bool,
    is_blocked: bool,
    is_suspended: bool,
}

impl TryFrom<IssueRow> for SecurityIssue {
    type Error = StorageError;

    fn try_from(row: IssueRow) -> Result<Self, StorageError> {
        let user = UserId::from_uuid(row.id);
        Ok(Self {
            user,
            username: Place::new("users", user).parsed("username", Username::parse(&row.username))?,
            not_active: row.is_not_active,
            blocked: row.is_blocked,
            suspended: row.is_suspended,
        })
    }
}

pub(super) fn list(organization: OrganizationId, after: Option<UserId>, now: Timestamp, limit: usize) -> Sql {
    let mut list = scoped(organization, SELECT).with(now.as_micros());
    list.push(" AND m.user_id > ").bind(after.map_or(Uuid::nil(), |after| after.as_uuid()));
    list.push(" ORDER BY m.user_id").limit(limit);
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::assert_indexed;

    #[tokio::test]
    async fn issues_are_read_member_by_member() {
        let organization = OrganizationId::from_uuid(Uuid::nil());
        assert_indexed(list(organization, None, Timestamp::EPOCH, 50)).await;
    }
}
