//! The reads of movements of stock: the ledger.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::model::{MoveKind, MovedProduct, Movement};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::error::AppResult;
use crate::server::export::{Column, Exported};
use crate::shared::listing::{Filter, SortColumn, push_period, push_words, read_period};
use crate::shared::resource::Resource;
use crate::shared::{Day, Fields, MovementId, OrderId, ProductId, UserId};
use crate::users::model::full_name;

/// A movement as it is read.
#[derive(sqlx::FromRow)]
pub struct MovementRow {
    id: MovementId,
    product_id: ProductId,
    produit: String,
    produit_supprime: bool,
    r#type: MoveKind,
    quantite: i64,
    stock_avant: i64,
    stock_apres: i64,
    motif: Option<String>,
    order_id: Option<OrderId>,
    numero: Option<String>,
    created_at: DateTime<Utc>,
    created_by: UserId,
    auteur_nom: String,
    auteur_prenom: Option<String>,
}

impl Resource for Movement {
    type Row = MovementRow;

    const TABLE: &'static str = "stock_movements";
    const WHAT: &'static str = "Ce mouvement";
    const ALIAS: &'static str = "m";
    const COLUMNS: &'static str = "m.*, p.nom as produit, p.is_deleted as produit_supprime, o.numero,
        u.nom as auteur_nom, u.prenom as auteur_prenom";
    const FROM: &'static str = "from stock_movements m join products p on p.id = m.product_id
        join users u on u.id = m.created_by left join orders o on o.id = m.order_id";
    const DELETABLE: bool = false;
    const READ: Permission = Permission::ReadStocks;

    fn build(row: MovementRow, _ctx: &Ctx) -> AppResult<Self> {
        Ok(Movement {
            id: row.id,
            product_id: row.product_id,
            product: MovedProduct { id: row.product_id, nom: row.produit, is_deleted: row.produit_supprime },
            r#type: row.r#type,
            quantite: row.quantite,
            stock_avant: row.stock_avant,
            stock_apres: row.stock_apres,
            motif: row.motif,
            order_id: row.order_id,
            numero: row.numero,
            created_at: row.created_at,
            created_by: row.created_by,
            auteur: full_name(row.auteur_prenom.as_deref(), &row.auteur_nom),
        })
    }
}

/// What a list of movements is narrowed by.
#[derive(Serialize)]
pub struct MovementFilter {
    search: Option<String>,
    kind: Option<MoveKind>,
    product_id: Option<ProductId>,
    order_id: Option<OrderId>,
    user_id: Option<UserId>,
    start_date: Option<Day>,
    end_date: Option<Day>,
    /// What the search names, once the database was asked.
    #[serde(skip)]
    named: Option<Named>,
}

/// The products and orders that a search names: told which, and not only how to find them, the planner knows whether it
/// leaves one movement or nearly all.
struct Named {
    products: Vec<ProductId>,
    /// Nothing where there are too many to be told.
    orders: Option<Vec<OrderId>>,
}

/// The most orders that are told one by one.
const MOST_ORDERS: i64 = 2_000;

impl Filter for MovementFilter {
    type Of = Movement;

    const SORTS: &'static [SortColumn] = &[
        SortColumn::new("created_at", "m.created_at", "timestamptz").fixed(),
        SortColumn::new("quantite", "m.quantite", "bigint"),
        SortColumn::new("produit", "p.nom collate french", "text"),
    ];
    const DESCENDING: bool = true;
    const COUNT_FROM: &'static str = "from stock_movements m";

    fn read(f: &mut Fields) -> Self {
        let kinds = MoveKind::ALL.map(MoveKind::as_str).join(", ");
        let (start_date, end_date) = read_period(f);
        Self {
            search: f.line("search", 200).value(),
            kind: f.choice("type", MoveKind::parse, &kinds).value(),
            product_id: f.id("product_id").value(),
            order_id: f.id("order_id").value(),
            user_id: f.id("user_id").value(),
            start_date,
            end_date,
            named: None,
        }
    }

    async fn settle(&mut self, db: &mut PgConnection) -> AppResult<()> {
        let Some(text) = self.search.as_deref() else { return Ok(()) };
        let matching = |table: &str| {
            let mut sql = QueryBuilder::new(format!("select q.id from {table} q where true"));
            push_words(&mut sql, "q.recherche", Some(text));
            sql
        };
        let products = matching("products").build_query_scalar().persistent(false).fetch_all(&mut *db).await?;
        let mut sql = matching("orders");
        sql.push(" limit ").push_bind(MOST_ORDERS + 1);
        let orders: Vec<OrderId> = sql.build_query_scalar().persistent(false).fetch_all(db).await?;
        let orders = (orders.len() as i64 <= MOST_ORDERS).then_some(orders);
        self.named = Some(Named { products, orders });
        Ok(())
    }

    fn is_uneven(&self) -> bool {
        self.search.is_some() || self.kind.is_some() || self.product_id.is_some() || self.user_id.is_some()
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        if let Some(kind) = self.kind {
            sql.push(" and m.type = ").push_bind(kind);
        }
        if let Some(id) = self.product_id {
            sql.push(" and m.product_id = ").push_bind(id);
        }
        if let Some(id) = self.order_id {
            sql.push(" and m.order_id = ").push_bind(id);
        }
        if let Some(id) = self.user_id {
            sql.push(" and m.created_by = ").push_bind(id);
        }
        self.push_search(sql);
        push_period(sql, "m.created_at", self.start_date, self.end_date);
    }
}

impl MovementFilter {
    /// What was moved, what was said about it, or the order it belongs to (its number, its client).
    fn push_search(&self, sql: &mut QueryBuilder<Postgres>) {
        let Some(text) = self.search.as_deref() else { return };
        let named = |sql: &mut QueryBuilder<Postgres>, column: &str, table: &str| {
            sql.push(format!("m.{column} in (select q.id from {table} q where true"));
            push_words(sql, "q.recherche", Some(text));
            sql.push(")");
        };
        sql.push(" and (");
        match &self.named {
            Some(Named { products, .. }) => {
                sql.push("m.product_id = any(").push_bind(products.clone()).push(")");
            }
            None => named(sql, "product_id", "products"),
        }
        sql.push(" or m.motif is not null");
        push_words(sql, "searchable(m.motif)", Some(text));
        sql.push(" or ");
        match &self.named {
            Some(Named { orders: Some(orders), .. }) => {
                sql.push("m.order_id = any(").push_bind(orders.clone()).push(")");
            }
            _ => named(sql, "order_id", "orders"),
        }
        sql.push(")");
    }
}

impl Exported for Movement {
    const NAME: &'static str = "mouvements";

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Date", |m: &Self| m.created_at.into()),
            Column::new("Produit", |m| (&m.product.nom).into()),
            Column::new("Mouvement", |m| m.r#type.label().into()),
            Column::new("Quantité", |m| m.quantite.into()),
            Column::new("Stock avant", |m| m.stock_avant.into()),
            Column::new("Stock après", |m| m.stock_apres.into()),
            Column::new("Motif", |m| m.motif.clone().into()),
            Column::new("Commande", |m| m.numero.clone().into()),
            Column::new("Auteur", |m| (&m.auteur).into()),
        ]
    }
}
