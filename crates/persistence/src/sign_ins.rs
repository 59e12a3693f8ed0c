//! Sign-ins under way, those that failed, and how often somebody tried.

mod failures;
mod issues;
mod row;
mod throttles;

use async_trait::async_trait;
use uuid::Uuid;
use varco_application::SecretDigest;
use varco_application::storage::{
    Challenge, FailureFilter, Flood, KeptFailures, OldSignIns, Page, SecurityIssue, SignInAccount, SignInFailure,
    SignInName, SignInRepository, StorageError, ThrottleKey,
};
use varco_domain::{OrganizationId, SignInFailureId, Timestamp, TooEarly, Tries, UserId};

use crate::forget::Aged;
use crate::sql::{Sql, sql};
use crate::work::SeaUnitOfWork;
use row::{AccountRow, ChallengeRow, DoorRow, SELECT_ACCOUNTS, SELECT_DOORS};

#[async_trait]
impl SignInRepository for SeaUnitOfWork {
    async fn find_account(&mut self, name: &SignInName, now: Timestamp) -> Result<Option<SignInAccount>, StorageError> {
        let mut find = sql(SELECT_ACCOUNTS);
        match name {
            SignInName::Username(username) => _ = find.push(" WHERE username = ").bind(username.as_str()),
            SignInName::Email(email) => _ = find.push(" WHERE email_folded = ").bind(email.folded()),
            SignInName::Nobody => _ = find.push(" WHERE username = ").bind(""),
        }
        self.account_with_doors(find, now).await
    }

    async fn account(&mut self, user: UserId, now: Timestamp) -> Result<Option<SignInAccount>, StorageError> {
        let mut find = sql(SELECT_ACCOUNTS);
        find.push(" WHERE id = ").bind(user.as_uuid());
        self.account_with_doors(find, now).await
    }

    async fn count_try(&mut self, key: &ThrottleKey, now: Timestamp) -> Result<Result<Tries, TooEarly>, StorageError> {
        self.count_try_at(key, now).await
    }

    async fn give_back_try(&mut self, key: &ThrottleKey) -> Result<(), StorageError> {
        self.give_back_try_at(key).await
    }

    async fn forget_tries(&mut self, key: &ThrottleKey) -> Result<(), StorageError> {
        self.delete_tries(key).await
    }

    async fn forget_all_tries(&mut self, user: UserId) -> Result<(), StorageError> {
        self.delete_tries_at(user).await
    }

    async fn is_known_source(&mut self, user: UserId, source: &str, since: Timestamp) -> Result<bool, StorageError> {
        let find = sql("SELECT 1 FROM sign_in_sources WHERE user_id = $1 AND source = $2 AND signed_in_at >= $3")
            .with(user.as_uuid())
            .with(source)
            .with(since.as_micros());
        self.has_rows(find).await
    }

    async fn is_used_source(&mut self, source: &str, since: Timestamp) -> Result<bool, StorageError> {
        self.has_rows(used_source(source, since)).await
    }

    async fn note_source(&mut self, user: UserId, source: &str, now: Timestamp) -> Result<(), StorageError> {
        let note = sql("INSERT INTO sign_in_sources (user_id, source, signed_in_at) VALUES ($1, $2, $3) \
             ON CONFLICT (user_id, source) DO UPDATE SET signed_in_at = excluded.signed_in_at")
        .with(user.as_uuid())
        .with(source)
        .with(now.as_micros());
        self.execute(note).await.map(drop)
    }

    async fn insert_challenge(&mut self, digest: &SecretDigest, challenge: &Challenge) -> Result<(), StorageError> {
        let insert = sql("INSERT INTO challenges (digest, user_id, step, pin_shown, organization_id, session_id, \
             expires_at, attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .with(digest.0.to_vec())
        .with(challenge.user.as_uuid())
        .with(challenge.step.as_str())
        .with(challenge.shown.pin)
        .with(challenge.shown.organization.map(|organization| organization.as_uuid()))
        .with(challenge.replaced.map(|session| session.as_uuid()))
        .with(challenge.expires_at.as_micros())
        .with(i64::from(challenge.attempts));
        self.execute(insert).await.map(drop)
    }

    async fn try_challenge(
        &mut self,
        digest: &SecretDigest,
        now: Timestamp,
    ) -> Result<Option<Challenge>, StorageError> {
        let step = sql("UPDATE challenges SET attempts = attempts + 1 WHERE digest = $1 AND expires_at > $2");
        if self.execute(step.with(digest.0.to_vec()).with(now.as_micros())).await? == 0 {
            return Ok(None);
        }
        let find = sql("SELECT user_id, step, pin_shown, organization_id, session_id, expires_at, attempts \
             FROM challenges WHERE digest = $1");
        self.row::<ChallengeRow>(find.with(digest.0.to_vec())).await?.map(Challenge::try_from).transpose()
    }

    async fn give_back_challenge(&mut self, digest: &SecretDigest) -> Result<(), StorageError> {
        let give_back = sql("UPDATE challenges SET attempts = attempts - 1 WHERE digest = $1 AND attempts > 0");
        self.execute(give_back.with(digest.0.to_vec())).await.map(drop)
    }

    async fn take_challenge(&mut self, digest: &SecretDigest, now: Timestamp) -> Result<bool, StorageError> {
        let take = sql("DELETE FROM challenges WHERE digest = $1 AND expires_at > $2");
        Ok(self.execute(take.with(digest.0.to_vec()).with(now.as_micros())).await? == 1)
    }

    async fn insert_failure(&mut self, failure: &SignInFailure) -> Result<(), StorageError> {
        self.execute(failures::insert(failure)).await.map(drop)
    }

    async fn list_failures(
        &mut self,
        filter: &FailureFilter,
        before: Option<SignInFailureId>,
        limit: usize,
    ) -> Result<Page<SignInFailure>, StorageError> {
        let rows = self.rows::<row::FailureRow>(failures::list(filter, before, limit)).await?;
        let failures = rows.into_iter().map(SignInFailure::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(failures, limit))
    }

    async fn list_issues(
        &mut self,
        organization: OrganizationId,
        after: Option<UserId>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Page<SecurityIssue>, StorageError> {
        let rows = self.rows::<issues::IssueRow>(issues::list(organization, after, now, limit)).await?;
        let issues = rows.into_iter().map(SecurityIssue::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(issues, limit))
    }

    async fn forget_old(&mut self, what: OldSignIns, until: Timestamp, limit: usize) -> Result<usize, StorageError> {
        self.forget(aged(what), until, limit).await
    }

    async fn floods(&mut self, kept: KeptFailures) -> Result<Vec<Flood>, StorageError> {
        self.take_time().await?;
        Ok(self.rows::<row::FloodRow>(failures::floods(kept)).await?.into_iter().map(Flood::from).collect())
    }

    async fn forget_flood(&mut self, flood: &Flood, kept: KeptFailures, limit: usize) -> Result<usize, StorageError> {
        let forgotten = self.execute(failures::forget_beyond(self.backend(), flood, kept, limit)).await?;
        Ok(usize::try_from(forgotten).unwrap_or(usize::MAX))
    }
}

const fn aged(what: OldSignIns) -> &'static Aged {
    match what {
        OldSignIns::Challenges => &Aged { table: "challenges", key: "digest", age: "expires_at" },
        OldSignIns::Tries => &Aged { table: "sign_in_throttles", key: "kind, subject, source", age: "forgotten_at" },
        OldSignIns::Sources => &Aged { table: "sign_in_sources", key: "user_id, source", age: "signed_in_at" },
        OldSignIns::Failures => &Aged { table: "sign_in_failures", key: "id", age: "occurred_at" },
    }
}

fn used_source(source: &str, since: Timestamp) -> Sql {
    sql("SELECT 1 FROM sign_in_sources WHERE source = $1 AND signed_in_at >= $2 LIMIT 1")
        .with(source)
        .with(since.as_micros())
}

impl SeaUnitOfWork {
    /// Asks the same two things whether there is such an account or not.
    async fn account_with_doors(&self, find: Sql, now: Timestamp) -> Result<Option<SignInAccount>, StorageError> {
        let account = self.row::<AccountRow>(find).await?;
        let user = account.as_ref().map_or(Uuid::nil(), |account| account.id);
        let doors = self.rows::<DoorRow>(sql(SELECT_DOORS).with(user).with(now.as_micros())).await?;
        account.map(|account| account.with_doors(doors)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::DbBackend;

    use super::*;
    use crate::plans::assert_indexed;

    #[tokio::test]
    async fn no_sign_in_costs_more_than_the_first() {
        for name in ["username", "email_folded"] {
            let mut find = sql(SELECT_ACCOUNTS);
            find.push(&format!(" WHERE {name} = ")).bind("ana");
            assert_indexed(find).await;
        }
        assert_indexed(sql(SELECT_DOORS).with(Uuid::nil()).with(0_i64)).await;
        assert_indexed(used_source("direct 192.0.2.1", Timestamp::EPOCH)).await;
    }

    #[tokio::test]
    async fn what_is_old_is_found_along_indexes() {
        for what in [OldSignIns::Challenges, OldSignIns::Tries, OldSignIns::Sources, OldSignIns::Failures] {
            assert_indexed(aged(what).forget(DbBackend::Sqlite, Timestamp::EPOCH, 500)).await;
        }
    }
}
