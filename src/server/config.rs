//! The command line: every setting is a flag and an environment variable, checked before anything starts.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use secrecy::SecretString;

use super::redis::Redis;
use crate::history::seals::Anchor;
use crate::shared::text::line;
use crate::ui::PRODUCT_NAME;

/// Orders, stock and deliveries of a small business.
#[derive(Debug, Parser)]
#[command(
    name = "dashboard-fb",
    version,
    about = "Commandes, stock et livraisons d'une petite entreprise.",
    max_term_width = 100
)]
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
    #[command(about = "Sert les écrans et l'API REST (par défaut) ; met d'abord le schéma à jour")]
    Serve,
    /// Bring the database's schema up to date, then stop.
    #[command(about = "Met le schéma de la base de données à jour, puis s'arrête")]
    Migrate,
    /// Put in the demo accounts and a believable shop, and as many orders as wanted.
    #[command(about = "Crée les comptes et la boutique de démonstration, et autant de commandes que voulu")]
    Seed {
        /// Spread so many orders (3 lines each on average) over the past year, in every status.
        #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000_000), value_name = "NOMBRE",
              help = "Répartit autant de commandes (3 lignes chacune en moyenne) sur l'année passée, à tous les statuts")]
        orders: Option<u64>,
        /// The same number gives the same orders.
        #[arg(long, default_value_t = 1, value_name = "NOMBRE", help = "Le même nombre donne les mêmes commandes")]
        random_seed: u64,
    },
    /// Create an administrator. The password is read from DASHBOARD_FB_PASSWORD or from standard input.
    #[command(
        about = "Crée un administrateur ; le mot de passe est lu dans DASHBOARD_FB_PASSWORD ou sur l'entrée standard"
    )]
    CreateAdmin {
        /// E-mail to sign in with.
        #[arg(long, value_name = "ADRESSE", help = "E-mail avec lequel se connecter")]
        email: String,
        /// Surname.
        #[arg(long, value_name = "NOM", help = "Nom")]
        nom: String,
        /// First name.
        #[arg(long, value_name = "PRÉNOM", help = "Prénom")]
        prenom: Option<String>,
        /// The password; better given in the environment than on the command line.
        #[arg(
            long,
            env = "DASHBOARD_FB_PASSWORD",
            hide_env_values = true,
            value_name = "MOT_DE_PASSE",
            help = "Mot de passe ; mieux dans l'environnement que dans la commande"
        )]
        password: Option<SecretString>,
    },
    /// Erase a person's data (GDPR): from the rows and from the trail, whose chain stays whole. Cannot be undone.
    #[command(
        about = "Efface les données d'une personne (RGPD), des lignes et de l'historique, dont la chaîne reste entière ; ne s'annule pas"
    )]
    #[group(required = true)]
    ErasePerson {
        /// A client, with the copies that their orders keep.
        #[arg(
            long,
            value_name = "ID",
            conflicts_with = "user",
            help = "Un client, et les copies que gardent ses commandes"
        )]
        client: Option<i64>,
        /// A user who can no longer sign in.
        #[arg(long, value_name = "ID", help = "Un utilisateur qui ne peut plus se connecter")]
        user: Option<i64>,
    },
    /// Recompute every invariant (stock, reservations, totals, figures, trail); exits 1 naming what is off.
    #[command(
        about = "Recalcule tout ce qui doit être vrai (stock, réservations, totaux, chiffres, historique) ; sort avec 1 en nommant ce qui ne l'est pas"
    )]
    Verify {
        /// Add up anew the dashboard's figures of the days that differ from the orders, before verifying.
        #[arg(
            long,
            help = "Recalcule d'abord les chiffres du tableau de bord des jours qui diffèrent des commandes, et de ceux-là seulement"
        )]
        repair: bool,
        /// A seal of the trail that an earlier `verify` gave and that was kept elsewhere: was anything cut off since?
        #[arg(
            long,
            value_name = "SCEAU",
            help = "Un sceau de l'historique, donné par un verify précédent et gardé ailleurs : rien n'a été coupé depuis"
        )]
        anchor: Option<Anchor>,
    },
    /// Print the OpenAPI document of the REST API.
    #[command(about = "Écrit le document OpenAPI de l'API REST")]
    Openapi,
}

/// Where and how data is kept.
#[derive(Debug, Clone, Args)]
pub struct DataOptions {
    /// PostgreSQL (15 or newer) to use; without it, the server runs one of its own in the data folder.
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        global = true,
        value_name = "URL",
        help = "PostgreSQL (15 ou plus récent) à utiliser ; sans lui, le serveur lance le sien dans le dossier de données"
    )]
    pub database_url: Option<SecretString>,
    /// A streaming replica of that PostgreSQL, which the dashboard and exports may read; never required.
    #[arg(
        long,
        env = "DATABASE_READ_URL",
        hide_env_values = true,
        global = true,
        value_name = "URL",
        help = "Réplique en continu de ce PostgreSQL, que le tableau de bord et les exports peuvent lire ; jamais nécessaire"
    )]
    pub database_read_url: Option<SecretString>,
    /// Folder of the embedded database and of the secret key.
    #[arg(
        long,
        env = "DASHBOARD_FB_DATA",
        default_value = "data",
        global = true,
        value_name = "DOSSIER",
        help = "Dossier de la base de données intégrée et de la clef secrète"
    )]
    pub data_dir: PathBuf,
    /// Folder of PostgreSQL's programs (initdb, postgres); found by itself otherwise.
    #[arg(
        long,
        env = "DASHBOARD_FB_PG_BIN",
        global = true,
        value_name = "DOSSIER",
        help = "Dossier des programmes de PostgreSQL (initdb, postgres) ; trouvé tout seul sinon"
    )]
    pub pg_bin_dir: Option<PathBuf>,
    /// Secret from which all keys are derived, at least 64 hexadecimal characters; made in the data folder otherwise.
    #[arg(
        long,
        env = "DASHBOARD_FB_SECRET",
        hide_env_values = true,
        global = true,
        value_name = "HEXA",
        help = "Secret dont toutes les clefs dérivent, au moins 64 caractères hexadécimaux ; créé dans le dossier de données sinon"
    )]
    pub secret: Option<SecretString>,
    /// Connections to the database at most.
    #[arg(long, env = "DASHBOARD_FB_DB_CONNECTIONS", default_value_t = 16, global = true,
          value_parser = clap::value_parser!(u32).range(2..=500), value_name = "NOMBRE", help = "Connexions à la base de données, au plus")]
    pub db_connections: u32,
    /// Currency, ISO 4217; kept in the database from the first start. [default: EUR]
    #[arg(
        long,
        env = "BUSINESS_CURRENCY",
        global = true,
        value_name = "CODE",
        help = "Devise, ISO 4217, gardée dans la base dès le premier démarrage [par\u{a0}défaut\u{a0}: EUR]"
    )]
    pub currency: Option<String>,
    /// Time zone of the business days; kept in the database from the first start. [default: Europe/Paris]
    #[arg(
        long,
        env = "BUSINESS_TZ",
        global = true,
        value_name = "FUSEAU",
        help = "Fuseau horaire des journées de l'entreprise, gardé dans la base dès le premier démarrage [par\u{a0}défaut\u{a0}: Europe/Paris]"
    )]
    pub time_zone: Option<String>,
    /// How logs are written: text for people, json for programs.
    #[arg(
        long,
        env = "DASHBOARD_FB_LOG_FORMAT",
        default_value = "text",
        global = true,
        value_name = "FORMAT",
        help = "Forme du journal : text pour des personnes, json pour des programmes"
    )]
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
        value_name = "ADRESSE:PORT",
        help = "Adresse à laquelle écouter"
    )]
    pub listen: SocketAddr,
    /// What the business is called: on delivery notes and picking lists.
    #[arg(
        long,
        env = "BUSINESS_NAME",
        default_value = PRODUCT_NAME,
        value_parser = business_name,
        global = true,
        value_name = "NOM",
        help = "Nom de l'entreprise, sur les bons de livraison et les listes de préparation"
    )]
    pub business_name: String,
    /// Put in the demo shop and its well-known accounts. Only on a loopback address.
    #[arg(
        long,
        env = "DASHBOARD_FB_DEMO",
        global = true,
        help = "Crée la boutique de démonstration et ses comptes connus de tous ; sur une adresse de cette machine seulement"
    )]
    pub demo: bool,
    /// The server stands behind TLS: cookies are `Secure` and `__Host-`, and HSTS is sent.
    #[arg(
        long,
        env = "DASHBOARD_FB_TLS",
        global = true,
        help = "Le serveur est derrière TLS : cookies Secure et __Host-, en-tête HSTS"
    )]
    pub behind_tls: bool,
    /// Proxies whose X-Forwarded-For is believed, comma separated.
    #[arg(
        long,
        env = "DASHBOARD_FB_TRUSTED_PROXIES",
        value_delimiter = ',',
        global = true,
        value_name = "IP",
        help = "Proxys dont l'en-tête X-Forwarded-For est cru, séparés par des virgules"
    )]
    pub trusted_proxies: Vec<IpAddr>,
    /// Origins that may call the REST API from a browser, comma separated.
    #[arg(
        long,
        env = "CORS_ORIGINS",
        value_delimiter = ',',
        global = true,
        value_name = "ORIGINE",
        help = "Origines qui peuvent appeler l'API REST depuis un navigateur, séparées par des virgules"
    )]
    pub cors_origins: Vec<String>,
    /// Calls of the REST API a second and address, twice as many at once; 0 for no limit.
    #[arg(
        long,
        env = "DASHBOARD_FB_RATE_LIMIT",
        default_value_t = 100,
        global = true,
        value_name = "NOMBRE",
        help = "Appels de l'API REST par seconde et par adresse, le double en une fois ; 0 : sans limite"
    )]
    pub rate_limit: u32,
    /// Redis in which several servers share the dashboard's answers and count the calls of an address; they do
    /// without it when it does not answer.
    #[arg(
        long,
        env = "REDIS_URL",
        hide_env_values = true,
        global = true,
        value_name = "URL",
        help = "Redis où plusieurs serveurs partagent les réponses du tableau de bord et comptent les appels d'une adresse ; ils s'en passent quand il ne répond pas"
    )]
    pub redis_url: Option<SecretString>,
    /// MiB of the dashboard's answers that are kept while they hold; 0 to read each one anew.
    #[arg(
        long,
        env = "DASHBOARD_FB_CACHE_MIB",
        default_value_t = 8,
        value_parser = clap::value_parser!(u32).range(..=4096),
        global = true,
        value_name = "MIO",
        help = "Mio de réponses du tableau de bord gardées tant qu'elles sont justes ; 0 : chacune est relue"
    )]
    pub cache_mib: u32,
    /// Folder of the browser's files, as the build made it.
    #[arg(
        long,
        env = "LEPTOS_SITE_ROOT",
        default_value = "target/site",
        global = true,
        value_name = "DOSSIER",
        help = "Dossier des fichiers du navigateur, comme la compilation l'a fait"
    )]
    pub site_root: PathBuf,
}

/// A setting that makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Well-known passwords within reach of others.
    #[error(
        "--demo a des mots de passe connus de tous : il n'écoute que sur une adresse de cette machine, pas sur {0}"
    )]
    DemoBeyondLoopback(SocketAddr),
    /// Not an origin.
    #[error(
        "CORS_ORIGINS : « {0} » n'est pas une origine ; écrivez le protocole et l'hôte, par exemple https://outil.example.com"
    )]
    Origin(String),
    /// Not an address of a Redis.
    #[error("REDIS_URL est illisible : {0} ; écrivez par exemple redis://127.0.0.1:6379")]
    Redis(redis::RedisError),
    /// Not a currency we can count in.
    #[error("BUSINESS_CURRENCY : « {0} » n'est pas un code ISO 4217, comme EUR")]
    Currency(String),
}

/// A name that fits on paper, as all names here.
fn business_name(text: &str) -> Result<String, String> {
    line(text, 200).map_err(|(_, words)| words)
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
        self.redis_url.as_ref().map_or(Ok(()), Redis::check).map_err(ConfigError::Redis)
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
    use super::*;
    use crate::server::command_line;

    fn parse(args: &[&str]) -> Cli {
        command_line::read(std::iter::once(&"dashboard-fb").chain(args)).expect("parses")
    }

    #[test]
    fn the_command_line_is_sound() {
        command_line::command().debug_assert();
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
    fn the_business_has_a_name() {
        assert_eq!(parse(&[]).serve.business_name, "Dashboard FB");
        assert_eq!(parse(&["--business-name", " Épicerie Martin "]).serve.business_name, "Épicerie Martin");
        for wrong in ["  ", "a\nb", &"é".repeat(201)] {
            assert!(command_line::read(["dashboard-fb", "--business-name", wrong].iter()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn origins_and_currencies() {
        assert!(parse(&["--cors-origins", "https://a.example"]).serve.check().is_ok());
        assert!(parse(&["--cors-origins", "*"]).serve.check().is_err());
        assert!(parse(&["--currency", "euro"]).data.check().is_err());
        assert!(parse(&["--redis-url", "redis://127.0.0.1:6379/1"]).serve.check().is_ok());
        assert!(parse(&["--redis-url", "http://127.0.0.1"]).serve.check().is_err());
    }
}
