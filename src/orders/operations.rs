//! What changes orders: permission, checks, one transaction.

use serde_json::Value;

use super::effects;
use super::model::{Order, ValidNewOrder};
use super::queries::order_in_tx;
use super::workflow::{OrderStatus, Transition, allowed_from, may_take, transition};
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::{Permission, Role};
use crate::clients::operations::client_for_order;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::shared::fields::Sent;
use crate::shared::{Fields, Money, OrderId, UserId, VatRate};

/// Creates an order, and confirms it at once when asked: then all of it happens or nothing.
pub async fn create_order(ctx: &Ctx, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::WriteOrders)?;
    let order = ValidNewOrder::read(body)?;
    let mut tx = match ctx.open_write::<Order>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let client_id = client_for_order(&mut tx, &order).await?;
    let lines = lines_of_products(&mut tx, &order).await?;
    let id = insert_order(&mut tx, client_id, &order, &lines).await?;
    if order.confirmer {
        let confirm = rule(OrderStatus::Brouillon, OrderStatus::Confirmee)?;
        take(&mut tx, confirm, id, None).await?;
    }
    let order = order_in_tx(&mut tx, ctx, id).await?;
    tx.commit(order).await
}

/// The lines of a new order, frozen from their products; columns for `unnest`.
#[derive(Default)]
struct Lines {
    product_ids: Vec<i64>,
    names: Vec<String>,
    category_ids: Vec<i64>,
    quantities: Vec<i64>,
    prices: Vec<i64>,
    rates: Vec<i32>,
}

impl Lines {
    /// Total and the VAT inside it: per rate over the whole order, rounded half up once for each rate.
    fn totals(&self) -> (Money, Money) {
        let mut by_rate = std::collections::BTreeMap::<i32, i64>::new();
        for ((quantity, price), rate) in self.quantities.iter().zip(&self.prices).zip(&self.rates) {
            *by_rate.entry(*rate).or_default() += quantity * price;
        }
        let total = by_rate.values().sum();
        let vat = by_rate.iter().map(|(rate, amount)| VatRate(*rate).inside(Money(*amount))).sum();
        (Money(total), vat)
    }
}

/// Reads name, category, price and VAT of each product, held `FOR SHARE` until the order stands.
async fn lines_of_products(tx: &mut WriteTx, order: &ValidNewOrder) -> AppResult<Lines> {
    let wanted: Vec<i64> = order.items.iter().map(|item| item.product_id.0).collect();
    let products = sqlx::query!(
        "select id, nom, category_id, prix, taux_tva, is_active from products
         where id = any($1) and not is_deleted order by id for share",
        &wanted
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut lines = Lines::default();
    let mut errors = Vec::new();
    for (index, item) in order.items.iter().enumerate() {
        let fault = match products.iter().find(|p| p.id == item.product_id.0) {
            Some(p) if p.is_active => {
                lines.product_ids.push(p.id);
                lines.names.push(p.nom.clone());
                lines.category_ids.push(p.category_id);
                lines.quantities.push(item.quantity);
                lines.prices.push(p.prix);
                lines.rates.push(p.taux_tva);
                continue;
            }
            Some(p) => ("inactif", format!("« {} » n'est plus en vente.", p.nom)),
            None => ("inconnu", "Ce produit n'existe pas.".to_owned()),
        };
        errors.push(crate::error::FieldError {
            champ: format!("items[{}].product_id", order.sent_index(index)),
            code: fault.0.into(),
            message: fault.1,
        });
    }
    if errors.is_empty() { Ok(lines) } else { Err(AppError::invalid(errors)) }
}

async fn insert_order(tx: &mut WriteTx, client_id: i64, order: &ValidNewOrder, lines: &Lines) -> AppResult<OrderId> {
    let d = &order.delivery;
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
        d.position.map(|p| p.0),
        d.position.map(|p| p.1),
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

/// What a change needs to know of the order it locks.
struct Locked {
    statut: OrderStatus,
    livreur_id: Option<UserId>,
    version: i32,
}

/// Locks an order the caller may see, and checks the version they have seen.
async fn lock(tx: &mut WriteTx, ctx: &Ctx, id: OrderId) -> AppResult<Locked> {
    let own_only = (!ctx.may(Permission::ReadAllOrders)).then_some(ctx.actor.user_id.0);
    let row = sqlx::query!(
        "select statut, livreur_id, version from orders
         where id = $1 and not is_deleted
           and ($2::bigint is null or (livreur_id = $2 and (statut <> 'livree' or delivered_at > now() - interval '7 days')))
         for update",
        id.0,
        own_only
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or_else(|| AppError::not_found("Cette commande"))?;
    ctx.check_version(row.version)?;
    Ok(Locked {
        statut: OrderStatus::parse(&row.statut).ok_or_else(|| AppError::internal("unknown status"))?,
        livreur_id: row.livreur_id.map(UserId),
        version: row.version,
    })
}

fn rule(from: OrderStatus, to: OrderStatus) -> AppResult<&'static Transition> {
    transition(from, to).ok_or_else(|| illegal(from, to, Vec::new()))
}

fn illegal(from: OrderStatus, to: OrderStatus, allowed: Vec<OrderStatus>) -> AppError {
    let detail = if from == to {
        format!("La commande est déjà au statut « {} ».", from.label())
    } else {
        format!("Une commande au statut « {} » ne peut pas passer à « {} ».", from.label(), to.label())
    };
    AppError::new(ErrorCode::IllegalTransition, detail).with("transitions_permises", allowed)
}

/// `{statut, motif?}`: takes an order to another status, by the table.
pub async fn change_status(ctx: &Ctx, id: OrderId, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::MoveOrders)?;
    let mut f = Fields::of_body(body)?;
    let all = OrderStatus::ALL.map(OrderStatus::as_str).join(", ");
    let to = f.choice("statut", OrderStatus::parse, &all);
    let to = f.required("statut", to);
    let motif = f.paragraph("motif", 5_000).value();
    f.finish()?;
    let to = to.unwrap_or(OrderStatus::Brouillon);
    // What no livreur may do is refused before it is told whether the order is there.
    if ctx.actor.role == Role::Livreur && !TABLE_FOR_COURIERS.contains(&to) {
        return Err(AppError::forbidden());
    }
    move_order(ctx, id, to, motif).await
}

/// brouillon → confirmee.
pub async fn confirm_order(ctx: &Ctx, id: OrderId, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::WriteOrders)?;
    Fields::of_body(body)?.finish()?;
    move_order(ctx, id, OrderStatus::Confirmee, None).await
}

/// `{motif?}`: gives an order up, wherever it stands before delivery.
pub async fn cancel_order(ctx: &Ctx, id: OrderId, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::WriteOrders)?;
    let mut f = Fields::of_body(body)?;
    let motif = f.paragraph("motif", 5_000).value();
    f.finish()?;
    move_order(ctx, id, OrderStatus::Annulee, motif).await
}

async fn move_order(ctx: &Ctx, id: OrderId, to: OrderStatus, motif: Option<String>) -> AppResult<Saved<Order>> {
    let mut tx = match ctx.open_write::<Order>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let order = lock(&mut tx, ctx, id).await?;
    let own = order.livreur_id == Some(ctx.actor.user_id);
    let allowed = || allowed_from(order.statut, ctx.actor.role, own);
    let rule = transition(order.statut, to).ok_or_else(|| illegal(order.statut, to, allowed()))?;
    if !may_take(rule, ctx.actor.role, own) {
        return Err(if ctx.actor.role == Role::Livreur {
            illegal(order.statut, to, allowed())
        } else {
            AppError::forbidden()
        });
    }
    if rule.to == OrderStatus::EnLivraison && order.livreur_id.is_none() {
        return Err(AppError::new(ErrorCode::CourierRequired, "Assignez d'abord un livreur à cette commande."));
    }
    take(&mut tx, rule, id, motif).await?;
    let order = order_in_tx(&mut tx, ctx, id).await?;
    tx.commit(order).await
}

/// Where a livreur may take orders at all: elsewhere the role is refused, here only the moment is wrong.
const TABLE_FOR_COURIERS: [OrderStatus; 2] = [OrderStatus::EnLivraison, OrderStatus::Livree];

/// The effect on the stock, then the new status with its instant.
async fn take(tx: &mut WriteTx, rule: &Transition, id: OrderId, motif: Option<String>) -> AppResult<()> {
    if rule.to == OrderStatus::Confirmee {
        require_lines(tx, id).await?;
    }
    effects::apply(tx, rule.effect, id).await?;
    sqlx::query!(
        "update orders set statut = $2,
            confirmed_at = case when $2 = 'confirmee' then now() else confirmed_at end,
            prepared_at = case when $2 = 'en_preparation' then now() else prepared_at end,
            shipped_at = case when $2 = 'en_livraison' then now() else shipped_at end,
            delivered_at = case when $2 = 'livree' then now() else delivered_at end,
            cancelled_at = case when $2 = 'annulee' then now() else cancelled_at end,
            total_livre = case when $2 = 'livree'
                then (select coalesce(sum(quantite_livree * prix_unitaire), 0)::bigint from order_items where order_id = $1)
                else total_livre end,
            motif_annulation = case when $2 = 'annulee' then $3 else motif_annulation end
         where id = $1",
        id.0,
        rule.to.as_str(),
        motif
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn require_lines(tx: &mut WriteTx, id: OrderId) -> AppResult<()> {
    let any = sqlx::query_scalar!(r#"select exists (select 1 from order_items where order_id = $1) as "any!""#, id.0)
        .fetch_one(&mut **tx)
        .await?;
    if any {
        Ok(())
    } else {
        Err(AppError::new(ErrorCode::StateConflict, "Ajoutez au moins un article avant de confirmer."))
    }
}

/// `{livreur_id}`: puts a livreur on an order from confirmee to en_livraison; `null` takes them off before it leaves.
pub async fn assign_courier(ctx: &Ctx, id: OrderId, body: Value) -> AppResult<Saved<Order>> {
    ctx.require(Permission::WriteOrders)?;
    let mut f = Fields::of_body(body)?;
    let sent = f.id::<UserId>("livreur_id");
    if sent == Sent::Absent {
        f.required("livreur_id", sent.clone());
    }
    f.finish()?;
    let courier = sent.value();
    let mut tx = match ctx.open_write::<Order>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    // 422 before 404: the livreur is looked at first, and held so that their account cannot change meanwhile.
    if let Some(courier) = courier {
        require_courier(&mut tx, courier).await?;
    }
    let order = lock(&mut tx, ctx, id).await?;
    if !order.statut.takes_courier() {
        return Err(AppError::new(
            ErrorCode::StateConflict,
            format!("Une commande au statut « {} » ne reçoit pas de livreur.", order.statut.label()),
        ));
    }
    if courier.is_none() && order.statut == OrderStatus::EnLivraison {
        return Err(AppError::new(ErrorCode::StateConflict, "Une commande en livraison garde un livreur."));
    }
    sqlx::query!(
        "update orders set livreur_id = $2 where id = $1 and version = $3",
        id.0,
        courier.map(|c| c.0),
        order.version
    )
    .execute(&mut *tx)
    .await?;
    let order = order_in_tx(&mut tx, ctx, id).await?;
    tx.commit(order).await
}

async fn require_courier(tx: &mut WriteTx, courier: UserId) -> AppResult<()> {
    let found = sqlx::query_scalar!(
        "select id from users where id = $1 and role = 'livreur' and is_active and not is_deleted for share",
        courier.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    match found {
        Some(_) => Ok(()),
        None => Err(AppError::field("livreur_id", "livreur_inconnu", "Choisissez un livreur actif.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vat_is_rounded_once_for_each_rate() {
        let lines = Lines {
            quantities: vec![1, 1, 1],
            prices: vec![333, 333, 1000],
            rates: vec![550, 550, 2000],
            ..Lines::default()
        };
        // 666 × 5.5 / 105.5 = 34.72 → 35; 1000 × 20 / 120 = 166.67 → 167.
        assert_eq!(lines.totals(), (Money(1666), Money(35 + 167)));
    }
}
