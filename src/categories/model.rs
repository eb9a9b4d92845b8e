//! What travels: a category.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::AppResult;
use crate::shared::audit::{Audit, Deletion, READ_ONLY};
use crate::shared::fields::Sent;
use crate::shared::{CategoryId, Fields};

/// Places go up to here.
pub const MAX_PLACE: i64 = 1_000_000;

/// A category of products.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Category {
    /// Id.
    pub id: CategoryId,
    /// Name, unique among the living; case and accents ignored.
    pub nom: String,
    /// More about it.
    pub description: Option<String>,
    /// Its place among the others.
    pub ordre: i32,
    /// Living products in it.
    pub nombre_produits: i64,
    /// Who made and changed it.
    #[serde(flatten)]
    pub audit: Audit,
    /// Whether it was deleted.
    #[serde(flatten)]
    pub deletion: Deletion,
}

/// What one sends to create a category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewCategory {
    /// Name.
    pub nom: String,
    /// More about it.
    pub description: Option<String>,
    /// Its place; last when absent.
    pub ordre: Option<i32>,
}

/// What one sends to change a category: absent leaves as it is, null clears what may be empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CategoryUpdate {
    /// Name.
    pub nom: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// Its place.
    pub ordre: Option<i32>,
}

/// A new order of all categories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CategoryOrder {
    /// Every living category exactly once, the first on top.
    pub ids: Vec<CategoryId>,
}

/// What was sent of a category, field by field.
#[derive(Debug, Clone, PartialEq)]
pub struct CategorySent {
    /// Name.
    pub nom: Sent<String>,
    /// More about it.
    pub description: Sent<String>,
    /// Its place.
    pub ordre: Sent<i64>,
}

impl CategorySent {
    fn read(f: &mut Fields) -> Self {
        Self {
            nom: f.line("nom", 200),
            description: f.paragraph("description", 5_000),
            ordre: f.integer("ordre", 0, MAX_PLACE),
        }
    }
}

/// The name of a whole new category, and the rest of it: the same for the server and its forms.
pub fn read_new(body: Value) -> AppResult<(String, CategorySent)> {
    let mut f = Fields::of_body(body)?;
    let sent = CategorySent::read(&mut f);
    let nom = f.required("nom", sent.nom.clone()).unwrap_or_default();
    f.finish()?;
    Ok((nom, sent))
}

/// What a body changes of a category.
pub fn read_change(body: Value) -> AppResult<CategorySent> {
    let mut f = Fields::of_body(body)?;
    let sent = CategorySent::read(&mut f);
    f.kept("nom", &sent.nom);
    f.kept("ordre", &sent.ordre);
    f.ignore(READ_ONLY);
    f.ignore(&["nombre_produits"]);
    f.finish()?;
    Ok(sent)
}

/// The same ids with one of them so many places further down (up, when negative); `None` where it would not move.
pub fn moved<T: Copy + PartialEq>(ids: &[T], id: T, by: i64) -> Option<Vec<T>> {
    let from = ids.iter().position(|other| *other == id)?;
    let last = i64::try_from(ids.len()).ok()? - 1;
    let to = usize::try_from((i64::try_from(from).ok()? + by).clamp(0, last)).ok()?;
    if to == from {
        return None;
    }
    let mut ids = ids.to_vec();
    let id = ids.remove(from);
    ids.insert(to, id);
    Some(ids)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_goes_up_and_down_among_the_others() {
        assert_eq!(moved(&[1, 2, 3], 3, -1), Some(vec![1, 3, 2]));
        assert_eq!(moved(&[1, 2, 3], 1, 2), Some(vec![2, 3, 1]));
        assert_eq!(moved(&[1, 2, 3], 1, -1), None);
        assert_eq!(moved(&[1, 2, 3], 3, 9), None);
        assert_eq!(moved(&[1, 2, 3], 4, 1), None);
    }

    #[test]
    fn a_category_needs_a_name() {
        assert_eq!(read_new(json!({"nom": "  "})).expect_err("refused").errors[0].champ, "nom");
        assert_eq!(read_change(json!({"nom": null})).expect_err("refused").errors[0].champ, "nom");
        assert!(read_change(json!({"description": null})).is_ok());
    }
}
