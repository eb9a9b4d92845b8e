//! Puts the demo catalogue into the database.

use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;

use super::SeedError;
use super::catalogue::{OUT_OF_SEASON, SHELVES};
use super::trail::{self, Created};

/// Whether the shop has anything on its shelves, or ever had.
pub(super) async fn is_empty(conn: &mut PgConnection) -> Result<bool, SeedError> {
    Ok(sqlx::query_scalar(
        "select not exists (select from categories) and not exists (select from products)
            and not exists (select from clients)",
    )
    .fetch_one(conn)
    .await?)
}

/// Writes categories, products and their stocks, as of `opened`. The triggers are asleep: what they
/// would do with today's date is done here with that of the opening.
pub(super) async fn insert(conn: &mut PgConnection, opened: DateTime<Utc>) -> Result<(), SeedError> {
    let author: i64 = sqlx::query_scalar(
        "select coalesce(min(id) filter (where role = 'admin' and not is_system and not is_deleted), min(id)) from users",
    )
    .fetch_one(&mut *conn)
    .await?;
    let categories: Vec<i64> = sqlx::query_scalar(
        "insert into categories (nom, description, ordre, created_at, updated_at, created_by, updated_by)
         select c.nom, c.description, c.place, $3, $3, $4, $4
         from unnest($1::text[], $2::text[]) with ordinality as c (nom, description, place)
         order by c.place
         returning id",
    )
    .bind(SHELVES.iter().map(|shelf| shelf.nom).collect::<Vec<_>>())
    .bind(SHELVES.iter().map(|shelf| shelf.description).collect::<Vec<_>>())
    .bind(opened + Duration::hours(1))
    .bind(author)
    .fetch_all(&mut *conn)
    .await?;
    trail::creations(conn, Created::Categories, &categories).await?;

    let (mut category, mut reference, mut nom, mut description) = (vec![], vec![], vec![], vec![]);
    let (mut prix, mut taux_tva, mut prix_achat, mut seuil, mut active) = (vec![], vec![], vec![], vec![], vec![]);
    for (shelf, id) in SHELVES.iter().zip(&categories) {
        for article in shelf.articles {
            let full = format!("{}-{}", shelf.code, article.0);
            active.push(!OUT_OF_SEASON.contains(&full.as_str()));
            category.push(*id);
            reference.push(full);
            nom.push(article.1);
            description.push(article.2);
            prix.push(article.3);
            taux_tva.push(shelf.taux_tva);
            prix_achat.push(article.4);
            seuil.push(article.5);
        }
    }
    let products: Vec<i64> = sqlx::query_scalar(
        "insert into products (category_id, reference, nom, description, prix, taux_tva, prix_achat, is_active,
                               created_at, updated_at, created_by, updated_by)
         select p.category_id, p.reference, p.nom, p.description, p.prix, p.taux_tva, p.prix_achat, p.active,
                $9 + p.place * interval '3 minutes', $9 + p.place * interval '3 minutes', $10, $10
         from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::int[], $7::bigint[],
                     $8::boolean[])
                  with ordinality as p (category_id, reference, nom, description, prix, taux_tva, prix_achat,
                                        active, place)
         order by p.place
         returning id",
    )
    .bind(category)
    .bind(reference)
    .bind(nom)
    .bind(description)
    .bind(prix)
    .bind(taux_tva)
    .bind(prix_achat)
    .bind(active)
    .bind(opened + Duration::hours(2))
    .bind(author)
    .fetch_all(&mut *conn)
    .await?;
    trail::creations(conn, Created::Products, &products).await?;

    sqlx::query(
        "insert into stocks (product_id, seuil_alerte, created_at, updated_at, created_by, updated_by)
         select p.id, s.seuil, p.created_at, p.created_at, p.created_by, p.created_by
         from unnest($1::bigint[], $2::bigint[]) as s (id, seuil) join products p using (id)
         order by p.id",
    )
    .bind(&products)
    .bind(seuil)
    .execute(&mut *conn)
    .await?;
    trail::creations(conn, Created::Stocks, &products).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_article_makes_sense() {
        let mut references = Vec::new();
        for shelf in SHELVES {
            for article in shelf.articles {
                references.push(format!("{}-{}", shelf.code, article.0));
                let net = article.3 * 10_000 / (10_000 + i64::from(shelf.taux_tva));
                assert!(article.4 < net, "{} is sold below its cost", article.1);
                assert!(article.5 > 0);
            }
        }
        assert!(OUT_OF_SEASON.iter().all(|out| references.iter().any(|reference| reference == out)));
        let all = references.len();
        references.sort();
        references.dedup();
        assert_eq!(all, references.len());
    }
}
