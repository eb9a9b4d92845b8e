//! What travels: what was found.

use serde::{Deserialize, Serialize};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HitKind {
    /// An order.
    Commande,
    /// A product.
    Produit,
    /// A client.
    Client,
}

impl HitKind {
    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            HitKind::Commande => "Commande",
            HitKind::Produit => "Produit",
            HitKind::Client => "Client",
        }
    }

    /// Where those live.
    pub fn path(self) -> &'static str {
        match self {
            HitKind::Commande => "/commandes",
            HitKind::Produit => "/produits",
            HitKind::Client => "/clients",
        }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// Its id.
    pub id: i64,
    /// Its number or name.
    pub title: String,
    /// What tells it from others of that name.
    pub detail: String,
}
