//! Somebody else changed the lines of an order while they were changed here.

use leptos::prelude::*;

use super::draft::Draft;
use super::merge::{Conflict, Quantities, differences};
use crate::error::ErrorCode;
use crate::orders::model::Order;
use crate::shared::ProductId;
use crate::ui::components::{Button, ButtonSize};
use crate::ui::editor::{ALIKE, BothValues, TAKEN_OVER, both_cells};

/// The lines of an order as they are saved.
pub fn quantities(order: &Order) -> Quantities {
    order.items.iter().map(|item| (item.product_id, item.quantity)).collect()
}

/// Somebody else was faster: what both changed, side by side.
#[component]
pub fn Conflicts(
    /// The form.
    draft: Draft,
    /// The lines that both changed, with the name of the article.
    conflicts: RwSignal<Vec<(String, Conflict)>>,
    /// The order as it is saved now.
    theirs: Order,
) -> impl IntoView {
    let stale = move || draft.refusal.with(|r| r.as_ref().is_some_and(|e| e.code == ErrorCode::StaleVersion));
    let theirs = StoredValue::new(theirs);
    // A plain form that came back knows what was typed and what is saved now, not what was there before.
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
    let shown = |quantity: Option<i64>| quantity.map_or_else(|| "retiré".to_owned(), |n| n.to_string());
    move || {
        if !stale() {
            return None;
        }
        let live = draft.live.get();
        let conflicts = if live { conflicts.get() } else { both() };
        let lead = if !live && conflicts.is_empty() {
            ALIKE
        } else if !live {
            "Voici en quoi elles diffèrent. Votre saisie est gardée : vérifiez, puis enregistrez."
        } else if conflicts.is_empty() {
            TAKEN_OVER
        } else {
            "Ces quantités ont changé des deux côtés. Choisissez, puis enregistrez."
        };
        let rows = conflicts
            .into_iter()
            .map(|(name, conflict)| {
                let now = Memo::new(move |_| draft.quantity_of(conflict.product));
                let choose = move |quantity: Option<i64>| {
                    if !live {
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
        Some(view! { <BothValues lead of="Article" rows/> })
    }
}
