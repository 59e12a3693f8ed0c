use super::SignInError;
use super::admission::{Place, Way};
use super::admit::KNOWN_FOR;
use super::origin::Source;
use crate::Environment;

/// Lets a step of a sign-in in until what it gets is dropped. What is refused here has written nothing.
pub(super) async fn take_place(env: &Environment, way: Way, source: Source) -> Result<Place, SignInError> {
    let place = env.sign_ins.enter(way, source, env.clock.now())?;
    speak_for(env, source).await?;
    Ok(place)
}

/// As `take_place`, for a call that hashes nothing.
pub(crate) async fn let_in(env: &Environment, way: Way, source: Source) -> Result<(), SignInError> {
    env.sign_ins.call(way, source, env.clock.now())?;
    speak_for(env, source).await
}

/// Invariant: no stranger, from however many addresses, keeps anybody out who comes from where he signed
/// in before. So it is looked up here, which costs a read, and no place in the queue of writers.
async fn speak_for(env: &Environment, source: Source) -> Result<(), SignInError> {
    let Some(organization) = source.organization() else { return Ok(()) };
    let now = env.clock.now();
    let mut work = env.store.begin_read().await?;
    let is_used = work.sign_ins().is_used_source(&source.to_string(), now.minus(KNOWN_FOR)).await?;
    env.sign_ins.speak_for(organization, is_used, now)
}
