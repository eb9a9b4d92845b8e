//! What becomes of each row: pure, the same for a dry run and for an import.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::columns::{Column, Table, body};
use super::file::Row;
use super::known::Known;
use super::model::{FieldChange, LineReport, Outcome};
use crate::error::FieldError;
use crate::history::model::as_told;
use crate::products::model::{MAX_STOCK, Product, ProductSent, ValidProduct};
use crate::shared::{Fields, ProductId, VatRate};
use crate::stocks::shortage;

/// The fields of a product that an import sets, in the order in which they are told.
const FIELDS: [&str; 10] = [
    "reference",
    "nom",
    "category_id",
    "prix",
    "taux_tva",
    "prix_achat",
    "description",
    "seuil_alerte",
    "is_active",
    "stock",
];

/// The fields of a product by their names, as the trail writes them.
pub type Values = Map<String, Value>;

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its number as spreadsheets count rows.
    pub ligne: u32,
    /// What it is matched by.
    pub reference: Option<String>,
    /// The product, if it is known.
    pub product: Option<ProductId>,
    /// The product as it is; `None` for a new one.
    pub before: Option<Values>,
    /// The product as it is to be; empty when something is wrong.
    pub after: Values,
    /// All that is wrong.
    pub errors: Vec<FieldError>,
}

impl Line {
    /// In a word.
    pub fn outcome(&self) -> Outcome {
        match &self.before {
            _ if !self.errors.is_empty() => Outcome::Erreur,
            None => Outcome::Cree,
            Some(before) if *before == self.after => Outcome::Inchange,
            Some(_) => Outcome::Modifie,
        }
    }

    /// The values of the fields that change: before (`None` for a new product) and after.
    pub fn changed(&self) -> (Option<Values>, Values) {
        let Some(before) = &self.before else {
            return (None, self.after.clone());
        };
        let of = |values: &Values| -> Values {
            let changed = FIELDS.into_iter().filter(|name| self.after.get(*name) != before.get(*name));
            changed.map(|name| (name.to_owned(), values.get(name).cloned().unwrap_or_default())).collect()
        };
        // What is wrong changes nothing.
        if self.after.is_empty() { (Some(Values::new()), Values::new()) } else { (Some(of(before)), of(&self.after)) }
    }

    /// As it is told.
    pub fn report(&self) -> LineReport {
        let (before, after) = self.changed();
        LineReport {
            ligne: i64::from(self.ligne),
            reference: self.reference.clone(),
            resultat: self.outcome(),
            product_id: self.product,
            modifications: changes(before.as_ref(), &after),
            erreurs: self.errors.clone(),
        }
    }
}

/// What changed, field by field, with amounts as the contract writes them.
pub fn changes(before: Option<&Values>, after: &Values) -> Vec<FieldChange> {
    let told = |name: &str, values: Option<&Values>| {
        let value = values?.get(name).filter(|value| !value.is_null())?;
        Some(as_told(name, value.clone()))
    };
    let change = |name: &&str| {
        let (avant, apres) = (told(name, before), told(name, Some(after)));
        (avant != apres).then(|| FieldChange { champ: (*name).to_owned(), avant, apres })
    };
    FIELDS.iter().filter_map(change).collect()
}

/// Judges all rows.
pub fn plan(table: &Table, known: &Known, default_vat: VatRate) -> Vec<Line> {
    let (mut keys, mut products) = (HashMap::new(), HashMap::new());
    let mut lines = Vec::with_capacity(table.rows.len());
    for (row, key) in table.rows.iter().zip(&known.keys) {
        let mut line = judge(table, row, key.as_deref(), known, default_vat);
        let before = [
            key.as_deref().map(|key| ("reference", *keys.entry(key).or_insert(row.ligne))),
            line.product.map(|id| ("id", *products.entry(id).or_insert(row.ligne))),
        ];
        if let Some((champ, at)) = before.into_iter().flatten().find(|(_, at)| *at != row.ligne) {
            let what = if champ == "id" { "Ce produit" } else { "Cette référence" };
            line.errors.insert(0, fault(champ, "repetee", format!("{what} est déjà à la ligne {at}.")));
            line.after = Values::new();
        }
        lines.push(line);
    }
    lines
}

fn fault(champ: &str, code: &str, message: impl Into<String>) -> FieldError {
    FieldError { champ: champ.into(), code: code.into(), message: message.into() }
}

/// The product that a row is about, or none yet: known by its reference, else by the id that exports carry.
/// Where both are there and disagree, nobody can tell what was meant.
fn product_of<'a>(key: Option<&str>, id: Option<i64>, known: &'a Known) -> Result<Option<&'a Product>, FieldError> {
    let by_key = key.and_then(|key| known.products.get(known.by_key.get(key)?));
    let by_id = id.and_then(|id| known.products.get(&ProductId(id)));
    let other = |product: &Product| {
        let reference = product.reference.as_deref().unwrap_or(&product.nom);
        let message = format!("Cet identifiant est celui de « {reference} » : effacez-le, ou corrigez la référence.");
        Err(fault("id", "incompatible", message))
    };
    match (by_key, by_id) {
        (Some(found), Some(named)) if found.id != named.id => other(named),
        (Some(found), _) => Ok(Some(found)),
        (None, Some(named)) if key.is_some() && named.reference.is_some() => other(named),
        (None, Some(named)) => Ok(Some(named)),
        (None, None) if id.is_some() && key.is_none() => {
            Err(fault("id", "inconnu", "Ce produit n'existe pas : donnez une référence pour le créer."))
        }
        (None, None) => Ok(None),
    }
}

fn judge(table: &Table, row: &Row, key: Option<&str>, known: &Known, default_vat: VatRate) -> Line {
    let cells = table.cells(row);
    let mut sent = body(&cells);
    let mut errors = Vec::new();
    // The category by its name stands in for its id.
    if let Some(name) = cells.get(&Column::Categorie).filter(|name| !name.is_empty()) {
        match known.categories.get(*name) {
            Some(id) => drop(sent.insert("category_id".into(), json!(id))),
            None => errors.push(unknown_category("categorie", name)),
        }
    } else if let Some(id) =
        sent.get("category_id").and_then(Value::as_i64).filter(|id| !known.category_ids.contains(id))
    {
        errors.push(unknown_category("category_id", &id.to_string()));
    }
    let id = sent.get("id").and_then(Value::as_i64);
    let now = product_of(key, id, known).unwrap_or_else(|fault| {
        errors.push(fault);
        None
    });
    let unclear = errors.iter().any(|error| error.champ == "id") || (id.is_none() && sent.contains_key("id"));
    let mut line = Line {
        ligne: row.ligne,
        reference: cells.get(&Column::Reference).filter(|text| !text.is_empty()).map(|text| (*text).to_owned()),
        product: now.map(|product| product.id),
        before: now.map(|product| values(&as_it_is(product), product.stock.quantite)),
        after: Values::new(),
        errors: Vec::new(),
    };
    let mut f = match Fields::of_body(Value::Object(sent)) {
        Ok(f) => f,
        Err(error) => return Line { errors: error.errors, ..line },
    };
    let product = ProductSent::read(&mut f);
    f.integer("id", 1, i64::MAX);
    let stock = f.integer("stock", 0, MAX_STOCK).value();
    let product = match now {
        // What it would have to say depends on what product it is.
        None if unclear => {
            errors.extend(f.finish().err().map(|error| error.errors).unwrap_or_default());
            return Line { errors: named_as_in_the_file(errors, table), ..line };
        }
        None => {
            if line.reference.is_none() {
                f.refuse("reference", "obligatoire", "Ce champ est obligatoire.");
            }
            product.complete(&mut f, default_vat)
        }
        Some(now) => {
            let over = product.over(now);
            // The reference is what the row is known by: another case of it changes nothing.
            ValidProduct { reference: now.reference.clone().or(over.reference), ..over }
        }
    };
    if let (Some(now), Some(stock)) = (now, stock)
        && stock < now.stock.quantite_reservee
    {
        let reserved = now.stock.quantite_reservee;
        f.refuse(
            "stock",
            "stock_reserve",
            format!("{} : annulez ou modifiez-les d'abord.", shortage::reserved(reserved)),
        );
    }
    errors.extend(f.finish().err().map(|error| error.errors).unwrap_or_default());
    line.errors = named_as_in_the_file(errors, table);
    if line.errors.is_empty() {
        line.after = values(&product, stock.unwrap_or_else(|| now.map_or(0, |now| now.stock.quantite)));
    }
    line
}

fn unknown_category(champ: &str, name: &str) -> FieldError {
    let name: String = name.chars().take(200).collect();
    fault(champ, "inconnu", format!("La catégorie « {name} » n'existe pas."))
}

/// Where the file names categories, so do its faults, and one is enough; what is true or false is yes or no there.
fn named_as_in_the_file(mut errors: Vec<FieldError>, table: &Table) -> Vec<FieldError> {
    let unknown = errors.iter().any(|error| error.champ == "categorie");
    errors.retain(|error| !(unknown && error.champ == "category_id"));
    for error in &mut errors {
        if error.champ == "category_id" && !table.has(Column::CategoryId) {
            error.champ = "categorie".into();
        }
        if error.code == "booleen_attendu" {
            error.message = "Oui ou non est attendu.".into();
        }
    }
    errors
}

fn as_it_is(product: &Product) -> ValidProduct {
    ValidProduct {
        nom: product.nom.clone(),
        prix: product.prix,
        category_id: product.category_id,
        reference: product.reference.clone(),
        description: product.description.clone(),
        taux_tva: product.taux_tva,
        prix_achat: product.prix_achat.flatten(),
        seuil_alerte: product.stock.seuil_alerte,
        is_active: product.is_active,
    }
}

fn values(product: &ValidProduct, stock: i64) -> Values {
    let values = [
        json!(product.reference),
        json!(product.nom),
        json!(product.category_id),
        json!(product.prix.0),
        json!(product.taux_tva.0),
        json!(product.prix_achat.map(|price| price.0)),
        json!(product.description),
        json!(product.seuil_alerte),
        json!(product.is_active),
        json!(stock),
    ];
    FIELDS.iter().map(|name| (*name).to_owned()).zip(values).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::file::Sheet;

    fn planned(titles: &[&str], rows: &[&[&str]]) -> Vec<Line> {
        let text = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let rows = (2..).zip(rows).map(|(ligne, cells)| Row { ligne, cells: text(cells) }).collect();
        let table = Table::of(Sheet { titles: text(titles), rows }).expect("a table");
        let key = |row: &Row| table.cells(row)[&Column::Reference].to_lowercase();
        let keys = table.rows.iter().map(|row| Some(key(row)).filter(|key| !key.is_empty())).collect();
        let known = Known { keys, categories: [("Épicerie".to_owned(), 7)].into(), ..Known::default() };
        plan(&table, &known, VatRate(2000))
    }

    fn faults(line: &Line) -> Vec<(&str, &str)> {
        line.errors.iter().map(|error| (error.champ.as_str(), error.code.as_str())).collect()
    }

    #[test]
    fn a_new_product_has_its_defaults() {
        let lines = planned(&["reference", "nom", "categorie", "prix"], &[&["T-1", "Thé", "Épicerie", "8,5"]]);
        assert_eq!(lines[0].outcome(), Outcome::Cree);
        let expected = json!({"reference": "T-1", "nom": "Thé", "category_id": 7, "prix": 850, "taux_tva": 2000, "prix_achat": null,
                              "description": null, "seuil_alerte": 0, "is_active": true, "stock": 0});
        assert_eq!(Value::Object(lines[0].after.clone()), expected);
        let told: Vec<_> =
            lines[0].report().modifications.into_iter().map(|change| (change.champ, change.apres)).collect();
        assert!(told.contains(&("prix".to_owned(), Some(json!(8.5)))), "{told:?}");
    }

    fn product(id: i64, reference: Option<&str>) -> Product {
        let none = Value::Null;
        let at = "2026-03-01T08:00:00Z";
        let product = json!({"id": id, "reference": reference, "nom": format!("Produit {id}"), "description": none, "prix": 5.0,
            "taux_tva": 20, "prix_achat": none, "category_id": 7, "category": {"id": 7, "nom": "Épicerie"}, "is_active": true,
            "stock": {"quantite": 0, "quantite_reservee": 0, "quantite_disponible": 0, "seuil_alerte": 0, "statut": "rupture"},
            "created_at": at, "updated_at": at, "created_by": 1, "updated_by": 1, "version": 1, "is_deleted": false,
            "deleted_at": none, "deleted_by": none});
        serde_json::from_value(product).expect("a product")
    }

    #[test]
    fn what_has_no_reference_is_known_by_its_id_and_contradictions_are_faults() {
        let known = Known {
            keys: ["", "new", "a", "b", "a", "", "", "c"]
                .map(|key| Some(key.to_owned()).filter(|key| !key.is_empty()))
                .into(),
            by_key: [("a".to_owned(), ProductId(1))].into(),
            products: [product(1, Some("A")), product(2, None), product(3, None)].map(|p| (p.id, p)).into(),
            ..Known::default()
        };
        let rows = [["2", ""], ["3", "new"], ["2", "a"], ["1", "b"], ["1", "a"], ["99", ""], ["x", ""], ["99", "c"]];
        let rows =
            (2..).zip(rows).map(|(ligne, cells)| Row { ligne, cells: cells.map(str::to_owned).into() }).collect();
        let titles = vec!["Identifiant".to_owned(), "Référence".to_owned()];
        let lines = plan(&Table::of(Sheet { titles, rows }).expect("a table"), &known, VatRate(2000));
        let told: Vec<_> =
            lines.iter().map(|line| (line.product.map(|id| id.0), line.outcome(), faults(line))).collect();
        let unclear = |code| (None, Outcome::Erreur, vec![("id", code)]);
        assert_eq!(told[0], (Some(2), Outcome::Inchange, vec![]));
        assert_eq!(told[1], (Some(3), Outcome::Modifie, vec![]), "it gets its reference");
        assert_eq!(lines[1].changed().1, json!({"reference": "new"}).as_object().cloned().unwrap_or_default());
        assert_eq!(told[2..4], [unclear("incompatible"), unclear("incompatible")]);
        assert_eq!(told[4], (Some(1), Outcome::Erreur, vec![("reference", "repetee")]), "line 4 has it already");
        assert_eq!(told[5], unclear("inconnu"));
        assert_eq!(told[6], unclear("entier_attendu"));
        let new = [("nom", "obligatoire"), ("prix", "obligatoire"), ("categorie", "obligatoire")];
        assert_eq!(told[7].2, new, "an id of elsewhere is none");
    }

    #[test]
    fn every_fault_of_every_row() {
        let titles = ["reference", "nom", "categorie", "prix", "taux_tva", "stock", "en vente"];
        let lines = planned(
            &titles,
            &[
                &["", "", "Cave", "8,555", "101", "-1", "peut-être"],
                &["A", "Thé", "Épicerie", "1", "", "", ""],
                &["a", "Thé", "", "x", "", "2,5", ""],
            ],
        );
        assert_eq!(
            faults(&lines[0]),
            [
                ("categorie", "inconnu"),
                ("nom", "obligatoire"),
                ("prix", "montant_invalide"),
                ("reference", "obligatoire"),
                ("taux_tva", "taux_invalide"),
                ("is_active", "booleen_attendu"),
                ("stock", "hors_limites")
            ]
        );
        assert!(lines[0].errors.iter().any(|error| error.message == "Oui ou non est attendu."));
        assert_eq!(lines[1].outcome(), Outcome::Cree);
        assert_eq!(
            faults(&lines[2]),
            [
                ("reference", "repetee"),
                ("prix", "montant_invalide"),
                ("categorie", "obligatoire"),
                ("stock", "entier_attendu")
            ]
        );
        assert!(lines[2].after.is_empty());
    }
}
