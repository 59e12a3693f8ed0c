//! Log lines on standard error.

use std::io::{IsTerminal as _, stderr};

use tracing::Subscriber;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::{InitError, LogFormat};

/// Writes what `filter` lets through, with the fields of every span around it.
pub(crate) fn layer<S>(format: LogFormat, filter: &str) -> Result<Box<dyn Layer<S> + Send + Sync>, InitError>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    // The filter is this layer's own: quiet logs do not thin out the traces.
    let filter = EnvFilter::try_new(filter).map_err(InitError::LogFilter)?;
    let lines = fmt::layer().with_writer(stderr);
    Ok(match format {
        LogFormat::Text => lines.with_ansi(stderr().is_terminal()).with_filter(filter).boxed(),
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_current_span(false).with_span_list(true);
            lines.with_filter(filter).boxed()
        }
    })
}
