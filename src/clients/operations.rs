//! What changes clients; and finding one for an order that names none.

use serde_json::Value;

use super::input::ClientInput;
use super::model::{Client, ERASED_FOR_GOOD};
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::orders::input::ValidNewOrder;
use crate::shared::ClientId;
use crate::shared::place::Place;
use crate::shared::references::Named;
use crate::shared::resource::{self, lock, reread};

/// Creates a client.
pub async fn create_client(ctx: &Ctx, body: Value) -> AppResult<Saved<Client>> {
    ctx.require(Permission::WriteClients)?;
    let sent = ClientInput::read_new(body)?;
    let mut tx = match ctx.open_write::<Client>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let position = sent.position.value();
    let id = sqlx::query_scalar!(
        "insert into clients (nom, telephone, email, adresse, code_postal, ville, latitude, longitude, notes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        sent.nom.value(),
        sent.telephone.value(),
        sent.email.value(),
        sent.adresse.value(),
        sent.code_postal.value(),
        sent.ville.value(),
        position.map(|p| p.latitude),
        position.map(|p| p.longitude),
        sent.notes.value()
    )
    .fetch_one(&mut *tx)
    .await?;
    let client = reread(&mut *tx, ctx, id).await?;
    tx.commit(client).await
}

/// Changes a client; what is not sent stays, and so do the copies that orders keep.
pub async fn update_client(ctx: &Ctx, id: ClientId, body: Value) -> AppResult<Saved<Client>> {
    ctx.require(Permission::WriteClients)?;
    let sent = ClientInput::read_change(body)?;
    let mut tx = match ctx.open_write::<Client>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let now: Client = lock(&mut tx, ctx, id.0).await?;
    let position = sent.position.or_cleared(Place::of(now.latitude, now.longitude));
    sqlx::query!(
        "update clients set nom = $2, telephone = $3, email = $4, adresse = $5, code_postal = $6, ville = $7,
                latitude = $8, longitude = $9, notes = $10 where id = $1",
        id.0,
        sent.nom.or(now.nom),
        sent.telephone.or_cleared(now.telephone),
        sent.email.or_cleared(now.email),
        sent.adresse.or_cleared(now.adresse),
        sent.code_postal.or_cleared(now.code_postal),
        sent.ville.or_cleared(now.ville),
        position.map(|p| p.latitude),
        position.map(|p| p.longitude),
        sent.notes.or_cleared(now.notes)
    )
    .execute(&mut *tx)
    .await?;
    let client = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(client).await
}

/// Deletes a client; their orders stay, with their own copy of the data.
pub async fn delete_client(ctx: &Ctx, id: ClientId) -> AppResult<()> {
    resource::delete::<Client>(ctx, Permission::WriteClients, id.0, async |_, _| Ok(())).await
}

/// Brings a deleted client back, unless their data were erased.
pub async fn restore_client(ctx: &Ctx, id: ClientId) -> AppResult<Saved<Client>> {
    resource::restore::<Client>(ctx, id.0, async |_, client| match client.is_erased() {
        true => Err(AppError::new(ErrorCode::StateConflict, ERASED_FOR_GOOD)),
        false => Ok(()),
    })
    .await
}

/// A client as orders copy it.
#[derive(sqlx::FromRow)]
pub struct HeldClient {
    id: i64,
    telephone: Option<String>,
    email: Option<String>,
    adresse: Option<String>,
    code_postal: Option<String>,
    ville: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// Held, so that the client is not deleted before the order stands.
pub async fn hold_client(tx: &mut WriteTx, id: ClientId) -> AppResult<HeldClient> {
    let sql = "select id, telephone, email, adresse, code_postal, ville, latitude, longitude
               from clients where id = $1 and not is_deleted for share";
    let found = sqlx::query_as(sql).bind(id).fetch_optional(&mut **tx).await?;
    found.ok_or_else(|| AppError::invalid(vec![Named::Client.unknown("client_id")]))
}

/// The client of a new order: the one named, whose data are copied where nothing was said of them; else the one of that
/// phone number, else a new one.
pub async fn client_for_order(tx: &mut WriteTx, order: &mut ValidNewOrder) -> AppResult<i64> {
    if let Some(id) = order.client_id {
        let client = hold_client(tx, id).await?;
        let (delivery, unsaid) = (&mut order.delivery, order.unsaid);
        if unsaid.telephone {
            delivery.client_telephone = client.telephone;
        }
        if unsaid.email {
            delivery.client_email = client.email;
        }
        if unsaid.place {
            delivery.adresse_livraison = client.adresse;
            delivery.code_postal = client.code_postal;
            delivery.ville = client.ville;
            delivery.position = Place::of(client.latitude, client.longitude);
        }
        return Ok(client.id);
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
        d.position.map(|p| p.latitude),
        d.position.map(|p| p.longitude),
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
