//! What one presses and fills in.

use leptos::prelude::*;

use crate::orders::workflow::OrderStatus;
use crate::products::model::StockStatus;
use crate::ui::components::{
    Badge, Button, ButtonKind, ButtonSize, Card, Choice, Glyph, LinkButton, SelectField, StatusBadge, StockBadge,
    TextArea, TextField, Tone,
};

const KINDS: [(ButtonKind, &str); 5] = [
    (ButtonKind::Primary, "Enregistrer"),
    (ButtonKind::Secondary, "Modifier"),
    (ButtonKind::Quiet, "Plus tard"),
    (ButtonKind::Danger, "Supprimer"),
    (ButtonKind::DangerSolid, "Supprimer"),
];

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
                <SelectField name="f" label="Catégorie" choices=choices()/>
                <SelectField
                    name="g"
                    label="Catégorie"
                    choices=choices()
                    error=Signal::stored(Some("Ce champ est obligatoire.".to_owned()))
                />
                <TextArea name="h" label="Notes" hint="Visibles du livreur." value="Sonner deux fois." rows=2/>
            </div>
        </Card>
    }
}
