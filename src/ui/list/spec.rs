//! What a list is.

use crate::ui::query::{QueryPairs, href, href_with, param};

/// A list, told once.
#[derive(Debug, Clone, Copy)]
pub struct ListSpec {
    /// Where it lives.
    pub path: &'static str,
    /// One of its rows, in the singular: `commande`.
    pub one: &'static str,
    /// The plural.
    pub many: &'static str,
    /// The fields of its filter form, in this order in the URL; `search` is the box that is always there.
    pub fields: &'static [&'static str],
    /// Everything that narrows it: the form's fields, and what only links set.
    pub narrowing: &'static [&'static str],
    /// The order when the URL names none.
    pub default_sort: &'static str,
    /// Tidies the form's values before they go into the URL; false while one is half typed.
    pub tidy: fn(&mut Vec<(String, String)>) -> bool,
}

/// What says how a list is shown, not what is in it.
const SHOWING: [&str; 5] = ["page", "cursor", "per_page", "sort", "vue"];

impl ListSpec {
    /// The URL that the form asks for; `None` while a value is half typed.
    pub fn wanted(&self, query: &QueryPairs, values: &[(&'static str, String)]) -> Option<String> {
        let mut fields: Vec<_> = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        if !(self.tidy)(&mut fields) {
            return None;
        }
        let kept = query.iter().filter(|(name, _)| !self.is_left_out(name)).cloned();
        Some(href(self.path, &kept.chain(fields).collect::<Vec<_>>()))
    }

    /// Whether the form does not carry a parameter along: its own fields, and where in the list one was.
    pub fn is_left_out(&self, name: &str) -> bool {
        self.fields.contains(&name) || matches!(name, "page" | "cursor")
    }

    /// Whether the URL narrows the list, or leads far into it.
    pub fn is_narrowed(&self, query: &QueryPairs) -> bool {
        self.narrowing.iter().chain(&["page", "cursor"]).any(|name| param(query, name).is_some())
    }

    /// The same list without some of what narrows it, from its beginning.
    pub fn without(&self, query: &QueryPairs, names: &[&str]) -> String {
        let gone: Vec<_> = names.iter().chain(&["page", "cursor"]).map(|name| (*name, None)).collect();
        href_with(self.path, query, &gone)
    }

    /// The parameters that say what is in the list; `tabs`: those that its tabs set.
    pub fn counted(&self, query: &QueryPairs, tabs: &[&str]) -> QueryPairs {
        let shown = |name: &str| SHOWING.contains(&name) || tabs.contains(&name);
        query.iter().filter(|(name, _)| !shown(name)).cloned().collect()
    }
}

/// For lists whose values need no tidying.
pub fn as_typed(_: &mut Vec<(String, String)>) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: ListSpec = ListSpec {
        path: "/produits",
        one: "produit",
        many: "produits",
        fields: &["search", "category_id"],
        narrowing: &["search", "category_id", "is_active"],
        default_sort: "nom",
        tidy: as_typed,
    };

    fn pairs(list: &[(&str, &str)]) -> QueryPairs {
        list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn the_url_says_what_the_form_says_from_the_first_page() {
        let query = pairs(&[("is_active", "true"), ("page", "4"), ("search", "old"), ("sort", "prix")]);
        let values = [("search", " thé ".to_owned()), ("category_id", String::new())];
        assert_eq!(SPEC.wanted(&query, &values).as_deref(), Some("/produits?is_active=true&sort=prix&search=th%C3%A9"));
    }

    #[test]
    fn what_narrows_is_told_from_what_shows() {
        assert!(SPEC.is_narrowed(&pairs(&[("is_active", "false")])) && SPEC.is_narrowed(&pairs(&[("page", "2")])));
        assert!(!SPEC.is_narrowed(&pairs(&[("sort", "prix"), ("per_page", "50")])));
        let query = pairs(&[("is_active", "true"), ("page", "4"), ("search", "x"), ("sort", "prix")]);
        assert_eq!(SPEC.counted(&query, &["is_active"]), pairs(&[("search", "x")]));
        assert_eq!(SPEC.without(&query, &["search"]), "/produits?is_active=true&sort=prix");
    }
}
