use std::process::ExitCode;

use varco_client::v1::{ActorKind, Event};

use super::connection::connect;
use super::lookup;
use crate::cli::WatchOptions;
use crate::lifecycle::say;

pub(super) async fn run(options: &WatchOptions) -> anyhow::Result<ExitCode> {
    let (client, _) = connect(&options.client).await?;
    let organization_id = match &options.organization {
        Some(asked) => lookup::organization(&client, Some(asked)).await?,
        None => String::new(),
    };
    let mut watch =
        client.watch(varco_client::WatchOptions { organization_id, after_revision: options.after, types: Vec::new() });
    loop {
        let update = watch.next().await?;
        for event in update.events {
            say(&line(&event))?;
        }
    }
}

/// One event on one line: revision, type, what it is about, who did it.
fn line(event: &Event) -> String {
    let mut subjects: Vec<_> = event.subject_ids.iter().map(|(kind, id)| format!("{kind}={id}")).collect();
    subjects.sort_unstable();
    let actor = event.actor.clone().unwrap_or_default();
    let actor = match actor.kind() {
        ActorKind::ServiceAccount | ActorKind::User => actor.actor_id,
        ActorKind::System | ActorKind::Unspecified => "the service".to_owned(),
    };
    let Event { revision, ordinal, r#type, .. } = event;
    format!("{revision}.{ordinal} {type} {} by {actor}\n", subjects.join(" "))
}
