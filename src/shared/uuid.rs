//! UUIDs that others choose: kept in the spelling that the database writes.

use serde::{Deserialize, Serialize};

/// A UUID, in lower case with its four dashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct Uuid(String);

impl Uuid {
    /// Reads `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, in whatever case.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        well_formed.then(|| Self(text.to_ascii_lowercase()))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Uuid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Uuid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("un UUID"))
    }
}

#[cfg(feature = "ssr")]
mod schema {
    use utoipa::openapi::schema::{SchemaFormat, Type};
    use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

    impl utoipa::PartialSchema for super::Uuid {
        fn schema() -> RefOr<Schema> {
            let format = SchemaFormat::Custom("uuid".into());
            ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
        }
    }

    impl utoipa::ToSchema for super::Uuid {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling() {
        let id = "0F8FAD5B-d9cb-469f-a165-70867728950e";
        assert_eq!(Uuid::parse(id).expect("a UUID").as_str(), id.to_lowercase());
        for bad in [
            "",
            "0f8fad5bd9cb469fa16570867728950e",
            "0f8fad5b-d9cb-469f-a165-70867728950g",
            " 0f8fad5b-d9cb-469f-a165-7086772895",
        ] {
            assert_eq!(Uuid::parse(bad), None, "{bad}");
        }
    }
}
