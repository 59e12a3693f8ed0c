//! Whether the index that a server keeps is the one that its rows say.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use varco_application::Environment;
use varco_application::decision::{Fact, Index};

use super::{Run, TestServer};

/// How long the index may take to get to where the rows are.
const MAX_WAIT: Duration = Duration::from_secs(30);

impl TestServer {
    /// Fails unless the index is equal to one that is rebuilt from the rows. A server that was
    /// stopped has none to look at.
    pub async fn check_index(&self) {
        check(&self.run).await;
    }

    /// What sets the index apart from one that is rebuilt from the rows: a line for each fact,
    /// nothing if they are equal.
    pub async fn index_difference(&self) -> String {
        difference(self.environment().await.as_ref()).await
    }
}

pub(super) async fn check(run: &Mutex<Option<Run>>) {
    let env = run.lock().await.as_ref().map(|run| Arc::clone(&run.running.service.env));
    let Some(env) = env else { return };
    let difference = difference(&env).await;
    assert!(difference.is_empty(), "the index (-) is not what the rows (+) say:\n{difference}");
}

async fn difference(env: &Environment) -> String {
    loop {
        let rebuilt = rebuild(env).await;
        let revision = rebuilt.revision();
        let reached = tokio::time::timeout(MAX_WAIT, env.feed.reach(revision)).await;
        assert!(reached.is_ok(), "the index stays at {} while the log is at {revision}", env.feed.revision());
        let kept = Arc::clone(&env.feed.index());
        // Otherwise something was written meanwhile.
        if kept.revision() == revision {
            return compare(&kept.facts(), &rebuilt.facts());
        }
    }
}

async fn rebuild(env: &Environment) -> Index {
    let mut work = env.store.begin_read().await.expect("the database answers");
    let mut index = Index::default();
    let revision = work.log().facts(&mut |fact| index.apply(&fact)).await.expect("the rows are readable");
    index.advance(revision);
    index
}

/// A line for each fact that only one of the two has.
fn compare(kept: &[Fact], rebuilt: &[Fact]) -> String {
    let only = |sign: char, some: &[Fact], others: &[Fact]| -> String {
        some.iter()
            .filter(|fact| !others.contains(fact))
            .fold(String::new(), |lines, fact| format!("{lines}{sign} {fact:?}\n"))
    };
    if kept == rebuilt {
        return String::new();
    }
    let lines = only('-', kept, rebuilt) + &only('+', rebuilt, kept);
    if lines.is_empty() { "the same facts, in another order or number".to_owned() } else { lines }
}
