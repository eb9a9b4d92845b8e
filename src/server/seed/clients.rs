//! The people who buy from the demo shop, made up out of common names and the streets of a town.

use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;

use super::SeedError;
use super::town::{FIRMS, NOMS, NOTES, PRENOMS, STREETS};
use super::trail;

/// How many private persons there are.
const PERSONS: usize = 168;

/// Letters of an e-mail address.
fn plain(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter_map(|c| match c {
            'à' | 'â' => Some('a'),
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'î' | 'ï' => Some('i'),
            'ô' => Some('o'),
            'ù' | 'û' => Some('u'),
            'ç' => Some('c'),
            ' ' | '\'' => None,
            other => Some(other),
        })
        .collect()
}

#[derive(Default)]
struct Columns {
    nom: Vec<String>,
    telephone: Vec<String>,
    email: Vec<Option<String>>,
    adresse: Vec<String>,
    code_postal: Vec<&'static str>,
    ville: Vec<&'static str>,
    latitude: Vec<f64>,
    longitude: Vec<f64>,
    notes: Vec<Option<&'static str>>,
    created_at: Vec<DateTime<Utc>>,
}

/// A number that looks drawn, always the same for one place in the list.
fn scatter(place: usize, salt: usize) -> usize {
    let mut x =
        (place as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (salt as u64).wrapping_mul(0xD1B5_4A32_D192_ED03);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 33) as usize
}

fn all(opened: DateTime<Utc>) -> Columns {
    let mut columns = Columns::default();
    for place in 0..PERSONS + FIRMS.len() {
        let firm = place.checked_sub(PERSONS).map(|rank| FIRMS[rank]);
        let prenom = PRENOMS[place % PRENOMS.len()];
        // 42 and 59 have no common divisor: no two clients share both names.
        let nom = NOMS[place % NOMS.len()];
        let (street, code_postal, ville, latitude, longitude) = match firm {
            Some(_) => STREETS[scatter(place, 1) % 24],
            None => STREETS[scatter(place, 1) % STREETS.len()],
        };
        // About a hundred metres around the middle of the street.
        let shift = |salt: usize, width: f64| ((scatter(place, salt) % 2001) as f64 / 1000.0 - 1.0) * width;
        let number = 1 + scatter(place, 2) % 98;
        let mobile = firm.is_none() && !place.is_multiple_of(4);
        columns.nom.push(firm.map_or_else(|| format!("{prenom} {nom}"), |(name, _)| name.to_owned()));
        // 100 numbers a block: the first belongs to the shop's own people.
        let (block, line) = (1 + place / 100, place % 100);
        columns.telephone.push(match mobile {
            true => format!("06 39 98 {block:02} {line:02}"),
            false => format!("02 61 91 {block:02} {line:02}"),
        });
        columns.email.push(match (firm, place % 3) {
            (Some((name, _)), _) => Some(format!("contact@{}.example", plain(name).replace(['&', '.'], ""))),
            (None, 2) => None,
            (None, _) => Some(format!("{}.{}@example.org", plain(prenom), plain(nom))),
        });
        columns.adresse.push(format!("{number} {street}"));
        columns.code_postal.push(code_postal);
        columns.ville.push(ville);
        columns.latitude.push(((latitude + shift(3, 0.0009)) * 1e6).round() / 1e6);
        columns.longitude.push(((longitude + shift(4, 0.0013)) * 1e6).round() / 1e6);
        columns.notes.push(match firm {
            Some((_, "")) => None,
            Some((_, note)) => Some(note),
            None if scatter(place, 5).is_multiple_of(6) => Some(NOTES[scatter(place, 6) % NOTES.len()]),
            None => None,
        });
        // All within the first month, so that everybody was there before the oldest order.
        let minutes = 60 * 24 + (place * 200) as i64 + (scatter(place, 7) % 120) as i64;
        columns.created_at.push(opened + Duration::minutes(minutes));
    }
    columns
}

/// Writes the clients, who came one after the other since `opened`.
pub(super) async fn insert(conn: &mut PgConnection, opened: DateTime<Utc>) -> Result<(), SeedError> {
    let columns = all(opened);
    let ids: Vec<i64> = sqlx::query_scalar(
        "insert into clients (nom, telephone, email, adresse, code_postal, ville, latitude, longitude, notes,
                              created_at, updated_at, created_by, updated_by)
         select c.nom, c.telephone, c.email, c.adresse, c.code_postal, c.ville, c.latitude, c.longitude, c.notes,
                c.created_at, c.created_at, a.id, a.id
         from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[],
                     $8::float8[], $9::text[], $10::timestamptz[])
                  with ordinality as c (nom, telephone, email, adresse, code_postal, ville, latitude, longitude,
                                        notes, created_at, place),
              (select coalesce(min(id) filter (where role = 'controleur'), min(id) filter (where role = 'admin')) as id
               from users where not is_deleted) a
         order by c.place
         returning id",
    )
    .bind(columns.nom)
    .bind(columns.telephone)
    .bind(columns.email)
    .bind(columns.adresse)
    .bind(columns.code_postal)
    .bind(columns.ville)
    .bind(columns.latitude)
    .bind(columns.longitude)
    .bind(columns.notes)
    .bind(columns.created_at)
    .fetch_all(&mut *conn)
    .await?;
    trail::creations(conn, trail::Created::Clients, &ids).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_clients_are_alike() {
        let columns = all(Utc::now());
        for mut list in [columns.nom, columns.telephone] {
            let before = list.len();
            list.sort();
            list.dedup();
            assert_eq!(before, list.len());
        }
    }
}
