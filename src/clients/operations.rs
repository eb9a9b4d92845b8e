//! Finding clients: for the order form, and for an order that names none.

use super::model::ClientChoice;
use crate::auth::context::{Ctx, WriteTx};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult};
use crate::orders::model::ValidNewOrder;
use crate::orders::queries::like_escaped;

/// Clients whose name, e-mail or phone contains `search`, by name; at most 8.
pub async fn client_choices(ctx: &Ctx, search: &str) -> AppResult<Vec<ClientChoice>> {
    ctx.require(Permission::ReadStocks)?;
    let search: String = search.trim().chars().take(200).collect();
    if search.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        ClientChoice,
        r#"select id as "id: _", nom, telephone, email, adresse, code_postal, ville from clients
           where not is_deleted
             and (recherche like '%' || searchable($1) || '%'
                  or ($2 and telephone_norm like '%' || normalised_phone($1) || '%'))
           order by nom collate french, id limit 8"#,
        like_escaped(&search),
        search.chars().filter(char::is_ascii_digit).count() >= 3
    )
    .fetch_all(&ctx.db)
    .await?;
    Ok(rows)
}

/// The client of a new order: the one named, else the one of that phone number, else a new one.
pub async fn client_for_order(tx: &mut WriteTx, order: &ValidNewOrder) -> AppResult<i64> {
    if let Some(id) = order.client_id {
        let found = sqlx::query_scalar!("select id from clients where id = $1 and not is_deleted for share", id.0)
            .fetch_optional(&mut **tx)
            .await?;
        return found.ok_or_else(|| AppError::field("client_id", "inconnu", "Ce client n'existe pas."));
    }
    if let Some(phone) = &order.delivery.client_telephone {
        if let Some(id) = by_phone(tx, phone).await? {
            return Ok(id);
        }
        // Two first orders of one new client at once must not make two clients.
        sqlx::query!("select pg_advisory_xact_lock(hashtextextended(normalised_phone($1), 1))", phone)
            .execute(&mut **tx)
            .await?;
        if let Some(id) = by_phone(tx, phone).await? {
            return Ok(id);
        }
    }
    let d = &order.delivery;
    let id = sqlx::query_scalar!(
        "insert into clients (nom, telephone, email, adresse, code_postal, ville, latitude, longitude)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        d.client_nom,
        d.client_telephone,
        d.client_email,
        d.adresse_livraison,
        d.code_postal,
        d.ville,
        d.position.map(|p| p.0),
        d.position.map(|p| p.1),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(id)
}

async fn by_phone(tx: &mut WriteTx, phone: &str) -> AppResult<Option<i64>> {
    let id = sqlx::query_scalar!(
        "select id from clients where telephone_norm = normalised_phone($1) and not is_deleted order by id limit 1 for share",
        phone
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id)
}
