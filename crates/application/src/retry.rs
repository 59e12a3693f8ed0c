//! Tries again what lost against other writers, where the caller could not: because what came before
//! works once, or because nobody is left to hear of it.

/// How often in all.
const MAX_TRIES: u32 = 5;

/// Runs a unit of work until it no longer loses, or has lost too often.
pub(crate) async fn retry<T, E, F: Future<Output = Result<T, E>> + Send>(
    has_lost: impl Fn(&E) -> bool,
    mut work: impl FnMut() -> F,
) -> Result<T, E> {
    let mut tries = 1;
    loop {
        match work().await {
            Err(error) if has_lost(&error) && tries < MAX_TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use futures::executor::block_on;

    use super::*;

    /// Fails with these, one after the other, and then does not.
    fn failing(failures: &[&'static str]) -> (Result<(), &'static str>, usize) {
        let mut tries = 0;
        let outcome = block_on(retry(
            |failure: &&str| *failure == "lost",
            || {
                tries += 1;
                ready(failures.get(tries - 1).map_or(Ok(()), |failure| Err(*failure)))
            },
        ));
        (outcome, tries)
    }

    #[test]
    fn what_lost_is_tried_again_and_again_but_not_for_ever() {
        assert_eq!(failing(&[]), (Ok(()), 1));
        assert_eq!(failing(&["lost"; 4]), (Ok(()), 5));
        assert_eq!(failing(&["lost"; 9]), (Err("lost"), 5));
    }

    #[test]
    fn what_failed_otherwise_is_not_tried_again() {
        assert_eq!(failing(&["lost", "broken", "lost"]), (Err("broken"), 2));
    }
}
