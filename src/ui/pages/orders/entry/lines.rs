//! The lines of the order: an article and a quantity each, without leaving the keyboard.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::ClipboardEvent;

use super::catalogue::written;
use super::draft::{Draft, ROWS};
use super::line::{Line, article_id, quantity_id, read_quantity};
use super::lookup::{self, Sure};
use super::summary::CONFIRM_ID;
use crate::orders::model::MAX_LINES;
use crate::products::model::{ProductChoice, StockStatus};
use crate::shared::text::count;
use crate::ui::browser::{copied, focus_at_once, follow};
use crate::ui::components::suggestions::{SuggestionList, Suggestions};
use crate::ui::components::{Glyph, Icon, StockBadge, use_toasts};

/// The id of the plain form's list of articles.
const ARTICLES: &str = "articles";

/// All lines, and the list of articles for browsers without JavaScript.
#[component]
pub fn LineEditor(
    /// The form.
    draft: Draft,
) -> impl IntoView {
    let options = draft.catalogue.with_value(|catalogue| {
        catalogue
            .choices()
            .iter()
            .map(|choice| {
                let label = format!("{} · {}", choice.prix.display(), stock_words(choice));
                view! { <option value=written(choice)>{label}</option> }
            })
            .collect_view()
    });
    let more = move |ev: leptos::ev::MouseEvent| {
        ev.prevent_default();
        let first = draft.add_line();
        for _ in 1..ROWS {
            draft.add_line();
        }
        focus_at_once(article_id(first.key));
    };
    view! {
        <div class="entry-heads" aria-hidden="true">
            <span>"Article"</span>
            <span class="number">"Quantité"</span>
            <span class="number">"Prix"</span>
            <span class="number">"Total"</span>
        </div>
        <ol class="entry-lines" aria-label="Lignes de la commande">
            <For each=move || draft.lines.get() key=|line| line.key let:line>
                <LineRow draft line/>
            </For>
        </ol>
        <datalist id=ARTICLES>{options}</datalist>
        <button
            type="submit"
            name="action"
            value="lignes"
            formnovalidate
            class="btn btn-quiet btn-small entry-more"
            on:click=more
        >
            <Icon of=Glyph::Plus/>
            <span>"Plus de lignes"</span>
        </button>
    }
}

/// One line.
#[component]
fn LineRow(draft: Draft, line: Line) -> impl IntoView {
    let key = line.key;
    let remove = move |_| {
        if let Some(heir) = draft.remove_line(key) {
            draft.touched.set(true);
            focus_at_once(article_id(heir));
        }
    };
    let price = move || line.product.get().map(|product| product.prix.display());
    let total = move || {
        let quantity = read_quantity(&line.quantity.get()).ok()?;
        line.product.get()?.prix.times(quantity).map(|total| total.display())
    };
    view! {
        <li class="entry-line">
            <ArticleBox draft line/>
            <QuantityBox draft line/>
            <span class="entry-price number figures">{price}</span>
            <span class="entry-total number figures">{total}</span>
            <button
                type="button"
                class="btn btn-quiet btn-icon btn-small entry-remove"
                aria-label=move || format!("Retirer la ligne {}", draft.place(key))
                hidden=move || !draft.live.get() || line.article.with(String::is_empty)
                on:click=remove
            >
                <Icon of=Glyph::Close/>
            </button>
            <p class="entry-hint" id=hint_id(key) aria-live="polite">
                {move || hint(draft, line)}
            </p>
        </li>
    }
}

/// The article: proposals while one types, Enter takes the first.
#[component]
fn ArticleBox(draft: Draft, line: Line) -> impl IntoView {
    let key = line.key;
    let suggestions = Suggestions::<ProductChoice>::new();
    let node = NodeRef::<html::Input>::new();
    follow(node, Some(line.article));
    let list = format!("ligne-{key}-liste");
    let go_on = move |with_quantity: bool| {
        let next = draft.line_after(key).filter(|_| with_quantity);
        focus_at_once(next.map_or_else(|| quantity_id(key), |next| article_id(next.key)));
    };
    let take = move |choice: ProductChoice| go_on(lookup::take(draft, line, choice));
    let on_keydown = move |ev: KeyboardEvent| {
        if ev.key() == "Tab" && !ev.shift_key() {
            // Tab takes the proposal too; the browser moves the cursor.
            if let Some(choice) = suggestions.chosen() {
                lookup::take(draft, line, choice);
            }
            suggestions.close();
            return;
        }
        if let Some(choice) = suggestions.key(&ev) {
            take(choice);
        } else if ev.key() == "Enter" && !ev.default_prevented() && !ev.ctrl_key() && !ev.meta_key() {
            ev.prevent_default();
            suggestions.close();
            if line.article.with_untracked(|text| text.trim().is_empty()) {
                // An empty line ends the entry.
                focus_at_once(CONFIRM_ID.to_owned());
            } else {
                let with_quantity =
                    line.article.with_untracked(|text| super::quick_entry::quick_entry(text).quantity.is_some());
                lookup::resolve(draft, line, Sure::Best);
                go_on(with_quantity);
            }
        }
    };
    let on_blur = move |_| {
        suggestions.close();
        lookup::resolve(draft, line, Sure::Exact);
    };
    let toasts = use_toasts();
    let on_paste = move |ev: ClipboardEvent| {
        let Some((after, left)) = copied(&ev).and_then(|text| lookup::paste(draft, line, &text)) else { return };
        ev.prevent_default();
        suggestions.close();
        focus_at_once(after.map_or_else(|| CONFIRM_ID.to_owned(), |line| article_id(line.key)));
        if left > 0 {
            let n = i64::try_from(left).unwrap_or(i64::MAX);
            let words = count(n, "ligne collée n'a", "lignes collées n'ont");
            toasts.failed(format!("{words} pas trouvé de place : une commande a {MAX_LINES} lignes au plus."));
        }
    };
    view! {
        <div class="entry-article suggest">
            <input
                node_ref=node
                class="control"
                id=article_id(key)
                name="ligne_produit"
                type="text"
                role="combobox"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                list=move || (!draft.live.get()).then_some(ARTICLES)
                aria-label=move || format!("Article, ligne {}", draft.place(key))
                aria-autocomplete="list"
                aria-expanded=suggestions.expanded()
                aria-controls=list.clone()
                aria-activedescendant=suggestions.descendant(list.clone())
                aria-describedby=hint_id(key)
                aria-invalid=move || draft.fault(&article_id(key)).is_some().then_some("true")
                placeholder=move || if draft.place(key) == 1 { "Nom ou référence, ou « 3x REF12 »" } else { " " }
                value=line.article.get_untracked()
                on:input:target=move |ev| lookup::typed(draft, line, suggestions, ev.target().value())
                on:keydown=on_keydown
                on:paste=on_paste
                on:blur=on_blur
            />
            <SuggestionList
                id=list
                label="Articles proposés"
                suggestions
                draw=proposal
                on_take=Callback::new(take)
            />
        </div>
    }
}

/// How many: arrows count, Enter goes to the next line.
#[component]
fn QuantityBox(draft: Draft, line: Line) -> impl IntoView {
    let key = line.key;
    let node = NodeRef::<html::Input>::new();
    follow(node, Some(line.quantity));
    let changed = move |text: String| {
        draft.touched.set(true);
        draft.clear_fault(&quantity_id(key));
        line.quantity.set(text);
    };
    let on_keydown = move |ev: KeyboardEvent| {
        let by = match ev.key().as_str() {
            "ArrowUp" => 1,
            "ArrowDown" => -1,
            "Enter" if !ev.ctrl_key() && !ev.meta_key() => {
                ev.prevent_default();
                draft.keep_blank_end();
                if let Some(next) = draft.line_after(key) {
                    focus_at_once(article_id(next.key));
                }
                return;
            }
            _ => return,
        };
        ev.prevent_default();
        let now = read_quantity(&line.quantity.get_untracked()).unwrap_or(1);
        changed((now + by).max(1).to_string());
    };
    view! {
        <input
            node_ref=node
            class="control control-number entry-quantity"
            id=quantity_id(key)
            name="ligne_quantite"
            type="text"
            inputmode="numeric"
            autocomplete="off"
            aria-label=move || format!("Quantité, ligne {}", draft.place(key))
            placeholder=move || line.product.get().map(|_| "1")
            aria-describedby=hint_id(key)
            aria-invalid=move || draft.fault(&quantity_id(key)).is_some().then_some("true")
            value=line.quantity.get_untracked()
            on:input:target=move |ev| changed(ev.target().value())
            on:keydown=on_keydown
        />
    }
}

fn hint_id(key: u32) -> String {
    format!("ligne-{key}-aide")
}

/// What there is to say about a line: a fault, a shortage, else what can be sold.
fn hint(draft: Draft, line: Line) -> AnyView {
    let wrong = draft.fault(&article_id(line.key)).or_else(|| draft.fault(&quantity_id(line.key)));
    if let Some(message) = wrong {
        return view! { <span class="entry-fault"><Icon of=Glyph::Alert size=14/>{message}</span> }.into_any();
    }
    if let Some(message) = draft.shortage(line) {
        return view! { <span class="entry-warning"><Icon of=Glyph::Warning size=14/>{message}</span> }.into_any();
    }
    if line.looking.get() {
        return view! { <span>"Recherche…"</span> }.into_any();
    }
    match line.product.get() {
        Some(product) => {
            let reference = product.reference.clone().map(|r| format!("{r} · ")).unwrap_or_default();
            view! { <span>{format!("{reference}{}", stock_words(&product))}</span> }.into_any()
        }
        None => ().into_any(),
    }
}

fn stock_words(choice: &ProductChoice) -> String {
    match choice.statut {
        StockStatus::Rupture => "en rupture".into(),
        _ => count(choice.disponible, "disponible", "disponibles"),
    }
}

/// An article as it is proposed.
fn proposal(choice: &ProductChoice) -> AnyView {
    view! {
        <span class="suggest-main">
            <span class="suggest-name">{choice.nom.clone()}</span>
            <span class="suggest-note">{choice.reference.clone()}</span>
        </span>
        <span class="suggest-figure figures">{choice.prix.display()}</span>
        <StockBadge status=choice.statut available=choice.disponible/>
    }
    .into_any()
}
