//! Whom the order is for: somebody known, found by name or phone, or somebody new.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::draft::Draft;
use crate::clients::model::ClientChoice;
use crate::clients::server_functions::client_choices;
use crate::ui::browser::{focus, focus_at_once, follow};
use crate::ui::components::suggestions::{SuggestionList, Suggestions};
use crate::ui::components::{FieldError, Glyph, Icon, TextField};

/// The id of the client's box and of its name in the form.
const NAME: &str = "client_nom";
const LIST: &str = "clients-proposes";

/// Client and address.
#[component]
pub fn ClientPicker(
    /// The form.
    draft: Draft,
) -> impl IntoView {
    view! {
        <div class="entry-client">
            <NameBox draft/>
            <Text draft name="client_telephone" label="Téléphone" kind="tel" inputmode="tel" maxlength=30/>
            <Text draft name="client_email" label="E-mail" kind="email" inputmode="email" maxlength=254/>
            <Text draft name="adresse_livraison" label="Adresse de livraison" wide=true maxlength=500/>
            <Text draft name="code_postal" label="Code postal" inputmode="numeric" maxlength=20/>
            <Text draft name="ville" label="Ville" maxlength=200/>
        </div>
    }
}

/// A plain text of the form.
#[component]
pub fn Text(
    /// The form.
    draft: Draft,
    /// Its name in the form.
    name: &'static str,
    /// What is asked for.
    label: &'static str,
    /// The `type` of the box.
    #[prop(default = "text")]
    kind: &'static str,
    /// The keyboard of a phone.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// The longest text.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// Over two columns.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let error = Signal::derive(move || draft.fault(name));
    let node = NodeRef::<html::Input>::new();
    view! {
        <div
            class=if wide { "entry-wide" } else { "entry-cell" }
            on:input=move |_| {
                draft.touched.set(true);
                draft.clear_fault(name);
            }
        >
            <TextField
                name=name
                label=label
                kind=kind
                model=draft.text(name)
                error=error
                autocomplete="off"
                inputmode=inputmode.unwrap_or("text")
                maxlength=maxlength.unwrap_or(10)
                node=node
            />
        </div>
    }
}

/// The name, with those who ordered before.
#[component]
fn NameBox(draft: Draft) -> impl IntoView {
    let suggestions = Suggestions::<ClientChoice>::new();
    let name = draft.text(NAME);
    let node = NodeRef::<html::Input>::new();
    follow(node, Some(name));
    // Opened by a link, the page does not put the cursor anywhere by itself.
    Effect::new(move |_| {
        request_animation_frame(move || {
            let active = document().active_element();
            let nowhere = active.is_none_or(|active| matches!(active.tag_name().as_str(), "BODY" | "MAIN"));
            // The page may be gone by then.
            let Some(known) = draft.client_id.try_get_untracked().filter(|_| nowhere) else { return };
            // Whose order it is, is known already: on to what they want.
            focus(if known.is_some() { draft.next_article_box() } else { NAME.to_owned() });
        });
    });
    let typed = move |text: String| {
        draft.touched.set(true);
        draft.clear_fault(NAME);
        name.set(text.clone());
        // Another name is another client.
        draft.client_id.set(None);
        if text.trim().chars().count() < 2 {
            suggestions.show(Vec::new());
            suggestions.close();
            return;
        }
        suggestions.ask(
            Duration::from_millis(150),
            move || client_choices(text),
            move |answer| suggestions.show(answer.unwrap_or_default()),
        );
    };
    let take = move |client: ClientChoice| {
        draft.choose_client(&client);
        focus_at_once(draft.next_article_box());
    };
    let on_keydown = move |ev: KeyboardEvent| {
        if let Some(client) = suggestions.key(&ev) {
            take(client);
        }
    };
    let error = Signal::derive(move || draft.fault(NAME));
    view! {
        <div class="field entry-cell">
            <label class="field-label" for=NAME>
                "Client"
            </label>
            <div class="suggest">
                <input
                    node_ref=node
                    class="control"
                    id=NAME
                    name=NAME
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    autofocus
                    maxlength="200"
                    placeholder="Nom ou téléphone"
                    aria-autocomplete="list"
                    aria-expanded=suggestions.expanded()
                    aria-controls=LIST
                    aria-activedescendant=suggestions.descendant(LIST.to_owned())
                    aria-required="true"
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby="client_nom-erreur client_nom-aide"
                    value=name.get_untracked()
                    on:input:target=move |ev| typed(ev.target().value())
                    on:keydown=on_keydown
                    on:blur=move |_| suggestions.close()
                />
                <SuggestionList
                    id=LIST.to_owned()
                    label="Clients connus"
                    suggestions
                    draw=proposal
                    on_take=Callback::new(take)
                />
            </div>
            <input
                type="hidden"
                name="client_id"
                value=move || draft.client_id.get().map(|id| id.to_string())
            />
            <p class="field-hint" id="client_nom-aide" aria-live="polite">
                {move || known(draft)}
            </p>
            <FieldError id="client_nom-erreur".to_owned() error/>
        </div>
    }
}

/// Whether this is somebody who ordered before.
fn known(draft: Draft) -> AnyView {
    if draft.client_id.get().is_some() {
        view! { <span class="entry-known"><Icon of=Glyph::Check size=14/>"Client connu"</span> }.into_any()
    } else if draft.text(NAME).with(|name| name.trim().is_empty()) {
        "Deux lettres suffisent.".into_any()
    } else {
        "Nouveau client".into_any()
    }
}

/// A client as they are proposed.
fn proposal(client: &ClientChoice) -> AnyView {
    let place = [client.adresse.as_deref(), client.ville.as_deref()];
    let place: Vec<_> = place.into_iter().flatten().collect();
    view! {
        <span class="suggest-main">
            <span class="suggest-name">{client.nom.clone()}</span>
            <span class="suggest-note">{place.join(", ")}</span>
        </span>
        <span class="suggest-figure figures">{client.telephone.clone()}</span>
    }
    .into_any()
}
