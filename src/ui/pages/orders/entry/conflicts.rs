//! Somebody else changed the lines of an order while they were changed here.

use leptos::prelude::*;

use super::draft::Draft;
use super::merge::{Conflict, Quantities, differences};
use super::told::{REMOVED, Told};
use crate::error::ErrorCode;
use crate::orders::model::Order;
use crate::shared::ProductId;
use crate::ui::components::{Button, ButtonSize};
use crate::ui::editor::{BothValues, Theirs, both_cells, lead, taken_row};

/// The lines of an order as they are saved.
pub fn quantities(order: &Order) -> Quantities {
    order.items.iter().map(|item| (item.product_id, item.quantity)).collect()
}

/// What came of putting both together, once somebody else's lines were read.
#[derive(Debug, Clone)]
pub struct Met {
    /// The lines that both changed, with the name of the article.
    pub conflicts: Vec<(String, Conflict)>,
    /// Those that stand in the form as the other left them.
    pub told: Vec<Told>,
    /// What the other made of the lines.
    pub theirs: Theirs,
}

/// Somebody else was faster: what both changed, side by side, and what was taken over.
#[component]
pub fn Conflicts(
    /// The form.
    draft: Draft,
    /// What came of putting both together.
    met: RwSignal<Option<Met>>,
    /// The order as it is saved now.
    theirs: Order,
) -> impl IntoView {
    let stale = move || draft.refusal.with(|r| r.as_ref().is_some_and(|e| e.code == ErrorCode::StaleVersion));
    let theirs = StoredValue::new(theirs);
    // A plain form that came back knows what was typed and what is saved now, not what was there before.
    let late = untrack(stale);
    let both = move || {
        let mine = draft.values().into_iter().filter_map(|line| Some((line.product.as_ref()?.id, line.counted()?)));
        let mine: Quantities = mine.collect();
        theirs.with_value(|theirs| {
            let name = |id: ProductId| {
                let saved = theirs.items.iter().find(|item| item.product_id == id).map(|item| item.product_nom.clone());
                saved.or_else(|| Some(draft.products().into_iter().find(|choice| choice.id == id)?.nom))
            };
            let all = differences(&mine, &quantities(theirs)).into_iter();
            all.map(|conflict| (name(conflict.product).unwrap_or_default(), conflict)).collect::<Vec<_>>()
        })
    };
    let shown = |quantity: Option<i64>| quantity.map_or_else(|| REMOVED.to_owned(), |n| n.to_string());
    move || {
        if !stale() {
            return None;
        }
        let met = met.get();
        let compared = late && met.is_none();
        let Met { conflicts, told, theirs } = met.unwrap_or_else(|| Met {
            conflicts: if late { both() } else { Vec::new() },
            told: Vec::new(),
            theirs: if late { Theirs::Compared } else { Theirs::Unread },
        });
        let lead = if conflicts.is_empty() {
            lead(theirs)
        } else if compared {
            "Voici en quoi elles diffèrent. Votre saisie est gardée : vérifiez, puis enregistrez."
        } else {
            "Ces quantités ont changé des deux côtés. Choisissez, puis enregistrez."
        };
        let taken = told
            .into_iter()
            .map(|Told { nom, before, after, alike }| taken_row(nom.into(), before, after, alike))
            .collect();
        let rows = conflicts
            .into_iter()
            .map(|(name, conflict)| {
                let now = Memo::new(move |_| draft.quantity_of(conflict.product));
                let choose = move |quantity: Option<i64>| {
                    if compared {
                        return quantity.map_or_else(|| "–".to_owned(), |n| n.to_string()).into_any();
                    }
                    view! {
                        <Button
                            size=ButtonSize::Small
                            text=shown(quantity)
                            attr:aria-pressed=move || (now.get() == quantity).to_string()
                            on:click=move |_| draft.set_quantity(conflict.product, quantity)
                        />
                    }
                    .into_any()
                };
                view! {
                    <tr>
                        <th scope="row">{name}</th>
                        {both_cells(choose(conflict.mine), choose(conflict.theirs))}
                    </tr>
                }
                .into_any()
            })
            .collect();
        Some(view! { <BothValues lead of="Article" rows taken/> })
    }
}
