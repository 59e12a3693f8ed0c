use varco_domain::{OrganizationId, User};

use crate::mails::{MailContent, NewMail, enqueue};
use crate::storage::{StorageError, StoredPin, ThrottleKey};
use crate::write::Write;
use crate::{Environment, HasherBusy, PasswordHash, PlainSecret};

/// A new PIN with its hash.
pub(crate) struct NewPin {
    pin: PlainSecret,
    hash: PasswordHash,
}

impl NewPin {
    /// Makes one, with no unit of work open.
    pub(crate) async fn generate(env: &Environment) -> Result<Self, HasherBusy> {
        let pin = env.secrets.generate_pin();
        let hash = env.password_hasher.hash(pin.clone()).await?;
        Ok(Self { pin, hash })
    }

    /// Stores it in place of whatever there was, inactive until it is used, and mails it.
    pub(crate) async fn give(
        self,
        write: &mut Write<'_>,
        env: &Environment,
        user: &User,
        organization: OrganizationId,
    ) -> Result<(), StorageError> {
        let stored = StoredPin { hash: self.hash, is_active: false };
        write.work().credentials().set_pin(user.id, &stored).await?;
        write.work().sign_ins().forget_tries(&ThrottleKey::Pin(user.id)).await?;
        let content = MailContent::NewPin { pin: self.pin };
        enqueue(write, env, &NewMail { organization, user, content }).await?;
        Ok(())
    }
}
