//! The commands of the command line.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::config::{Cli, Command, ConfigError, DataOptions};
use super::database::{Database, DatabaseError};
use super::{command_line, openapi, seed, serve, telemetry, verify};
use crate::auth::{password, password_rule};
use crate::error::AppError;
use crate::history::erase::{self, Erased, Person};
use crate::history::seals::Anchor;
use crate::shared::{SYSTEM_USER, text};

/// A page is drawn by calls as deep as its views lie in one another: a development build needs more than the 2 MiB that
/// a thread gets by default. What is not used takes no memory.
const STACK: usize = 8 << 20;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A statement of ours.
    #[error("la base de données a refusé : {0}")]
    Sql(#[from] sqlx::Error),
    /// The demo data.
    #[error(transparent)]
    Seed(#[from] seed::SeedError),
    /// The port.
    #[error("impossible d'écouter sur {0} : {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The rest of the machine.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// What was typed.
    #[error("{0}")]
    Input(String),
}

impl From<AppError> for CommandError {
    fn from(error: AppError) -> Self {
        Self::Input(error.detail)
    }
}

/// Runs what the command line asks for.
pub fn main() -> ExitCode {
    let cli = command_line::parse();
    telemetry::start(cli.data.log_format, matches!(cli.command, None | Some(Command::Serve)));
    if let Err(error) = cli.data.check().and_then(|()| cli.serve.check()) {
        eprintln!("dashboard-fb : {error}");
        return ExitCode::from(2);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(workers())
        .thread_stack_size(STACK)
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("dashboard-fb : {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("dashboard-fb : {error}");
            ExitCode::FAILURE
        }
    }
}

// Streaming pages stalls with a single worker, so even one core gets two.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get).max(2)
}

async fn dispatch(cli: Cli) -> Result<ExitCode, CommandError> {
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&cli.data, cli.serve).await?,
        Command::Openapi => say(serde_json::to_string_pretty(&openapi::document()).unwrap_or_default())?,
        Command::Migrate => {
            let database = open(&cli.data).await?;
            println!("Le schéma est à jour.");
            database.close().await;
        }
        Command::Seed { orders, random_seed } => {
            let database = open(&cli.data).await?;
            let tell = |step: seed::Step| {
                eprintln!("[{}/{}] {:>5.1} s  {}", step.number, step.of, step.elapsed.as_secs_f32(), step.label);
            };
            let result = seed::seed(&database.pool, &seed::SeedOptions { orders, random_seed }, tell).await;
            database.close().await;
            result?;
        }
        Command::CreateAdmin { email, nom, prenom, password } => {
            let password = match password {
                Some(password) => password,
                None => read_password()?,
            };
            let database = open(&cli.data).await?;
            let result = create_admin(&database, &email, &nom, prenom.as_deref(), password).await;
            database.close().await;
            println!("Administrateur {} créé.", result?);
        }
        Command::ErasePerson { client, user } => {
            let person = match (client, user) {
                (Some(id), _) => Person::Client(id.into()),
                (None, Some(id)) => Person::FormerUser(id.into()),
                (None, None) => return Err(CommandError::Input("nommez un client ou un utilisateur".into())),
            };
            let database = open(&cli.data).await?;
            let result = erase::erase(&database.pool, person).await;
            database.close().await;
            println!("{}", told(result?));
        }
        Command::Verify { repair, anchor } => {
            let database = open(&cli.data).await?;
            let result = verify_and_repair(&database, repair, anchor.as_ref()).await;
            database.close().await;
            let report = result?;
            say(report.to_string())?;
            if let (true, Some(seal)) = (report.is_clean(), &report.newest) {
                say(format!(
                    "Dernier sceau de l'historique, à garder ailleurs : verify --anchor SCEAU dira s'il a été coupé depuis.\n{seal}"
                ))?;
            }
            return Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(erased: Erased) -> String {
    format!(
        "Effacé : {}, {}, {} de l'historique.",
        text::count(erased.people as i64, "personne", "personnes"),
        text::count(erased.orders as i64, "commande", "commandes"),
        text::count(erased.entries as i64, "entrée", "entrées")
    )
}

/// Writes a line of what was asked for; whoever has read enough of it may close the pipe.
fn say(text: String) -> Result<(), CommandError> {
    match std::io::stdout().lock().write_all(format!("{text}\n").as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

async fn open(data: &DataOptions) -> Result<Database, CommandError> {
    let database = Database::open(data).await?;
    match database.prepare(data).await {
        Ok(_) => Ok(database),
        Err(error) => {
            database.close().await;
            Err(error.into())
        }
    }
}

/// Repairs what can be, if asked to, and recomputes everything.
async fn verify_and_repair(
    database: &Database,
    repair: bool,
    kept: Option<&Anchor>,
) -> Result<verify::Report, sqlx::Error> {
    if repair {
        match verify::repair(&database.pool).await?.as_slice() {
            [] => println!("Les chiffres de chaque jour sont ceux des commandes : rien à recalculer."),
            days => {
                let days: Vec<_> = days.iter().map(ToString::to_string).collect();
                println!("Chiffres recalculés : {}.", days.join(", "));
            }
        }
    }
    verify::verify_since(&database.pool, kept).await
}

fn read_password() -> Result<SecretString, CommandError> {
    eprintln!("Mot de passe du nouvel administrateur (terminez par Entrée, puis Ctrl-D) :");
    let mut text = String::new();
    std::io::stdin().take(1000).read_to_string(&mut text)?;
    Ok(SecretString::from(text.trim_end_matches(['\n', '\r']).to_owned()))
}

async fn create_admin(
    database: &Database,
    email: &str,
    nom: &str,
    prenom: Option<&str>,
    secret: SecretString,
) -> Result<String, CommandError> {
    let said = |(_, message): text::TextProblem| CommandError::Input(message);
    let email = text::email(email).map_err(said)?;
    let nom = text::line(nom, 200).map_err(said)?;
    password_rule::check_new(secret.expose_secret(), &email).map_err(said)?;
    let hash = password::hash(&Semaphore::new(1), secret.expose_secret().to_owned()).await?;
    let mut tx = database.pool.begin().await?;
    sqlx::query("select set_config('app.user_id', $1, true)").bind(SYSTEM_USER.to_string()).execute(&mut *tx).await?;
    sqlx::query("insert into users (email, nom, prenom, role, password_hash) values ($1, $2, $3, 'admin', $4)")
        .bind(&email)
        .bind(nom)
        .bind(prenom)
        .bind(hash)
        .execute(&mut *tx)
        .await
        .map_err(AppError::from)?;
    tx.commit().await?;
    Ok(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_erased_is_counted_in_french() {
        assert_eq!(
            told(Erased { people: 1, orders: 0, entries: 2 }),
            "Effacé : 1\u{a0}personne, 0\u{a0}commande, 2\u{a0}entrées de l'historique."
        );
    }
}
