//! What travels: an attempt and its lines, a delivery with all that a phone needs offline, actions and their
//! answers, proofs, corrections.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{ErrorCode, FieldError};
use crate::orders::model::Order;
use crate::orders::workflow::OrderStatus;
use crate::shared::{CorrectionId, Day, Money, OrderId, OrderItemId, ProofId, UserId, Uuid};

/// The most actions of one batch.
pub const MAX_ACTIONS: usize = 100;
/// A clock that is this far off (seconds) is told to whoever reads the times.
pub const SUSPECT_CLOCK: i64 = 300;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $wire:tt, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $wire)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// Name on the wire and in the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire),* }
            }

            /// As people read it.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }

            /// Reads the name on the wire.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }

            /// The names on the wire, for refusals.
            pub fn names() -> String {
                Self::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ")
            }
        }
    };
}

words! {
    /// What an attempt came to.
    AttemptResult {
        /// Everything was handed over.
        Livree = "livree", "Tout a été remis";
        /// Something was.
        Partielle = "partielle", "Remise en partie";
        /// Nothing was.
        Echec = "echec", "Rien n'a été remis";
    }
}

words! {
    /// Why something was not handed over.
    Reason {
        /// Nobody was there.
        Absent = "absent", "Client absent";
        /// It was not wanted.
        Refuse = "refuse", "Commande refusée";
        /// The address is not the right one.
        MauvaiseAdresse = "mauvaise_adresse", "Mauvaise adresse";
        /// It was damaged.
        Endommage = "endommage", "Marchandise endommagée";
        /// Something else: the note says what.
        Autre = "autre", "Autre raison";
    }
}

words! {
    /// What a phone does.
    ActionKind {
        /// Takes an order over: it leaves.
        PriseEnCharge = "prise_en_charge", "Prise en charge";
        /// Hands it over, all or part of it.
        Livraison = "livraison", "Livraison";
        /// Hands nothing over.
        Probleme = "probleme", "Problème";
    }
}

words! {
    /// What became of an action.
    ActionOutcome {
        /// It was carried out now.
        Appliquee = "appliquee", "Appliquée";
        /// It had been before: this is the first answer.
        DejaConnue = "deja_connue", "Déjà connue";
        /// The order no longer allows it: somebody has to decide. Sent again, it is judged anew.
        Conflit = "conflit", "Conflit";
        /// It is wrong in itself: sent again, it stays so.
        Invalide = "invalide", "Invalide";
        /// Not tried, because an earlier one of the same delivery was not carried out.
        Suspendue = "suspendue", "En attente";
        /// A failure of ours: to be sent again.
        Erreur = "erreur", "Erreur";
    }
}

words! {
    /// What a proof shows.
    ProofKind {
        /// Drawn on the screen.
        Signature = "signature", "Signature";
        /// Taken at the door.
        Photo = "photo", "Photo";
    }
}

/// What became of one line: the four make up its quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AttemptLine {
    /// Line of the order.
    pub item_id: OrderItemId,
    /// Handed over.
    pub remis: i64,
    /// Not wanted: comes back into the stock.
    pub refuse: i64,
    /// Damaged or lost: does not come back.
    pub abime: i64,
    /// Was not in the van: comes back into the stock.
    pub manquant: i64,
}

impl AttemptLine {
    /// How many come back into the stock.
    pub fn comes_back(&self) -> i64 {
        self.refuse + self.manquant
    }
}

/// What happened at a door, once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Attempt {
    /// Id: that of the action which told it, where one did.
    pub id: Uuid,
    /// Which order.
    pub order_id: OrderId,
    /// Whose delivery it was then.
    pub livreur_id: UserId,
    /// What it came to.
    pub resultat: AttemptResult,
    /// Why not everything was handed over.
    pub motif: Option<Reason>,
    /// Anything to know.
    pub note: Option<String>,
    /// Who took it.
    pub receveur: Option<String>,
    /// Cash collected.
    pub montant_encaisse: Option<Money>,
    /// When, by the clock of the phone.
    pub survenu_le: DateTime<Utc>,
    /// When the server learnt of it.
    pub synchronise_le: DateTime<Utc>,
    /// How far the phone's clock was behind the server's, in seconds; negative: ahead.
    pub decalage_s: i64,
    /// The clock was too far off to be believed.
    pub horloge_suspecte: bool,
    /// What became of each line.
    pub lignes: Vec<AttemptLine>,
}

/// Whether times told by a clock that is so far behind (seconds) are to be read with care.
pub fn is_suspect(decalage_s: i64) -> bool {
    decalage_s.abs() > SUSPECT_CLOCK
}

/// An order as the one who delivers it needs it, without a network too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// The order, lines included.
    #[serde(flatten)]
    pub order: Order,
    /// What is still to be collected at the door.
    pub montant_a_encaisser: Money,
    /// It should have been delivered on an earlier day.
    pub en_retard: bool,
    /// What happened at the door so far, oldest first.
    pub tentatives: Vec<Attempt>,
}

/// The deliveries of a day, in the order of the round; those that are done come last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Deliveries {
    /// Business day.
    pub date: Day,
    /// When this was read, by the server's clock.
    pub lu_le: DateTime<Utc>,
    /// The deliveries.
    pub items: Vec<Delivery>,
    /// There are more than are told.
    pub plafonne: bool,
}

/// Whether staff see in an order's trail that somebody tried, by why it was refused: not what is wrong in itself, what
/// another person's phone sent, nor what is of an order that is not there.
pub fn is_seen_by_staff(code: &str) -> bool {
    let never = ["introuvable", "autre_utilisateur", "idempotence_conflit"];
    code != ErrorCode::Invalid.as_str() && !never.contains(&code)
}

/// Where an order stands, after an action about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OrderState {
    /// Which one.
    pub id: OrderId,
    /// Its number.
    pub numero: String,
    /// Its status.
    pub statut: OrderStatus,
    /// Its version.
    pub version: i32,
    /// What was handed over, once delivered.
    pub total_livre: Option<Money>,
    /// Cash collected.
    pub montant_encaisse: Option<Money>,
}

/// What the server made of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AttemptBrief {
    /// Its id.
    pub id: Uuid,
    /// What it came to.
    pub resultat: AttemptResult,
    /// When, by the clock of the phone.
    pub survenu_le: DateTime<Utc>,
    /// When the server learnt of it.
    pub synchronise_le: DateTime<Utc>,
    /// How far the phone's clock was behind, in seconds.
    pub decalage_s: i64,
    /// The clock was too far off to be believed.
    pub horloge_suspecte: bool,
}

/// What became of one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ActionAnswer {
    /// The action, as far as it could be read.
    pub id: Option<Uuid>,
    /// The order that it is about, as far as it could be read.
    pub order_id: Option<OrderId>,
    /// What became of it.
    pub statut: ActionOutcome,
    /// Why it was not carried out: `annulee`, `reassignee`, `deja_livree`, `transition_interdite`, …
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// The same for people.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// What is wrong with it, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub errors: Vec<FieldError>,
    /// The action that was not carried out before this one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub apres: Option<Uuid>,
    /// Where the order stood afterwards.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commande: Option<OrderState>,
    /// The attempt that it made.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tentative: Option<AttemptBrief>,
}

/// What became of the actions of a batch, in the order in which they were sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ActionAnswers {
    /// One for each action.
    pub resultats: Vec<ActionAnswer>,
}

/// A signature or a photo; its bytes have an address of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Proof {
    /// Id.
    pub id: ProofId,
    /// Which order.
    pub order_id: OrderId,
    /// The attempt that it proves.
    pub tentative_id: Option<Uuid>,
    /// What it shows.
    #[serde(rename = "type")]
    pub nature: ProofKind,
    /// `image/png`, `image/jpeg` or `image/webp`, by its content.
    pub media_type: String,
    /// Bytes.
    pub taille: i32,
    /// Digest of its bytes, hexadecimal.
    pub sha256: String,
    /// Its bytes were erased with the person's data.
    pub efface: bool,
    /// When it came in.
    pub created_at: DateTime<Utc>,
    /// From whom.
    pub created_by: UserId,
    /// Their name.
    pub auteur: String,
}

/// How a line was believed to be, and how it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CorrectedLine {
    /// Before.
    pub avant: AttemptLine,
    /// After.
    pub apres: AttemptLine,
}

/// What staff put right after a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Correction {
    /// Id.
    pub id: CorrectionId,
    /// Which order.
    pub order_id: OrderId,
    /// Why.
    pub motif: String,
    /// The lines that changed.
    pub lignes: Vec<CorrectedLine>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: UserId,
    /// Their name.
    pub auteur: String,
}

/// A list of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Items<T> {
    /// The rows.
    pub items: Vec<T>,
}
