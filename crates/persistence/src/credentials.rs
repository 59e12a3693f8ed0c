//! Passwords, PINs and mailed links.

mod row;

use async_trait::async_trait;
use varco_application::storage::{CredentialRepository, Link, LinkPurpose, StorageError, StoredPassword, StoredPin};
use varco_application::{PasswordHash, SecretDigest};
use varco_domain::{Timestamp, UserId};

use crate::sql::sql;
use crate::work::SeaUnitOfWork;
use row::{LinkRow, PasswordRow, PinRow};

#[async_trait]
impl CredentialRepository for SeaUnitOfWork {
    async fn find_password(&mut self, user: UserId) -> Result<Option<StoredPassword>, StorageError> {
        let find = sql("SELECT hash, changed_at, must_change FROM passwords WHERE user_id = $1");
        Ok(self.row::<PasswordRow>(find.with(user.as_uuid())).await?.map(StoredPassword::from))
    }

    async fn set_password(&mut self, user: UserId, password: &StoredPassword) -> Result<(), StorageError> {
        let set = sql("INSERT INTO passwords (user_id, hash, changed_at, must_change) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (user_id) DO UPDATE \
             SET hash = excluded.hash, changed_at = excluded.changed_at, must_change = excluded.must_change")
        .with(user.as_uuid())
        .with(password.hash.0.as_str())
        .with(password.changed_at.as_micros())
        .with(password.must_change);
        self.execute(set).await.map(drop)
    }

    async fn replace_password(
        &mut self,
        user: UserId,
        current: &PasswordHash,
        password: &StoredPassword,
    ) -> Result<bool, StorageError> {
        let replace = sql("UPDATE passwords SET hash = $3, changed_at = $4, must_change = $5 \
             WHERE user_id = $1 AND hash = $2")
        .with(user.as_uuid())
        .with(current.0.as_str())
        .with(password.hash.0.as_str())
        .with(password.changed_at.as_micros())
        .with(password.must_change);
        Ok(self.execute(replace).await? == 1)
    }

    async fn find_pin(&mut self, user: UserId) -> Result<Option<StoredPin>, StorageError> {
        let find = sql("SELECT hash, is_active FROM pins WHERE user_id = $1");
        Ok(self.row::<PinRow>(find.with(user.as_uuid())).await?.map(StoredPin::from))
    }

    async fn set_pin(&mut self, user: UserId, pin: &StoredPin) -> Result<(), StorageError> {
        let set = sql("INSERT INTO pins (user_id, hash, is_active) VALUES ($1, $2, $3) \
             ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, is_active = excluded.is_active")
        .with(user.as_uuid())
        .with(pin.hash.0.as_str())
        .with(pin.is_active);
        self.execute(set).await.map(drop)
    }

    async fn activate_pin(&mut self, user: UserId, current: &PasswordHash) -> Result<bool, StorageError> {
        let activate = sql("UPDATE pins SET is_active = $3 WHERE user_id = $1 AND hash = $2 AND is_active <> $3")
            .with(user.as_uuid())
            .with(current.0.as_str())
            .with(true);
        Ok(self.execute(activate).await? == 1)
    }

    async fn put_link(&mut self, link: &Link) -> Result<(), StorageError> {
        let put = sql("INSERT INTO links (user_id, purpose, digest, expires_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (user_id, purpose) DO UPDATE \
             SET digest = excluded.digest, expires_at = excluded.expires_at")
        .with(link.user.as_uuid())
        .with(link.purpose.as_str())
        .with(link.digest.0.to_vec())
        .with(link.expires_at.as_micros());
        self.execute(put).await.map(drop)
    }

    async fn find_link(
        &mut self,
        digest: &SecretDigest,
        purpose: LinkPurpose,
        now: Timestamp,
    ) -> Result<Option<Link>, StorageError> {
        self.link("SELECT user_id, expires_at FROM links", digest, purpose, now).await
    }

    async fn take_link(
        &mut self,
        digest: &SecretDigest,
        purpose: LinkPurpose,
        now: Timestamp,
    ) -> Result<Option<Link>, StorageError> {
        let Some(link) = self.find_link(digest, purpose, now).await? else { return Ok(None) };
        let take = sql("DELETE FROM links WHERE digest = $1 AND purpose = $2 AND expires_at > $3")
            .with(digest.0.to_vec())
            .with(purpose.as_str())
            .with(now.as_micros());
        // Invariant: of several units of work that see the link, the database lets one delete it.
        Ok((self.execute(take).await? == 1).then_some(link))
    }

    async fn delete_link(&mut self, user: UserId, purpose: LinkPurpose) -> Result<(), StorageError> {
        let delete = sql("DELETE FROM links WHERE user_id = $1 AND purpose = $2");
        self.execute(delete.with(user.as_uuid()).with(purpose.as_str())).await.map(drop)
    }

    async fn forget_mailed(&mut self, user: UserId) -> Result<(), StorageError> {
        self.execute(sql("DELETE FROM links WHERE user_id = $1").with(user.as_uuid())).await?;
        let temporary = sql("DELETE FROM passwords WHERE user_id = $1 AND must_change = $2");
        self.execute(temporary.with(user.as_uuid()).with(true)).await?;
        let unused = sql("DELETE FROM pins WHERE user_id = $1 AND is_active = $2");
        self.execute(unused.with(user.as_uuid()).with(false)).await.map(drop)
    }

    async fn delete_all(&mut self, user: UserId) -> Result<(), StorageError> {
        for table in ["passwords", "pins", "links", "external_identities"] {
            let delete = sql(&format!("DELETE FROM {table} WHERE user_id = $1"));
            self.execute(delete.with(user.as_uuid())).await?;
        }
        Ok(())
    }
}

impl SeaUnitOfWork {
    async fn link(
        &self,
        select: &str,
        digest: &SecretDigest,
        purpose: LinkPurpose,
        now: Timestamp,
    ) -> Result<Option<Link>, StorageError> {
        let mut find = sql(select);
        find.push(" WHERE digest = ").bind(digest.0.to_vec());
        find.push(" AND purpose = ").bind(purpose.as_str());
        find.push(" AND expires_at > ").bind(now.as_micros());
        Ok(self.row::<LinkRow>(find).await?.map(|row| row.into_link(*digest, purpose)))
    }
}
