//! The fields of a product's form, and what stands in them.

use serde_json::{Map, Value};

use crate::error::AppResult;
use crate::products::model::{Product, read_change, read_new};
use crate::shared::VatRate;
use crate::ui::editor::{FormField, Kind};

const NOM: FormField = FormField::new("nom", "Nom", Kind::Text);
const REFERENCE: FormField = FormField::new("reference", "Référence", Kind::Text);
const CATEGORY: FormField = FormField::new("category_id", "Catégorie", Kind::Integer);
const PRIX: FormField = FormField::new("prix", "Prix TTC", Kind::Decimal);
const TAUX_TVA: FormField = FormField::new("taux_tva", "TVA (%)", Kind::Decimal);
const PRIX_ACHAT: FormField = FormField::new("prix_achat", "Prix d'achat", Kind::Decimal);
const DESCRIPTION: FormField = FormField::new("description", "Description", Kind::Text);
const SEUIL: FormField = FormField::new("seuil_alerte", "Seuil d'alerte", Kind::Integer);
const ACTIVE: FormField = FormField::new("is_active", "Vente", Kind::Boolean);
const STOCK: FormField = FormField::new("stock_initial", "Stock de départ", Kind::Integer);

/// What one fills in for a new product.
pub const NEW_FIELDS: &[FormField] =
    &[NOM, REFERENCE, CATEGORY, PRIX, TAUX_TVA, PRIX_ACHAT, STOCK, SEUIL, ACTIVE, DESCRIPTION];
/// What one changes of a known one: its stock changes by movements alone.
pub const CHANGE_FIELDS: &[FormField] =
    &[NOM, REFERENCE, CATEGORY, PRIX, TAUX_TVA, PRIX_ACHAT, SEUIL, ACTIVE, DESCRIPTION];

/// The names of all fields, for those that show their own faults.
pub const NAMES: &[&str] = &[
    "nom",
    "reference",
    "category_id",
    "prix",
    "taux_tva",
    "prix_achat",
    "stock_initial",
    "seuil_alerte",
    "is_active",
    "description",
];

/// What stands in a field of a known product.
pub fn known(product: &Product, name: &str) -> String {
    let comma = |text: String| text.replace('.', ",");
    match name {
        "nom" => product.nom.clone(),
        "reference" => product.reference.clone().unwrap_or_default(),
        "category_id" => product.category_id.to_string(),
        "prix" => comma(product.prix.to_decimal()),
        "taux_tva" => comma(product.taux_tva.percent()),
        "prix_achat" => product.prix_achat.flatten().map(|cost| comma(cost.to_decimal())).unwrap_or_default(),
        "seuil_alerte" => product.stock.seuil_alerte.to_string(),
        "is_active" => product.is_active.to_string(),
        "description" => product.description.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

/// What stands in a field of a new one.
pub fn fresh(default_vat: VatRate, name: &str) -> String {
    match name {
        "taux_tva" => default_vat.percent().replace('.', ","),
        "is_active" => "true".to_owned(),
        _ => String::new(),
    }
}

/// The server's own rules for what is about to be sent.
pub fn check(is_new: bool, body: &Map<String, Value>, default_vat: VatRate) -> AppResult<()> {
    let body = Value::Object(body.clone());
    if is_new { read_new(body, default_vat).map(|_| ()) } else { read_change(body).map(|_| ()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::editor::body_of;

    #[test]
    fn every_field_of_the_form_is_one_of_the_contract() {
        for fields in [NEW_FIELDS, CHANGE_FIELDS] {
            assert!(fields.iter().all(|field| NAMES.contains(&field.name)));
        }
        let typed =
            [("nom", "Thé"), ("prix", "4,50"), ("category_id", "3"), ("taux_tva", "5,5"), ("is_active", "true")];
        let typed = |name: &str| Some(typed.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value));
        assert!(check(true, &body_of(NEW_FIELDS, typed), VatRate(2000)).is_ok());
        let nothing = check(true, &body_of(NEW_FIELDS, |_| Some("")), VatRate(2000)).expect_err("refused");
        let faults: Vec<_> = nothing.errors.iter().map(|fault| fault.champ.as_str()).collect();
        assert_eq!(faults, ["nom", "prix", "category_id"]);
    }

    #[test]
    fn a_cleared_name_is_refused_and_a_cleared_cost_is_not() {
        let body = |name: &str| Map::from_iter([(name.to_owned(), Value::Null)]);
        assert!(check(false, &body("nom"), VatRate(2000)).is_err());
        assert!(check(false, &body("prix_achat"), VatRate(2000)).is_ok());
    }
}
