//! An example of each body one sends, by operation. A test sends every one of them.

use serde_json::{Value, json};

/// The example of an operation's body, if it takes one as JSON.
pub fn of(operation: &str) -> Option<Value> {
    Some(match operation {
        "login" => json!({"email": "admin@example.com", "password": "admin123"}),
        "refresh" => json!({"refresh_token": "le refresh_token de la dernière réponse"}),
        "update_me" => json!({"prenom": "Claire", "telephone": "06 12 34 56 78"}),
        // No password of the demonstration: tried out on the page of the document, it must change nothing.
        "change_password" => {
            json!({"current_password": "l'ancien mot de passe", "new_password": "une phrase plus longue"})
        }
        "create_user" => json!({
            "email": "karim@example.com", "password": "une phrase plus longue", "nom": "Benali", "prenom": "Karim",
            "telephone": "06 12 34 56 78", "role": "livreur"
        }),
        "update_user" => json!({"role": "controleur", "telephone": null}),
        "create_category" => json!({"nom": "Thés et infusions", "description": "En vrac et en sachets"}),
        "update_category" => json!({"nom": "Thés", "description": null}),
        "reorder_categories" => json!({"ids": [3, 1, 2]}),
        "create_product" => json!({
            "nom": "Miel d'acacia 500 g", "prix": 15.99, "category_id": 1, "reference": "MIEL-ACA-500", "taux_tva": 5.5,
            "seuil_alerte": 10, "stock_initial": 50
        }),
        "update_product" => json!({"prix": "16.50", "description": null}),
        "update_stock" => json!({"seuil_alerte": 12}),
        "create_movement" => json!({"product_id": 1, "type": "ajustement", "quantite": 48, "motif": "Inventaire"}),
        "stock_entry" => json!({"product_id": 1, "quantite": 24, "motif": "Livraison du fournisseur"}),
        "stock_exit" => json!({"product_id": 1, "quantite": 1, "motif": "Casse"}),
        "create_client" => json!({
            "nom": "Jean Dupont", "telephone": "06 12 34 56 78", "email": "jean.dupont@example.com",
            "adresse": "3 rue du Port", "code_postal": "44000", "ville": "Nantes"
        }),
        "update_client" => json!({"ville": "Rezé", "notes": "Code de la porte : demander"}),
        "create_order" => json!({
            "client_nom": "Jean Dupont", "client_telephone": "0612345678",
            "items": [{"product_id": 1, "quantity": 2}, {"product_id": 3, "quantity": 1}], "confirmer": true
        }),
        "update_order" => json!({
            "date_livraison_prevue": "2026-12-24", "creneau_debut": "09:00", "creneau_fin": "12:00",
            "items": [{"product_id": 1, "quantity": 3}]
        }),
        "add_order_item" => json!({"product_id": 2, "quantity": 1}),
        "change_order_status" => json!({"statut": "en_preparation"}),
        "cancel_order" => json!({"motif": "Le client a changé d'avis."}),
        "assign_livreur" => json!({"livreur_id": 4}),
        "send_delivery_actions" => json!({
            "envoye_le": "2026-11-26T10:12:40+01:00",
            "actions": [
                {"id": "0f8fad5b-d9cb-469f-a165-70867728950e", "type": "prise_en_charge", "order_id": 12,
                 "survenu_le": "2026-11-26T08:45:00+01:00"},
                {"id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "type": "livraison", "order_id": 12,
                 "survenu_le": "2026-11-26T09:30:00+01:00", "receveur": "Mme Dupont", "montant_encaisse": "47.97",
                 "lignes": [{"item_id": 31, "remis": 2, "refuse": 0, "abime": 1, "manquant": 0}]},
                {"id": "3d813cbb-47fb-432a-8b5b-f7ab30d60d45", "type": "probleme", "order_id": 15,
                 "survenu_le": "2026-11-26T10:05:00+01:00", "motif": "absent", "note": "Repasser après 17 h"}
            ]
        }),
        "correct_delivery" => json!({
            "motif": "Le livreur avait compté un carton de trop.", "lignes": [{"item_id": 31, "remis": 2, "abime": 1}]
        }),
        _ => return None,
    })
}
