//! The codes of wrong fields: all that a program may meet, with what each means.

use serde_json::{Value, json};

/// Each with its meaning.
const CODES: &[(&str, &str)] = &[
    ("booleen_attendu", "ni `true` ni `false`"),
    ("caractere_interdit", "un caractère de contrôle, ou une ligne de plus où il n'en faut qu'une"),
    ("champ_inconnu", "un champ que cette adresse ne connaît pas"),
    ("champ_repete", "un champ, ou un paramètre d'adresse qui n'a qu'une valeur, qui est là plusieurs fois"),
    ("choix_inconnu", "aucune des valeurs possibles, que `message` donne"),
    ("cle_invalide", "une `Idempotency-Key` qui n'a pas de 1 à 255 caractères, ou n'est pas seule"),
    ("colonne_inconnue", "import : une colonne qui n'en est pas une"),
    ("colonne_manquante", "import : une colonne obligatoire n'y est pas"),
    ("colonne_repetee", "import : deux colonnes du même nom"),
    ("creneau_invalide", "la fin du créneau ne suit pas son début"),
    ("curseur_incompatible", "le curseur d'une liste qui a d'autres filtres ou un autre tri"),
    ("curseur_invalide", "ce n'est pas un `next_cursor`"),
    ("date_invalide", "pas un jour qui existe, `AAAA-MM-JJ`"),
    ("doublon", "deux fois la même chose"),
    ("email_invalide", "pas une adresse e-mail"),
    ("entier_attendu", "pas un nombre entier"),
    ("heure_invalide", "pas une heure, `HH:MM`"),
    ("hors_limites", "trop grand ou trop petit ; `message` donne les bornes"),
    ("image_attendue", "le contenu n'est pas une image PNG, JPEG ou WebP"),
    ("inactif", "un produit qui n'est plus en vente"),
    ("incompatible", "deux paramètres qui ne vont pas ensemble"),
    ("inconnu", "ce qui est nommé n'existe pas, ou n'est plus là"),
    ("instant_invalide", "pas un instant, RFC 3339"),
    ("liste_attendue", "pas une liste"),
    ("liste_incomplete", "il faut nommer tous les éléments, une fois chacun"),
    ("livreur_inconnu", "pas un livreur actif"),
    ("montant_attendu", "ni un nombre ni un texte"),
    ("montant_invalide", "pas un montant, ou plus de décimales que n'en a la devise"),
    ("mot_de_passe_incorrect", "ce n'est pas le mot de passe actuel"),
    ("nombre_attendu", "pas un nombre"),
    ("objet_attendu", "pas un objet JSON"),
    ("obligatoire", "manque, ou vide"),
    ("parametre_inconnu", "un paramètre d'adresse que cette adresse ne connaît pas"),
    ("periode_inversee", "la fin est avant le début"),
    ("periode_trop_longue", "plus de jours que cette réponse n'en donne"),
    ("repetee", "import : la même référence à deux lignes"),
    ("rien_remis", "une remise où rien n'est remis : c'est un problème"),
    ("sans_effet", "les quantités sont celles que l'on avait déjà"),
    ("somme_incorrecte", "les parties ne font pas la quantité de la ligne"),
    ("stock_reserve", "import : moins en stock que ce qui est réservé"),
    ("taux_invalide", "pas un taux entre 0 et 100, à deux décimales au plus"),
    ("texte_attendu", "pas un texte"),
    ("trop_courant", "un mot de passe que tout le monde connaît"),
    ("trop_court", "un mot de passe trop court"),
    ("trop_de_colonnes", "import : trop de colonnes"),
    ("trop_de_lignes", "trop de lignes"),
    ("trop_loin", "une page trop loin : utilisez `cursor`"),
    ("trop_long", "un texte trop long"),
    ("trop_proche_email", "un mot de passe qui est l'adresse e-mail"),
    ("uuid_attendu", "pas un UUID"),
    ("vide", "import : un fichier sans ligne"),
];

/// Tells them in the schema of a wrong field.
pub fn complete(schemas: &mut Value) {
    let listed: String = CODES.iter().map(|(code, meaning)| format!("\n- `{code}` : {meaning}")).collect();
    let code = &mut schemas["FieldError"]["properties"]["code"];
    code["enum"] = CODES.iter().map(|(code, _)| *code).collect();
    code["description"] = json!(format!("Stable code:{listed}"));
}

/// Whether the document tells a code.
pub fn is_told(code: &str) -> bool {
    CODES.iter().any(|(told, _)| *told == code)
}
