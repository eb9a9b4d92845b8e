//! The demo accounts.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use super::SeedError;
use super::trail;
use crate::auth::demo::DEMO_ACCOUNTS;
use crate::auth::permission::Role;

/// Somebody of the demo shop. Only those of [`DEMO_ACCOUNTS`] can sign in.
struct Person {
    email: &'static str,
    prenom: &'static str,
    nom: &'static str,
    telephone: &'static str,
    role: Role,
}

/// Telephone numbers come from the range that is kept free for fiction.
const PEOPLE: [Person; 6] = [
    Person {
        email: "admin@example.com",
        prenom: "Claire",
        nom: "Delaunay",
        telephone: "06 39 98 00 01",
        role: Role::Admin,
    },
    Person {
        email: "controleur@example.com",
        prenom: "Julien",
        nom: "Besnard",
        telephone: "06 39 98 00 02",
        role: Role::Controleur,
    },
    Person {
        email: "livreur@example.com",
        prenom: "Karim",
        nom: "Haddad",
        telephone: "06 39 98 00 03",
        role: Role::Livreur,
    },
    Person {
        email: "user@example.com",
        prenom: "Sophie",
        nom: "Lemoine",
        telephone: "06 39 98 00 04",
        role: Role::SimpleUtilisateur,
    },
    Person {
        email: "mathieu.guerin@example.com",
        prenom: "Mathieu",
        nom: "Guérin",
        telephone: "06 39 98 00 05",
        role: Role::Livreur,
    },
    Person {
        email: "ines.fontaine@example.com",
        prenom: "Inès",
        nom: "Fontaine",
        telephone: "06 39 98 00 06",
        role: Role::Livreur,
    },
];

/// The accounts that no row has yet, with their passwords hashed. An account that was deleted counts
/// as there: whoever removed it does not want it back at the next start.
pub(super) async fn missing(db: &PgPool) -> Result<Vec<NewPerson>, SeedError> {
    let known: Vec<String> = sqlx::query_scalar("select lower(email) from users").fetch_all(db).await?;
    let absent: Vec<&'static Person> =
        PEOPLE.iter().filter(|person| !known.iter().any(|email| email == person.email)).collect();
    if absent.is_empty() {
        return Ok(Vec::new());
    }
    tokio::task::spawn_blocking(move || {
        absent
            .into_iter()
            .map(|person| {
                let password_hash = DEMO_ACCOUNTS
                    .iter()
                    .find(|(email, _, _)| *email == person.email)
                    .map(|(_, password, _)| Argon2::default().hash_password(password.as_bytes()))
                    .transpose()
                    .map_err(|error| SeedError::Password(error.to_string()))?
                    .map(|hash| hash.to_string());
                Ok(NewPerson { person, password_hash })
            })
            .collect()
    })
    .await
    .map_err(|error| SeedError::Password(error.to_string()))?
}

/// An account about to be written.
pub(super) struct NewPerson {
    person: &'static Person,
    password_hash: Option<String>,
}

/// Writes accounts, as of `opened`.
pub(super) async fn insert(
    conn: &mut PgConnection,
    people: &[NewPerson],
    opened: DateTime<Utc>,
) -> Result<(), SeedError> {
    let field = |pick: fn(&Person) -> &'static str| -> Vec<&'static str> {
        people.iter().map(|new| pick(new.person)).collect()
    };
    let hashes: Vec<Option<&str>> = people.iter().map(|new| new.password_hash.as_deref()).collect();
    let ids: Vec<i64> = sqlx::query_scalar(
        "insert into users (email, prenom, nom, telephone, role, password_hash, password_changed_at,
                            created_at, updated_at, created_by, updated_by)
         select p.email, p.prenom, p.nom, p.telephone, p.role, p.hash, $7, $7, $7, s.id, s.id
         from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
                  with ordinality as p (email, prenom, nom, telephone, role, hash, place),
              (select id from users where is_system) s
         order by p.place
         returning id",
    )
    .bind(field(|person| person.email))
    .bind(field(|person| person.prenom))
    .bind(field(|person| person.nom))
    .bind(field(|person| person.telephone))
    .bind(field(|person| person.role.as_str()))
    .bind(hashes)
    .bind(opened)
    .fetch_all(&mut *conn)
    .await?;
    trail::creations(conn, trail::Created::Users, &ids).await
}
