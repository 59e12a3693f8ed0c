use varco_domain::EventKind;

use super::life;
use crate::storage::{SigningKey, StorageError, UniqueKey};
use crate::write::{Change, Write};
use crate::{Caller, Environment, KeyUnusable, Mode};

/// Why the keys are not as they should be.
#[derive(Debug, thiserror::Error)]
pub enum RotateKeysError {
    /// A key cannot be opened.
    #[error(transparent)]
    Unusable(#[from] KeyUnusable),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Makes a new key when one is due, throws away those that nobody needs any more, and reads the keys
/// anew. On return there is a key to sign with.
pub async fn rotate_keys(env: &Environment) -> Result<(), RotateKeysError> {
    while is_something_to_do(env).await? {
        match change(env).await {
            // Another replica was faster. Whether it did everything shows the next look.
            Err(StorageError::Duplicate(UniqueKey::SigningKeyGeneration) | StorageError::Contention) | Ok(()) => {}
            Err(error) => return Err(error.into()),
        }
    }
    env.keys.reload(env.store.as_ref()).await?;
    Ok(env.keys.check()?)
}

async fn is_something_to_do(env: &Environment) -> Result<bool, StorageError> {
    let keys = env.store.begin_read().await?.signing_keys().list().await?;
    let now = env.clock.now();
    Ok(life::is_due(&keys, now) || life::withdrawn(&keys, now) > 0)
}

async fn change(env: &Environment) -> Result<(), StorageError> {
    let caller = Caller::system("key-rotation");
    let new = env.keys.generate();
    let mut write = Write::begin(env, &caller).await?;
    let (now, keys) = (write.now(), write.work().signing_keys().list().await?);
    for old in &keys[..life::withdrawn(&keys, now)] {
        if write.work().signing_keys().delete(&old.key.id).await? {
            write.record(EventKind::SigningKeyRetired, None, &[("signing_key", &old.key.id)], Change::default());
        }
    }
    if life::is_due(&keys, now) {
        let generation = keys.last().map_or(1, |newest| newest.generation + 1);
        let new = SigningKey { key: new, generation, created_at: now };
        write.work().signing_keys().insert(&new).await?;
        write.record(EventKind::SigningKeyCreated, None, &[("signing_key", &new.key.id)], Change::default());
    }
    write.finish(Mode::Execute).await.map(drop)
}
