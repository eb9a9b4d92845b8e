//! The day that a page is about: it stands in the URL.

use leptos::prelude::*;

use crate::shared::Day;
use crate::ui::components::{Button, Glyph, Icon, LinkButton, Notice, QueryForm, TextField, Tone};
use crate::ui::format::day_with_weekday;
use crate::ui::query::{QueryPairs, href, param};

/// The parameter.
const NAME: &str = "jour";

/// The address of a page for a day.
pub fn of_day(path: &str, day: Day) -> String {
    href(path, &[(NAME, day.to_string())])
}

/// The day of the URL; today where it names none, or none that exists.
pub fn day_of(query: &QueryPairs, today: Day) -> Day {
    param(query, NAME).and_then(Day::parse).unwrap_or(today)
}

/// The day before, the day after, today, any day; and that the one asked for does not exist.
#[component]
pub fn DayPicker(
    /// Path of the page.
    path: &'static str,
    /// The URL's parameters.
    query: Memo<QueryPairs>,
    /// The business day today.
    today: Day,
) -> impl IntoView {
    move || {
        let query = query.get();
        let day = day_of(&query, today);
        let unknown = param(&query, NAME).filter(|text| Day::parse(text).is_none()).map(|text| {
            let title = format!("« {text} » n'est pas un jour possible");
            view! { <Notice tone=Tone::Amber title alert=true>"Voici aujourd'hui."</Notice> }
        });
        let other = (day != today)
            .then(|| view! { <LinkButton href=path text=format!("Aujourd'hui ({})", day_with_weekday(today))/> });
        view! {
            {unknown}
            <div class="day-picker no-print">
                <a class="btn btn-secondary btn-icon" href=of_day(path, day.plus(-1)) aria-label="Jour précédent">
                    <Icon of=Glyph::ChevronLeft/>
                </a>
                <QueryForm action=path>
                    <div class="day-picker">
                        <TextField name=NAME label="Jour" label_hidden=true kind="date" value=day.to_string()/>
                        <Button submit=true text="Afficher"/>
                    </div>
                </QueryForm>
                <a class="btn btn-secondary btn-icon" href=of_day(path, day.plus(1)) aria-label="Jour suivant">
                    <Icon of=Glyph::ChevronRight/>
                </a>
                {other}
            </div>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_says_the_day_if_it_exists() {
        let today = Day::parse("2026-11-22").expect("a day");
        let of = |text: &str| day_of(&vec![(NAME.to_owned(), text.to_owned())], today).to_string();
        assert_eq!((of("2026-11-20").as_str(), of("2026-02-30").as_str()), ("2026-11-20", "2026-11-22"));
        assert_eq!(day_of(&Vec::new(), today), today);
        assert_eq!(of_day("/tournees", today), "/tournees?jour=2026-11-22");
    }
}
