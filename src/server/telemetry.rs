//! Logs: structured, with the id of the request; `RUST_LOG` narrows or widens them.

use std::io::IsTerminal;

use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::config::LogFormat;

/// Starts logging to standard error. Only the first call counts. `serving`: a slow statement is worth a
/// line then; of a command that fills or checks whole tables it tells nothing.
pub fn start(format: LogFormat, serving: bool) {
    let statements = if serving { "warn" } else { "error" };
    let default = format!("info,tower_http=warn,sqlx::postgres::notice=warn,sqlx::query={statements}");
    let chosen = std::env::var("RUST_LOG").ok().and_then(|text| text.parse::<Targets>().ok());
    // Levels by target alone: looking into the fields of each request's span costs more than its line.
    let levels = chosen.unwrap_or_else(|| default.parse().unwrap_or_default());
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal());
    let lines = match format {
        LogFormat::Text => lines.compact().boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let _ = tracing_subscriber::registry().with(levels).with(lines).try_init();
}
