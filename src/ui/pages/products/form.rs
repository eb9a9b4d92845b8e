//! The form of a product: in a panel beside the list or the product, and as a page of its own.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::form_fields::{CHANGE_FIELDS, NAMES, NEW_FIELDS, check, fresh, known};
use super::{NEW, address};
use crate::auth::server_functions::FormReturn;
use crate::products::model::{Product, ProductFormData};
use crate::products::server_functions::{create_product, one_product, update_product};
use crate::shared::{Money, VatRate};
use crate::ui::components::{Button, ButtonKind, Choice, LinkButton, SelectField, TextArea, TextField};
use crate::ui::editor::{ConflictNotice, Draft, Editor, RefusalNotice};

/// Id of the form.
const FORM_ID: &str = "fiche-produit";

/// Whether it is on sale, and what that is called.
const SALE: [(&str, &str); 2] = [("true", "En vente"), ("false", "Retiré de la vente")];

/// The form of a new product, or of one that is known.
#[component]
pub fn ProductForm(
    /// The product; none for a new one.
    product: Option<Product>,
    /// What there is to choose from.
    data: ProductFormData,
    /// A plain form that came back.
    back: FormReturn,
    /// Made outside the suspense: see `form_key`.
    key: String,
    /// Says whether anything was typed.
    #[prop(optional, into)]
    touched: Option<RwSignal<bool>>,
    /// Where one goes without saving.
    #[prop(into)]
    leave: String,
    /// What comes after saving.
    on_saved: Callback<Product>,
) -> impl IntoView {
    let id = product.as_ref().map(|product| product.id);
    let is_new = id.is_none();
    let default_vat = data.default_vat;
    let fields = if is_new { NEW_FIELDS } else { CHANGE_FIELDS };
    let now = |name: &str| product.as_ref().map_or_else(|| fresh(default_vat, name), |product| known(product, name));
    let draft = Draft::new(fields, now, Some(&back));
    let version = product.as_ref().map(|product| product.audit.version);
    let editor = Editor::keyed(FORM_ID, draft, version, &back, key);
    if let Some(touched) = touched {
        Effect::new(move |_| touched.set(draft.is_touched()));
    }
    let stale = move || {
        let Some(id) = id else { return };
        spawn_local(async move {
            match one_product(id).await {
                Ok(theirs) => {
                    draft.meet(|name| known(&theirs, name));
                    editor.version.set(Some(theirs.audit.version));
                }
                Err(error) => editor.refuse(error),
            }
        });
    };
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let body = if is_new { draft.body() } else { draft.changes() };
        let allowed = check(is_new, &body, default_vat);
        let (body, key, version) = (Value::Object(body), editor.key.get_untracked(), editor.version.get_untracked());
        let work = move || async move {
            match id {
                None => create_product(body, key).await,
                Some(id) => update_product(id, body, version).await,
            }
        };
        editor.send(allowed, work, move |product| on_saved.run(product), stale);
    };
    let categories =
        data.categories.iter().map(|category| ("category_id", category.id.to_string(), category.nom.clone()));
    let sale = SALE.map(|(value, name)| ("is_active", value.to_owned(), name.to_owned()));
    let names: Vec<_> = categories.chain(sale).collect();
    let action = id.map_or_else(|| NEW.to_owned(), |id| format!("{}/modifier", address(id)));
    let save = if is_new { "Ajouter le produit" } else { "Enregistrer" };
    view! {
        <form
            id=FORM_ID
            class="product-form"
            method="post"
            action=action
            novalidate
            aria-label=if is_new { "Nouveau produit" } else { "Modifier le produit" }
            on:submit=on_submit
        >
            <input type="hidden" name="cle" value=move || editor.key.get()/>
            <input type="hidden" name="version" value=move || editor.version.get().map(|version| version.to_string())/>
            <RefusalNotice editor fields=NAMES/>
            <ConflictNotice editor names/>
            <Inputs editor data is_new/>
            <div class="form-actions product-form-actions">
                <Button
                    kind=ButtonKind::Primary
                    submit=true
                    busy=editor.busy
                    busy_text="Enregistrement…"
                    text=save
                />
                <LinkButton href=leave text="Annuler"/>
            </div>
        </form>
    }
}

/// The fields.
#[component]
fn Inputs(editor: Editor, data: ProductFormData, is_new: bool) -> impl IntoView {
    let draft = editor.draft;
    let category = draft.text("category_id");
    let mut categories: Vec<_> =
        data.categories.iter().map(|category| Choice::new(category.id.to_string(), category.nom.clone())).collect();
    // A blank one only where nothing is chosen yet: nobody picks a category by accident.
    if category.with_untracked(String::is_empty) {
        categories.insert(0, Choice::new("", "Choisir…"));
    }
    let sale = SALE.map(|(value, name)| Choice::new(value, name)).into();
    let (price, vat) = (draft.text("prix"), draft.text("taux_tva"));
    view! {
        <TextField id="produit-nom" name="nom" label="Nom" model=draft.text("nom") error=editor.fault("nom") maxlength=200_u32 autofocus=true autocomplete="off" required=true/>
        <div class="form-grid">
            <SelectField id="produit-categorie" name="category_id" label="Catégorie" choices=categories model=category error=editor.fault("category_id")/>
            <TextField id="produit-reference" name="reference" label="Référence" optional=true model=draft.text("reference") error=editor.fault("reference") maxlength=64_u32 autocomplete="off"/>
        </div>
        <div class="product-prices">
            <TextField id="produit-prix" name="prix" label="Prix TTC" inputmode="decimal" model=price error=editor.fault("prix") autocomplete="off" required=true/>
            <TextField id="produit-tva" name="taux_tva" label="TVA (%)" inputmode="decimal" model=vat error=editor.fault("taux_tva") autocomplete="off"/>
            <TextField id="produit-achat" name="prix_achat" label="Prix d'achat" optional=true inputmode="decimal" model=draft.text("prix_achat") error=editor.fault("prix_achat") autocomplete="off"/>
            <p class="field-hint product-split" aria-live="polite">
                {move || price.with(|price| vat.with(|vat| split(price, vat))).unwrap_or_default()}
            </p>
        </div>
        <div class="form-grid">
            {is_new
                .then(|| {
                    view! {
                        <TextField
                            id="produit-stock"
                            name="stock_initial"
                            label="Stock de départ"
                            optional=true
                            inputmode="numeric"
                            hint="Ce qui est en rayon aujourd'hui."
                            model=draft.text("stock_initial")
                            error=editor.fault("stock_initial")
                            autocomplete="off"
                        />
                    }
                })}
            <TextField
                id="produit-seuil"
                name="seuil_alerte"
                label="Seuil d'alerte"
                optional=is_new
                inputmode="numeric"
                hint="Prévient quand il en reste autant ou moins."
                model=draft.text("seuil_alerte")
                error=editor.fault("seuil_alerte")
                autocomplete="off"
            />
            <SelectField id="produit-vente" name="is_active" label="Vente" choices=sale model=draft.text("is_active") error=editor.fault("is_active")/>
        </div>
        <TextArea id="produit-description" name="description" label="Description" optional=true rows=4 model=draft.text("description") error=editor.fault("description")/>
    }
}

/// `10,00 € HT + 2,00 € de TVA`, once both can be read.
fn split(price: &str, vat: &str) -> Option<String> {
    let (price, vat) = (Money::parse(price.trim()).ok()?, VatRate::parse(vat.trim())?);
    let tax = vat.inside(price);
    Some(format!("Soit {} HT + {} de TVA.", Money(price.0 - tax.0).display(), tax.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_is_split_once_it_can_be_read() {
        let expected = format!("Soit {} HT + {} de TVA.", Money(1000).display(), Money(200).display());
        assert_eq!(split("12,00", "20"), Some(expected));
        assert_eq!(split("", "20"), None);
        assert_eq!(split("12", "x"), None);
    }
}
