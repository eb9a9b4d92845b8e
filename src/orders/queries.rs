//! The reads of orders: the list, its tabs, one order, the page of one order.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::filter::{CourierFilter, DateField, OrderFilter};
use super::model::{Order, OrderDetail, OrderEvent, StatusCounts};
use super::rows::{OrderRow, SELECT_ORDER};
use super::workflow::OrderStatus;
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult};
use crate::shared::listing::{Listing, Place, SortColumn};
use crate::shared::page::COUNT_CAP;
use crate::shared::{Fields, OrderId, Page, UserId};
use crate::users::model::full_name;

/// What a list may be sorted by; the first is the default.
pub const SORTS: &[SortColumn] = &[
    SortColumn { name: "created_at", sql: "o.created_at", cast: "timestamptz", nullable: false },
    SortColumn { name: "total", sql: "o.total", cast: "bigint", nullable: false },
    SortColumn { name: "numero", sql: "o.numero", cast: "text", nullable: false },
    SortColumn { name: "date_livraison_prevue", sql: "o.date_livraison_prevue", cast: "date", nullable: true },
];

impl OrderFilter {
    /// Takes the filters out of the parameters.
    pub fn read(f: &mut Fields) -> Self {
        let statuses = OrderStatus::ALL.map(OrderStatus::as_str).join(", ");
        let courier = |text: &str| match text {
            "none" => Some(CourierFilter::Unassigned),
            id => id.parse().ok().filter(|id: &UserId| id.0 > 0).map(CourierFilter::To),
        };
        let date = |text: &str| DateField::ALL.into_iter().find(|d| d.as_str() == text);
        let filter = Self {
            statut: f.choices("statut", OrderStatus::parse, &statuses),
            search: f.line("search", 200).value(),
            client_id: f.id("client_id").value(),
            livreur: f.choice("livreur_id", courier, "un identifiant, ou none").value(),
            product_id: f.id("product_id").value(),
            category_id: f.id("category_id").value(),
            start_date: f.day("start_date").value(),
            end_date: f.day("end_date").value(),
            date_champ: f
                .choice("date_champ", date, &DateField::ALL.map(DateField::as_str).join(", "))
                .value()
                .unwrap_or_default(),
        };
        if let (Some(start), Some(end)) = (filter.start_date, filter.end_date) {
            if start > end {
                f.refuse("end_date", "periode_inversee", "La fin précède le début.");
            } else if start.days_until(end) >= crate::shared::Period::MAX_DAYS {
                f.refuse("end_date", "periode_trop_longue", "Au plus 3 660 jours.");
            }
        }
        filter
    }

    /// The text a cursor is bound to.
    fn signature(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Orders this caller may see: staff all, a livreur those assigned to them now and those they
/// delivered in the last 7 days.
fn push_visible(sql: &mut QueryBuilder<Postgres>, ctx: &Ctx) {
    if !ctx.may(Permission::ReadAllOrders) {
        sql.push(" and o.livreur_id = ").push_bind(ctx.actor.user_id);
        sql.push(" and (o.statut <> 'livree' or o.delivered_at > now() - interval '7 days')");
    }
}

fn push_filter(sql: &mut QueryBuilder<Postgres>, filter: &OrderFilter) {
    if !filter.statut.is_empty() {
        let names: Vec<_> = filter.statut.iter().map(|s| s.as_str().to_owned()).collect();
        sql.push(" and o.statut = any(").push_bind(names).push(")");
    }
    if let Some(search) = &filter.search {
        push_search(sql, search);
    }
    if let Some(id) = filter.client_id {
        sql.push(" and o.client_id = ").push_bind(id);
    }
    match filter.livreur {
        Some(CourierFilter::Unassigned) => {
            sql.push(" and o.livreur_id is null");
        }
        Some(CourierFilter::To(id)) => {
            sql.push(" and o.livreur_id = ").push_bind(id);
        }
        None => {}
    }
    if let Some(id) = filter.product_id {
        sql.push(" and exists (select 1 from order_items i where i.order_id = o.id and i.product_id = ")
            .push_bind(id)
            .push(")");
    }
    if let Some(id) = filter.category_id {
        sql.push(" and exists (select 1 from order_items i where i.order_id = o.id and i.category_id = ")
            .push_bind(id)
            .push(")");
    }
    push_dates(sql, filter);
}

/// Every word must occur; a phone number is found however it was typed.
fn push_search(sql: &mut QueryBuilder<Postgres>, search: &str) {
    let is_phone = search.chars().filter(char::is_ascii_digit).count() >= 4
        && search.chars().all(|c| c.is_ascii_digit() || " .+-()/".contains(c));
    if is_phone {
        sql.push(" and (o.recherche like '%' || normalised_phone(").push_bind(search.to_owned());
        sql.push(") || '%' or o.recherche like '%' || ").push_bind(like_escaped(search)).push(" || '%')");
        return;
    }
    for word in search.split_whitespace() {
        sql.push(" and o.recherche like '%' || searchable(").push_bind(like_escaped(word)).push(") || '%'");
    }
}

/// `%`, `_` and `\` stand for themselves.
pub fn like_escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn push_dates(sql: &mut QueryBuilder<Postgres>, filter: &OrderFilter) {
    let column = filter.date_champ.as_str();
    let is_day = filter.date_champ == DateField::DateLivraisonPrevue;
    if let Some(start) = filter.start_date {
        sql.push(format!(" and o.{column} >= "));
        if is_day {
            sql.push_bind(start)
        } else {
            sql.push("day_start(").push_bind(start).push(")")
        };
    }
    if let Some(end) = filter.end_date {
        sql.push(format!(" and o.{column} < "));
        let next = end.plus(1);
        if is_day {
            sql.push_bind(next)
        } else {
            sql.push("day_start(").push_bind(next).push(")")
        };
    }
}

/// A page of orders with their lines.
pub async fn list_orders(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<Page<Order>> {
    ctx.require(Permission::ReadOrders)?;
    let mut f = Fields::of_pairs(query);
    let listing = Listing::read(&mut f, SORTS, true)?;
    let filter = OrderFilter::read(&mut f);
    f.finish()?;
    let signature = filter.signature();

    let mut sql = QueryBuilder::new(SELECT_ORDER);
    // The rows of the page are found first, on narrow indexes; lines are gathered for those alone.
    sql.push(" join (select o.id from orders o where not o.is_deleted");
    push_visible(&mut sql, ctx);
    push_filter(&mut sql, &filter);
    listing.finish(&mut sql, "o.id", &signature)?;
    let dir = if listing.descending { "desc nulls last" } else { "asc" };
    let id_dir = if listing.descending { "desc" } else { "asc" };
    sql.push(format!(") page on page.id = o.id order by {} {dir}, o.id {id_dir}", listing.sort.sql));
    let mut rows = sql.build_query_as::<OrderRow>().fetch_all(&ctx.db).await?;

    let sort = listing.sort.name;
    let next = listing.cut(&mut rows, &signature, |row| row.sort_key(sort));
    let items = rows.into_iter().map(|row| row.into_order(&ctx.actor)).collect::<AppResult<Vec<_>>>()?;
    match listing.place {
        Place::After(_) => Ok(Page::after_cursor(items, listing.per_page, next)),
        Place::Page(page) => {
            let counted = count(ctx, &filter).await?;
            Ok(Page::counted(items, counted, page, listing.per_page, next))
        }
    }
}

/// How many match, up to one more than the cap.
async fn count(ctx: &Ctx, filter: &OrderFilter) -> AppResult<i64> {
    let mut sql = QueryBuilder::new("select count(*) from (select 1 from orders o where not o.is_deleted");
    push_visible(&mut sql, ctx);
    push_filter(&mut sql, filter);
    sql.push(" limit ").push_bind(COUNT_CAP + 1).push(") matches");
    Ok(sql.build_query_scalar().fetch_one(&ctx.db).await?)
}

/// How many match in each status, under the other filters; each up to one more than the cap.
pub async fn count_orders(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<StatusCounts> {
    ctx.require(Permission::ReadOrders)?;
    let mut f = Fields::of_pairs(query);
    f.ignore(&["page", "per_page", "cursor", "sort", "statut"]);
    let filter = OrderFilter::read(&mut f);
    f.finish()?;
    let mut sql = QueryBuilder::new(
        "select s.statut, (select count(*) from (select 1 from orders o where not o.is_deleted and o.statut = s.statut",
    );
    push_visible(&mut sql, ctx);
    push_filter(&mut sql, &filter);
    sql.push(" limit ").push_bind(COUNT_CAP + 1).push(") m) from unnest(");
    sql.push_bind(OrderStatus::ALL.map(|s| s.as_str().to_owned()).to_vec()).push(") as s(statut)");
    let rows: Vec<(String, i64)> = sql.build_query_as().fetch_all(&ctx.db).await?;
    let counts = rows.into_iter().filter_map(|(name, n)| Some((OrderStatus::parse(&name)?, n))).collect();
    Ok(StatusCounts { counts })
}

/// One order that the caller may see.
pub async fn get_order(ctx: &Ctx, id: OrderId) -> AppResult<Order> {
    ctx.require(Permission::ReadOrders)?;
    let mut sql = QueryBuilder::new(SELECT_ORDER);
    sql.push(" where not o.is_deleted and o.id = ").push_bind(id);
    push_visible(&mut sql, ctx);
    let row = sql.build_query_as::<OrderRow>().fetch_optional(&ctx.db).await?;
    row.ok_or_else(|| AppError::not_found("Cette commande"))?.into_order(&ctx.actor)
}

/// The order as the transaction that changed it sees it.
pub async fn order_in_tx(connection: &mut PgConnection, ctx: &Ctx, id: OrderId) -> AppResult<Order> {
    let mut sql = QueryBuilder::new(SELECT_ORDER);
    sql.push(" where o.id = ").push_bind(id);
    sql.build_query_as::<OrderRow>().fetch_one(connection).await?.into_order(&ctx.actor)
}

/// Everything the page of one order shows.
pub async fn order_detail(ctx: &Ctx, id: OrderId) -> AppResult<OrderDetail> {
    let order = get_order(ctx, id).await?;
    let events = if ctx.may(Permission::ReadStocks) { story(ctx, id).await? } else { Vec::new() };
    let couriers =
        if ctx.may(Permission::WriteOrders) { crate::users::operations::couriers(ctx).await? } else { Vec::new() };
    Ok(OrderDetail { order, events, couriers })
}

/// The order's trail in words, newest first.
async fn story(ctx: &Ctx, id: OrderId) -> AppResult<Vec<OrderEvent>> {
    let entries = sqlx::query!(
        r#"select h.at, h.action, h.avant as "avant?: serde_json::Value", h.apres as "apres?: serde_json::Value",
                  u.nom, u.prenom, l.nom as "livreur_nom?", l.prenom as "livreur_prenom?"
           from history h
           join users u on u.id = h.user_id
           left join users l on l.id = (h.apres ->> 'livreur_id')::bigint
           where h.table_name = 'orders' and h.row_id = $1
           order by h.seq desc limit 200"#,
        id.0
    )
    .fetch_all(&ctx.db)
    .await?;
    let mut events = Vec::with_capacity(entries.len());
    for entry in entries {
        let livreur = entry.livreur_nom.map(|nom| full_name(entry.livreur_prenom.as_deref(), &nom));
        let auteur = full_name(entry.prenom.as_deref(), &entry.nom);
        let after = entry.apres.unwrap_or_default();
        for (texte, detail) in describe(&entry.action, &after, livreur.as_deref()) {
            events.push(OrderEvent { at: entry.at, auteur: auteur.clone(), texte, detail });
        }
    }
    Ok(events)
}

/// What an entry of the trail means to people.
fn describe(action: &str, after: &serde_json::Value, livreur: Option<&str>) -> Vec<(String, Option<String>)> {
    let mut told = Vec::new();
    let text = |key: &str| after.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
    match action {
        "creation" => told.push(("Commande créée".to_owned(), None)),
        "suppression" => told.push(("Commande supprimée".to_owned(), None)),
        "restauration" => told.push(("Commande restaurée".to_owned(), None)),
        _ => {}
    }
    match text("statut").as_deref().and_then(OrderStatus::parse) {
        Some(OrderStatus::Brouillon) | None => {}
        Some(OrderStatus::Annulee) => told.push(("Commande annulée".to_owned(), text("motif_annulation"))),
        Some(status) => {
            let words = match status {
                OrderStatus::Confirmee => "Commande confirmée, articles réservés",
                OrderStatus::EnPreparation => "Préparation commencée",
                OrderStatus::EnLivraison => "Partie en livraison",
                _ => "Livrée au client",
            };
            told.push((words.to_owned(), None));
        }
    }
    match (after.get("livreur_id"), livreur) {
        (Some(_), Some(livreur)) => told.push((format!("Confiée à {livreur}"), None)),
        (Some(serde_json::Value::Null), None) => told.push(("Livreur retiré".to_owned(), None)),
        _ => {}
    }
    if told.is_empty() {
        let what = if after.get("revision_lignes").is_some() { "Articles modifiés" } else { "Commande modifiée" };
        told.push((what.to_owned(), None));
    }
    told
}

impl OrderRow {
    /// The value of a sort column, as a cursor holds it.
    fn sort_key(&self, sort: &str) -> (Option<String>, i64) {
        let value = match sort {
            "total" => Some(self.total().0.to_string()),
            "numero" => Some(self.numero().to_owned()),
            "date_livraison_prevue" => self.planned().map(|day| day.to_string()),
            _ => Some(instant(self.created())),
        };
        (value, self.id().0)
    }
}

// Microseconds, as the database keeps them: a cursor must not round.
fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(like_escaped("50%_\\"), "50\\%\\_\\\\");
    }

    #[test]
    fn the_story_in_words() {
        let told = |action: &str, after, livreur| {
            describe(action, &after, livreur).into_iter().map(|t| t.0).collect::<Vec<_>>()
        };
        assert_eq!(told("creation", json!({"statut": "brouillon"}), None), ["Commande créée"]);
        assert_eq!(told("modification", json!({"livreur_id": 3}), Some("Karim B.")), ["Confiée à Karim B."]);
        assert_eq!(told("modification", json!({"livreur_id": null}), None), ["Livreur retiré"]);
        assert_eq!(told("modification", json!({"statut": "livree", "total_livre": 3}), None), ["Livrée au client"]);
        assert_eq!(told("modification", json!({"notes": "x"}), None), ["Commande modifiée"]);
        let cancelled = describe("modification", &json!({"statut": "annulee", "motif_annulation": "absent"}), None);
        assert_eq!(cancelled, [("Commande annulée".to_owned(), Some("absent".to_owned()))]);
    }
}
