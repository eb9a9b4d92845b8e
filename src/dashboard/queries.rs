//! The figures of a period, put together from what was added up and from the orders (see [`Sources`]).

use serde::Serialize;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, QueryBuilder, Row};

use super::model::*;
use super::percent::{change_pct, shares_pct};
use super::sold::{IS_SOLD, articles_from_orders, days_from_orders, statuses_from_orders};
use super::sources::{Sources, Standing};
use crate::error::{AppError, AppResult};
use crate::orders::model::Order;
use crate::orders::workflow::OrderStatus;
use crate::products::model::StockStatus;
use crate::shared::listing::{Filter, SortColumn, push_period, read_period};
use crate::shared::{CategoryId, Day, Fields, Money, Period, ProductId};
use crate::stocks::queries::STOCK_VALUE;

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
        SortColumn::new("confirmed_at", "o.confirmed_at", "timestamptz").fixed(),
        SortColumn::new("total", "o.total", "bigint"),
        SortColumn::new("numero", "o.numero", "text").fixed(),
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

/// The business day now.
pub async fn today(db: &mut PgConnection) -> AppResult<Day> {
    Ok(sqlx::query_scalar("select business_day(now())").fetch_one(db).await?)
}

/// What was sold on a business day.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct SoldDay {
    jour: Day,
    montant: Money,
    livre: Money,
    commandes: i64,
    articles: i64,
}

/// The days of a period on which something was sold, in order.
pub async fn sold_days(db: &mut PgConnection, period: Period, standing: &Standing) -> AppResult<Vec<SoldDay>> {
    let live = standing.live(period);
    let clean = "select jour, montant, livre, commandes, articles from rollup_days where jour between $1 and $2";
    // Without the orders where no day needs them: planning their part takes longer than all the rest.
    let sql = match live.is_empty() {
        true => format!("{clean} order by jour"),
        false => format!("{clean} and jour <> all($3) union all ({}) order by jour", days_from_orders("$3")),
    };
    let mut days = sqlx::query_as(AssertSqlSafe(sql)).bind(period.start).bind(period.end);
    if !live.is_empty() {
        days = days.bind(live);
    }
    Ok(days.fetch_all(db).await?)
}

/// What turnover and average basket are made of.
#[derive(Debug, Default)]
pub struct Totals {
    turnover: Money,
    delivered: Money,
    orders: i64,
    units: i64,
}

impl Totals {
    /// The totals of a period, out of days among which its own are.
    pub fn of(days: &[SoldDay], period: Period) -> Self {
        let within = days.iter().filter(|day| period.start <= day.jour && day.jour <= period.end);
        within.fold(Self::default(), |sum, day| Self {
            turnover: Money(sum.turnover.0 + day.montant.0),
            delivered: Money(sum.delivered.0 + day.livre.0),
            orders: sum.orders + day.commandes,
            units: sum.units + day.articles,
        })
    }
}

/// Turnover, beside that of the period before; out of days among which those of both are.
pub fn turnover(period: Period, days: &[SoldDay], devise: &str) -> Turnover {
    let previous = period.before();
    let (now, before) = (Totals::of(days, period), Totals::of(days, previous));
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

/// Average basket, beside that of the period before; out of days among which those of both are.
pub fn basket(period: Period, days: &[SoldDay], devise: &str) -> Basket {
    let previous = period.before();
    let (now, before) = (Totals::of(days, period), Totals::of(days, previous));
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

/// Every day of the period, zeros included, out of days among which its own are.
pub fn sales_by_day(days: &[SoldDay], period: Period, devise: &str) -> SalesByDay {
    let mut sold = days.iter().skip_while(|day| day.jour < period.start).peekable();
    let items = (0..period.days())
        .map(|n| {
            let date = period.start.plus(n);
            match sold.next_if(|day| day.jour == date) {
                Some(day) => DaySales {
                    date,
                    chiffre_affaires: day.montant,
                    nombre_commandes: day.commandes,
                    articles_vendus: day.articles,
                },
                None => DaySales { date, chiffre_affaires: Money::ZERO, nombre_commandes: 0, articles_vendus: 0 },
            }
        })
        .collect();
    SalesByDay { start_date: period.start, end_date: period.end, devise: devise.into(), items }
}

/// What of each day's turnover is now delivered, zeros included, and of the period before in all; out of days among
/// which those of both are.
pub fn delivered(period: Period, days: &[SoldDay]) -> (Vec<Money>, Money) {
    let of_day = |date: Day| days.iter().find(|day| day.jour == date).map_or(Money::ZERO, |day| day.livre);
    let each = (0..period.days()).map(|n| of_day(period.start.plus(n))).collect();
    (each, Totals::of(days, period.before()).delivered)
}

/// All six statuses, on the day of creation.
pub async fn orders_by_status(
    db: &mut PgConnection,
    period: Period,
    standing: &Standing,
    devise: &str,
) -> AppResult<OrdersByStatus> {
    let live = standing.live(period);
    let clean = "select statut, nombre, montant from rollup_statuts where jour between $1 and $2";
    let parts = match live.is_empty() {
        true => clean.to_owned(),
        false => format!(
            "{clean} and jour <> all($3) union all select statut, nombre, montant from ({}) live",
            statuses_from_orders("$3")
        ),
    };
    let sql = format!("select statut, sum(nombre)::bigint, sum(montant)::bigint from ({parts}) parts group by statut");
    let mut rows = sqlx::query_as(AssertSqlSafe(sql)).bind(period.start).bind(period.end);
    if !live.is_empty() {
        rows = rows.bind(live);
    }
    let rows: Vec<(String, i64, Money)> = rows.fetch_all(db).await?;
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

/// The best products by turnover, under today's names, and the rest in one figure, so that it adds up; and the
/// categories as frozen on the lines: both from the same parts, added up once.
pub async fn sales_by_article(
    db: &mut PgConnection,
    period: Period,
    standing: &Standing,
    devise: &str,
    limit: i64,
) -> AppResult<(SalesByProduct, SalesByCategory)> {
    let Sources { months, days, live } = standing.sources(period);
    let from_orders = match live.is_empty() {
        true => String::new(),
        false => format!(
            "union all select product_id, category_id, quantite, montant from ({}) live",
            articles_from_orders("$4")
        ),
    };
    let sql = format!(
        "with parts as (
             select product_id, category_id, quantite, montant from rollup_articles_mois where mois = any($1)
             union all select product_id, category_id, quantite, montant from rollup_articles where jour = any($2)
             {from_orders}),
         merged as materialized (
             select product_id, category_id, sum(quantite)::bigint as quantite, sum(montant)::bigint as montant
             from parts group by product_id, category_id),
         best as (
             select product_id, sum(quantite)::bigint as quantite, sum(montant)::bigint as montant
             from merged group by product_id order by sum(montant) desc, product_id limit $3),
         shares as (
             select category_id, sum(quantite)::bigint as quantite, sum(montant)::bigint as montant
             from merged group by category_id)
         select 'article' as kind, b.product_id as id, p.nom, b.quantite, b.montant
         from best b join products p on p.id = b.product_id
         union all
         select 'categorie', s.category_id, c.nom, s.quantite, s.montant
         from shares s join categories c on c.id = s.category_id
         union all
         select 'tout', 0, '', coalesce(sum(quantite), 0)::bigint, coalesce(sum(montant), 0)::bigint from merged
         order by kind, montant desc, id"
    );
    let mut rows = sqlx::query_as(AssertSqlSafe(sql)).bind(months).bind(days).bind(limit);
    if !live.is_empty() {
        rows = rows.bind(live);
    }
    let rows: Vec<(String, i64, String, i64, Money)> = rows.fetch_all(db).await?;
    let (all_units, all_turnover) = rows.last().map_or((0, 0), |row| (row.3, row.4.0));
    let of_kind = |kind: &'static str| rows.iter().filter(move |row| row.0 == kind);
    let amounts = |kind: &'static str| of_kind(kind).map(|row| row.4.0).collect::<Vec<_>>();
    let mut parts = amounts("article");
    let rest = all_turnover - parts.iter().sum::<i64>();
    parts.push(rest);
    let mut shares = shares_pct(&parts);
    let share_of_rest = shares.pop().unwrap_or_default();
    let items: Vec<_> = of_kind("article")
        .zip(shares)
        .map(|((_, id, nom, quantite, amount), part_pct)| ProductSales {
            product_id: ProductId(*id),
            nom: nom.clone(),
            quantite: *quantite,
            chiffre_affaires: *amount,
            part_pct,
        })
        .collect();
    let autres = OtherSales {
        quantite: all_units - items.iter().map(|item| item.quantite).sum::<i64>(),
        chiffre_affaires: Money(rest),
        part_pct: share_of_rest,
    };
    let categories = of_kind("categorie")
        .zip(shares_pct(&amounts("categorie")))
        .map(|((_, id, nom, quantite, amount), part_pct)| CategorySales {
            category_id: CategoryId(*id),
            nom: nom.clone(),
            quantite: *quantite,
            chiffre_affaires: *amount,
            part_pct,
        })
        .collect();
    let (start_date, end_date) = (period.start, period.end);
    Ok((
        SalesByProduct { start_date, end_date, devise: devise.into(), items, autres },
        SalesByCategory { start_date, end_date, devise: devise.into(), items: categories },
    ))
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
