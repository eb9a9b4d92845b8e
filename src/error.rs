//! What can go wrong, as told to whoever asked: one public enum for REST, server functions and screens.
//! What went wrong inside is logged where it happened and never shown.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $code:literal, $title:literal;)*) => {
        /// Every refusal of the product: its stable code, HTTP status and French title.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl ErrorCode {
            /// All of them, for the documentation.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$name),*];

            /// Stable name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status),* }
            }

            /// Title people read.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }
        }
    };
}

codes! {
    /// The body is no JSON.
    MalformedJson = 400, "json_malforme", "Le corps de la requête n'est pas du JSON valable";
    /// The request breaks HTTP itself (a header, an encoding).
    BadRequest = 400, "requete_invalide", "Requête invalide";
    /// No token or session, or one that has ended.
    Unauthenticated = 401, "non_authentifie", "Connectez-vous pour continuer";
    /// Wrong e-mail, wrong password or inactive account: one answer for all three.
    BadCredentials = 401, "identifiants_invalides", "E-mail ou mot de passe incorrect";
    /// The role does not allow it.
    Forbidden = 403, "acces_refuse", "Votre rôle ne permet pas cette action";
    /// An unsafe request that came from another site.
    ForeignOrigin = 403, "origine_refusee", "Requête refusée : elle vient d'un autre site";
    /// Absent, or not visible to the caller.
    NotFound = 404, "introuvable", "Introuvable";
    /// The path exists, the method does not.
    MethodNotAllowed = 405, "methode_interdite", "Cette adresse ne connaît pas cette méthode";
    /// A transition that the table does not have.
    IllegalTransition = 409, "transition_interdite", "Ce changement de statut n'est pas possible";
    /// Less on the shelf than asked for.
    InsufficientStock = 409, "stock_insuffisant", "Stock insuffisant";
    /// Fewer were counted than orders were promised.
    StockReserved = 409, "stock_reserve", "Des commandes réservent ce stock";
    /// An order cannot leave without a livreur.
    CourierRequired = 409, "livreur_requis", "Assignez d'abord un livreur";
    /// Somebody must remain who can do everything.
    LastAdmin = 409, "dernier_admin", "Il doit rester un administrateur actif";
    /// Nobody closes their own account.
    OwnAccount = 409, "propre_compte", "On ne peut pas faire cela à son propre compte";
    /// Deliveries wait for this livreur.
    CourierBusy = 409, "livreur_occupe", "Ce livreur a encore des livraisons";
    /// An import that was sold, reserved or changed since.
    ImportUsed = 409, "import_utilise", "Cet import a servi depuis";
    /// The state of the thing does not allow it.
    StateConflict = 409, "etat_incompatible", "L'état actuel ne permet pas cette action";
    /// E-mail of another living user.
    EmailTaken = 409, "email_deja_utilise", "Cette adresse e-mail est déjà utilisée";
    /// Reference of another living product.
    ReferenceTaken = 409, "reference_deja_utilisee", "Cette référence est déjà utilisée";
    /// Name of another living category.
    NameTaken = 409, "nom_deja_utilise", "Ce nom est déjà utilisé";
    /// The same key was used for something else.
    IdempotencyConflict = 409, "idempotence_conflit", "Cette clé d'idempotence a déjà servi à une autre requête";
    /// Somebody else changed it in between.
    StaleVersion = 412, "version_perimee", "Quelqu'un a modifié ces données entre-temps";
    /// The body is too large.
    TooLarge = 413, "trop_volumineux", "Requête trop volumineuse";
    /// The body is of another type.
    UnsupportedMediaType = 415, "type_non_supporte", "Type de contenu non supporté";
    /// One or more fields are wrong: see `errors`.
    Invalid = 422, "champs_invalides", "Certains champs sont à corriger";
    /// Too many requests or failures.
    TooManyRequests = 429, "trop_de_requetes", "Trop de tentatives, patientez un instant";
    /// Ours.
    Internal = 500, "erreur_interne", "Une erreur est survenue de notre côté";
    /// Not ready, or stopping.
    Unavailable = 503, "indisponible", "Service momentanément indisponible";
}

macro_rules! members {
    ($($(#[doc = $doc:literal])* $name:ident = $wire:literal;)*) => {
        /// What some refusals carry besides what all of them do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Member {
            $($(#[doc = $doc])* $name,)*
        }

        impl Member {
            /// All of them, for the documentation.
            pub const ALL: &'static [Member] = &[$(Member::$name),*];

            /// Name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire),* }
            }

            /// What it means, for the documentation.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),*).trim_ascii()),* }
            }
        }
    };
}

members! {
    /// Seconds to wait, also in `Retry-After` (`trop_de_requetes`).
    RetryAfter = "retry_after";
    /// The version that the resource has now (`version_perimee`).
    Version = "version";
    /// The statuses to which this caller may move the order (`transition_interdite`).
    AllowedTransitions = "transitions_permises";
    /// Every line that is short: what is left of its product and what it asks for (`stock_insuffisant` of an order).
    ShortLines = "lignes";
    /// What is left of the product (`stock_insuffisant` of a movement).
    Available = "disponible";
    /// What was asked for (`stock_insuffisant` of a movement).
    Wanted = "demande";
    /// How many of the product are promised to orders (`stock_reserve`).
    Reserved = "quantite_reservee";
    /// The numbers of the orders in the way (`stock_reserve`, `etat_incompatible` of a product).
    Orders = "commandes";
    /// The products in the way: ids (`etat_incompatible` of an order), or each with the reason (`import_utilise`).
    Products = "produits";
    /// The newest later import of these products, to be undone first: its id and its file (`import_utilise`).
    LaterImport = "import_posterieur";
    /// How many deliveries wait for the livreur (`livreur_occupe`).
    OrderCount = "nombre_commandes";
    /// How many products the category holds (`etat_incompatible` of a category).
    ProductCount = "nombre_produits";
    /// The deleted category of the product to restore (`etat_incompatible` of a product).
    Category = "category_id";
    /// When the import was undone already (`etat_incompatible` of an import).
    UndoneAt = "undone_at";
    /// Every order of a round that stays where it is, with the reason.
    Refused = "refus";
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Path of the field: `items[0].quantity`.
    pub champ: String,
    /// Stable code, snake_case.
    pub code: String,
    /// What people read.
    pub message: String,
}

/// A refusal or failure. `Display` is what people read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppError {
    /// Which one.
    pub code: ErrorCode,
    /// One French sentence about this very case.
    pub detail: String,
    /// All wrong fields at once, for `Invalid`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Further members of the answer, each a [`Member`].
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub data: serde_json::Map<String, serde_json::Value>,
}

/// The result of every operation.
pub type AppResult<T> = Result<T, AppError>;

impl AppError {
    /// A refusal with a sentence about this case.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), data: serde_json::Map::new() }
    }

    /// One wrong field.
    pub fn field(champ: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError { champ: champ.into(), code: code.into(), message: message.into() }])
    }

    /// All wrong fields.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            // What is wrong with the whole has no field to name.
            [one] if one.champ.is_empty() => one.message.clone(),
            [one] => format!("{} : {}", one.champ, one.message),
            many => format!("{} champs sont à corriger.", many.len()),
        };
        Self { errors, ..Self::new(ErrorCode::Invalid, detail) }
    }

    /// Absent, or not for the caller to see. `what` with its article: "Cette commande".
    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("{what} n'existe pas ou n'est plus visible."))
    }

    /// The role does not allow it.
    pub fn forbidden() -> Self {
        Self::new(ErrorCode::Forbidden, "Votre rôle ne permet pas cette action.")
    }

    /// Nobody is signed in.
    pub fn unauthenticated() -> Self {
        Self::new(ErrorCode::Unauthenticated, "Votre session est absente ou terminée : connectez-vous.")
    }

    /// Adds a member to the answer.
    pub fn with(mut self, member: Member, value: impl Serialize) -> Self {
        self.data.insert(member.as_str().into(), serde_json::to_value(value).unwrap_or_default());
        self
    }

    /// A member of the answer.
    pub fn member(&self, member: Member) -> Option<&serde_json::Value> {
        self.data.get(member.as_str())
    }

    /// The message for a field, if it is among the wrong ones.
    pub fn message_for(&self, champ: &str) -> Option<&str> {
        self.errors.iter().find(|e| e.champ == champ).map(|e| e.message.as_str())
    }
}

/// Both, or what is wrong with either: all wrong fields at once.
pub fn both<A, B>(a: AppResult<A>, b: AppResult<B>) -> AppResult<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) if a.code == ErrorCode::Invalid && b.code == ErrorCode::Invalid => {
            Err(AppError::invalid([a.errors, b.errors].concat()))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for AppError {}

impl leptos::server_fn::error::FromServerFnError for AppError {
    type Encoder = leptos::server_fn::codec::JsonEncoding;

    fn from_server_fn_error(error: leptos::server_fn::error::ServerFnErrorErr) -> Self {
        use leptos::server_fn::error::ServerFnErrorErr as E;
        match error {
            E::Request(_) => {
                Self::new(ErrorCode::Unavailable, "Le serveur ne répond pas. Vérifiez le réseau et réessayez.")
            }
            E::Args(_) | E::MissingArg(_) | E::Deserialization(_) => {
                Self::new(ErrorCode::BadRequest, "La page ne correspond plus au serveur : rechargez-la.")
            }
            _ => Self::new(ErrorCode::Internal, "Une erreur est survenue de notre côté. Réessayez."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_field_is_named_and_the_whole_is_not() {
        assert_eq!(AppError::field("prix", "x", "Trop cher.").detail, "prix : Trop cher.");
        assert_eq!(AppError::field("", "x", "Un objet JSON est attendu.").detail, "Un objet JSON est attendu.");
        let two = both::<(), ()>(Err(AppError::field("", "x", "a")), Err(AppError::field("b", "x", "c")));
        assert_eq!(two.expect_err("both").detail, "2 champs sont à corriger.");
    }
}
