//! What travels: which rows changed, by topic.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

macro_rules! topics {
    ($($(#[$doc:meta])* $name:ident = $wire:literal, $table:literal;)*) => {
        /// What pages follow.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Topic {
            $($(#[$doc])* #[serde(rename = $wire)] $name,)*
        }

        impl Topic {
            /// All of them.
            pub const ALL: &'static [Topic] = &[$(Topic::$name),*];

            /// Name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire),* }
            }

            /// The table whose changes it tells.
            pub fn table(self) -> &'static str {
                match self { $(Self::$name => $table),* }
            }
        }
    };
}

topics! {
    /// Orders with their lines.
    Orders = "commandes", "orders";
    /// Quantities, reservations and thresholds, by product.
    Stocks = "stocks", "stocks";
    /// Products.
    Products = "produits", "products";
    /// Categories.
    Categories = "categories", "categories";
    /// Clients.
    Clients = "clients", "clients";
    /// Users.
    Users = "utilisateurs", "users";
}

/// Which rows changed, by topic; `None` stands for any of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Changes(pub BTreeMap<Topic, Option<BTreeSet<i64>>>);

impl Changes {
    /// Anything may have changed.
    pub fn everything() -> Self {
        Self(Topic::ALL.iter().map(|topic| (*topic, None)).collect())
    }

    /// Nothing changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds rows of a topic; `None` for any of them.
    pub fn add(&mut self, topic: Topic, ids: Option<impl IntoIterator<Item = i64>>) {
        let rows = self.0.entry(topic).or_insert_with(|| Some(BTreeSet::new()));
        match (rows.as_mut(), ids) {
            (Some(rows), Some(ids)) => rows.extend(ids),
            _ => *rows = None,
        }
    }

    /// Adds what is in another.
    pub fn merge(&mut self, other: Changes) {
        for (topic, ids) in other.0 {
            self.add(topic, ids);
        }
    }

    /// The part about some topics.
    pub fn about(&self, topics: &[Topic]) -> Self {
        Self(self.0.iter().filter(|(topic, _)| topics.contains(topic)).map(|(t, ids)| (*t, ids.clone())).collect())
    }

    /// Whether a row may have changed.
    pub fn touches(&self, topic: Topic, id: i64) -> bool {
        self.0.get(&topic).is_some_and(|ids| ids.as_ref().is_none_or(|ids| ids.contains(&id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_add_up_and_travel() {
        let mut changes = Changes::default();
        changes.add(Topic::Orders, Some([3, 1, 3]));
        changes.add(Topic::Stocks, Some([7]));
        changes.merge(Changes(BTreeMap::from([(Topic::Stocks, None)])));
        changes.add(Topic::Stocks, Some([9]));
        let text = serde_json::to_string(&changes).expect("json");
        assert_eq!(text, r#"{"commandes":[1,3],"stocks":null}"#);
        assert_eq!(serde_json::from_str::<Changes>(&text).expect("changes"), changes);
        assert!(changes.touches(Topic::Orders, 3) && !changes.touches(Topic::Orders, 2));
        assert!(changes.touches(Topic::Stocks, 1) && !changes.touches(Topic::Clients, 1));
        assert_eq!(changes.about(&[Topic::Orders, Topic::Users]).0.len(), 1);
        assert!(changes.about(&[Topic::Users]).is_empty());
        assert!(Topic::ALL.iter().all(|topic| Changes::everything().touches(*topic, 5)));
    }
}
