//! Which days the figures are about: links and a plain form, so that the URL says it.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html, web_sys};

use crate::shared::{Day, Period};
use crate::ui::components::{Button, ButtonKind, Glyph, Icon, QueryForm, TextField};
use crate::ui::format;
use crate::ui::query::{href, param};

/// The period of the URL, with the same defaults as the server's. Days that do not exist count as absent here: the
/// server refuses them and the page says so.
pub fn period_of(query: &[(String, String)], today: Day) -> Period {
    let day = |name| param(query, name).and_then(Day::parse);
    Period::with_defaults(day("start_date"), day("end_date"), today)
}

/// Whether the days of the URL exist, and the last does not come before the first.
pub fn is_read(query: &[(String, String)]) -> bool {
    let days = ["start_date", "end_date"].map(|name| param(query, name).map(Day::parse));
    match days {
        [Some(None), _] | [_, Some(None)] => false,
        [Some(start), Some(end)] => start <= end,
        _ => true,
    }
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
    period: Memo<Period>,
    /// The business day today.
    today: Day,
    /// What it chooses, read aloud.
    #[prop(default = "Période")]
    label: &'static str,
) -> impl IntoView {
    // The first of the month is today too: one name is enough.
    let current = Memo::new(move |_| {
        let Period { start, end } = period.get();
        (end == today).then(|| usual(today).iter().position(|(_, first)| *first == start)).flatten()
    });
    let links: Vec<_> = usual(today)
        .into_iter()
        .enumerate()
        .map(|(i, (name, start))| {
            let address = href("/", &[("start_date", start.to_string()), ("end_date", today.to_string())]);
            view! {
                <a class="segment" href=address aria-current=move || (current.get() == Some(i)).then_some("true")>
                    {name}
                </a>
            }
        })
        .collect();
    view! {
        <div class="period-picker">
            <nav class="segments" aria-label=label>
                {links}
            </nav>
            <FreePeriod period current/>
        </div>
    }
}

/// Any first and last day, in a panel that unfolds.
#[component]
fn FreePeriod(period: Memo<Period>, current: Memo<Option<usize>>) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    // Another period has been chosen, or something beside the panel was pressed: it is done with.
    Effect::new(move |first: Option<()>| {
        period.track();
        if first.is_some() {
            close();
        }
    });
    Effect::new(move |_| {
        let pressed = window_event_listener(ev::pointerdown, move |event| {
            let inside = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if details.get_untracked().is_some_and(|details| !details.contains(inside.as_ref())) {
                close();
            }
        });
        on_cleanup(move || pressed.remove());
    });
    let name = move || if current.get().is_none() { format::period(period.get()) } else { "Autre période".to_owned() };
    let fields = move || {
        let Period { start, end } = period.get();
        view! {
            <TextField name="start_date" label="Du" kind="date" value=start.to_string() required=true/>
            <TextField name="end_date" label="Au" kind="date" value=end.to_string() required=true/>
        }
    };
    view! {
        <details
            class="popover period-free"
            node_ref=details
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    close();
                }
            }
        >
            <summary class="btn btn-secondary" class:period-chosen=move || current.get().is_none()>
                <Icon of=Glyph::Calendar/>
                <span>{name}</span>
                <Icon of=Glyph::ChevronDown size=14/>
            </summary>
            <div class="popover-panel period-panel">
                <QueryForm action="/">
                    <div class="period-form">
                        {fields} <Button kind=ButtonKind::Primary submit=true text="Afficher"/>
                    </div>
                </QueryForm>
            </div>
        </details>
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
        assert!(is_read(&[]) && is_read(&pairs("2026-11-22", "2026-11-22")));
        assert!(!is_read(&pairs("2026-02-30", "2026-11-22")) && !is_read(&pairs("2026-11-22", "2026-11-21")));
    }
}
