//! The figures from the orders themselves. One definition of "sold", in one place: [`sold`].

use serde::Serialize;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, QueryBuilder, Row};

use super::model::*;
use crate::error::{AppError, AppResult};
use crate::orders::model::Order;
use crate::orders::workflow::OrderStatus;
use crate::products::model::StockStatus;
use crate::shared::listing::{Filter, SortColumn, push_period, read_period};
use crate::shared::{CategoryId, Day, Fields, Money, Period, ProductId};
use crate::stocks::queries::STOCK_VALUE;

/// An order `o` that is sold, besides being living.
pub const IS_SOLD: &str = "o.statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree')";

/// What a sold order `o` amounts to: what was handed over once delivered, else what was ordered.
pub const SOLD_AMOUNT: &str = "case when o.statut = 'livree' then o.total_livre else o.total end";

/// The orders sold from `$1` to `$2` (business days, both included): living, confirmed and not cancelled,
/// with what was handed over once delivered, else what was ordered.
fn sold() -> String {
    format!(
        "sold as (
    select o.id, o.confirmed_at, o.statut = 'livree' as livree,
           {SOLD_AMOUNT} as montant
    from orders o
    where not o.is_deleted and {IS_SOLD}
      and o.confirmed_at >= day_start($1) and o.confirmed_at < day_start($2 + 1))"
    )
}

/// The lines of these orders, with the quantity that counts.
const SOLD_LINES: &str = "sold_lines as (
    select s.id as order_id, s.confirmed_at, i.product_id, i.category_id, q.quantite, q.quantite * i.prix_unitaire as montant
    from sold s join order_items i on i.order_id = s.id
    cross join lateral (select case when s.livree then coalesce(i.quantite_livree, 0) else i.quantity end as quantite) q)";

/// `business_day(confirmed_at)`, with the zone read once for all rows, not once a row.
const DAY_SOLD: &str = "business_day(confirmed_at, (select business_zone()))";

/// The sold orders as a list: the same definition, for whoever wants to see what a figure counts.
#[derive(Serialize)]
pub struct SoldFilter {
    statut: Vec<OrderStatus>,
    start_date: Option<Day>,
    end_date: Option<Day>,
}

impl Filter for SoldFilter {
    type Of = Order;

    const SORTS: &'static [SortColumn] = &[
        SortColumn::new("confirmed_at", "o.confirmed_at", "timestamptz"),
        SortColumn::new("total", "o.total", "bigint"),
        SortColumn::new("numero", "o.numero", "text"),
    ];
    const DESCENDING: bool = true;

    fn read(f: &mut Fields) -> Self {
        let sold = |text: &str| OrderStatus::parse(text).filter(|status| OrderStatus::SOLD.contains(status));
        let (start_date, end_date) = read_period(f);
        let names = OrderStatus::SOLD.map(OrderStatus::as_str).join(", ");
        Self { statut: f.choices("statut", sold, &names), start_date, end_date }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        sql.push(format!(" and {IS_SOLD}"));
        if !self.statut.is_empty() {
            let names: Vec<_> = self.statut.iter().map(|s| s.as_str().to_owned()).collect();
            sql.push(" and o.statut = any(").push_bind(names).push(")");
        }
        push_period(sql, "o.confirmed_at", self.start_date, self.end_date);
    }
}

fn with_sold(rest: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("with {} {rest}", sold()))
}

/// The business day now.
pub async fn today(db: &mut PgConnection) -> AppResult<Day> {
    Ok(sqlx::query_scalar("select business_day(now())").fetch_one(db).await?)
}

/// What turnover and average basket are made of.
pub struct Totals {
    turnover: Money,
    delivered: Money,
    orders: i64,
    units: i64,
}

/// The totals of a period.
pub async fn totals(db: &mut PgConnection, period: Period) -> AppResult<Totals> {
    let sql = with_sold(&format!(
        ", {SOLD_LINES}
         select coalesce(sum(montant), 0)::bigint, coalesce(sum(montant) filter (where livree), 0)::bigint, count(*),
                (select coalesce(sum(quantite), 0)::bigint from sold_lines)
         from sold"
    ));
    let (turnover, delivered, orders, units) =
        sqlx::query_as(sql).bind(period.start).bind(period.end).fetch_one(db).await?;
    Ok(Totals { turnover, delivered, orders, units })
}

/// Turnover, beside that of the period before.
pub fn turnover(period: Period, now: &Totals, before: &Totals, devise: &str) -> Turnover {
    let previous = period.before();
    Turnover {
        start_date: period.start,
        end_date: period.end,
        devise: devise.into(),
        chiffre_affaires: now.turnover,
        chiffre_affaires_livre: now.delivered,
        nombre_commandes: now.orders,
        evolution_pct: change_pct(now.turnover.0, before.turnover.0),
        periode_precedente: PreviousTurnover {
            start_date: previous.start,
            end_date: previous.end,
            chiffre_affaires: before.turnover,
            nombre_commandes: before.orders,
        },
    }
}

/// Average basket, beside that of the period before.
pub fn basket(period: Period, now: &Totals, before: &Totals, devise: &str) -> Basket {
    let previous = period.before();
    let per_order = if now.orders == 0 { 0.0 } else { (now.units as f64 * 100.0 / now.orders as f64).round() / 100.0 };
    Basket {
        start_date: period.start,
        end_date: period.end,
        devise: devise.into(),
        panier_moyen: now.turnover.divided_by(now.orders),
        nombre_commandes: now.orders,
        articles_par_commande: per_order,
        periode_precedente: PreviousBasket {
            start_date: previous.start,
            end_date: previous.end,
            panier_moyen: before.turnover.divided_by(before.orders),
            nombre_commandes: before.orders,
        },
    }
}

/// Every day of the period, zeros included.
pub async fn sales_by_day(db: &mut PgConnection, period: Period, devise: &str) -> AppResult<SalesByDay> {
    let sql = with_sold(&format!(
        ", {SOLD_LINES},
         by_order as (select {DAY_SOLD} as jour, sum(montant)::bigint as montant, count(*) as commandes
                      from sold group by 1),
         by_line as (select {DAY_SOLD} as jour, sum(quantite)::bigint as articles from sold_lines group by 1)
         select d::date, coalesce(o.montant, 0), coalesce(o.commandes, 0), coalesce(l.articles, 0)
         from generate_series($1::timestamp, $2::timestamp, interval '1 day') d
         left join by_order o on o.jour = d::date left join by_line l on l.jour = d::date
         order by d"
    ));
    let rows: Vec<(Day, Money, i64, i64)> =
        sqlx::query_as(sql).bind(period.start).bind(period.end).fetch_all(db).await?;
    let items = rows
        .into_iter()
        .map(|(date, chiffre_affaires, nombre_commandes, articles_vendus)| DaySales {
            date,
            chiffre_affaires,
            nombre_commandes,
            articles_vendus,
        })
        .collect();
    Ok(SalesByDay { start_date: period.start, end_date: period.end, devise: devise.into(), items })
}

/// All six statuses, on the day of creation.
pub async fn orders_by_status(db: &mut PgConnection, period: Period, devise: &str) -> AppResult<OrdersByStatus> {
    let rows: Vec<(String, i64, Money)> = sqlx::query_as(
        "select statut, count(*), sum(total)::bigint from orders
         where not is_deleted and created_at >= day_start($1) and created_at < day_start($2 + 1) group by statut",
    )
    .bind(period.start)
    .bind(period.end)
    .fetch_all(db)
    .await?;
    let items: Vec<_> = OrderStatus::ALL
        .into_iter()
        .map(|statut| {
            let found = rows.iter().find(|row| row.0 == statut.as_str());
            StatusShare {
                statut,
                libelle: statut.label().into(),
                nombre: found.map_or(0, |row| row.1),
                montant: found.map_or(Money::ZERO, |row| row.2),
            }
        })
        .collect();
    let total = items.iter().map(|item| item.nombre).sum();
    Ok(OrdersByStatus { start_date: period.start, end_date: period.end, devise: devise.into(), items, total })
}

/// The best products by turnover, and the rest in one figure, so that it adds up.
pub async fn sales_by_product(
    db: &mut PgConnection,
    period: Period,
    devise: &str,
    limit: i64,
) -> AppResult<SalesByProduct> {
    let sql = with_sold(&format!(
        ", {SOLD_LINES},
         by_product as (select product_id, sum(quantite)::bigint as quantite, sum(montant)::bigint as montant
                        from sold_lines group by 1)
         select b.product_id, p.nom, b.quantite, b.montant,
                sum(b.quantite) over ()::bigint, sum(b.montant) over ()::bigint
         from by_product b join products p on p.id = b.product_id
         order by b.montant desc, b.product_id limit $3"
    ));
    let rows: Vec<(ProductId, String, i64, Money, i64, i64)> =
        sqlx::query_as(sql).bind(period.start).bind(period.end).bind(limit).fetch_all(db).await?;
    let (all_units, all_turnover) = rows.first().map_or((0, 0), |row| (row.4, row.5));
    let items: Vec<_> = rows
        .into_iter()
        .map(|(product_id, nom, quantite, chiffre_affaires, _, _)| ProductSales {
            product_id,
            nom,
            quantite,
            chiffre_affaires,
            part_pct: share_pct(chiffre_affaires.0, all_turnover),
        })
        .collect();
    let rest = all_turnover - items.iter().map(|item| item.chiffre_affaires.0).sum::<i64>();
    let autres = OtherSales {
        quantite: all_units - items.iter().map(|item| item.quantite).sum::<i64>(),
        chiffre_affaires: Money(rest),
        part_pct: share_pct(rest, all_turnover),
    };
    Ok(SalesByProduct { start_date: period.start, end_date: period.end, devise: devise.into(), items, autres })
}

/// Categories as frozen on the lines, under today's names.
pub async fn sales_by_category(db: &mut PgConnection, period: Period, devise: &str) -> AppResult<SalesByCategory> {
    let sql = with_sold(&format!(
        ", {SOLD_LINES}
         select l.category_id, c.nom, sum(l.quantite)::bigint, sum(l.montant)::bigint
         from sold_lines l join categories c on c.id = l.category_id
         group by 1, 2 order by 4 desc, 1"
    ));
    let rows: Vec<(CategoryId, String, i64, Money)> =
        sqlx::query_as(sql).bind(period.start).bind(period.end).fetch_all(db).await?;
    let all: i64 = rows.iter().map(|row| row.3.0).sum();
    let items = rows
        .into_iter()
        .map(|(category_id, nom, quantite, chiffre_affaires)| CategorySales {
            category_id,
            nom,
            quantite,
            chiffre_affaires,
            part_pct: share_pct(chiffre_affaires.0, all),
        })
        .collect();
    Ok(SalesByCategory { start_date: period.start, end_date: period.end, devise: devise.into(), items })
}

/// Stocks of living products, now; at most 100 of each kind are named.
pub async fn stock_state(db: &mut PgConnection, period: Period, devise: &str) -> AppResult<StockState> {
    let row = sqlx::query(AssertSqlSafe(format!(
        "select count(*) as produits,
                count(*) filter (where disponible <= 0) as ruptures,
                count(*) filter (where disponible > 0 and disponible <= seuil_alerte) as alertes,
                coalesce(sum(valeur), 0)::bigint as valeur
         from (select {STOCK_VALUE} as valeur, s.quantite - s.quantite_reservee as disponible, s.seuil_alerte
               from products p join stocks s on s.product_id = p.id where not p.is_deleted) living"
    )))
    .fetch_one(&mut *db)
    .await?;
    let short = sqlx::query_as::<_, (ProductId, String, Option<String>, i64, i64)>(
        "(select p.id, p.nom, p.reference, s.quantite - s.quantite_reservee as disponible, s.seuil_alerte
          from products p join stocks s on s.product_id = p.id
          where not p.is_deleted and s.quantite - s.quantite_reservee <= 0 order by p.nom collate french, p.id limit 100)
         union all
         (select p.id, p.nom, p.reference, s.quantite - s.quantite_reservee, s.seuil_alerte
          from products p join stocks s on s.product_id = p.id
          where not p.is_deleted and s.quantite - s.quantite_reservee > 0
            and s.quantite - s.quantite_reservee <= s.seuil_alerte
          order by s.quantite - s.quantite_reservee, p.nom collate french, p.id limit 100)",
    )
    .fetch_all(db)
    .await?;
    let named = short.into_iter().map(|(product_id, nom, reference, quantite_disponible, seuil_alerte)| ShortStock {
        product_id,
        nom,
        reference,
        quantite_disponible,
        seuil_alerte,
        statut: StockStatus::of(quantite_disponible, seuil_alerte),
    });
    let (ruptures, alertes) = named.partition(|stock| stock.statut == StockStatus::Rupture);
    let figure = |name: &str| row.try_get::<i64, _>(name).map_err(AppError::from);
    Ok(StockState {
        start_date: period.start,
        end_date: period.end,
        devise: devise.into(),
        total_produits: figure("produits")?,
        nombre_ruptures: figure("ruptures")?,
        nombre_alertes: figure("alertes")?,
        ruptures,
        alertes,
        valeur_stock: Money(figure("valeur")?),
    })
}
