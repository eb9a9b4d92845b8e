//! Finding: the lists' own searches, a few rows of each.

use super::model::{Hit, HitKind};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::clients::queries::ClientFilter;
use crate::error::AppResult;
use crate::orders::filter::OrderFilter;
use crate::products::queries::ProductFilter;
use crate::shared::listing::{Filter, first};

/// Rows of each kind.
const EACH: i64 = 5;
/// The longest text that is searched for.
const MAX_TEXT: usize = 100;

/// What contains every word of a text, among what the caller may see; nothing for a single letter.
pub async fn find(ctx: &Ctx, text: &str) -> AppResult<Vec<Hit>> {
    let text: String = text.trim().chars().take(MAX_TEXT).collect();
    if text.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let mut hits = Vec::new();
    // Found where they can be opened: a livreur's own are on their round.
    hits.extend(rows::<OrderFilter>(ctx, Permission::ReadAllOrders, &text).await?.into_iter().map(|order| Hit {
        kind: HitKind::Commande,
        id: order.id.0,
        detail: format!("{} · {} · {}", order.client_nom, order.statut_libelle, order.total.display()),
        title: order.numero,
    }));
    hits.extend(rows::<ProductFilter>(ctx, Permission::ReadCatalogue, &text).await?.into_iter().map(|product| Hit {
        kind: HitKind::Produit,
        id: product.id.0,
        detail: match &product.reference {
            Some(reference) => format!("{reference} · {}", product.prix.display()),
            None => product.prix.display(),
        },
        title: product.nom,
    }));
    hits.extend(rows::<ClientFilter>(ctx, Permission::ReadClients, &text).await?.into_iter().map(|client| Hit {
        kind: HitKind::Client,
        id: client.id.0,
        detail: [client.telephone, client.ville].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        title: client.nom,
    }));
    Ok(hits)
}

async fn rows<F: Filter>(ctx: &Ctx, permission: Permission, text: &str) -> AppResult<Vec<F::Of>> {
    if !ctx.may(permission) {
        return Ok(Vec::new());
    }
    first::<F>(ctx, vec![("search".to_owned(), text.to_owned())], EACH).await
}
