//! What travels: a product with its stock, and what one sends to make one.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::AppResult;
use crate::history::model::ToldChange;
use crate::orders::model::Order;
use crate::shared::audit::{Audit, Deletion, READ_ONLY};
use crate::shared::fields::Sent;
use crate::shared::money::Currency;
use crate::shared::{CategoryId, Fields, Money, Page, ProductId, VatRate};

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
    /// Those of what is to be ordered.
    pub const SHORT: [StockStatus; 2] = [StockStatus::Rupture, StockStatus::Alerte];

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
    /// Who made and changed it.
    #[serde(flatten)]
    pub audit: Audit,
    /// Whether it was deleted.
    #[serde(flatten)]
    pub deletion: Deletion,
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

/// What one sends to change a product: absent leaves as it is, null clears what may be empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ProductUpdate {
    /// Name.
    pub nom: Option<String>,
    /// Price, VAT included.
    pub prix: Option<Money>,
    /// Category.
    pub category_id: Option<CategoryId>,
    /// The shop's own code.
    pub reference: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// VAT rate in percent.
    pub taux_tva: Option<VatRate>,
    /// Cost.
    pub prix_achat: Option<Money>,
    /// Alert at or below this.
    pub seuil_alerte: Option<i64>,
    /// Can be ordered.
    pub is_active: Option<bool>,
}

/// A new product that cannot be wrong in itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidProduct {
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
    pub taux_tva: VatRate,
    /// Cost.
    pub prix_achat: Option<Money>,
    /// Threshold.
    pub seuil_alerte: i64,
    /// Can be ordered.
    pub is_active: bool,
}

/// What was sent of a product, field by field: the same checks for a new one, a change and an import.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductSent {
    nom: Sent<String>,
    prix: Sent<Money>,
    category_id: Sent<CategoryId>,
    reference: Sent<String>,
    description: Sent<String>,
    taux_tva: Sent<VatRate>,
    prix_achat: Sent<Money>,
    seuil_alerte: Sent<i64>,
    is_active: Sent<bool>,
}

impl ProductSent {
    /// Takes the fields out of what was sent.
    pub fn read(f: &mut Fields) -> Self {
        Self {
            nom: f.line("nom", 200),
            prix: f.money("prix", max_price()),
            category_id: f.id("category_id"),
            reference: f.line("reference", 64),
            description: f.paragraph("description", 5_000),
            taux_tva: f.vat_rate("taux_tva"),
            prix_achat: f.money("prix_achat", max_price()),
            seuil_alerte: f.integer("seuil_alerte", 0, MAX_STOCK),
            is_active: f.boolean("is_active"),
        }
    }

    /// The category that was named.
    pub fn category(&self) -> Option<CategoryId> {
        self.category_id.clone().value()
    }

    /// A whole new product.
    pub fn complete(self, f: &mut Fields, default_vat: VatRate) -> ValidProduct {
        ValidProduct {
            nom: f.required("nom", self.nom).unwrap_or_default(),
            prix: f.required("prix", self.prix).unwrap_or_default(),
            category_id: f.required("category_id", self.category_id).unwrap_or(CategoryId(0)),
            reference: self.reference.value(),
            description: self.description.value(),
            taux_tva: self.taux_tva.value().unwrap_or(default_vat),
            prix_achat: self.prix_achat.value(),
            seuil_alerte: self.seuil_alerte.value().unwrap_or(0),
            is_active: self.is_active.value().unwrap_or(true),
        }
    }

    /// Refuses to clear what a product cannot be without.
    pub fn check_cleared(&self, f: &mut Fields) {
        f.kept("nom", &self.nom);
        f.kept("prix", &self.prix);
        f.kept("category_id", &self.category_id);
        f.kept("taux_tva", &self.taux_tva);
        f.kept("seuil_alerte", &self.seuil_alerte);
        f.kept("is_active", &self.is_active);
    }

    /// The product with what was sent put over it.
    pub fn over(self, now: &Product) -> ValidProduct {
        ValidProduct {
            nom: self.nom.or(now.nom.clone()),
            prix: self.prix.or(now.prix),
            category_id: self.category_id.or(now.category_id),
            reference: self.reference.or_cleared(now.reference.clone()),
            description: self.description.or_cleared(now.description.clone()),
            taux_tva: self.taux_tva.or(now.taux_tva),
            // A caller who may not see the cost cannot change products either.
            prix_achat: self.prix_achat.or_cleared(now.prix_achat.flatten()),
            seuil_alerte: self.seuil_alerte.or(now.stock.seuil_alerte),
            is_active: self.is_active.or(now.is_active),
        }
    }
}

/// A whole new product and what is on the shelf of it, from a body: the same for the server and its forms.
pub fn read_new(body: Value, default_vat: VatRate) -> AppResult<(ValidProduct, i64)> {
    let mut f = Fields::of_body(body)?;
    let product = ProductSent::read(&mut f).complete(&mut f, default_vat);
    let on_shelf = f.integer("stock_initial", 0, MAX_STOCK).value().unwrap_or(0);
    f.finish()?;
    Ok((product, on_shelf))
}

/// What a body changes of a product.
pub fn read_change(body: Value) -> AppResult<ProductSent> {
    let mut f = Fields::of_body(body)?;
    let sent = ProductSent::read(&mut f);
    sent.check_cleared(&mut f);
    f.ignore(READ_ONLY);
    f.ignore(&["category", "stock"]);
    f.finish()?;
    Ok(sent)
}

/// What the form of a product needs to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProductFormData {
    /// The living categories, in their order.
    pub categories: Vec<CategoryBrief>,
    /// The shop's VAT rate where none is named.
    pub default_vat: VatRate,
}

/// How many products are on each side of the list, up to the cap of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductCounts {
    /// All living ones.
    pub all: i64,
    /// On sale.
    pub active: i64,
    /// Off sale.
    pub inactive: i64,
    /// Deleted; absent for those who may not bring them back.
    pub deleted: Option<i64>,
}

/// Everything the page of one product shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProductDetail {
    /// The product, deleted too for those who may bring it back.
    pub product: Product,
    /// The last orders with it, of those that the caller sees.
    pub orders: Page<Order>,
    /// What changed in it; absent for those who may not see it.
    pub history: Option<Page<ToldChange>>,
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
    use crate::error::AppResult;

    #[test]
    fn the_status_of_a_stock() {
        assert_eq!(StockStatus::of(0, 0), StockStatus::Rupture);
        assert_eq!(StockStatus::of(5, 5), StockStatus::Alerte);
        assert_eq!(StockStatus::of(6, 5), StockStatus::Ok);
        assert_eq!(StockBrief::new(10, 10, 0).statut, StockStatus::Rupture);
    }

    fn read(body: serde_json::Value) -> AppResult<ValidProduct> {
        let mut f = Fields::of_body(body)?;
        let product = ProductSent::read(&mut f).complete(&mut f, VatRate(2000));
        f.finish()?;
        Ok(product)
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let product = read(json!({"nom": "Nouveau Produit", "prix": 15.99, "category_id": 1})).expect("valid");
        assert_eq!((product.prix, product.taux_tva, product.is_active), (Money(1599), VatRate(2000), true));
    }

    #[test]
    fn prices_have_bounds_and_two_decimals() {
        for (prix, code) in
            [(json!(-1), "hors_limites"), (json!(10_000_000), "hors_limites"), (json!(1.999), "montant_invalide")]
        {
            let error = read(json!({"nom": "x", "prix": prix, "category_id": 1})).expect_err("refused");
            assert_eq!(error.errors[0].code, code);
        }
        assert!(read(json!({"nom": "x", "prix": "9999999.99", "category_id": 1})).is_ok());
    }

    #[test]
    fn what_a_product_needs_cannot_be_cleared() {
        let mut f = Fields::of_body(json!({"nom": null, "reference": null, "prix": ""})).expect("object");
        ProductSent::read(&mut f).check_cleared(&mut f);
        let fields: Vec<_> = f.finish().expect_err("refused").errors.into_iter().map(|e| e.champ).collect();
        assert_eq!(fields, ["nom", "prix"]);
    }
}
