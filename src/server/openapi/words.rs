//! Words that the routes do not bring along: what a parameter means wherever it has that name, and what an operation
//! promises besides.

use serde_json::{Value, json};

use crate::shared::Period;
use crate::shared::money::french;

/// What a parameter of this name is, where its route says nothing itself.
const PARAMETERS: &[(&str, &str)] = &[
    ("action", "Ce qui a été fait"),
    ("category_id", "Une catégorie"),
    ("client_id", "Un client"),
    ("date_champ", "La date dont parle la période"),
    ("end_date", "Dernier jour"),
    ("id", "L'identifiant de ce dont parle l'adresse"),
    ("is_active", "Ce qui sert (un produit en vente, un compte ouvert), ou ce qui ne sert plus"),
    ("item_id", "Une ligne de la commande"),
    ("order_id", "Une commande"),
    ("preuve_id", "Une preuve de la commande"),
    ("prix_max", "Prix TTC, au plus"),
    ("prix_min", "Prix TTC, au moins"),
    ("product_id", "Un produit"),
    ("role", "Un rôle"),
    ("row_id", "L'identifiant de la ligne qui a changé"),
    ("start_date", "Premier jour"),
    ("statut", "Où en est le stock"),
    ("stock_statut", "Où en est le stock"),
    ("type", "La sorte de mouvement"),
    ("user_id", "Qui l'a fait"),
];

/// What an operation promises besides what its route says.
const OPERATIONS: &[(&str, &str)] = &[(
    "refresh",
    "Le même jeton, renvoyé dans les 10 secondes et avant que son successeur n'ait servi, rend le même successeur : la \
     réponse s'était peut-être perdue. Toute autre réutilisation met fin à la famille : cette session et tous ses jetons ; \
     401, il faut se reconnecter.",
)];

fn of(words: &[(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    words.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Says what each parameter of an operation is, and of a period which days it may have.
pub fn complete_parameters(operation: &mut Value) {
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        let own = parameter["description"].as_str().filter(|text| !text.is_empty());
        let Some(text) = own.or_else(|| of(PARAMETERS, name)) else { continue };
        let text = match name {
            "start_date" | "end_date" => format!(
                "{text}. Jour de l'entreprise, compris dans la période, de 2000 à 2100 ; elle a au plus {} jours.",
                french(&Period::MAX_DAYS.to_string())
            ),
            _ => text.to_owned(),
        };
        parameter["description"] = json!(text);
    }
}

/// Adds to the description of an operation what it promises besides.
pub fn complete_operation(id: &str, operation: &mut Value) {
    if let Some(more) = of(OPERATIONS, id) {
        let text = operation["description"].as_str().map(|text| format!("{text}\n\n")).unwrap_or_default();
        operation["description"] = json!(format!("{text}{more}"));
    }
}
