//! Identifiers: integers on the wire, one type each in the code, so that none is taken for another.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }
    };
}

id!(/// A person who signs in, or the system itself.
    UserId);
id!(/// A signed-in browser, phone or program.
    SessionId);
id!(/// A category of products.
    CategoryId);
id!(/// A product.
    ProductId);
id!(/// A client of the shop.
    ClientId);
id!(/// An order.
    OrderId);
id!(/// A movement of stock.
    MovementId);
id!(/// A line of an order.
    OrderItemId);
id!(/// A file of products that was imported.
    ImportId);
id!(/// A signature or photo of a delivery.
    ProofId);
id!(/// A correction of a delivery.
    CorrectionId);

/// The user who owns what no person did: made by the first migration, cannot sign in.
pub const SYSTEM_USER: UserId = UserId(1);
