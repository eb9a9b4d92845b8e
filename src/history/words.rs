//! The trail in words: fields and values as people call them.

use serde_json::Value;

use super::model::Action;
use crate::auth::permission::Role;
use crate::orders::workflow::OrderStatus;
use crate::shared::money::french;
use crate::shared::{Day, Money, VatRate};

impl Action {
    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Action::Creation => "Création",
            Action::Modification => "Modification",
            Action::Suppression => "Suppression",
            Action::Restauration => "Restauration",
        }
    }
}

/// What people call a field of any table.
pub fn field_label(champ: &str) -> &str {
    match champ {
        "adresse" | "adresse_livraison" => "Adresse",
        "category_id" => "Catégorie",
        "client_email" | "email" => "E-mail",
        "client_id" => "Client",
        "client_nom" => "Nom du client",
        "client_telephone" | "telephone" => "Téléphone",
        "code_postal" => "Code postal",
        "creneau_debut" => "Créneau, de",
        "creneau_fin" => "Créneau, à",
        "crees" => "Créés",
        "date_livraison_prevue" => "Livraison prévue",
        "description" => "Description",
        "fichier" => "Fichier",
        "inchanges" => "Inchangés",
        "is_active" => "En vente",
        "is_deleted" => "Supprimé",
        "latitude" => "Latitude",
        "livreur_id" => "Livreur",
        "longitude" => "Longitude",
        "modifies" => "Modifiés",
        "montant_encaisse" => "Encaissé",
        "motif_annulation" => "Motif d'annulation",
        "nom" => "Nom",
        "notes" => "Notes",
        "numero" => "Numéro",
        "ordre" => "Place",
        "password_changed_at" => "Mot de passe",
        "position_tournee" => "Place dans la tournée",
        "prenom" => "Prénom",
        "prix" => "Prix TTC",
        "prix_achat" => "Prix d'achat",
        "prix_unitaire" => "Prix unitaire",
        "product_id" | "product_nom" => "Produit",
        "quantite_livree" => "Quantité livrée",
        "quantity" => "Quantité",
        "reference" => "Référence",
        "role" => "Rôle",
        "seuil_alerte" => "Seuil d'alerte",
        "statut" => "Statut",
        "stock" => "Stock",
        "taux_tva" => "TVA",
        "total" => "Total TTC",
        "total_livre" => "Total livré",
        "total_tva" => "TVA totale",
        "undone_at" => "Annulé",
        "ville" => "Ville",
        other => other,
    }
}

/// A value of a field as people read it; empty when there is none.
pub fn value_text(champ: &str, value: Option<&Value>) -> String {
    let Some(value) = value.filter(|value| !value.is_null()) else { return String::new() };
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => return if *yes { "oui" } else { "non" }.to_owned(),
        other => other.to_string(),
    };
    match champ {
        "prix" | "prix_achat" | "prix_unitaire" | "total" | "total_tva" | "total_livre" | "montant_encaisse" => {
            Money::parse(&text).map(Money::display).unwrap_or(text)
        }
        "taux_tva" => VatRate::parse(&text).map(VatRate::display).unwrap_or(text),
        "statut" => OrderStatus::parse(&text).map(|status| status.label().to_owned()).unwrap_or(text),
        "role" => Role::parse(&text).map(|role| role.label().to_owned()).unwrap_or(text),
        "date_livraison_prevue" => Day::parse(&text).map(Day::display).unwrap_or(text),
        "category_id" | "client_id" | "livreur_id" | "product_id" => format!("n° {text}"),
        _ if value.is_number() => french(&text),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_told_as_people_read_them() {
        let told = |champ: &str, value: Value| value_text(champ, Some(&value));
        assert_eq!(told("prix", json!(4.5)), Money(450).display());
        assert_eq!(told("taux_tva", json!(5.5)), VatRate(550).display());
        assert_eq!(told("is_active", json!(false)), "non");
        assert_eq!(told("statut", json!("livree")), OrderStatus::Livree.label());
        assert_eq!(told("role", json!("controleur")), "Contrôleur");
        assert_eq!(told("seuil_alerte", json!(1200)), "1\u{202f}200");
        assert_eq!(told("nom", json!("Thé")), "Thé");
        assert_eq!(value_text("nom", None), "");
        assert_eq!(field_label("inconnu"), "inconnu");
    }
}
