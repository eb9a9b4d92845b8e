//! From day to day: a filter that several lists have.

use leptos::prelude::*;

use super::filter_form::FilterFields;
use crate::shared::Day;
use crate::ui::components::{Button, ButtonSize, Glyph, Icon, TextField};
use crate::ui::query::{QueryPairs, param};

/// Whether a field of this name holds a day.
pub fn is_day(name: &str) -> bool {
    matches!(name, "start_date" | "end_date")
}

/// For `ListSpec::tidy`: false while a day is half typed.
#[expect(clippy::ptr_arg, reason = "the type of `tidy`, which may also take fields away")]
pub fn whole_days(fields: &mut Vec<(String, String)>) -> bool {
    fields.iter().all(|(name, value)| !is_day(name) || Day::parse(value).is_some())
}

/// `Du 1er nov. au 22 nov.`
pub fn period_words(query: &QueryPairs) -> Option<String> {
    let day = |name: &str| param(query, name).map(|text| Day::parse(text).map_or(text.to_owned(), Day::display_short));
    match (day("start_date"), day("end_date")) {
        (Some(start), Some(end)) if start == end => Some(format!("Le {start}")),
        (Some(start), Some(end)) => Some(format!("Du {start} au {end}")),
        (Some(start), None) => Some(format!("Depuis le {start}")),
        (None, Some(end)) => Some(format!("Jusqu'au {end}")),
        (None, None) => None,
    }
}

/// `start_date` and `end_date`, under a button that says what holds.
#[component]
pub fn PeriodFilter(
    /// The form's fields.
    fields: FilterFields,
    /// The URL's parameters.
    query: Memo<QueryPairs>,
) -> impl IntoView {
    let words = move || query.with(period_words).unwrap_or_else(|| "Période".to_owned());
    view! {
        <details class="popover">
            <summary class="btn btn-secondary">
                <Icon of=Glyph::Calendar/>
                <span>{words}</span>
                <Icon of=Glyph::ChevronDown size=14/>
            </summary>
            <div class="popover-panel list-period">
                <TextField name="start_date" label="Du" kind="date" model=fields.get("start_date")/>
                <TextField name="end_date" label="Au" kind="date" model=fields.get("end_date")/>
                <Button submit=true size=ButtonSize::Small text="Appliquer"/>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> QueryPairs {
        list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn periods_in_words() {
        let words = |list: &[(&str, &str)]| period_words(&pairs(list));
        assert_eq!(words(&[]), None);
        let both = [("start_date", "2026-11-01"), ("end_date", "2026-11-22")];
        assert_eq!(words(&both).as_deref(), Some("Du 1er nov. au 22 nov."));
        assert_eq!(words(&both[1..]).as_deref(), Some("Jusqu'au 22 nov."));
    }

    #[test]
    fn a_day_half_typed_is_waited_for() {
        assert!(whole_days(&mut pairs(&[("start_date", "2026-11-01"), ("search", "0002")])));
        assert!(!whole_days(&mut pairs(&[("start_date", "0002-11-01")])));
    }
}
