//! What travels: an import, and what it did or would do, line by line.

use chrono::{DateTime, Utc};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::FieldError;
use crate::history::model::Exact;
use crate::shared::audit::Audit;
use crate::shared::{ImportId, ProductId, UserId};

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::Type), sqlx(type_name = "text", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new product.
    Cree,
    /// A known one, changed.
    Modifie,
    /// A known one that is so already.
    Inchange,
    /// Nothing can be done with it.
    Erreur,
}

impl Outcome {
    /// Name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Cree => "cree",
            Outcome::Modifie => "modifie",
            Outcome::Inchange => "inchange",
            Outcome::Erreur => "erreur",
        }
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Outcome::Cree => "Créé",
            Outcome::Modifie => "Modifié",
            Outcome::Inchange => "Inchangé",
            Outcome::Erreur => "Erreur",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        [Outcome::Cree, Outcome::Modifie, Outcome::Inchange, Outcome::Erreur]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
    }
}

/// A field that changes; `avant` is null for a new product.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct FieldChange {
    /// Which; `stock` is the quantity on the shelf.
    pub champ: String,
    /// Its value before.
    pub avant: Option<Value>,
    /// Its value after.
    pub apres: Option<Value>,
}

impl Serialize for FieldChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { champ, avant, apres } = self;
        let mut told = serializer.serialize_struct("FieldChange", 3)?;
        told.serialize_field("champ", champ)?;
        told.serialize_field("avant", &Exact { champ, value: avant })?;
        told.serialize_field("apres", &Exact { champ, value: apres })?;
        told.end()
    }
}

/// What becomes of one line of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LineReport {
    /// Its number as spreadsheets count rows, blank ones too; the titles are the first.
    pub ligne: i64,
    /// The reference it names; null where it names its product by id alone.
    pub reference: Option<String>,
    /// What becomes of it.
    pub resultat: Outcome,
    /// Its product; null for one that does not exist yet.
    pub product_id: Option<ProductId>,
    /// What changes.
    pub modifications: Vec<FieldChange>,
    /// All that is wrong with it.
    pub erreurs: Vec<FieldError>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// The import; null for a dry run.
    pub id: Option<ImportId>,
    /// Nothing was written.
    pub dry_run: bool,
    /// Name of the file, when it was told.
    pub fichier: Option<String>,
    /// New products.
    pub crees: i64,
    /// Changed ones.
    pub modifies: i64,
    /// Those that were so already.
    pub inchanges: i64,
    /// Lines that cannot be imported.
    pub erreurs: i64,
    /// Line by line.
    pub lignes: Vec<LineReport>,
}

/// A file that was imported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Import {
    /// Id.
    pub id: ImportId,
    /// Name of the file, when it was told.
    pub fichier: Option<String>,
    /// New products.
    pub crees: i32,
    /// Changed ones.
    pub modifies: i32,
    /// Those that were so already.
    pub inchanges: i32,
    /// Who imported it.
    pub auteur: String,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// By whom.
    pub undone_by: Option<UserId>,
    /// Who made and changed it.
    #[serde(flatten)]
    pub audit: Audit,
}

/// The import that is to be taken back before another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct LaterImport {
    /// Id.
    pub id: ImportId,
    /// Name of the file, when it was told.
    pub fichier: Option<String>,
}

impl LaterImport {
    /// What to do, in a sentence: it is a list of files that people choose it from.
    pub fn advice(&self) -> String {
        let file = self.fichier.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        format!("Annulez d'abord l'import n°\u{a0}{}{file}.", self.id)
    }
}

/// A product that stands in the way of taking an import back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::FromRow))]
pub struct InTheWay {
    /// The product.
    pub product_id: ProductId,
    /// Its reference.
    pub reference: Option<String>,
    /// Its name.
    pub nom: String,
    /// Why: `vendu`, `reserve`, `commande`, `stock_modifie`, `modifie` or `categorie_supprimee`.
    pub raison: String,
}
