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

/// What the lines that are meant have in common.
fn part(query: &QueryPairs) -> &'static str {
    let narrowed = |name| param(query, name).is_some();
    match (narrowed("product_id"), narrowed("category_id"), narrowed("hors_category_id")) {
        (true, ..) => "cet article",
        (false, true, _) => "cette catégorie",
        (false, false, true) => "ces catégories",
        (false, false, false) => "ces articles",
    }
}

/// `Total de la sélection : 12 340,50 € pour 87 commandes`
fn words(sum: &OrderSum, of: &str) -> String {
    if sum.plafonne {
        return "Trop de commandes pour en faire le total : affinez les filtres ou la période.".to_owned();
    }
    let what = if sum.vendu { "Total vendu de la sélection" } else { "Total de la sélection" };
    let mut text = format!("{what} : {} pour {}", sum.montant.display(), count(sum.nombre, "commande", "commandes"));
    if let Some(lines) = sum.montant_lignes {
        text.push_str(&format!(", dont {} pour {of}", lines.display()));
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

    #[test]
    fn the_sum_in_words() {
        let mut sum = OrderSum {
            nombre: 87,
            montant: Money(1_234_050),
            montant_lignes: None,
            vendu: false,
            non_comptees: 0,
            plafonne: false,
        };
        assert_eq!(
            words(&sum, ""),
            format!("Total de la sélection : {} pour 87 commandes", Money(1_234_050).display())
        );
        sum.vendu = true;
        sum.non_comptees = 1;
        sum.montant_lignes = Some(Money(500));
        assert!(
            words(&sum, "cet article")
                .ends_with(&format!(", dont {} pour cet article (1 annulée non comptée)", Money(500).display()))
        );
        sum.plafonne = true;
        assert!(words(&sum, "cet article").starts_with("Trop de commandes"));
    }
}
