//! Handing over: one press where all is well; else quantities, who received it, cash, signature, photo.

use leptos::html;
use leptos::prelude::*;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use super::parts::{Changed, Press, When, live};
use super::quantities::{LineDraft, LineSteps};
use super::sheet::{Resumed, SheetHead};
use super::signature::SignatureBox;
use crate::deliveries::input::max_cash;
use crate::deliveries::model::{ActionKind, ProofKind};
use crate::phone::act::{NotKept, Picture};
use crate::phone::host;
use crate::phone::state::{Phone, Sheet};
use crate::shared::{Money, OrderId};
use crate::ui::components::{Glyph, Icon};

/// The most a photo weighs once it is scaled (bytes).
const PHOTO: u32 = 300_000;

/// The sheet.
#[component]
pub fn DeliverSheet(id: OrderId) -> impl IntoView {
    let phone = Phone::here();
    let Some(stop) = phone.stop(id).get_untracked() else { return ().into_any() };
    let order = stop.delivery;
    let draft = phone.take_draft();
    let lines: Vec<LineDraft> = order.items.iter().map(|item| LineDraft::new(item, &draft.words["lignes"])).collect();
    let names: Vec<String> = order.items.iter().map(|item| item.product_nom.clone()).collect();
    let (who, title) = (order.client_nom.clone(), "Livrer");
    let order = StoredValue::new(order);
    let receiver = RwSignal::new(draft.word("receveur").unwrap_or_default());
    // As typed; before anything is, what is to be collected.
    let typed = RwSignal::new(draft.word(CASH).map(|amount| amount.replace('.', ",")));
    let (canvas, signed) = (NodeRef::<html::Canvas>::new(), RwSignal::new(draft.signature.is_some()));
    let photo = RwSignal::new_local(draft.photo.map(|photo| {
        let address = host::address_of(&photo);
        (photo, address)
    }));
    let signature = draft.signature;
    let (error, full, busy) = (RwSignal::new(None::<String>), RwSignal::new(false), RwSignal::new(false));
    let in_part = RwSignal::new(!draft.words["lignes"].is_null());
    let resumed = draft.words.is_object() || signed.get_untracked() || photo.with_untracked(Option::is_some);
    on_cleanup(move || {
        if let Some((_, address)) = photo.get_untracked() {
            host::forget_address(&address);
        }
    });

    let (told, person) = (StoredValue::new(lines.clone()), phone.person.get_value());
    let owed = Memo::new(move |_| {
        told.with_value(|lines| {
            let handed = |id| lines.iter().find(|line| line.item_id == id).map_or(0, |line| line.handed());
            order.with_value(|order| order.to_collect(handed))
        })
    });
    let cash = Memo::new(move |_| match (typed.get(), owed.get()) {
        (Some(typed), _) => typed,
        (None, owed) if owed.0 > 0 => owed.to_decimal().replace('.', ","),
        (None, _) => String::new(),
    });
    Effect::new(move |before: Option<Map<String, Value>>| {
        // What is read of the lines is not tracked.
        let _ = told.with_value(|lines| lines.iter().map(|line| line.handed()).sum::<i64>());
        let words = members(&told.get_value(), &receiver.get(), typed.get());
        if before.is_some_and(|before| before != words) {
            phone.keep_words(id, ActionKind::Livraison, &words);
        }
        words
    });
    let keep = move |nature: ProofKind, picture: Option<JsValue>| {
        leptos::task::spawn_local(async move {
            if !phone.keep_picture(id, nature, picture.as_ref()).await && picture.is_some() {
                error.set(Some(
                    "Le téléphone n'a plus de place : confirmez avant de fermer, sinon l'image est perdue.".to_owned(),
                ));
            }
        });
    };
    let confirm = move |with_photo: bool| {
        if busy.get_untracked() {
            return;
        }
        let cash = match cash_told(&cash.get_untracked()) {
            Ok(cash) => cash,
            Err(words) => return error.set(Some(words)),
        };
        busy.set(true);
        leptos::task::spawn_local(async move {
            let mut pictures = Vec::new();
            if let (true, Some(canvas)) = (signed.get_untracked(), canvas.get_untracked()) {
                match host::picture_of(canvas).await {
                    Ok(blob) => pictures.push(Picture { nature: ProofKind::Signature, blob }),
                    Err(_) => error.set(Some(NotKept::Broken.text())),
                }
            }
            if let (true, Some((blob, _))) = (with_photo, photo.get_untracked()) {
                pictures.push(Picture { nature: ProofKind::Photo, blob });
            }
            if phone.person.get_value() != person {
                return;
            }
            let cash = cash.map(Money::to_decimal);
            let more = members(&told.get_value(), &receiver.get_untracked(), cash);
            let order = order.get_value();
            let said = format!("Livrée : {}", order.client_nom);
            let kept = phone.act(&order, ActionKind::Livraison, more, pictures, said).await;
            busy.set(false);
            match kept {
                Ok(()) => phone.sheet.set(None),
                Err(not_kept) => {
                    full.set(matches!(not_kept, NotKept::Full) && photo.with_untracked(Option::is_some));
                    error.set(Some(not_kept.text()));
                }
            }
        });
    };
    let none = move || told.with_value(|lines| lines.iter().all(|line| line.handed() == 0));
    let problem = move || {
        phone.told_lines.set_value(told.with_value(|lines| lines_told(lines)));
        phone.open_sheet(Sheet::Problem(id));
    };
    let quantities = lines.into_iter().zip(names).map(|(line, name)| view! { <LineSteps line name/> }).collect_view();
    view! {
        <SheetHead title who/>
        <div class="sheet-body">
            {resumed.then(|| view! { <Resumed id sheet=Sheet::Deliver(id)/> })}
            <button
                type="button"
                class="btn btn-wide"
                aria-expanded=live(move || in_part.get().to_string())
                on:click=move |_| in_part.update(|shown| *shown = !*shown)
            >
                <Icon of=Glyph::Boxes size=22/>
                {live(move || if in_part.get() { "Quantités remises" } else { "Tout est remis (modifier)" })}
            </button>
            // Hidden, not gone: what was told of the lines stays.
            <ul class="quantities-list" hidden=live(move || !in_part.get())>{quantities}</ul>
            <label class="field">
                <span class="field-label">"Reçu par (facultatif)"</span>
                <input
                    class="input"
                    type="text"
                    maxlength="200"
                    autocomplete="off"
                    autocapitalize="words"
                    prop:value=live(move || receiver.get())
                    on:input=move |event| receiver.set(event_target_value(&event))
                />
            </label>
            <label class="field">
                <span class="field-label">
                    {live(move || match owed.get() {
                        owed if owed.0 > 0 => format!("Encaissé (à encaisser : {})", owed.display()),
                        _ => "Encaissé (rien à encaisser)".to_owned(),
                    })}
                </span>
                <input
                    class="input figures"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    prop:value=live(move || cash.get())
                    on:input=move |event| {
                        typed.set(Some(event_target_value(&event)));
                        // Said of what stood there. That the phone is full stays so.
                        if !full.get_untracked() {
                            error.set(None);
                        }
                    }
                />
            </label>
            <SignatureBox canvas signed kept=signature on_change=move |drawn| keep(ProofKind::Signature, drawn)/>
            <PhotoBox photo error on_change=move |taken| keep(ProofKind::Photo, taken)/>
        </div>
        // What keeps it from being confirmed is in sight with the button.
        <div class="sheet-foot">
            <p class="error" role="alert">{live(move || error.get())}</p>
            <When is=move || full.get()>
                <Press class="btn btn-wide" words="Enregistrer sans la photo" on_press=move || confirm(false)/>
            </When>
            <When is=none>
                <p class="error">"Rien n'est remis : dites pourquoi, les quantités sont gardées."</p>
                <Press class="btn btn-problem btn-wide" icon=Glyph::Warning size=22 words="Dire le problème" on_press=problem/>
            </When>
            <button
                type="button"
                class="btn btn-primary btn-wide"
                disabled=live(move || none() || busy.get())
                on:click=move |_| confirm(true)
            >
                <Icon of=Glyph::Check size=22/>
                "Confirmer la livraison"
            </button>
        </div>
    }
    .into_any()
}

/// Nothing typed is nothing told.
fn cash_told(typed: &str) -> Result<Option<Money>, String> {
    let most = max_cash();
    match typed.trim() {
        "" => Ok(None),
        text => match Money::parse(text).map_err(|error| error.to_string())? {
            cash if (Money::ZERO..=most).contains(&cash) => Ok(Some(cash)),
            _ => Err(format!("Le montant encaissé va de 0 à {}.", most.display())),
        },
    }
}

fn lines_told(lines: &[LineDraft]) -> Vec<Value> {
    lines.iter().filter_map(|line| line.told()).collect()
}

/// Cash collected, among the members of an action.
const CASH: &str = "montant_encaisse";

fn members(lines: &[LineDraft], receiver: &str, cash: Option<String>) -> Map<String, Value> {
    let mut more = Map::new();
    let told = lines_told(lines);
    if !told.is_empty() {
        more.insert("lignes".into(), told.into());
    }
    if !receiver.trim().is_empty() {
        more.insert("receveur".into(), receiver.trim().into());
    }
    if let Some(cash) = cash {
        more.insert(CASH.into(), cash.into());
    }
    more
}

/// A photo of where it was left.
#[component]
fn PhotoBox(
    photo: RwSignal<Option<(JsValue, String)>, LocalStorage>,
    error: RwSignal<Option<String>>,
    /// Told of each photo, and when there is none any more.
    #[prop(into)]
    on_change: Changed,
) -> impl IntoView {
    let on_change = StoredValue::new_local(on_change);
    let changed = move |photo| on_change.with_value(|on_change| (on_change.0)(photo));
    let busy = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let forget = move || {
        if let Some((_, address)) = photo.get_untracked() {
            host::forget_address(&address);
        }
        photo.set(None);
    };
    let remove = move || {
        forget();
        changed(None);
    };
    let taken = move |_| {
        let Some(input) = input.get_untracked() else { return };
        busy.set(true);
        error.set(None);
        leptos::task::spawn_local(async move {
            match host::photo_of(input, PHOTO).await {
                Ok(blob) if !blob.is_null() => {
                    forget();
                    let address = host::address_of(&blob);
                    changed(Some(blob.clone()));
                    photo.set(Some((blob, address)));
                }
                Ok(_) => {}
                Err(_) => error.set(Some("Cette photo n'a pas pu être lue. Reprenez-la.".to_owned())),
            }
            busy.set(false);
        });
    };
    let shown = move || photo.with(|photo| photo.as_ref().map(|(_, address)| address.clone()));
    view! {
        <label class="btn btn-wide photo-button">
            <Icon of=Glyph::Camera size=22/>
            {live(move || match (busy.get(), shown()) {
                (true, _) => "Préparation de la photo…",
                (false, Some(_)) => "Reprendre la photo",
                (false, None) => "Prendre une photo",
            })}
            <input node_ref=input class="visually-hidden" type="file" accept="image/*" capture="environment" on:change=taken/>
        </label>
        {live(move || shown().map(|address| view! {
            <div class="photo">
                <img src=address alt="Photo de la livraison"/>
                <Press class="btn" icon=Glyph::Trash words="Enlever la photo" on_press=remove/>
            </div>
        }.into_any()))}
    }
}
