//! Which days the figures are about: links and a plain form, so that the URL says it.

use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Form;

use crate::shared::{Day, Period};
use crate::ui::components::{Button, ButtonKind, Glyph, Icon, TextField};
use crate::ui::format;
use crate::ui::query::{href, param};

/// The period of the URL, with the same defaults as the server's. Days that do not exist count as absent here: the
/// server refuses them and the page says so.
pub fn period_of(query: &[(String, String)], today: Day) -> Period {
    let day = |name| param(query, name).and_then(Day::parse);
    Period::with_defaults(day("start_date"), day("end_date"), today)
}

/// The usual periods: name and first day; all end today.
fn usual(today: Day) -> [(&'static str, Day); 5] {
    [
        ("Aujourd'hui", today),
        ("7 j", today.plus(-6)),
        ("30 j", today.plus(-29)),
        ("Mois", today.first_of_month()),
        ("Année", today.first_of_year()),
    ]
}

/// The usual periods as links, and any other through a form.
#[component]
pub fn PeriodPicker(
    /// The one shown.
    period: Period,
    /// The business day today.
    today: Day,
) -> impl IntoView {
    let usual = usual(today);
    // The first of the month is today too: one name is enough.
    let current = (period.end == today).then(|| usual.iter().position(|(_, start)| *start == period.start)).flatten();
    let links: Vec<_> = usual
        .into_iter()
        .enumerate()
        .map(|(i, (name, start))| {
            let address = href("/", &[("start_date", start.to_string()), ("end_date", today.to_string())]);
            view! {
                <a class="segment" href=address aria-current=(current == Some(i)).then_some("true")>
                    {name}
                </a>
            }
        })
        .collect();
    let details = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    let free = if current.is_none() { format::period(period) } else { "Autre période".to_owned() };
    view! {
        <div class="period-picker">
            <nav class="segments" aria-label="Période">
                {links}
            </nav>
            <details
                class="popover period-free"
                node_ref=details
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        close();
                    }
                }
            >
                <summary class="btn btn-secondary" class:period-chosen=current.is_none()>
                    <Icon of=Glyph::Calendar/>
                    {free}
                    <Icon of=Glyph::ChevronDown size=14/>
                </summary>
                <div class="popover-panel period-panel">
                    <Form method="GET" action="/" on:submit=move |_| close()>
                        <div class="period-form">
                            <TextField name="start_date" label="Du" kind="date" value=period.start.to_string() required=true/>
                            <TextField name="end_date" label="Au" kind="date" value=period.end.to_string() required=true/>
                            <Button kind=ButtonKind::Primary submit=true text="Afficher"/>
                        </div>
                    </Form>
                </div>
            </details>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_or_thirty_days() {
        let today = Day::parse("2026-11-22").expect("day");
        let pairs = |start: &str, end: &str| {
            vec![("start_date".to_owned(), start.to_owned()), ("end_date".to_owned(), end.to_owned())]
        };
        assert_eq!(period_of(&[], today).days(), 30);
        assert_eq!(period_of(&pairs("2026-11-16", "2026-11-22"), today).days(), 7);
        assert_eq!(period_of(&pairs("2026-02-30", "2026-11-22"), today).days(), 30);
    }
}
