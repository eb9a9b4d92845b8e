//! What travels when several orders are meant at once: one action on many, the sum of a list, what is
//! gathered from the shelves, and an order taken as the model of another.

use serde::{Deserialize, Serialize};

use super::model::Order;
use super::workflow::OrderStatus;
use crate::clients::model::ClientChoice;
use crate::error::AppError;
use crate::products::model::ProductChoice;
use crate::shared::several;
use crate::shared::{CategoryId, Day, Money, OrderId, ProductId, UserId};

/// What is done to each of several orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// To another status.
    Status {
        /// Which one.
        statut: OrderStatus,
        /// Why, for a cancellation.
        motif: Option<String>,
    },
    /// To a livreur, or to nobody.
    Courier {
        /// Whom.
        livreur_id: Option<UserId>,
    },
}

/// An order as it was seen.
pub type Seen = several::Seen<OrderId>;

/// How it went for one order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BulkAnswer {
    /// Which one.
    pub id: OrderId,
    /// The order as it is now; absent where it was refused.
    pub order: Option<Order>,
    /// Why it was refused.
    pub refus: Option<AppError>,
}

/// What the orders that match come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSum {
    /// How many count.
    pub nombre: i64,
    /// Their amounts: what was sold when the period is about sales, else their totals.
    pub montant: Money,
    /// Of these, the lines of the product or category that narrows the list.
    pub montant_lignes: Option<Money>,
    /// The articles of these lines, else of all lines, counted as the amounts are; only where what is sold or some
    /// of the lines are asked for.
    pub articles: Option<i64>,
    /// Amounts are those of the contract's "sold".
    pub vendu: bool,
    /// Matching orders that are not sold, and so do not count.
    pub non_comptees: i64,
    /// More match than are added up: the amounts say nothing.
    pub plafonne: bool,
}

/// What the ids among the filters are called.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FilterNames {
    /// The product.
    pub product: Option<String>,
    /// The category.
    pub category: Option<String>,
    /// The client.
    pub client: Option<String>,
}

/// An article to gather, over several orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct PickLine {
    /// Product.
    pub product_id: ProductId,
    /// Its name on the orders.
    pub nom: String,
    /// The shop's code.
    pub reference: Option<String>,
    /// Its category, which is where it stands.
    pub category_id: CategoryId,
    /// Name of the category.
    pub categorie: String,
    /// How many in all.
    pub quantite: i64,
    /// On how many orders.
    pub commandes: i64,
}

/// What is to be gathered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PickList {
    /// The articles, in the order of the shelves.
    pub articles: Vec<PickLine>,
    /// The orders, in the order in which they leave.
    pub orders: Vec<Order>,
    /// Those that were asked for and wait for no gathering: number and status.
    pub laissees: Vec<(String, OrderStatus)>,
    /// So many that were asked for are not there, or no longer.
    pub absentes: i64,
    /// There are more than fit.
    pub plafonne: bool,
}

/// Which orders are to be gathered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PickWanted {
    /// Those of a day.
    Day(Day),
    /// These.
    Orders(Vec<OrderId>),
}

/// An order as the model of a new one, at today's prices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderCopy {
    /// Number of the model.
    pub numero: String,
    /// Whether its client is still there; a new order then goes to the same one.
    pub client_known: bool,
    /// The client as on the order.
    pub client: ClientChoice,
    /// What can still be ordered, and how many.
    pub lines: Vec<(ProductChoice, i64)>,
    /// Names of what is no longer sold.
    pub gone: Vec<String>,
}
