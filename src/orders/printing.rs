//! What is printed of several orders: the articles to gather, and an order as the model of another.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::QueryBuilder;

use super::model::Order;
use super::sets::{OrderCopy, PickLine, PickList, PickWanted};
use super::workflow::OrderStatus;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::clients::model::ClientChoice;
use crate::error::{AppError, AppResult};
use crate::products::model::ProductChoice;
use crate::products::queries::choices_by_id;
use crate::shared::resource::{self, Resource};
use crate::shared::several::MAX_AT_ONCE;
use crate::shared::{OrderId, ProductId};

/// What waits to be taken from the shelves.
const GATHERED: [OrderStatus; 2] = [OrderStatus::Confirmee, OrderStatus::EnPreparation];
/// The most orders on one list of a day.
const MAX_OF_A_DAY: usize = 200;

/// What is to be gathered: of the chosen orders, or of those of a day, the ones that wait for it.
pub async fn picking_list(ctx: &Ctx, wanted: PickWanted) -> AppResult<PickList> {
    ctx.require(Permission::ReadAllOrders)?;
    let mut sql = resource::select::<Order>(ctx, Order::COLUMNS, false);
    let mut chosen = 0;
    let most = match wanted {
        PickWanted::Day(day) => {
            sql.push(" and o.statut = any(").push_bind(GATHERED.map(|s| s.as_str().to_owned()).to_vec());
            sql.push(") and o.date_livraison_prevue = ").push_bind(day);
            MAX_OF_A_DAY
        }
        PickWanted::Orders(ids) => {
            if ids.is_empty() || ids.len() > MAX_AT_ONCE {
                let message = format!("Choisissez de 1 à {MAX_AT_ONCE} commandes.");
                return Err(AppError::field("ids", "hors_limites", message));
            }
            let ids: BTreeSet<i64> = ids.iter().map(|id| id.0).collect();
            chosen = ids.len();
            sql.push(" and o.id = any(").push_bind(ids.into_iter().collect::<Vec<_>>()).push(")");
            MAX_AT_ONCE
        }
    };
    sql.push(" order by o.date_livraison_prevue, o.livreur_id, o.position_tournee, o.creneau_debut, o.id limit ");
    sql.push_bind(most as i64 + 1);
    let mut rows: Vec<<Order as Resource>::Row> = sql.build_query_as().fetch_all(&ctx.db).await?;
    let plafonne = rows.len() > most;
    rows.truncate(most);
    let absentes = chosen.saturating_sub(rows.len()) as i64;
    let orders = rows.into_iter().map(|row| Order::build(row, ctx)).collect::<AppResult<Vec<_>>>()?;
    let (orders, others): (Vec<_>, Vec<_>) = orders.into_iter().partition(|order| GATHERED.contains(&order.statut));
    let laissees = others.into_iter().map(|order| (order.numero, order.statut)).collect();
    let articles = articles(ctx, orders.iter().map(|order| order.id)).await?;
    Ok(PickList { articles, orders, laissees, absentes, plafonne })
}

/// The articles of some orders, in the order of the categories, which is that of the shelves.
async fn articles(ctx: &Ctx, orders: impl Iterator<Item = OrderId>) -> AppResult<Vec<PickLine>> {
    let ids: Vec<i64> = orders.map(|id| id.0).collect();
    let articles = sqlx::query_as(
        "select t.product_id, t.nom, p.reference, t.category_id, c.nom as categorie, t.quantite, t.commandes
         from (select product_id, category_id, min(product_nom) as nom, sum(quantity)::bigint as quantite, count(*) as commandes
               from order_items where order_id = any($1) group by product_id, category_id) t
         join products p on p.id = t.product_id join categories c on c.id = t.category_id
         order by c.ordre, c.nom collate french, c.id, t.nom collate french, t.product_id",
    )
    .bind(ids)
    .fetch_all(&ctx.db)
    .await?;
    Ok(articles)
}

/// The articles of an order as its lines are edited: at the prices frozen on it, with what it holds itself
/// counted as available.
pub async fn order_choices(ctx: &Ctx, id: OrderId) -> AppResult<Vec<ProductChoice>> {
    ctx.require(Permission::WriteOrders)?;
    let order = resource::get::<Order>(ctx, id.0, false).await?;
    let mut now = by_id(ctx, &order).await?;
    let mut choices = Vec::with_capacity(order.items.len());
    for item in order.items {
        if let Some(mut choice) = now.remove(&item.product_id) {
            choice.nom = item.product_nom;
            choice.prix = item.prix_unitaire;
            choice.taux_tva = item.taux_tva;
            choice.disponible += if order.statut == OrderStatus::Confirmee { item.quantity } else { 0 };
            choices.push(choice);
        }
    }
    Ok(choices)
}

async fn by_id(ctx: &Ctx, order: &Order) -> AppResult<BTreeMap<ProductId, ProductChoice>> {
    let ids: Vec<i64> = order.items.iter().map(|item| item.product_id.0).collect();
    Ok(choices_by_id(ctx, &ids, false).await?.into_iter().map(|choice| (choice.id, choice)).collect())
}

/// An order as the model of a new one: the same client and lines, today's prices, without what is no longer sold.
pub async fn order_copy(ctx: &Ctx, id: OrderId) -> AppResult<OrderCopy> {
    ctx.require(Permission::WriteOrders)?;
    let order = resource::get::<Order>(ctx, id.0, false).await?;
    let ids: Vec<i64> = order.items.iter().map(|item| item.product_id.0).collect();
    let sold = choices_by_id(ctx, &ids, true).await?;
    let mut sql = QueryBuilder::new("select exists (select 1 from clients where not is_deleted and id = ");
    sql.push_bind(order.client_id).push(")");
    let client_known = sql.build_query_scalar().fetch_one(&ctx.db).await?;
    let (mut lines, mut gone) = (Vec::new(), Vec::new());
    for item in order.items {
        match sold.iter().find(|choice| choice.id == item.product_id) {
            Some(choice) => lines.push((choice.clone(), item.quantity)),
            None => gone.push(item.product_nom),
        }
    }
    let client = ClientChoice {
        id: order.client_id,
        nom: order.client_nom,
        telephone: order.client_telephone,
        email: order.client_email,
        adresse: order.adresse_livraison,
        code_postal: order.code_postal,
        ville: order.ville,
    };
    Ok(OrderCopy { numero: order.numero, client_known, client, lines, gone })
}
