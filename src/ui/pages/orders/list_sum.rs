//! What the whole list comes to: not the page alone, everything that the filters match.

use leptos::prelude::*;

use super::list::{SPEC, shows_deleted};
use crate::error::AppError;
use crate::orders::sets::OrderSum;
use crate::ui::format::{count, number};
use crate::ui::query::{QueryPairs, param};

/// The sum under the list.
#[component]
pub fn Sum(
    /// The URL's parameters.
    query: Memo<QueryPairs>,
    /// What was read.
    sum: Resource<Result<OrderSum, AppError>>,
) -> impl IntoView {
    view! {
        <Transition fallback=|| view! { <p class="list-sum">" "</p> }>
            {move || Suspend::new(async move {
                // Without it the list is as good; what is wrong with the filters the list says itself.
                let living = !query.with_untracked(shows_deleted);
                let sum = sum.await.ok().filter(|sum| living && (sum.nombre > 0 || sum.non_comptees > 0));
                let of = query.with_untracked(part);
                sum.map(|sum| view! { <p class="list-sum figures">{words(&sum, of)}</p> })
            })}
        </Transition>
    }
}

/// The parameters that the sum depends on.
pub fn summed(query: &QueryPairs) -> QueryPairs {
    SPEC.counted(query, &[])
}

/// What the lines that are meant are counted in, and what they have in common.
type Part = (&'static str, &'static str, &'static str);

/// The lines that the filters mean.
fn part(query: &QueryPairs) -> Part {
    let narrowed = |name| param(query, name).is_some();
    match (narrowed("product_id"), narrowed("category_id"), narrowed("hors_category_id")) {
        (true, ..) => ("unité", "unités", "cet article"),
        (false, true, _) => ("article", "articles", "cette catégorie"),
        (false, false, true) => ("article", "articles", "ces catégories"),
        (false, false, false) => ("unité", "unités", "ces articles"),
    }
}

/// `Total de la liste : 12 340,50 € pour 87 commandes, dont 267,00 € pour 30 unités de cet article`
fn words(sum: &OrderSum, (one, many, of): Part) -> String {
    if sum.plafonne {
        return "Trop de commandes pour en faire le total : affinez les filtres ou la période.".to_owned();
    }
    let what = if sum.vendu { "Total vendu de la liste" } else { "Total de la liste" };
    let mut text = format!("{what} : {} pour {}", sum.montant.display(), count(sum.nombre, "commande", "commandes"));
    match (sum.montant_lignes, sum.articles) {
        (Some(lines), articles) => {
            let units = articles.map(|n| format!("{} de ", count(n, one, many))).unwrap_or_default();
            text.push_str(&format!(", dont {} pour {units}{of}", lines.display()));
        }
        (None, Some(articles)) => text.push_str(&format!(", {}", count(articles, "article", "articles"))),
        (None, None) => {}
    }
    if sum.non_comptees > 0 {
        let words = if sum.non_comptees < 2 { "annulée non comptée" } else { "annulées non comptées" };
        text.push_str(&format!(" ({} {words})", number(sum.non_comptees)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::Money;

    fn sum() -> OrderSum {
        OrderSum {
            nombre: 87,
            montant: Money(1_234_050),
            montant_lignes: None,
            articles: None,
            vendu: false,
            non_comptees: 0,
            plafonne: false,
        }
    }

    #[test]
    fn the_sum_in_words() {
        let (all, amount) = (part(&Vec::new()), Money(1_234_050).display());
        assert_eq!(words(&sum(), all), format!("Total de la liste : {amount} pour 87 commandes"));
        let sold = OrderSum { vendu: true, articles: Some(119), ..sum() };
        assert_eq!(words(&sold, all), format!("Total vendu de la liste : {amount} pour 87 commandes, 119 articles"));
        assert!(words(&OrderSum { plafonne: true, ..sold }, all).starts_with("Trop de commandes"));
    }

    #[test]
    fn the_lines_that_are_meant_are_told_with_how_many_they_are() {
        let narrowed = OrderSum { montant_lignes: Some(Money(500)), articles: Some(30), non_comptees: 1, ..sum() };
        for (filter, told) in [
            ("product_id", "30 unités de cet article"),
            ("category_id", "30 articles de cette catégorie"),
            ("hors_product_id", "30 unités de ces articles"),
            ("hors_category_id", "30 articles de ces catégories"),
        ] {
            let text = words(&narrowed, part(&vec![(filter.to_owned(), "3".to_owned())]));
            let end = format!(", dont {} pour {told} (1 annulée non comptée)", Money(500).display());
            assert!(text.ends_with(&end), "{text}");
        }
    }
}
