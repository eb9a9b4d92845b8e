//! The figures of the dashboard, as the contract has them.
//!
//! **Sold** = living orders now in confirmee, en_preparation, en_livraison or livree, on the business
//! day of `confirmed_at`, with the quantities delivered once delivered, else those ordered.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::orders::model::Order;
use crate::orders::workflow::OrderStatus;
use crate::products::model::StockStatus;
use crate::shared::{CategoryId, Day, Money, Page, ProductId};

/// `/dashboard/livraisons-du-jour`: the living orders planned for a day, and how they went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::FromRow))]
pub struct DayDeliveries {
    /// Business day.
    pub date: Day,
    /// Confirmed to delivered, planned for the day.
    pub prevues: i64,
    /// Of these, delivered.
    pub livrees: i64,
    /// Of these, still to be delivered.
    pub restantes: i64,
    /// Planned for the day and given up on the way, delivered in part, or still on the way after a failed attempt.
    pub problemes: i64,
    /// Of those delivered: on the day or before, and on the day not after the end of the slot.
    pub a_l_heure: i64,
    /// Still to be delivered though planned for an earlier day.
    pub en_retard: i64,
}

/// Turnover and number of orders of the period before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PreviousTurnover {
    /// First day.
    pub start_date: Day,
    /// Last day.
    pub end_date: Day,
    /// Sold.
    pub chiffre_affaires: Money,
    /// Orders sold.
    pub nombre_commandes: i64,
}

/// `/dashboard/chiffre-affaires`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Turnover {
    /// First day.
    pub start_date: Day,
    /// Last day.
    pub end_date: Day,
    /// Currency, ISO 4217.
    pub devise: String,
    /// Sold.
    pub chiffre_affaires: Money,
    /// The part of it now livree.
    pub chiffre_affaires_livre: Money,
    /// Orders sold.
    pub nombre_commandes: i64,
    /// As many days, just before.
    pub periode_precedente: PreviousTurnover,
    /// Change in percent, one decimal, half away from zero; null without a before.
    pub evolution_pct: Option<f64>,
}

/// One day of `/dashboard/ventes-par-jour`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct DaySales {
    /// Business day.
    pub date: Day,
    /// Sold.
    pub chiffre_affaires: Money,
    /// Orders sold.
    pub nombre_commandes: i64,
    /// Units sold.
    pub articles_vendus: i64,
}

/// `/dashboard/ventes-par-jour`: every day, zeros included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct SalesByDay {
    /// First day.
    pub start_date: Day,
    /// Last day.
    pub end_date: Day,
    /// Currency.
    pub devise: String,
    /// The days.
    pub items: Vec<DaySales>,
}

/// One status of `/dashboard/commandes`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct StatusShare {
    /// Status.
    pub statut: OrderStatus,
    /// The same in French.
    pub libelle: String,
    /// Orders created in the period.
    pub nombre: i64,
    /// Their total.
    pub montant: Money,
}

/// `/dashboard/commandes`: all six statuses, on `created_at`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrdersByStatus {
    /// First day.
    pub start_date: Day,
    /// Last day.
    pub end_date: Day,
    /// Currency.
    pub devise: String,
    /// The statuses.
    pub items: Vec<StatusShare>,
    /// Orders in all.
    pub total: i64,
}

/// One product of `/dashboard/ventes-par-article`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ProductSales {
    /// Product.
    pub product_id: ProductId,
    /// Its name today.
    pub nom: String,
    /// Units sold.
    pub quantite: i64,
    /// Turnover.
    pub chiffre_affaires: Money,
    /// Share of the turnover, percent, one decimal.
    pub part_pct: f64,
}

/// What the listed products leave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OtherSales {
    /// Units sold.
    pub quantite: i64,
    /// Turnover.
    pub chiffre_affaires: Money,
    /// Share, percent.
    pub part_pct: f64,
}

/// `/dashboard/ventes-par-article`, by turnover.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct SalesByProduct {
    /// First day.
    pub start_date: Day,
    /// Last day.
    pub end_date: Day,
    /// Currency.
    pub devise: String,
    /// The best.
    pub items: Vec<ProductSales>,
    /// The rest, so that it adds up.
    pub autres: OtherSales,
}

/// One category of `/dashboard/ventes-par-categorie`, as frozen on the lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CategorySales {
    /// Category.
    pub category_id: CategoryId,
    /// Its name today.
    pub nom: String,
    /// Units sold.
    pub quantite: i64,
    /// Turnover.
    pub chiffre_affaires: Money,
    /// Share, percent, one decimal.
    pub part_pct: f64,
}

/// `/dashboard/ventes-par-categorie`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct SalesByCategory {
    /// First day.
    pub start_date: Day,
    /// Last day.
    pub end_date: Day,
    /// Currency.
    pub devise: String,
    /// The categories.
    pub items: Vec<CategorySales>,
}

/// A product that runs short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ShortStock {
    /// Product.
    pub product_id: ProductId,
    /// Its name.
    pub nom: String,
    /// Its reference.
    pub reference: Option<String>,
    /// What can still be sold.
    pub quantite_disponible: i64,
    /// Alert at or below this.
    pub seuil_alerte: i64,
    /// How it stands.
    pub statut: StockStatus,
}

/// `/dashboard/etat-stocks`: living products, now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct StockState {
    /// First day (of the question; stocks are of now).
    pub start_date: Day,
    /// Last day.
    pub end_date: Day,
    /// Currency.
    pub devise: String,
    /// Living products.
    pub total_produits: i64,
    /// With nothing left to sell.
    pub nombre_ruptures: i64,
    /// At or below their threshold.
    pub nombre_alertes: i64,
    /// Those with nothing left, at most 100.
    pub ruptures: Vec<ShortStock>,
    /// Those below their threshold, at most 100.
    pub alertes: Vec<ShortStock>,
    /// quantite × prix of living products.
    pub valeur_stock: Money,
}

/// `/dashboard/commandes-details`: the sold orders themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct SoldOrders {
    /// First day.
    pub start_date: Day,
    /// Last day.
    pub end_date: Day,
    /// Currency.
    pub devise: String,
    /// A page of them, the last sold first.
    #[serde(flatten)]
    pub page: Page<Order>,
}

/// Average basket of the period before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PreviousBasket {
    /// First day.
    pub start_date: Day,
    /// Last day.
    pub end_date: Day,
    /// Turnover ÷ orders, half up to the minor unit.
    pub panier_moyen: Money,
    /// Orders sold.
    pub nombre_commandes: i64,
}

/// `/dashboard/panier-moyen`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Basket {
    /// First day.
    pub start_date: Day,
    /// Last day.
    pub end_date: Day,
    /// Currency.
    pub devise: String,
    /// Turnover ÷ orders, half up to the minor unit.
    pub panier_moyen: Money,
    /// Orders sold.
    pub nombre_commandes: i64,
    /// Units ÷ orders, two decimals.
    pub articles_par_commande: f64,
    /// As many days, just before.
    pub periode_precedente: PreviousBasket,
}

/// `/dashboard/summary`: all of it, read in one snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Summary {
    /// First day.
    pub start_date: Day,
    /// Last day.
    pub end_date: Day,
    /// Currency.
    pub devise: String,
    /// When the figures of every day were last compared with the orders and agreed; null before the first time.
    pub concordance_le: Option<DateTime<Utc>>,
    /// Turnover.
    pub chiffre_affaires: Turnover,
    /// By day.
    pub ventes_par_jour: SalesByDay,
    /// By status.
    pub commandes: OrdersByStatus,
    /// By product.
    pub ventes_par_article: SalesByProduct,
    /// By category.
    pub ventes_par_categorie: SalesByCategory,
    /// Stocks.
    pub etat_stocks: StockState,
    /// Average basket.
    pub panier_moyen: Basket,
}

/// What the dashboard's page shows: the summary, and the course of what was delivered of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// All figures of the period.
    pub summary: Summary,
    /// The part of each day's turnover now livree, every day of the period.
    pub livre_par_jour: Vec<Money>,
    /// The same of all days of the period before.
    pub livre_avant: Money,
}
