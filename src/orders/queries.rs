//! The reads of orders: the list, one order, the page of one order.

use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::corrections;
use super::filter::{CourierFilter, DateField, DeliveryOutcome, OrderFilter};
use super::model::{Gone, Order, OrderDetail, StatusInfo};
use super::names::{self, spelled};
use super::story::story;
use super::workflow::{OrderStatus, TRANSITIONS};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::deliveries::outcome::{ON_TIME, WENT_WRONG};
use crate::error::AppResult;
use crate::server::export::{Cell, Column, Exported};
use crate::shared::listing::{Filter, SortColumn, bounds, push_bounds, push_period, push_words_or_phone, read_period};
use crate::shared::resource::{self, Resource, not_found};
use crate::shared::{CategoryId, Fields, OrderId, ProductId, UserId};

impl Filter for OrderFilter {
    type Of = Order;

    const SORTS: &'static [SortColumn] = &[
        SortColumn::new("created_at", "o.created_at", "timestamptz").fixed(),
        SortColumn::new("total", "o.total", "bigint"),
        SortColumn::new("numero", "o.numero", "text").fixed(),
        SortColumn::new("date_livraison_prevue", "o.date_livraison_prevue", "date").nullable(),
    ];
    const DESCENDING: bool = true;

    fn read(f: &mut Fields) -> Self {
        let statuses = OrderStatus::ALL.map(OrderStatus::as_str).join(", ");
        let courier = |text: &str| match text {
            "none" => Some(CourierFilter::Unassigned),
            id => id.parse().ok().filter(|id: &UserId| id.0 > 0).map(CourierFilter::To),
        };
        let date = |text: &str| DateField::ALL.into_iter().find(|d| d.as_str() == text);
        let product = |text: &str| text.parse().ok().filter(|id: &ProductId| id.0 > 0);
        let category = |text: &str| text.parse().ok().filter(|id: &CategoryId| id.0 > 0);
        let outcome = |text: &str| DeliveryOutcome::ALL.into_iter().find(|o| o.as_str() == text);
        let outcomes = DeliveryOutcome::ALL.map(DeliveryOutcome::as_str).join(", ");
        let dates = DateField::ALL.map(DateField::as_str).join(", ");
        let (start_date, end_date) = read_period(f);
        Self {
            statut: f.choices("statut", OrderStatus::parse, &statuses),
            search: f.search().value().map(spelled),
            client_id: f.id("client_id").value(),
            livreur: f.choice("livreur_id", courier, "un identifiant, ou none").value(),
            product_id: f.id("product_id").value(),
            category_id: f.id("category_id").value(),
            hors_product_id: f.choices("hors_product_id", product, "des identifiants"),
            hors_category_id: f.choices("hors_category_id", category, "des identifiants"),
            livraison: f.choice("livraison", outcome, &outcomes).value(),
            start_date,
            end_date,
            date_champ: f.choice("date_champ", date, &dates).value().unwrap_or_default(),
            bounds: None,
            names: None,
        }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        self.push_all_but_dates(sql);
        self.push_dates(sql);
    }

    async fn settle(&mut self, db: &mut PgConnection) -> AppResult<()> {
        if self.is_dated() && self.date_champ != DateField::DateLivraisonPrevue {
            self.bounds = Some(bounds(&mut *db, self.start_date, self.end_date).await?);
        }
        self.names = names::meant(db, self.search.as_deref()).await?;
        Ok(())
    }

    fn is_uneven(&self) -> bool {
        // One status, one client and one livreur have indexes of their own, in the list's order.
        let even = Self {
            statut: self.statut.iter().copied().take(1).collect(),
            client_id: self.client_id,
            livreur: self.livreur,
            ..Self::default()
        };
        *self != even
    }

    fn push_counted(&self, sql: &mut QueryBuilder<Postgres>, ctx: &Ctx) -> bool {
        let Some(product) = self.product_id else { return false };
        if *self != (Self { product_id: Some(product), ..Self::default() }) || !ctx.may(Permission::ReadAllOrders) {
            return false;
        }
        // An order has one line of a product at most, and hardly any order is deleted: its lines are counted, in the
        // index, instead of its orders, each in its place.
        sql.push("select 1 from order_items i where i.product_id = ").push_bind(product);
        sql.push(" and not exists (select 1 from orders d where d.id = i.order_id and d.is_deleted)");
        true
    }
}

impl OrderFilter {
    /// Whether a period narrows it.
    pub fn is_dated(&self) -> bool {
        self.start_date.is_some() || self.end_date.is_some()
    }

    /// Everything but the period.
    pub fn push_all_but_dates(&self, sql: &mut QueryBuilder<Postgres>) {
        match self.statut.as_slice() {
            [] => {}
            // Along the index of this status, in the list's order; "any of" would have to sort.
            [only] => {
                sql.push(" and o.statut = ").push_bind(only.as_str());
            }
            several => {
                let names: Vec<_> = several.iter().map(|s| s.as_str().to_owned()).collect();
                sql.push(" and o.statut = any(").push_bind(names).push(")");
            }
        }
        match &self.names {
            Some(names) => {
                sql.push(" and o.name_id = any(").push_bind(names.clone()).push(")");
            }
            None => push_words_or_phone(sql, "o.recherche", self.search.as_deref()),
        }
        if let Some(id) = self.client_id {
            sql.push(" and o.client_id = ").push_bind(id);
        }
        match self.livreur {
            Some(CourierFilter::Unassigned) => {
                sql.push(" and o.livreur_id is null");
            }
            Some(CourierFilter::To(id)) => {
                sql.push(" and o.livreur_id = ").push_bind(id);
            }
            None => {}
        }
        for (column, id) in
            [("product_id", self.product_id.map(|p| p.0)), ("category_id", self.category_id.map(|c| c.0))]
        {
            if let Some(id) = id {
                sql.push(format!(" and exists (select 1 from order_items i where i.order_id = o.id and i.{column} = "));
                sql.push_bind(id).push(")");
            }
        }
        if !self.hors_product_id.is_empty() {
            sql.push(" and exists (select 1 from order_items i where i.order_id = o.id and i.product_id <> all(");
            sql.push_bind(self.hors_product_id.clone()).push("))");
        }
        if !self.hors_category_id.is_empty() {
            sql.push(" and exists (select 1 from order_items i where i.order_id = o.id and i.category_id <> all(");
            sql.push_bind(self.hors_category_id.clone()).push("))");
        }
        if let Some(outcome) = self.livraison {
            let went = match outcome {
                DeliveryOutcome::ALHeure => ON_TIME,
                DeliveryOutcome::Probleme => WENT_WRONG,
            };
            sql.push(format!(" and {went}"));
        }
    }

    fn push_dates(&self, sql: &mut QueryBuilder<Postgres>) {
        let column = format!("o.{}", self.date_champ.as_str());
        // Confirmed or delivered by then is created by then: the newest of them are near, not anywhere.
        if let Some((start, end)) = self.bounds {
            push_bounds(sql, &column, (start, end));
            return push_bounds(sql, "o.created_at", (None, end));
        }
        if self.date_champ != DateField::DateLivraisonPrevue {
            push_period(sql, &column, self.start_date, self.end_date);
            return push_period(sql, "o.created_at", None, self.end_date);
        }
        // A day already, not an instant.
        if let Some(start) = self.start_date {
            sql.push(format!(" and {column} >= ")).push_bind(start);
        }
        if let Some(end) = self.end_date {
            sql.push(format!(" and {column} <= ")).push_bind(end);
        }
    }
}

/// One order that the caller may see.
pub async fn get_order(ctx: &Ctx, id: OrderId) -> AppResult<Order> {
    resource::get::<Order>(ctx, id.0, false).await
}

/// The order of a number that the caller may see.
pub async fn get_by_numero(ctx: &Ctx, numero: &str) -> AppResult<Order> {
    ctx.require(Permission::ReadOrders)?;
    // The database knows no text with a NUL in it.
    if numero.contains('\0') {
        return Err(not_found::<Order>());
    }
    let mut sql = resource::select::<Order>(ctx, Order::COLUMNS, false);
    sql.push(" and o.numero = ").push_bind(numero.to_owned());
    let row = sql.build_query_as().fetch_optional(&ctx.db).await?;
    Order::build(row.ok_or_else(not_found::<Order>)?, ctx)
}

/// The statuses, with where one may go from each.
pub fn statuses(ctx: &Ctx) -> AppResult<Vec<StatusInfo>> {
    ctx.require(Permission::ReadOrders)?;
    let info = |code: OrderStatus| StatusInfo {
        code,
        libelle: code.label().into(),
        transitions: TRANSITIONS.iter().filter(|t| t.from == code).map(|t| t.to).collect(),
    };
    Ok(OrderStatus::ALL.into_iter().map(info).collect())
}

/// Everything the page of one order shows.
pub async fn order_detail(ctx: &Ctx, id: OrderId) -> AppResult<OrderDetail> {
    // Who may restore it reads it deleted too.
    let order = resource::get::<Order>(ctx, id.0, ctx.may(Permission::Restore)).await?;
    let events = if ctx.may(Permission::ReadHistory) { story(ctx, id).await? } else { Vec::new() };
    let couriers =
        if ctx.may(Permission::WriteOrders) { crate::users::queries::couriers(ctx).await? } else { Vec::new() };
    let livrees = if ctx.may(Permission::WriteOrders) { corrections::lines(ctx, id).await? } else { Vec::new() };
    let gone = if ctx.may(Permission::Restore) { Gone::default() } else { gone(ctx, &order).await? };
    Ok(OrderDetail { order, events, couriers, livrees, gone })
}

async fn gone(ctx: &Ctx, order: &Order) -> AppResult<Gone> {
    let ids: Vec<_> = order.items.iter().map(|item| item.product_id.0).collect();
    let (client, products) = sqlx::query_as(
        "select exists (select 1 from clients where id = $1 and is_deleted),
                array(select id from products where id = any($2) and is_deleted)",
    )
    .bind(order.client_id)
    .bind(ids)
    .fetch_one(&ctx.db)
    .await?;
    Ok(Gone { client, products })
}

impl Exported for Order {
    const NAME: &'static str = "commandes";
    const PERSONAL: bool = true;

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Numéro", |o: &Self| (&o.numero).into()),
            Column::new("Statut", |o| (&o.statut_libelle).into()),
            Column::new("Client", |o| (&o.client_nom).into()),
            Column::new("Téléphone", |o| Cell::phone(o.client_telephone.as_ref())),
            Column::new("E-mail", |o| o.client_email.clone().into()),
            Column::new("Adresse", |o| o.adresse_livraison.clone().into()),
            Column::new("Code postal", |o| o.code_postal.clone().into()),
            Column::new("Ville", |o| o.ville.clone().into()),
            Column::new("Articles", articles),
            Column::new("Total HT", |o| o.total_ht.into()),
            Column::new("TVA", |o| o.total_tva.into()),
            Column::new("Total TTC", |o| o.total.into()),
            Column::new("Livré", |o| o.total_livre.into()),
            Column::new("Encaissé", |o| o.montant_encaisse.into()),
            Column::new("Livreur", |o| o.livreur.as_ref().map(|l| l.display()).into()),
            Column::new("Prévue le", |o| o.date_livraison_prevue.into()),
            Column::new("Créneau, de", |o| o.creneau_debut.clone().into()),
            Column::new("Créneau, à", |o| o.creneau_fin.clone().into()),
            Column::new("Créée le", |o| o.audit.created_at.into()),
            Column::new("Confirmée le", |o| o.confirmed_at.into()),
            Column::new("Livrée le", |o| o.delivered_at.into()),
            Column::new("Annulée le", |o| o.cancelled_at.into()),
            Column::new("Motif d'annulation", |o| o.motif_annulation.clone().into()),
            Column::new("Notes", |o| o.notes.clone().into()),
        ]
    }
}

/// The lines in one cell: `2 × Miel, 1 × Thé`.
fn articles(order: &Order) -> Cell {
    let lines: Vec<_> = order.items.iter().map(|i| format!("{} × {}", i.quantity, i.product_nom)).collect();
    Cell::Text(lines.join(", "))
}
