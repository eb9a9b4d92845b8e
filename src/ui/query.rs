//! The parameters of the URL: what a list shows is written there and nowhere else.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::error::{AppError, FieldError};

pub use super::href::href;

/// Names and values in the order of the URL; a name may come several times.
pub type QueryPairs = Vec<(String, String)>;

/// The parameters of this page's URL, empty ones left out (a form sends every field, filled in or not).
pub fn use_query_pairs() -> Memo<QueryPairs> {
    let map = use_query_map();
    Memo::new(move |_| {
        let pairs = map.with(|map| {
            map.clone().into_iter().map(|(name, value)| (name.into_owned(), value)).collect::<QueryPairs>()
        });
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    })
}

/// The `:id` of this page's path; what is no id names nothing.
pub fn use_id<T: From<i64> + PartialEq + Send + Sync + 'static>() -> Memo<Option<T>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id").and_then(|text| read_id(&text))))
}

fn read_id<T: From<i64>>(text: &str) -> Option<T> {
    text.parse::<i64>().ok().filter(|id| *id > 0).map(T::from)
}

/// The first value of a parameter.
pub fn param<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

/// All values of a parameter.
pub fn params<'a>(query: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    query.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
}

/// What is wrong with the parameters of an address, as people read it: `Premier jour : La fin précède le début.`
/// Nothing where nothing of it is wrong.
pub fn address_faults(error: &AppError) -> Option<String> {
    let told = |fault: &FieldError| match fault.champ.as_str() {
        "start_date" => format!("Premier jour : {}", fault.message),
        "end_date" => format!("Dernier jour : {}", fault.message),
        // The contract's words for it are for programs.
        "page" => "Cette liste n'a pas de page de ce numéro.".to_owned(),
        _ => fault.message.clone(),
    };
    (!error.errors.is_empty()).then(|| error.errors.iter().map(told).collect::<Vec<_>>().join(" "))
}

/// The address of the same list with some parameters set, or taken away (`None`); the others stay.
pub fn href_with(path: &str, query: &[(String, String)], changes: &[(&str, Option<&str>)]) -> String {
    let kept = query.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    let set = changes.iter().filter_map(|(name, value)| value.map(|value| (*name, value)));
    href(path, &kept.chain(set).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> QueryPairs {
        list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn only_an_id_is_asked_for() {
        assert_eq!(read_id::<i64>("12"), Some(12));
        for bad in ["0", "-1", "abc", "", "1.5", "99999999999999999999"] {
            assert_eq!(read_id::<i64>(bad), None, "{bad}");
        }
    }

    #[test]
    fn other_parameters_stay() {
        let query = pairs(&[("statut", "livree"), ("statut", "annulee"), ("search", "café & thé"), ("page", "3")]);
        assert_eq!(
            href_with("/commandes", &query, &[("page", None), ("sort", Some("-total"))]),
            "/commandes?statut=livree&statut=annulee&search=caf%C3%A9%20%26%20th%C3%A9&sort=-total"
        );
        assert_eq!(href_with("/commandes", &pairs(&[("page", "2")]), &[("page", None)]), "/commandes");
        assert_eq!(params(&query, "statut").collect::<Vec<_>>(), ["livree", "annulee"]);
        assert_eq!(param(&query, "page"), Some("3"));
    }
}
