//! The trail in French: what its tables and fields are called, and how their values are written. One pure
//! table, for the journal and for the history of each thing.

use chrono::{DateTime, NaiveTime, Utc};
use serde_json::Value;

use super::model::{OF_ORDERS, TABLES};
use crate::auth::permission::Role;
use crate::deliveries::model::{AttemptResult, Reason};
use crate::orders::workflow::OrderStatus;
use crate::shared::{Day, Money, VatRate, ZoneTable};
use crate::ui::format;

/// How the values of a field are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Money,
    Rate,
    YesNo,
    Day,
    Time,
    Instant,
    Status,
    Role,
    Attempt,
    Reason,
    /// The id of a row of another table.
    Row(&'static str),
}

/// A field: its name in the trail, what people call it, how it is written.
type Field = (&'static str, &'static str, Kind);

const USERS: &[Field] = &[
    ("email", "Adresse e-mail", Kind::Text),
    ("nom", "Nom", Kind::Text),
    ("prenom", "Prénom", Kind::Text),
    ("telephone", "Téléphone", Kind::Text),
    ("role", "Rôle", Kind::Role),
    ("is_active", "Compte actif", Kind::YesNo),
    ("password_changed_at", "Mot de passe changé", Kind::Instant),
    ("is_deleted", "Supprimé", Kind::YesNo),
];

const CATEGORIES: &[Field] = &[
    ("nom", "Nom", Kind::Text),
    ("description", "Description", Kind::Text),
    ("ordre", "Place", Kind::Number),
    ("is_deleted", "Supprimée", Kind::YesNo),
];

const PRODUCTS: &[Field] = &[
    ("reference", "Référence", Kind::Text),
    ("nom", "Nom", Kind::Text),
    ("description", "Description", Kind::Text),
    ("prix", "Prix TTC", Kind::Money),
    ("taux_tva", "TVA", Kind::Rate),
    ("prix_achat", "Prix d'achat", Kind::Money),
    ("category_id", "Catégorie", Kind::Row("categories")),
    ("is_active", "En vente", Kind::YesNo),
    ("is_deleted", "Supprimé", Kind::YesNo),
];

const CLIENTS: &[Field] = &[
    ("nom", "Nom", Kind::Text),
    ("telephone", "Téléphone", Kind::Text),
    ("email", "E-mail", Kind::Text),
    ("adresse", "Adresse", Kind::Text),
    ("code_postal", "Code postal", Kind::Text),
    ("ville", "Ville", Kind::Text),
    ("latitude", "Latitude", Kind::Number),
    ("longitude", "Longitude", Kind::Number),
    ("notes", "Notes", Kind::Text),
    ("is_deleted", "Supprimé", Kind::YesNo),
];

const STOCKS: &[Field] = &[("seuil_alerte", "Seuil d'alerte", Kind::Number)];

const ORDERS: &[Field] = &[
    ("numero", "Numéro", Kind::Text),
    ("statut", "Statut", Kind::Status),
    ("client_id", "Client", Kind::Row("clients")),
    ("client_nom", "Nom du client", Kind::Text),
    ("client_telephone", "Téléphone", Kind::Text),
    ("client_email", "E-mail", Kind::Text),
    ("adresse_livraison", "Adresse de livraison", Kind::Text),
    ("code_postal", "Code postal", Kind::Text),
    ("ville", "Ville", Kind::Text),
    ("latitude", "Latitude", Kind::Number),
    ("longitude", "Longitude", Kind::Number),
    ("notes", "Notes", Kind::Text),
    ("date_livraison_prevue", "Livraison prévue", Kind::Day),
    ("creneau_debut", "Créneau, de", Kind::Time),
    ("creneau_fin", "Créneau, à", Kind::Time),
    ("position_tournee", "Place dans la tournée", Kind::Number),
    ("total", "Total", Kind::Money),
    ("total_tva", "Dont TVA", Kind::Money),
    ("total_livre", "Total livré", Kind::Money),
    ("montant_encaisse", "Montant encaissé", Kind::Money),
    ("livreur_id", "Livreur", Kind::Row("users")),
    ("motif_annulation", "Motif d'annulation", Kind::Text),
    ("revision_lignes", "Révision des lignes", Kind::Number),
    ("is_deleted", "Supprimée", Kind::YesNo),
];

const ORDER_ITEMS: &[Field] = &[
    ("order_id", "Commande", Kind::Row("orders")),
    ("product_id", "Produit", Kind::Row("products")),
    ("product_nom", "Article", Kind::Text),
    ("category_id", "Catégorie", Kind::Row("categories")),
    ("quantity", "Quantité", Kind::Number),
    ("quantite_livree", "Quantité livrée", Kind::Number),
    ("prix_unitaire", "Prix unitaire", Kind::Money),
    ("taux_tva", "TVA", Kind::Rate),
];

const TENTATIVES: &[Field] = &[
    ("order_id", "Commande", Kind::Row("orders")),
    ("livreur_id", "Livreur", Kind::Row("users")),
    ("resultat", "Résultat", Kind::Attempt),
    ("motif", "Motif", Kind::Reason),
    ("note", "Note", Kind::Text),
    ("receveur", "Reçu par", Kind::Text),
    ("montant_encaisse", "Montant encaissé", Kind::Money),
    ("survenu_le", "Survenue le", Kind::Instant),
    ("decalage_s", "Décalage de l'horloge (s)", Kind::Number),
];

const CORRECTIONS: &[Field] =
    &[("order_id", "Commande", Kind::Row("orders")), ("motif", "Motif de la correction", Kind::Text)];

const PREUVES: &[Field] = &[
    ("order_id", "Commande", Kind::Row("orders")),
    ("nature", "Nature", Kind::Text),
    ("media_type", "Type d'image", Kind::Text),
    ("taille", "Taille (octets)", Kind::Number),
    ("effacee_le", "Effacée le", Kind::Instant),
];

const IMPORTS: &[Field] = &[
    ("fichier", "Fichier", Kind::Text),
    ("crees", "Produits créés", Kind::Number),
    ("modifies", "Produits modifiés", Kind::Number),
    ("inchanges", "Produits inchangés", Kind::Number),
    ("undone_at", "Annulé le", Kind::Instant),
];

fn fields(table: &str) -> &'static [Field] {
    match table {
        "users" => USERS,
        "categories" => CATEGORIES,
        "products" => PRODUCTS,
        "clients" => CLIENTS,
        "stocks" => STOCKS,
        "orders" => ORDERS,
        "order_items" => ORDER_ITEMS,
        "tentatives" => TENTATIVES,
        "corrections" => CORRECTIONS,
        "preuves" => PREUVES,
        "imports" => IMPORTS,
        _ => &[],
    }
}

fn field(table: &str, column: &str) -> Option<&'static Field> {
    fields(table).iter().find(|(name, ..)| *name == column)
}

/// One row of a table, as people call it.
pub fn table_label(table: &str) -> &'static str {
    match table {
        "users" => "Utilisateur",
        "categories" => "Catégorie",
        "products" => "Produit",
        "clients" => "Client",
        "stocks" => "Stock",
        "orders" => "Commande",
        "order_items" => "Ligne de commande",
        "tentatives" => "Tentative de livraison",
        "corrections" => "Correction de livraison",
        "preuves" => "Preuve de livraison",
        "imports" => "Import",
        _ => "Ligne",
    }
}

/// What people call a field.
pub fn label(table: &str, column: &str) -> &'static str {
    field(table, column).map_or("Autre champ", |(_, label, _)| label)
}

/// The table that a field points to: its values are ids.
pub fn refers_to(column: &str) -> Option<&'static str> {
    let all = TABLES.map(fields);
    all.into_iter().flatten().find_map(|(name, _, kind)| match kind {
        Kind::Row(table) if *name == column => Some(*table),
        _ => None,
    })
}

/// The page of a row; none where there is none of its own.
pub fn address(table: &str, row: i64, parent: Option<i64>) -> Option<String> {
    match table {
        "products" => Some(format!("/produits/{row}")),
        "clients" => Some(format!("/clients/{row}")),
        "stocks" => Some(format!("/stocks/{row}")),
        "orders" => Some(format!("/commandes/{row}")),
        table if OF_ORDERS.contains(&table) => parent.map(|order| format!("/commandes/{order}")),
        "categories" => Some(format!("/categories/{row}")),
        "users" => Some(format!("/utilisateurs/{row}")),
        _ => None,
    }
}

/// A value of the trail (as the contract tells it: amounts in units, rates in percent) as people read it.
pub fn shown(table: &str, column: &str, value: &Value, zone: &ZoneTable) -> String {
    let kind = field(table, column).map_or(Kind::Text, |(.., kind)| *kind);
    let text = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let told = match (kind, value) {
        (_, Value::Null) => Some("–".to_owned()),
        (_, Value::String(text)) if text.trim().is_empty() => Some("–".to_owned()),
        (Kind::YesNo, Value::Bool(yes)) => Some(if *yes { "oui" } else { "non" }.to_owned()),
        (Kind::Number, Value::Number(number)) => {
            Some(number.as_i64().map_or_else(|| number.to_string().replace('.', ","), format::number))
        }
        (Kind::Money, Value::Number(number)) => Money::parse(&number.to_string()).ok().map(Money::display),
        (Kind::Rate, Value::Number(number)) => VatRate::parse(&number.to_string()).map(VatRate::display),
        (Kind::Row(_), Value::Number(id)) => Some(format!("n° {id}")),
        (Kind::Day, Value::String(day)) => Day::parse(day).map(Day::display),
        (Kind::Time, Value::String(time)) => {
            time.parse::<NaiveTime>().ok().map(|time| time.format("%H:%M").to_string())
        }
        (Kind::Instant, Value::String(at)) => at.parse::<DateTime<Utc>>().ok().map(|at| zone.display(at)),
        (Kind::Status, Value::String(status)) => OrderStatus::parse(status).map(|status| status.label().to_owned()),
        (Kind::Attempt, Value::String(word)) => AttemptResult::parse(word).map(|word| word.label().to_owned()),
        (Kind::Reason, Value::String(word)) => Reason::parse(word).map(|word| word.label().to_owned()),
        (Kind::Role, Value::String(role)) => Role::parse(role).map(|role| role.label().to_owned()),
        _ => None,
    };
    told.unwrap_or_else(text)
}

/// The same, empty where there is no value.
pub fn written(table: &str, column: &str, value: Option<&Value>, zone: &ZoneTable) -> String {
    value.filter(|value| !value.is_null()).map_or_else(String::new, |value| shown(table, column, value, zone))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// `(table, columns)` of each call of `audit_table` in the migrations.
    fn audited() -> Vec<(String, Vec<String>)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut found = Vec::new();
        for file in std::fs::read_dir(folder).expect("the migrations") {
            let sql = std::fs::read_to_string(file.expect("a file").path()).expect("a migration");
            for call in sql.split("select audit_table('").skip(1) {
                let (table, rest) = call.split_once('\'').expect("a table");
                let (_, list) = rest.split_once("array[").expect("a list");
                let (list, _) = list.split_once(']').expect("its end");
                let columns = list.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
                found.push((table.to_owned(), columns));
            }
        }
        found
    }

    #[test]
    fn every_audited_column_has_a_label() {
        let audited = audited();
        let mut tables: Vec<_> = audited.iter().map(|(table, _)| table.as_str()).collect();
        let mut known = TABLES.to_vec();
        tables.sort_unstable();
        known.sort_unstable();
        assert_eq!(tables, known);
        for (table, columns) in &audited {
            assert_ne!(table_label(table), "Ligne", "{table}");
            assert!(!columns.is_empty());
            for column in columns {
                assert!(field(table, column).is_some(), "{table}.{column} has no label");
            }
            assert_eq!(fields(table).len(), columns.len(), "{table}: a label of nothing");
        }
    }

    #[test]
    fn values_are_written_as_people_read_them() {
        let zone = ZoneTable { name: "Europe/Paris".into(), offsets: vec![(0, 3600)] };
        let told = |table: &str, column: &str, value: Value| shown(table, column, &value, &zone);
        assert_eq!(told("products", "prix", json!(15.9)), "15,90\u{a0}€");
        assert_eq!(told("products", "taux_tva", json!(5.5)), "5,5\u{a0}%");
        assert_eq!(told("products", "is_active", json!(false)), "non");
        assert_eq!(told("products", "description", json!("")), "–");
        assert_eq!(told("products", "description", Value::Null), "–");
        assert_eq!(told("orders", "statut", json!("en_preparation")), OrderStatus::EnPreparation.label());
        assert_eq!(told("orders", "date_livraison_prevue", json!("2026-11-22")), "22 novembre 2026");
        assert_eq!(told("orders", "creneau_debut", json!("09:00:00")), "09:00");
        assert_eq!(told("orders", "livreur_id", json!(4)), "n° 4");
        assert_eq!(told("users", "role", json!("simple_utilisateur")), Role::SimpleUtilisateur.label());
        assert_eq!(told("imports", "undone_at", json!("2026-11-22T10:05:00.5+00:00")), "22 nov. 2026 à 11:05");
        assert_eq!(told("stocks", "seuil_alerte", json!(1200)), "1\u{202f}200");
        assert_eq!(told("clients", "latitude", json!(47.25)), "47,25");
        assert_eq!(told("clients", "inconnu", json!("x")), "x");
    }

    #[test]
    fn ids_point_somewhere() {
        assert_eq!((refers_to("livreur_id"), refers_to("category_id")), (Some("users"), Some("categories")));
        assert_eq!(refers_to("nom"), None);
        assert_eq!(address("order_items", 3, Some(9)).as_deref(), Some("/commandes/9"));
        assert_eq!(address("imports", 3, None), None);
    }
}
