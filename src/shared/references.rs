//! Ids inside a body that name nothing: one wording, and told together with whatever else is wrong with the body.

use serde_json::Value;

use super::OrderId;
use crate::auth::context::Ctx;
use crate::error::{AppError, AppResult, ErrorCode, FieldError};

/// What a body can name by an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// `client_id`
    Client,
    /// `category_id`
    Category,
    /// `product_id`
    Product,
}

impl Named {
    const ALL: [Self; 3] = [Self::Client, Self::Category, Self::Product];

    fn field(self) -> &'static str {
        match self {
            Self::Client => "client_id",
            Self::Category => "category_id",
            Self::Product => "product_id",
        }
    }

    /// That the field `champ` names none.
    pub fn unknown(self, champ: impl Into<String>) -> FieldError {
        let message = match self {
            Self::Client => "Ce client n'existe pas.",
            Self::Category => "Cette catégorie n'existe pas.",
            Self::Product => "Ce produit n'existe pas.",
        };
        FieldError { champ: champ.into(), code: "inconnu".into(), message: message.into() }
    }
}

/// The ids in a body, each with its path.
#[derive(Debug, Default)]
pub struct References {
    named: Vec<(String, Named, i64)>,
    order: Option<OrderId>,
}

impl References {
    /// Of a body and its `items`.
    pub fn of(body: &Value) -> Self {
        let mut named = Vec::new();
        let mut gather = |prefix: String, fields: &Value| {
            for kind in Named::ALL {
                if let Some(id) = fields[kind.field()].as_i64() {
                    named.push((format!("{prefix}{}", kind.field()), kind, id));
                }
            }
        };
        gather(String::new(), body);
        for (at, item) in body["items"].as_array().into_iter().flatten().enumerate() {
            gather(format!("items[{at}]."), item);
        }
        Self { named, order: None }
    }

    /// What stands on this order already may be gone by now.
    pub fn but_for(self, order: OrderId) -> Self {
        Self { order: Some(order), ..self }
    }

    /// What was read of the body; where it was refused, with the ids that name nothing besides.
    pub async fn checked<T>(self, ctx: &Ctx, read: AppResult<T>) -> AppResult<T> {
        match read {
            Err(error) if error.code == ErrorCode::Invalid && !self.named.is_empty() => {
                Err(self.beside(ctx, error).await?)
            }
            read => read,
        }
    }

    async fn beside(self, ctx: &Ctx, error: AppError) -> AppResult<AppError> {
        let kinds: Vec<&str> = self.named.iter().map(|(_, kind, _)| kind.field()).collect();
        let ids: Vec<i64> = self.named.iter().map(|(.., id)| *id).collect();
        let unknown: Vec<i64> = sqlx::query_scalar(
            "select n.place from unnest($1::text[], $2::bigint[]) with ordinality as n(kind, id, place)
             where not case n.kind
                 when 'client_id' then exists (select from clients t where t.id = n.id and not t.is_deleted)
                                    or exists (select from orders o where o.id = $3 and o.client_id = n.id)
                 when 'category_id' then exists (select from categories t where t.id = n.id and not t.is_deleted)
                 else exists (select from products t where t.id = n.id and not t.is_deleted)
                   or exists (select from order_items i where i.order_id = $3 and i.product_id = n.id) end
             order by n.place",
        )
        .bind(kinds)
        .bind(ids)
        .bind(self.order.map(|order| order.0))
        .fetch_all(&ctx.db)
        .await?;
        let mut errors = error.errors;
        for (champ, kind, _) in unknown.iter().filter_map(|place| self.named.get(usize::try_from(place - 1).ok()?)) {
            if errors.iter().all(|told| told.champ != *champ) {
                errors.push(kind.unknown(champ));
            }
        }
        Ok(AppError::invalid(errors))
    }
}
