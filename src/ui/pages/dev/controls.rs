//! What one presses and fills in.

use leptos::prelude::*;

use crate::auth::server_functions::PageContext;
use crate::orders::workflow::OrderStatus;
use crate::products::model::StockStatus;
use crate::shared::Period;
use crate::ui::components::suggestions::{SuggestionList, Suggestions};
use crate::ui::components::{
    Badge, Button, ButtonKind, ButtonSize, Card, Choice, Glyph, LinkButton, SelectField, StatusBadge, StockBadge,
    TextArea, TextField, Tone,
};
use crate::ui::pages::dashboard::period::PeriodPicker;

const KINDS: [(ButtonKind, &str); 5] = [
    (ButtonKind::Primary, "Enregistrer"),
    (ButtonKind::Secondary, "Modifier"),
    (ButtonKind::Quiet, "Plus tard"),
    (ButtonKind::Danger, "Supprimer"),
    (ButtonKind::DangerSolid, "Supprimer"),
];

/// Its list.
const PROPOSED: &str = "dev-propositions";
const TOWNS: [&str; 5] = ["Angers", "Avrillé", "Saumur", "Les Ponts-de-Cé", "Trélazé"];

fn town(name: &&'static str) -> AnyView {
    view! { <span>{*name}</span> }.into_any()
}

/// A box that proposes while one types; closed, open, and with nothing to propose.
#[component]
fn Combobox() -> impl IntoView {
    let suggestions = Suggestions::<&'static str>::new();
    let text = RwSignal::new(String::new());
    let take = Callback::new(move |name: &'static str| text.set(name.to_owned()));
    let typed = move |value: String| {
        let found = TOWNS.into_iter().filter(|town| town.to_lowercase().contains(&value.to_lowercase()));
        suggestions.show(found.collect());
        text.set(value);
    };
    view! {
        <div class="suggest max-w-md">
            <input
                class="control"
                type="text"
                role="combobox"
                aria-label="Commune"
                placeholder="Commune : tapez a"
                aria-autocomplete="list"
                aria-controls=PROPOSED
                aria-expanded=suggestions.expanded()
                aria-activedescendant=suggestions.descendant(PROPOSED.to_owned())
                autocomplete="off"
                prop:value=move || text.get()
                on:input=move |ev| typed(event_target_value(&ev))
                on:blur=move |_| suggestions.close()
                on:keydown=move |ev| {
                    if let Some(name) = suggestions.key(&ev) {
                        take.run(name);
                    }
                }
            />
            <SuggestionList
                id=PROPOSED.to_owned()
                label="Communes"
                suggestions
                draw=town
                on_take=take
            />
        </div>
    }
}

/// The picker on a usual period, and on any other.
#[component]
fn Periods() -> impl IntoView {
    let today = expect_context::<PageContext>().today;
    let week = Memo::new(move |_| Period { start: today.plus(-6), end: today });
    let other = Memo::new(move |_| Period { start: today.plus(-40), end: today.plus(-11) });
    view! {
        <PeriodPicker period=week today/>
        <PeriodPicker period=other today label="Autre période"/>
    }
}

/// Buttons, badges, fields.
#[component]
pub fn Controls() -> impl IntoView {
    let buttons = [ButtonSize::Small, ButtonSize::Medium, ButtonSize::Large].map(|size| {
        let row = KINDS.map(|(kind, text)| view! { <Button kind size icon=Glyph::Check text=text/> });
        view! { <div class="form-actions">{row}</div> }
    });
    let statuses = OrderStatus::ALL.map(|status| view! { <StatusBadge status/> });
    let tones = [Tone::Slate, Tone::Blue, Tone::Amber, Tone::Violet, Tone::Green, Tone::Rose]
        .map(|tone| view! { <Badge tone icon=Glyph::Tag text=format!("{tone:?}")/> });
    let stocks = StockStatus::ALL.map(|status| view! { <StockBadge status available=3/> });
    let choices = || vec![Choice::new("", "Choisir"), Choice::new("1", "Vins de Loire"), Choice::new("2", "Épices")];
    view! {
        <Card title="Boutons">
            <div class="grid gap-3">
                {buttons}
                <div class="form-actions">
                    <Button kind=ButtonKind::Primary busy=true busy_text="Enregistrement…" text="Enregistrer"/>
                    <Button disabled=true text="Indisponible"/>
                    <LinkButton href="/dev/composants" icon=Glyph::ArrowRight text="Un lien"/>
                </div>
            </div>
        </Card>
        <Card title="Badges">
            <div class="form-actions">{statuses} {tones} {stocks}</div>
        </Card>
        <Card title="Champs">
            <div class="form-grid">
                <TextField name="a" label="Nom" value="Miel d'acacia 250 g"/>
                <TextField name="b" label="Prix" hint="TVA comprise." inputmode="decimal" value="8,50"/>
                <TextField
                    name="c"
                    label="Référence"
                    value="MIE-ACA-250"
                    error=Signal::stored(Some("Cette référence est déjà prise.".to_owned()))
                />
                <TextField name="d" label="Téléphone" optional=true placeholder="06 12 34 56 78"/>
                <TextField name="e" label="Livraison" kind="date" value="2026-11-25"/>
                <TextField name="i" label="Créneau, début" kind="time" value="09:30"/>
                <TextField
                    name="j"
                    label="Créneau, fin"
                    kind="time"
                    value="08:30"
                    error=Signal::stored(Some("La fin du créneau doit suivre son début.".to_owned()))
                />
                <TextField name="k" label="Mot de passe" kind="password" value="" required=true/>
                <SelectField name="f" label="Catégorie" choices=choices()/>
                <SelectField
                    name="g"
                    label="Catégorie"
                    choices=choices()
                    error=Signal::stored(Some("Ce champ est obligatoire.".to_owned()))
                />
                <TextArea name="h" label="Notes" hint="Visibles du livreur." value="Sonner deux fois." rows=2/>
                <TextArea
                    name="l"
                    label="Motif"
                    value=""
                    rows=2
                    error=Signal::stored(Some("Ce champ est obligatoire.".to_owned()))
                />
            </div>
        </Card>
        <Card title="Choix avec recherche">
            <Combobox/>
        </Card>
        <Card title="Période">
            <Periods/>
        </Card>
    }
}
