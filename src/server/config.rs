//! The command line: every setting is a flag and an environment variable, checked before anything starts.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use secrecy::SecretString;

/// Orders, stock and deliveries of a small business.
#[derive(Debug, Parser)]
#[command(name = "dashboard-fb", version, about, max_term_width = 100)]
pub struct Cli {
    /// What to do; `serve` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Where and how data is kept.
    #[command(flatten)]
    pub data: DataOptions,
    /// How it is served (for `serve`).
    #[command(flatten)]
    pub serve: ServeOptions,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the screens and the REST API (default). Migrates the database first.
    Serve,
    /// Bring the database's schema up to date, then stop.
    Migrate,
    /// Put in the demo accounts and a believable shop, and as many orders as wanted.
    Seed {
        /// Spread so many orders (3 lines each on average) over the past year, in every status.
        #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
        orders: Option<u64>,
        /// The same number gives the same orders.
        #[arg(long, default_value_t = 1)]
        random_seed: u64,
    },
    /// Create an administrator. The password is read from DASHBOARD_FB_PASSWORD or from standard input.
    CreateAdmin {
        /// E-mail to sign in with.
        #[arg(long)]
        email: String,
        /// Surname.
        #[arg(long)]
        nom: String,
        /// First name.
        #[arg(long)]
        prenom: Option<String>,
        /// The password; better given in the environment than on the command line.
        #[arg(long, env = "DASHBOARD_FB_PASSWORD", hide_env_values = true)]
        password: Option<SecretString>,
    },
    /// Erase a person's data (GDPR): from the rows and from the trail, whose chain stays whole. Cannot be undone.
    ErasePerson {
        /// A client, with the copies that their orders keep.
        #[arg(long, value_name = "ID", conflicts_with = "user", required_unless_present = "user")]
        client: Option<i64>,
        /// A user who can no longer sign in.
        #[arg(long, value_name = "ID")]
        user: Option<i64>,
    },
    /// Recompute every invariant (stock, reservations, totals, trail); exits 1 naming what is off.
    Verify,
    /// Print the OpenAPI document of the REST API.
    Openapi,
}

/// Where and how data is kept.
#[derive(Debug, Clone, Args)]
pub struct DataOptions {
    /// PostgreSQL (15 or newer) to use; without it, the server runs one of its own in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true, value_name = "URL")]
    pub database_url: Option<SecretString>,
    /// Folder of the embedded database and of the secret key.
    #[arg(long, env = "DASHBOARD_FB_DATA", default_value = "data", global = true, value_name = "DIR")]
    pub data_dir: PathBuf,
    /// Folder of PostgreSQL's programs (initdb, postgres); found by itself otherwise.
    #[arg(long, env = "DASHBOARD_FB_PG_BIN", global = true, value_name = "DIR")]
    pub pg_bin_dir: Option<PathBuf>,
    /// Secret from which all keys are derived, at least 64 hexadecimal characters; made in the data folder otherwise.
    #[arg(long, env = "DASHBOARD_FB_SECRET", hide_env_values = true, global = true, value_name = "HEX")]
    pub secret: Option<SecretString>,
    /// Connections to the database at most.
    #[arg(long, env = "DASHBOARD_FB_DB_CONNECTIONS", default_value_t = 16, global = true,
          value_parser = clap::value_parser!(u32).range(2..=500), value_name = "N")]
    pub db_connections: u32,
    /// Currency, ISO 4217; kept in the database from the first start. [default: EUR]
    #[arg(long, env = "BUSINESS_CURRENCY", global = true, value_name = "CODE")]
    pub currency: Option<String>,
    /// Time zone of the business days; kept in the database from the first start. [default: Europe/Paris]
    #[arg(long, env = "BUSINESS_TZ", global = true, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// How logs are written: text for people, json for programs.
    #[arg(long, env = "DASHBOARD_FB_LOG_FORMAT", default_value = "text", global = true, value_name = "FORMAT")]
    pub log_format: LogFormat,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How it is served.
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// Address to listen on.
    #[arg(
        long,
        env = "DASHBOARD_FB_LISTEN",
        default_value = "127.0.0.1:3000",
        global = true,
        value_name = "ADDR:PORT"
    )]
    pub listen: SocketAddr,
    /// Put in the demo shop and its well-known accounts. Only on a loopback address.
    #[arg(long, env = "DASHBOARD_FB_DEMO", global = true)]
    pub demo: bool,
    /// The server stands behind TLS: cookies are `Secure` and `__Host-`, and HSTS is sent.
    #[arg(long, env = "DASHBOARD_FB_TLS", global = true)]
    pub behind_tls: bool,
    /// Proxies whose X-Forwarded-For is believed, comma separated.
    #[arg(long, env = "DASHBOARD_FB_TRUSTED_PROXIES", value_delimiter = ',', global = true, value_name = "IP")]
    pub trusted_proxies: Vec<IpAddr>,
    /// Origins that may call the REST API from a browser, comma separated.
    #[arg(long, env = "CORS_ORIGINS", value_delimiter = ',', global = true, value_name = "ORIGIN")]
    pub cors_origins: Vec<String>,
    /// Calls of the REST API a second and address, twice as many at once; 0 for no limit.
    #[arg(long, env = "DASHBOARD_FB_RATE_LIMIT", default_value_t = 100, global = true, value_name = "N")]
    pub rate_limit: u32,
    /// Folder of the browser's files, as the build made it.
    #[arg(long, env = "LEPTOS_SITE_ROOT", default_value = "target/site", global = true, value_name = "DIR")]
    pub site_root: PathBuf,
}

/// A setting that makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Well-known passwords within reach of others.
    #[error("--demo has well-known passwords: it listens on a loopback address only, not on {0}")]
    DemoBeyondLoopback(SocketAddr),
    /// Not an origin.
    #[error("CORS_ORIGINS: `{0}` is no origin; write scheme and host, such as https://outil.example.com")]
    Origin(String),
    /// Not a currency we can count in.
    #[error("BUSINESS_CURRENCY: `{0}` is no ISO 4217 code, such as EUR")]
    Currency(String),
}

impl ServeOptions {
    /// Refuses what must not be served.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.demo && !self.listen.ip().is_loopback() {
            return Err(ConfigError::DemoBeyondLoopback(self.listen));
        }
        for origin in &self.cors_origins {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if host.is_none_or(|h| h.is_empty() || h.contains(['/', '*', ' '])) {
                return Err(ConfigError::Origin(origin.clone()));
            }
        }
        Ok(())
    }
}

impl DataOptions {
    /// Refuses a currency that is none.
    pub fn check(&self) -> Result<(), ConfigError> {
        match &self.currency {
            Some(code) if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) => {
                Err(ConfigError::Currency(code.clone()))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(args: &[&str]) -> Cli {
        Cli::try_parse_from(std::iter::once(&"dashboard-fb").chain(args)).expect("parses")
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
        assert!(parse(&[]).command.is_none());
        assert!(matches!(parse(&["seed", "--orders", "10"]).command, Some(Command::Seed { orders: Some(10), .. })));
    }

    #[test]
    fn demo_stays_on_loopback() {
        assert!(parse(&["serve", "--demo"]).serve.check().is_ok());
        assert!(parse(&["serve", "--demo", "--listen", "0.0.0.0:3000"]).serve.check().is_err());
        assert!(parse(&["serve", "--listen", "0.0.0.0:3000"]).serve.check().is_ok());
    }

    #[test]
    fn origins_and_currencies() {
        assert!(parse(&["--cors-origins", "https://a.example"]).serve.check().is_ok());
        assert!(parse(&["--cors-origins", "*"]).serve.check().is_err());
        assert!(parse(&["--currency", "euro"]).data.check().is_err());
    }
}
