//! What travels: a product with its stock, and what one sends to make one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::AppResult;
use crate::shared::money::Currency;
use crate::shared::{CategoryId, Fields, Money, ProductId, UserId, VatRate};

/// The highest price, 9 999 999.99, in as many decimals as the currency has.
pub fn max_price() -> Money {
    Money(10_i64.pow(7 + u32::from(Currency::current().exponent)) - 1)
}

/// The largest stock.
pub const MAX_STOCK: i64 = 1_000_000_000;

/// How a stock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StockStatus {
    /// More than the alert threshold is available.
    Ok,
    /// No more than the threshold.
    Alerte,
    /// Nothing.
    Rupture,
}

impl StockStatus {
    /// All three.
    pub const ALL: [StockStatus; 3] = [StockStatus::Ok, StockStatus::Alerte, StockStatus::Rupture];

    /// Name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            StockStatus::Ok => "ok",
            StockStatus::Alerte => "alerte",
            StockStatus::Rupture => "rupture",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }

    /// The rule of the contract.
    pub fn of(available: i64, threshold: i64) -> Self {
        if available <= 0 {
            StockStatus::Rupture
        } else if available <= threshold {
            StockStatus::Alerte
        } else {
            StockStatus::Ok
        }
    }
}

/// The stock of a product, as shown with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct StockBrief {
    /// On the shelf.
    pub quantite: i64,
    /// Promised to confirmed orders.
    pub quantite_reservee: i64,
    /// On the shelf and not promised.
    pub quantite_disponible: i64,
    /// Alert at or below this.
    pub seuil_alerte: i64,
    /// How it stands.
    pub statut: StockStatus,
}

impl StockBrief {
    /// From the three figures that are stored.
    pub fn new(quantite: i64, quantite_reservee: i64, seuil_alerte: i64) -> Self {
        let quantite_disponible = quantite - quantite_reservee;
        Self {
            quantite,
            quantite_reservee,
            quantite_disponible,
            seuil_alerte,
            statut: StockStatus::of(quantite_disponible, seuil_alerte),
        }
    }
}

/// A category, as shown with a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CategoryBrief {
    /// Id.
    pub id: CategoryId,
    /// Name.
    pub nom: String,
}

/// A product as the contract has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Product {
    /// Id.
    pub id: ProductId,
    /// The shop's own code, unique among the living.
    pub reference: Option<String>,
    /// Name.
    pub nom: String,
    /// More about it.
    pub description: Option<String>,
    /// Price, VAT included.
    pub prix: Money,
    /// VAT rate, percent.
    pub taux_tva: VatRate,
    /// Cost; absent for those who may not see it.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "seen")]
    pub prix_achat: Option<Option<Money>>,
    /// Category.
    pub category_id: CategoryId,
    /// The same.
    pub category: CategoryBrief,
    /// Can be ordered.
    pub is_active: bool,
    /// Its stock now.
    pub stock: StockBrief,
    /// Entered.
    pub created_at: DateTime<Utc>,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
    /// By whom entered.
    pub created_by: UserId,
    /// By whom last changed.
    pub updated_by: UserId,
    /// Grows with every change: the `ETag`.
    pub version: i32,
    /// Deleted.
    pub is_deleted: bool,
    /// When deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// By whom.
    pub deleted_by: Option<UserId>,
}

/// A field that is there was seen, `null` too: an answer that is given again stays the same.
fn seen<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Money>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What one sends to create a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewProduct {
    /// Name.
    pub nom: String,
    /// Price, VAT included.
    pub prix: Money,
    /// Category.
    pub category_id: CategoryId,
    /// The shop's own code.
    pub reference: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// VAT rate in percent; the shop's default when absent.
    pub taux_tva: Option<VatRate>,
    /// Cost.
    pub prix_achat: Option<Money>,
    /// Alert at or below this.
    pub seuil_alerte: Option<i64>,
    /// What is on the shelf: written as an `entree`.
    pub stock_initial: Option<i64>,
    /// Can be ordered (default).
    pub is_active: Option<bool>,
}

/// A new product that cannot be wrong in itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidNewProduct {
    /// See [`NewProduct`], field by field.
    pub nom: String,
    /// Price.
    pub prix: Money,
    /// Category.
    pub category_id: CategoryId,
    /// The shop's own code.
    pub reference: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// VAT rate.
    pub taux_tva: Option<VatRate>,
    /// Cost.
    pub prix_achat: Option<Money>,
    /// Threshold.
    pub seuil_alerte: i64,
    /// First entry.
    pub stock_initial: i64,
    /// Can be ordered.
    pub is_active: bool,
}

impl ValidNewProduct {
    /// Checks what was sent; every fault at once.
    pub fn read(body: serde_json::Value) -> AppResult<Self> {
        let mut f = Fields::of_body(body)?;
        let nom = f.line("nom", 200);
        let nom = f.required("nom", nom);
        let prix = f.money("prix", max_price());
        let prix = f.required("prix", prix);
        let category_id = f.id("category_id");
        let category_id = f.required("category_id", category_id);
        let reference = f.line("reference", 64).value();
        let description = f.paragraph("description", 5_000).value();
        let taux_tva = f.vat_rate("taux_tva").value();
        let prix_achat = f.money("prix_achat", max_price()).value();
        let seuil_alerte = f.integer("seuil_alerte", 0, MAX_STOCK).value().unwrap_or(0);
        let stock_initial = f.integer("stock_initial", 0, MAX_STOCK).value().unwrap_or(0);
        let is_active = f.boolean("is_active").value().unwrap_or(true);
        f.finish()?;
        Ok(Self {
            nom: nom.unwrap_or_default(),
            prix: prix.unwrap_or_default(),
            category_id: category_id.unwrap_or(CategoryId(0)),
            reference,
            description,
            taux_tva,
            prix_achat,
            seuil_alerte,
            stock_initial,
            is_active,
        })
    }
}

/// A product as the order form suggests it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductChoice {
    /// Id.
    pub id: ProductId,
    /// The shop's own code.
    pub reference: Option<String>,
    /// Name.
    pub nom: String,
    /// Price, VAT included.
    pub prix: Money,
    /// VAT rate.
    pub taux_tva: VatRate,
    /// What can still be sold.
    pub disponible: i64,
    /// How its stock stands.
    pub statut: StockStatus,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_status_of_a_stock() {
        assert_eq!(StockStatus::of(0, 0), StockStatus::Rupture);
        assert_eq!(StockStatus::of(5, 5), StockStatus::Alerte);
        assert_eq!(StockStatus::of(6, 5), StockStatus::Ok);
        assert_eq!(StockBrief::new(10, 10, 0).statut, StockStatus::Rupture);
    }

    #[test]
    fn the_example_of_the_reference_is_taken() {
        let product = ValidNewProduct::read(
            json!({"nom": "Nouveau Produit", "prix": 15.99, "category_id": 1, "stock_initial": 50}),
        )
        .expect("valid");
        assert_eq!((product.prix, product.stock_initial, product.is_active), (Money(1599), 50, true));
    }

    #[test]
    fn prices_have_bounds_and_two_decimals() {
        for (prix, code) in
            [(json!(-1), "hors_limites"), (json!(10_000_000), "hors_limites"), (json!(1.999), "montant_invalide")]
        {
            let error =
                ValidNewProduct::read(json!({"nom": "x", "prix": prix, "category_id": 1})).expect_err("refused");
            assert_eq!(error.errors[0].code, code);
        }
        assert!(ValidNewProduct::read(json!({"nom": "x", "prix": "9999999.99", "category_id": 1})).is_ok());
    }
}
