//! Logs: structured, with the id of the request; `RUST_LOG` narrows or widens them.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use super::config::LogFormat;

/// Starts logging to standard error. Only the first call counts. `serving`: a slow statement is worth a
/// line then; of a command that fills or checks whole tables it tells nothing.
pub fn start(format: LogFormat, serving: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        let statements = if serving { "warn" } else { "error" };
        EnvFilter::new(format!("info,tower_http=warn,sqlx::postgres::notice=warn,sqlx::query={statements}"))
    });
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let builder = builder.with_ansi(std::io::stderr().is_terminal());
    let _ = match format {
        LogFormat::Text => builder.compact().try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
