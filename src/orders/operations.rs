//! What enters orders and changes what stands on them: permission, checks, one transaction.

use serde_json::Value;

use super::input::{DeliverySent, ValidDelivery, ValidItems, ValidNewOrder, read_item};
use super::lines::{self, Lines};
use super::model::{NewOrderItem, Order};
use super::moves::confirm_new;
use super::workflow::OrderStatus;
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::Permission;
use crate::clients::operations::{client_for_order, hold_client};
use crate::error::{AppError, AppResult, ErrorCode, both};
use crate::shared::audit::READ_ONLY;
use crate::shared::references::References;
use crate::shared::resource::{self, Versioned, lock_if_there, not_found, reread};
use crate::shared::{ClientId, Fields, OrderId, OrderItemId};

/// Creates an order, and confirms it at once when asked: then all of it happens or nothing.
pub async fn create_order(ctx: &Ctx, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::WriteOrders)?;
    let mut order = References::of(&body).checked(ctx, ValidNewOrder::read(body)).await?;
    let mut tx = match ctx.open_write::<Order>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let client_id = client_for_order(&mut tx, &mut order).await;
    let lines = lines::freeze(&mut tx, &order.lines, &[]).await;
    let (client_id, lines) = both(client_id, lines)?;
    let id = insert_order(&mut tx, client_id, &order.delivery, &lines).await?;
    if order.confirmer {
        confirm_new(&mut tx, id).await?;
    }
    let order = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(order).await
}

async fn insert_order(tx: &mut WriteTx, client_id: i64, d: &ValidDelivery, lines: &Lines) -> AppResult<OrderId> {
    let (total, vat) = lines.totals();
    let id = sqlx::query_scalar!(
        r#"with o as (
               insert into orders (numero, client_id, client_nom, client_telephone, client_email, adresse_livraison,
                                   code_postal, ville, latitude, longitude, notes, date_livraison_prevue, creneau_debut,
                                   creneau_fin, total, total_tva)
               values (next_order_numero(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
               returning id, created_by, updated_by
           ), l as (
               insert into order_items (order_id, product_id, product_nom, category_id, quantity, prix_unitaire, taux_tva,
                                        created_by, updated_by)
               select o.id, t.product_id, t.nom, t.category_id, t.quantity, t.prix, t.taux, o.created_by, o.updated_by
               from o, unnest($16::bigint[], $17::text[], $18::bigint[], $19::bigint[], $20::bigint[], $21::int[])
                    as t(product_id, nom, category_id, quantity, prix, taux)
           )
           select id as "id!" from o"#,
        client_id,
        d.client_nom,
        d.client_telephone,
        d.client_email,
        d.adresse_livraison,
        d.code_postal,
        d.ville,
        d.position.map(|p| p.latitude),
        d.position.map(|p| p.longitude),
        d.notes,
        d.date_livraison_prevue.map(|day| day.0),
        d.creneau.0,
        d.creneau.1,
        total.0,
        vat.0,
        &lines.product_ids,
        &lines.names,
        &lines.category_ids,
        &lines.quantities,
        &lines.prices,
        &lines.rates,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(OrderId(id))
}

/// What the answer carries and nobody sets here: sent back, it is ignored.
const COMPUTED: &[&str] = &[
    "numero",
    "statut",
    "statut_libelle",
    "position_tournee",
    "total",
    "total_ht",
    "total_tva",
    "total_livre",
    "montant_encaisse",
    "livreur_id",
    "livreur",
    "transitions_permises",
    "confirmed_at",
    "prepared_at",
    "shipped_at",
    "delivered_at",
    "cancelled_at",
    "motif_annulation",
];

/// Changes an order. As a draft or confirmed: everything, and `items` replaces its lines; until it is
/// delivered: delivery fields and notes.
pub async fn update_order(ctx: &Ctx, id: OrderId, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::WriteOrders)?;
    let named = References::of(&body).but_for(id);
    let mut f = Fields::of_body(body)?;
    let client = f.id::<ClientId>("client_id");
    let delivery = DeliverySent::read(&mut f);
    delivery.check_cleared(&mut f);
    f.kept("client_id", &client);
    let items = ValidItems::read_again(&mut f);
    f.kept("items", &items);
    f.ignore(READ_ONLY);
    f.ignore(COMPUTED);
    named.checked(ctx, f.finish()).await?;
    let (client, items) = (client.value(), items.value());
    let mut tx = match ctx.open_write::<Order>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let held = match client {
        Some(client) => hold_client(&mut tx, client).await.map(drop),
        None => Ok(()),
    };
    let now: Option<Order> = lock_if_there(&mut tx, ctx, id.0).await?;
    // A client or product that is on the order already may be gone or off sale by now.
    let held = if client.is_some() && client == now.as_ref().map(|order| order.client_id) { Ok(()) } else { held };
    let kept = now.as_ref().map_or(&[][..], |order| &order.items);
    let lines = match &items {
        Some(items) => lines::freeze(&mut tx, items, kept).await.map(Some),
        None => Ok(None),
    };
    let before = now.as_ref().map(ValidDelivery::of);
    let after = before.as_ref().map(|before| delivery.over(before)).transpose();
    let (_, (after, lines)) = both(held, both(after, lines))?;
    let (Some(now), Some(before), Some(after)) = (now, before, after) else { return Err(not_found::<Order>()) };
    ctx.check_version(now.version())?;
    refuse_late_changes(&now, client, &before, &after, items.as_ref())?;
    save_delivery(&mut tx, &now, client.unwrap_or(now.client_id), &after).await?;
    if let (Some(items), Some(lines)) = (items, lines) {
        lines::replace(&mut tx, &now, &items, lines).await?;
    }
    let order = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(order).await
}

/// Once the goods are being gathered, client and lines stay; once it has ended, everything does.
fn refuse_late_changes(
    now: &Order,
    client: Option<ClientId>,
    before: &ValidDelivery,
    after: &ValidDelivery,
    items: Option<&ValidItems>,
) -> AppResult<()> {
    if now.statut.is_editable() {
        return Ok(());
    }
    if !matches!(now.statut, OrderStatus::EnPreparation | OrderStatus::EnLivraison) {
        return Err(AppError::new(
            ErrorCode::StateConflict,
            format!("Une commande au statut « {} » ne se modifie plus.", now.statut.label()),
        ));
    }
    let client_changes = client.is_some_and(|client| client != now.client_id) || before.client_nom != after.client_nom;
    let lines_change = items.is_some_and(|items| {
        let same = |line: &NewOrderItem| {
            now.items.iter().any(|i| i.product_id == line.product_id && i.quantity == line.quantity)
        };
        items.items.len() != now.items.len() || !items.items.iter().all(same)
    });
    if client_changes || lines_change {
        return Err(AppError::new(
            ErrorCode::StateConflict,
            format!("Au statut « {} », seules la livraison et les notes se modifient encore.", now.statut.label()),
        ));
    }
    Ok(())
}

/// On another day it has no place yet in a round.
async fn save_delivery(tx: &mut WriteTx, order: &Order, client: ClientId, d: &ValidDelivery) -> AppResult<()> {
    sqlx::query!(
        "update orders set client_id = $2, client_nom = $3, client_telephone = $4, client_email = $5,
                adresse_livraison = $6, code_postal = $7, ville = $8, latitude = $9, longitude = $10, notes = $11,
                date_livraison_prevue = $12, creneau_debut = $13, creneau_fin = $14,
                position_tournee = case when date_livraison_prevue is not distinct from $12 then position_tournee end
         where id = $1",
        order.id.0,
        client.0,
        d.client_nom,
        d.client_telephone,
        d.client_email,
        d.adresse_livraison,
        d.code_postal,
        d.ville,
        d.position.map(|p| p.latitude),
        d.position.map(|p| p.longitude),
        d.notes,
        d.date_livraison_prevue.map(|day| day.0),
        d.creneau.0,
        d.creneau.1
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// `{product_id, quantity}`: adds a line, or adds to the line of a product that is there.
pub async fn add_item(ctx: &Ctx, id: OrderId, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::WriteOrders)?;
    let named = References::of(&body);
    let mut f = Fields::of_body(body)?;
    let item = read_item(&mut f);
    named.checked(ctx, f.finish()).await?;
    let Some(item) = item else { return Err(AppError::internal("an item without faults is an item")) };
    let mut tx = match ctx.open_write::<Order>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let held = lines::hold_sellable(&mut tx, item.product_id).await;
    let now: Option<Order> = lock_if_there(&mut tx, ctx, id.0).await?;
    held?;
    let now = now.ok_or_else(not_found::<Order>)?;
    let wanted = lines::with(&now, item)?;
    ctx.check_version(now.version())?;
    require_editable(&now)?;
    let lines = lines::freeze(&mut tx, &wanted, &now.items).await?;
    lines::replace(&mut tx, &now, &wanted, lines).await?;
    let order = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(order).await
}

/// Takes a line off; the last one of a confirmed order stays.
pub async fn remove_item(ctx: &Ctx, id: OrderId, item: OrderItemId) -> AppResult<()> {
    ctx.require(Permission::WriteOrders)?;
    let mut tx = match ctx.open_write::<()>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(_) => return Ok(()),
    };
    let now: Option<Order> = lock_if_there(&mut tx, ctx, id.0).await?;
    let now = now.ok_or_else(not_found::<Order>)?;
    if !now.items.iter().any(|line| line.id == item) {
        return Err(AppError::not_found("Cette ligne"));
    }
    ctx.check_version(now.version())?;
    require_editable(&now)?;
    let left = lines::without(&now, item);
    let lines = lines::freeze(&mut tx, &left, &now.items).await?;
    lines::replace(&mut tx, &now, &left, lines).await?;
    tx.commit(()).await?;
    Ok(())
}

fn require_editable(order: &Order) -> AppResult<()> {
    if order.statut.is_editable() {
        return Ok(());
    }
    let detail = format!("Les lignes d'une commande au statut « {} » ne se modifient plus.", order.statut.label());
    Err(AppError::new(ErrorCode::StateConflict, detail))
}

/// Deletes a draft or a cancelled order.
pub async fn delete_order(ctx: &Ctx, id: OrderId) -> AppResult<()> {
    resource::delete::<Order>(ctx, Permission::DeleteOrders, id.0, async |_, order| {
        if matches!(order.statut, OrderStatus::Brouillon | OrderStatus::Annulee) {
            return Ok(());
        }
        let detail = format!("Une commande au statut « {} » ne se supprime pas : annulez-la.", order.statut.label());
        Err(AppError::new(ErrorCode::StateConflict, detail))
    })
    .await
}

/// Brings a deleted order back.
pub async fn restore_order(ctx: &Ctx, id: OrderId) -> AppResult<Saved<Order>> {
    resource::restore::<Order>(ctx, id.0, async |_, _| Ok(())).await
}
