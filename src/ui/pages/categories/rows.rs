//! The rows of the list, with what moves them.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::deeds::Deeds;
use super::order::{DraggedRow, Dragging, Ordering};
use super::{PATH, address, edit_address};
use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::categories::model::Category;
use crate::shared::CategoryId;
use crate::ui::browser::drag;
use crate::ui::components::{Button, ButtonKind, ButtonSize, Glyph, Icon, LinkButton, TableFrame};
use crate::ui::format::count;
use crate::ui::query::{QueryPairs, href, param};

/// Whether the whole of the list is shown in its order: only then can it be put in another.
fn is_whole(query: &QueryPairs, rows: usize) -> bool {
    let shows_part = ["search", "is_deleted", "include_deleted", "page", "cursor", "sort"];
    let per_page = param(query, "per_page").and_then(|n| n.parse().ok()).unwrap_or(0);
    shows_part.iter().all(|name| param(query, name).is_none()) && rows > 1 && rows < per_page
}

/// Categories, one a row.
#[component]
pub fn Rows(
    /// The rows.
    categories: Vec<Category>,
    /// The parameters that the list was asked with.
    query: QueryPairs,
) -> impl IntoView {
    let user = expect_context::<PageContext>().user;
    let may = |permission| user.as_ref().is_some_and(|user| user.may(permission));
    let (writes, reads) = (may(Permission::WriteCategories), may(Permission::ReadHistory));
    let moves = writes && is_whole(&query, categories.len());
    let ordering = Ordering::new(categories, expect_context::<Dragging>(), expect_context::<Deeds>());
    view! {
        <TableFrame label="Catégories" cards=true class="table-categories">
            <thead>
                <tr>
                    {moves.then(|| view! { <th scope="col">"Ordre"</th> })}
                    <th scope="col">"Nom"</th>
                    <th scope="col">"Description"</th>
                    <th scope="col" class="number">
                        "Produits"
                    </th>
                    {(writes || reads).then(|| view! { <th scope="col"><span class="visually-hidden">"Actions"</span></th> })}
                </tr>
            </thead>
            <tbody>
                <For each=move || ordering.rows.get() key=|row| (row.id, row.audit.version, row.nombre_produits) let:category>
                    <Row category ordering moves writes reads/>
                </For>
            </tbody>
        </TableFrame>
    }
}

#[component]
fn Row(category: Category, ordering: Ordering, moves: bool, writes: bool, reads: bool) -> impl IntoView {
    let id = category.id;
    let products = href("/produits", &[("category_id", id.to_string())]);
    let class = move || {
        let over = ordering.dragging.target.get().filter(|(target, _)| *target == id);
        match (ordering.dragging.dragged.get() == Some(id), over) {
            (true, _) => "row-link dragged",
            (false, Some((_, true))) => "row-link drop-after",
            (false, Some((_, false))) => "row-link drop-before",
            (false, None) => "row-link",
        }
    };
    let nom = category.nom.clone();
    let named = format!("{nom}, voir les produits");
    let handles = moves.then(|| view! { <Handles id nom=nom.clone() ordering/> });
    view! {
        <tr class=class data-categorie=id.to_string()>
            {handles}
            <th scope="row" class="cell-title category-name">
                <a class="row-target" href=products aria-label=named>
                    {nom}
                </a>
            </th>
            <td class="cell-wide category-words truncate-cell">{category.description.clone()}</td>
            <td class="number cell-figure">{count(category.nombre_produits, "produit", "produits")}</td>
            {(writes || reads).then(|| view! { <Actions category writes reads/> })}
        </tr>
    }
}

/// What moves a row: a handle for the pointer, buttons for everybody.
#[component]
fn Handles(id: CategoryId, nom: String, ordering: Ordering) -> impl IntoView {
    let place = move || ordering.rows.with(|rows| (rows.iter().position(|row| row.id == id), rows.len()));
    let first = Signal::derive(move || place().0 == Some(0));
    let last = Signal::derive(move || place().0.is_some_and(|at| at + 1 == place().1));
    let step = move |by: i64, word: &'static str, action: &'static str, icon: Glyph, end: Signal<bool>, nom: String| {
        let button = format!("{action}-{id}");
        let target = button.clone();
        let on_submit = move |ev: SubmitEvent| {
            ev.prevent_default();
            ordering.step(id, by, target.clone());
        };
        view! {
            <form method="post" action=PATH on:submit=on_submit>
                <input type="hidden" name="action" value=action/>
                <input type="hidden" name="id" value=id.to_string()/>
                <button
                    id=button
                    type="submit"
                    class="btn btn-quiet btn-small btn-icon"
                    aria-label=format!("{word} {nom}")
                    aria-disabled=move || end.get().then_some("true")
                >
                    <Icon of=icon/>
                </button>
            </form>
        }
    };
    view! {
        <td class="shrink cell-start category-order">
            <span
                class="category-grip"
                title="Glisser pour déplacer"
                on:pointerdown=move |ev| drag(&ev, DraggedRow(ordering, id))
            >
                <Icon of=Glyph::Grip/>
            </span>
            {step(-1, "Monter", "monter", Glyph::ChevronUp, first, nom.clone())}
            {step(1, "Descendre", "descendre", Glyph::ChevronDown, last, nom)}
        </td>
    }
}

/// What became of it; change, delete; or bring back.
#[component]
fn Actions(category: Category, writes: bool, reads: bool) -> impl IntoView {
    let restores = expect_context::<PageContext>().user.is_some_and(|user| user.may(Permission::Restore));
    let deeds = expect_context::<Deeds>();
    let (id, nom, version) = (category.id, category.nom.clone(), category.audit.version);
    let deleted = category.deletion.is_deleted;
    let category = StoredValue::new(category);
    let busy = Signal::derive(move || deeds.doing.get() == Some(id));
    let form = move |action: &'static str, kind: ButtonKind, icon: Glyph, word: &'static str, nom: String| {
        let named = format!("{word} {nom}");
        let on_submit = move |ev: SubmitEvent| {
            ev.prevent_default();
            if action == "restaurer" {
                deeds.restore(id)
            } else {
                category.with_value(|category| deeds.delete(category))
            }
        };
        view! {
            <form method="post" action=PATH on:submit=on_submit>
                <input type="hidden" name="action" value=action/>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="version" value=version.to_string()/>
                <Button kind size=ButtonSize::Small icon submit=true busy text=word attr:id=format!("{action}-{id}") attr:aria-label=named/>
            </form>
        }
    };
    view! {
        <td class="shrink cell-end">
            <div class="row-actions">
                {reads
                    .then(|| {
                        view! {
                            <LinkButton
                                href=address(id)
                                kind=ButtonKind::Quiet
                                size=ButtonSize::Small
                                icon=Glyph::Clock
                                text="Historique"
                                attr:aria-label=format!("Historique de {nom}")
                            />
                        }
                    })}
                {if !writes {
                    ().into_any()
                } else if deleted {
                    restores
                        .then(|| form("restaurer", ButtonKind::Secondary, Glyph::Undo, "Restaurer", nom))
                        .into_any()
                } else {
                    view! {
                        <LinkButton
                            href=edit_address(id)
                            kind=ButtonKind::Quiet
                            size=ButtonSize::Small
                            icon=Glyph::Pencil
                            text="Modifier"
                            attr:aria-label=format!("Modifier {nom}")
                        />
                        {form("supprimer", ButtonKind::Danger, Glyph::Trash, "Supprimer", nom)}
                    }
                        .into_any()
                }}
            </div>
        </td>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_list_can_be_put_in_another_order() {
        let asked = |more: &[(&str, &str)]| -> QueryPairs {
            let more = more.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
            [("per_page".to_owned(), "100".to_owned())].into_iter().chain(more).collect()
        };
        assert!(is_whole(&asked(&[]), 8));
        assert!(!is_whole(&asked(&[]), 1), "nothing to change");
        assert!(!is_whole(&asked(&[]), 100), "there may be more");
        for part in ["search", "is_deleted", "page", "sort"] {
            assert!(!is_whole(&asked(&[(part, "x")]), 8), "{part}");
        }
    }
}
