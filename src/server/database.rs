//! The database: connecting, migrating, and what the shop chose.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgPool};

use super::config::DataOptions;
use super::embedded::{EmbeddedError, EmbeddedOptions, EmbeddedPostgres};
use super::keys::{KeyError, Keys};
use super::replica::{self, Replica};
use super::state::Shop;
use crate::shared::money::Currency;
use crate::shared::{SYSTEM_USER, VatRate, ZoneTable};

/// The migrations, compiled in.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// Why there is no usable database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address makes no sense.
    #[error("DATABASE_URL est illisible : {0}")]
    Url(sqlx::Error),
    /// The replica's address makes no sense.
    #[error("DATABASE_READ_URL est illisible : {0}")]
    ReadUrl(sqlx::Error),
    /// Nobody answers, or not us.
    #[error("la base de données est injoignable : {0}")]
    Unreachable(sqlx::Error),
    /// Too old a server.
    #[error("PostgreSQL {0} est trop ancien : il faut la version 15 ou plus récente")]
    TooOld(i32),
    /// The schema.
    #[error("le schéma de la base de données n'a pas pu être mis à jour : {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A statement of ours.
    #[error("la base de données a refusé : {0}")]
    Sql(#[from] sqlx::Error),
    /// Our own PostgreSQL.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// The secret.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Amounts already stored would change their meaning.
    #[error(
        "il y a déjà des commandes en {stored} : la devise ne peut plus devenir {wanted} ; laissez BUSINESS_CURRENCY de côté, ou mettez-y {stored}"
    )]
    CurrencyFixed {
        /// In the database.
        stored: String,
        /// In the settings.
        wanted: String,
    },
    /// Not a time zone PostgreSQL knows.
    #[error("BUSINESS_TZ : PostgreSQL ne connaît pas le fuseau horaire « {0} » ; écrivez par exemple Europe/Paris")]
    TimeZone(String),
}

/// A database to work with: its own server too, when it is ours.
pub struct Database {
    /// Connections.
    pub pool: PgPool,
    /// Secrets; the pool's sessions hold the key of the trail.
    pub keys: Keys,
    /// Where the secret was made, if there was none.
    made: Option<PathBuf>,
    embedded: Option<EmbeddedPostgres>,
}

impl Database {
    /// Connects to the database of the settings, starting the embedded one if there is none.
    pub async fn open(options: &DataOptions) -> Result<Self, DatabaseError> {
        let (connect, embedded) = match &options.database_url {
            Some(url) => (parse_url(url).map_err(DatabaseError::Url)?, None),
            None => {
                let own = EmbeddedOptions { bin_dir: options.pg_bin_dir.clone(), ..EmbeddedOptions::default() };
                let embedded = EmbeddedPostgres::start(&options.data_dir, own).await?;
                (embedded.connect_options(), Some(embedded))
            }
        };
        let made = Keys::missing(options.secret.as_ref(), &options.data_dir);
        let keys = Keys::load(options.secret.as_ref(), &options.data_dir)?;
        let pool = connect_pool(connect, &keys, options.db_connections).await?;
        Ok(Self { pool, keys, made, embedded })
    }

    /// Applies what is missing of the schema, then settles what the shop chose. A secret made just now is refused where
    /// people have worked before: their trail is sealed with another.
    pub async fn prepare(&self, options: &DataOptions) -> Result<Shop, DatabaseError> {
        MIGRATIONS.run(&self.pool).await?;
        if let Some(path) = &self.made
            && has_users(&self.pool).await?
        {
            // Left there, the next start would take it for the right one.
            let _ = std::fs::remove_file(path);
            return Err(KeyError::Lost(path.display().to_string()).into());
        }
        settle(&self.pool, options.currency.as_deref(), options.time_zone.as_deref()).await
    }

    /// Closes the connections, then stops the embedded server.
    pub async fn close(self) {
        self.pool.close().await;
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

/// Whether anybody works with this database: what they did is sealed.
async fn has_users(db: &PgPool) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select from users where id <> $1)").bind(SYSTEM_USER).fetch_one(db).await
}

fn parse_url(url: &SecretString) -> Result<PgConnectOptions, sqlx::Error> {
    PgConnectOptions::from_str(url.expose_secret())
}

/// The replica of the settings, if there is one; nothing is asked of it yet.
pub fn replica(options: &DataOptions) -> Result<Option<Arc<Replica>>, DatabaseError> {
    let Some(url) = &options.database_read_url else { return Ok(None) };
    let connect = session(parse_url(url).map_err(DatabaseError::ReadUrl)?);
    Ok(Some(Arc::new(Replica::new(connect, options.db_connections as usize, replica::BEHIND))))
}

/// How all our sessions are: they speak UTC, and none waits for ever.
pub fn session(connect: PgConnectOptions) -> PgConnectOptions {
    // Compiling a statement takes longer than running any of ours.
    connect
        .application_name("dashboard-fb")
        .options([
            ("TimeZone", "UTC"),
            ("lock_timeout", "15s"),
            ("idle_in_transaction_session_timeout", "60s"),
            ("jit", "off"),
        ])
        .log_statements(tracing::log::LevelFilter::Trace)
        .log_slow_statements(tracing::log::LevelFilter::Warn, Duration::from_secs(2))
}

/// A pool whose sessions hold the key that seals the trail.
pub async fn connect_pool(connect: PgConnectOptions, keys: &Keys, size: u32) -> Result<PgPool, DatabaseError> {
    let audit_key = keys.audit_hex();
    let pool = PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(10))
        // A ping before each statement would be a round trip as long as the statement's. A connection that
        // was used a moment ago is there; one that has been idle is asked.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > Duration::from_secs(5) {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            let audit_key = audit_key.clone();
            Box::pin(async move {
                sqlx::query("select set_config('app.audit_key', $1, false)")
                    .bind(audit_key)
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .connect_with(session(connect))
        .await
        .map_err(DatabaseError::Unreachable)?;
    let version: i32 = sqlx::query_scalar("select current_setting('server_version_num')::int").fetch_one(&pool).await?;
    if version < 150_000 { Err(DatabaseError::TooOld(version / 10_000)) } else { Ok(pool) }
}

/// Digits after the decimal point, ISO 4217; two unless listed.
fn exponent_of(code: &str) -> i16 {
    match code {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// Reads what the shop chose, or writes it at the first start. A currency stays once there are orders.
pub async fn settle(db: &PgPool, currency: Option<&str>, zone: Option<&str>) -> Result<Shop, DatabaseError> {
    if let Some(zone) = zone {
        let known: bool = sqlx::query_scalar("select exists (select 1 from pg_timezone_names where name = $1)")
            .bind(zone)
            .fetch_one(db)
            .await?;
        if !known {
            return Err(DatabaseError::TimeZone(zone.into()));
        }
    }
    let first = currency.unwrap_or("EUR");
    sqlx::query("insert into settings (devise, exposant, fuseau) values ($1, $2, $3) on conflict do nothing")
        .bind(first)
        .bind(exponent_of(first))
        .bind(zone.unwrap_or("Europe/Paris"))
        .execute(db)
        .await?;
    let stored: String = sqlx::query_scalar("select devise from settings").fetch_one(db).await?;
    if let Some(wanted) = currency.filter(|wanted| *wanted != stored) {
        let used: bool = sqlx::query_scalar("select exists (select 1 from orders)").fetch_one(db).await?;
        if used {
            return Err(DatabaseError::CurrencyFixed { stored, wanted: wanted.into() });
        }
    }
    sqlx::query(
        "update settings set devise = coalesce($1, devise), exposant = coalesce($2, exposant), fuseau = coalesce($3, fuseau),
                updated_at = now()
         where ($1, $3) is distinct from (devise, fuseau) and ($1 is not null or $3 is not null)",
    )
    .bind(currency)
    .bind(currency.map(exponent_of))
    .bind(zone)
    .execute(db)
    .await?;
    read_shop(db).await
}

async fn read_shop(db: &PgPool) -> Result<Shop, DatabaseError> {
    let (code, exponent, zone, vat): (String, i16, String, i32) =
        sqlx::query_as("select devise, exposant, fuseau, taux_tva_defaut from settings").fetch_one(db).await?;
    let currency = Currency { code, exponent: u8::try_from(exponent).unwrap_or(2) };
    currency.clone().choose();
    Ok(Shop { currency, zone: zone_table(db, zone).await?, default_vat: VatRate(vat) })
}

/// The offsets of a zone around today: a day on which the offset changes is looked at every half hour.
async fn zone_table(db: &PgPool, name: String) -> Result<ZoneTable, DatabaseError> {
    let offsets = sqlx::query_as::<_, (i64, i32)>(
        "with days as (
             select d, lead(d) over (order by d) as next
             from generate_series(date_trunc('day', now()) - interval '12 years', now() + interval '3 years', interval '1 day') d
         ), steps as (
             select d as t from days where d = (select min(d) from days)
             union all
             select t from days, generate_series(d + interval '30 minutes', next, interval '30 minutes') t
             where (d at time zone $1) - (d at time zone 'UTC') <> (next at time zone $1) - (next at time zone 'UTC')
         ), offsets as (
             select t, extract(epoch from (t at time zone $1) - (t at time zone 'UTC'))::int as o from steps
         ), changes as (
             select t, o, lag(o) over (order by t) as before from offsets
         )
         select extract(epoch from t)::bigint, o from changes where before is distinct from o order by t",
    )
    .bind(&name)
    .fetch_all(db)
    .await?;
    Ok(ZoneTable { name, offsets })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::command_line;

    #[tokio::test]
    async fn a_secret_made_just_now_is_not_taken_for_that_of_a_shop_at_work() {
        let pool = crate::tests::database().await;
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().to_str().expect("a path");
        let options = command_line::read(["dashboard-fb", "verify", "--data-dir", place]).expect("options").data;
        let opened = || {
            let made = Keys::missing(None, folder.path());
            let keys = Keys::load(None, folder.path()).expect("a secret");
            Database { pool: pool.clone(), keys, made, embedded: None }
        };
        opened().prepare(&options).await.expect("nobody works here yet");
        let user = "set app.user_id = '1'; insert into users (email, nom, role) values ('a@example.com', 'A', 'admin')";
        sqlx::raw_sql(user).execute(&pool).await.expect("a user");
        opened().prepare(&options).await.expect("the secret is there");
        std::fs::remove_file(folder.path().join("secret.key")).expect("lost");
        for _ in 0..2 {
            let refused = opened().prepare(&options).await.expect_err("another secret");
            assert!(matches!(refused, DatabaseError::Key(KeyError::Lost(_))), "{refused}");
            assert!(refused.to_string().contains(place), "{refused}");
        }
    }
}
