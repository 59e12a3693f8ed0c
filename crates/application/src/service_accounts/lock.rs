//! What a change of service accounts keeps other writers out of: their organization, or all
//! operators.

use varco_domain::{OrganizationId, ServiceAccount, ServiceAccountId, Timestamp};

use super::ServiceAccountError;
use crate::write::Write;

/// A service account that no other write can change.
pub(super) struct Locked {
    pub(super) account: ServiceAccount,
    /// The other operators, if the account is one.
    other_operators: Vec<ServiceAccount>,
}

impl Locked {
    /// Refuses to leave the platform without an operator that can call, once only `left` secrets
    /// of the account work. Whoever takes away nothing that works is not concerned.
    pub(super) fn keep_an_operator(&self, left: usize, now: Timestamp) -> Result<(), ServiceAccountError> {
        let takes_something = left < self.account.active_secrets(now);
        let others: usize = self.other_operators.iter().map(|operator| operator.active_secrets(now)).sum();
        if self.account.organization.is_none() && takes_something && left + others == 0 {
            return Err(ServiceAccountError::LastOperator);
        }
        Ok(())
    }
}

/// Keeps other writers out of an organization's service accounts, or out of the operators.
pub(super) async fn lock_owner(
    write: &mut Write<'_>,
    organization: Option<OrganizationId>,
) -> Result<Vec<ServiceAccount>, ServiceAccountError> {
    let Some(organization) = organization else {
        return Ok(write.work().service_accounts().lock_operators().await?);
    };
    write.lock(organization).await?.ok_or(ServiceAccountError::OrganizationNotFound)?;
    Ok(Vec::new())
}

/// Gives a service account as it is once no other write can change it.
pub(super) async fn lock_account(
    write: &mut Write<'_>,
    organization: Option<OrganizationId>,
    id: ServiceAccountId,
) -> Result<Locked, ServiceAccountError> {
    let mut other_operators = lock_owner(write, organization).await?;
    other_operators.retain(|operator| operator.id != id);
    let account = write.work().service_accounts().find(organization, id).await?;
    let account = account.ok_or(ServiceAccountError::ServiceAccountNotFound)?;
    Ok(Locked { account, other_operators })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use varco_domain::{Id, SecretId, ServiceSecret, Username};

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1000);

    fn account(number: u128, organization: Option<OrganizationId>, expiries: &[i64]) -> ServiceAccount {
        let secret = |micros: &i64| ServiceSecret {
            id: SecretId::from_uuid(Uuid::from_u128(number)),
            created_at: Timestamp::EPOCH,
            expires_at: Timestamp::from_micros(*micros),
            last_used_at: None,
        };
        ServiceAccount {
            id: Id::from_uuid(Uuid::from_u128(number)),
            username: Username::parse("robot").unwrap(),
            organization,
            secrets: expiries.iter().map(secret).collect(),
            created_at: Timestamp::EPOCH,
        }
    }

    fn operator(expiries: &[i64], others: &[&[i64]]) -> Locked {
        let others = others.iter().map(|expiries| account(2, None, expiries)).collect();
        Locked { account: account(1, None, expiries), other_operators: others }
    }

    #[test]
    fn the_last_operator_secret_that_works_stays() {
        assert!(operator(&[2000], &[]).keep_an_operator(0, NOW).is_err());
        assert!(operator(&[2000], &[&[500]]).keep_an_operator(0, NOW).is_err(), "the other one has expired");
        assert!(operator(&[2000, 2000], &[]).keep_an_operator(1, NOW).is_ok());
        assert!(operator(&[2000], &[&[2000]]).keep_an_operator(0, NOW).is_ok());
    }

    #[test]
    fn what_does_not_work_may_always_go() {
        assert!(operator(&[500], &[]).keep_an_operator(0, NOW).is_ok());
        assert!(operator(&[500, 2000], &[]).keep_an_operator(1, NOW).is_ok());
    }

    #[test]
    fn an_organization_may_do_without_service_accounts() {
        let organization = Some(OrganizationId::from_uuid(Uuid::from_u128(9)));
        let locked = Locked { account: account(1, organization, &[2000]), other_operators: Vec::new() };

        assert!(locked.keep_an_operator(0, NOW).is_ok());
    }
}
