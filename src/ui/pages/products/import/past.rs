//! What was imported, and taking it back.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{PATH, SPEC};
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::error::{AppError, Member};
use crate::imports::model::{Import, InTheWay, LaterImport};
use crate::imports::server_functions::undo_import;
use crate::shared::{ImportId, Page};
use crate::ui::components::{Badge, Button, ButtonSize, Glyph, Notice, TableFrame, Toasts, Tone, use_toasts};
use crate::ui::format::number;
use crate::ui::list::{FilterFields, FilterForm, ListBody, Nothing};
use crate::ui::pages::products::address;
use crate::ui::query::QueryPairs;

/// What is done to past imports.
#[derive(Clone, Copy)]
struct Undoing {
    busy: RwSignal<Option<ImportId>>,
    refusal: RwSignal<Option<AppError>>,
    reload: RwSignal<u32>,
    toasts: Toasts,
}

impl Undoing {
    fn undo(self, id: ImportId) {
        if self.busy.get_untracked().is_some() {
            return;
        }
        self.refusal.set(None);
        self.busy.set(Some(id));
        spawn_local(async move {
            let answer = undo_import(id).await;
            if self.busy.try_set(None).is_some() {
                return;
            }
            match answer {
                Ok(_) => self.toasts.done(format!("L'import n° {id} est annulé.")),
                Err(error) => self.refusal.set(Some(error)),
            }
            self.reload.update(|n| *n += 1);
        });
    }
}

/// The imports, newest first.
#[component]
pub fn Past(
    /// A plain form that came back.
    back: FormReturn,
    /// The URL's parameters.
    query: Memo<QueryPairs>,
    /// What is read.
    imports: Resource<Result<Page<Import>, AppError>>,
    /// Counted up, reads them again.
    reload: RwSignal<u32>,
) -> impl IntoView {
    let refusal = back.error.filter(|_| back.values.iter().any(|(n, v)| n == "action" && v == "annuler"));
    let undoing = Undoing { busy: RwSignal::new(None), refusal: RwSignal::new(refusal), reload, toasts: use_toasts() };
    provide_context(undoing);
    let nothing = Nothing {
        title: "Aucun import",
        text: "Vos imports apparaîtront ici, et pourront être annulés tant qu'ils n'ont pas servi.",
        actions: (|| ()).into(),
    };
    view! {
        <section class="import-past" aria-labelledby="imports-passes">
            <h2 class="section-title" id="imports-passes">
                "Imports précédents"
            </h2>
            {move || undoing.refusal.get().map(|error| view! { <InTheWayNotice error/> })}
            <FilterForm spec=&SPEC query fields=FilterFields::of(&SPEC, query) placeholder="Nom du fichier"/>
            <ListBody spec=&SPEC query rows=imports columns=6 table=table nothing/>
        </section>
    }
}

fn table(imports: Vec<Import>, _query: QueryPairs) -> AnyView {
    let rows = imports.into_iter().map(|import| view! { <Row import/> }).collect_view();
    view! {
        <TableFrame label="Imports" cards=true class="table-imports">
            <thead>
                <tr>
                    <th scope="col">"Fichier"</th>
                    <th scope="col">"Le"</th>
                    <th scope="col">"Par"</th>
                    <th scope="col" class="number">
                        "Créés"
                    </th>
                    <th scope="col" class="number">
                        "Modifiés"
                    </th>
                    <th scope="col">
                        <span class="visually-hidden">"État"</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}

#[component]
fn Row(import: Import) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let undoing = expect_context::<Undoing>();
    let id = import.id;
    let busy = Signal::derive(move || undoing.busy.get() == Some(id));
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        undoing.undo(id);
    };
    let name = import.fichier.clone().unwrap_or_else(|| format!("Import n° {id}"));
    let state = match import.undone_at {
        Some(at) => {
            let text = format!("Annulé le {}", zone.display_short(at));
            view! { <Badge tone=Tone::Slate icon=Glyph::Undo struck=true text/> }.into_any()
        }
        None => view! {
            <form method="post" action=PATH on:submit=on_submit>
                <input type="hidden" name="action" value="annuler"/>
                <input type="hidden" name="id" value=id.to_string()/>
                <Button
                    size=ButtonSize::Small
                    icon=Glyph::Undo
                    submit=true
                    busy
                    text="Annuler l'import"
                    attr:aria-label=format!("Annuler l'import de {name}")
                />
            </form>
        }
        .into_any(),
    };
    let counted = |n: i32, one: &'static str| {
        let plural = if n > 1 { "s" } else { "" };
        view! { {number(i64::from(n))} <span class="import-word">{format!("\u{a0}{one}{plural}")}</span> }
    };
    view! {
        <tr>
            <th scope="row" class="cell-title truncate-cell">
                // Files of one name are told apart by it, also where an import names another.
                {import.fichier.is_some().then(|| view! { <span class="text-ink-faint">{format!("n° {id} ")}</span> })}
                {name.clone()}
            </th>
            <td class="shrink cell-second">{zone.display(import.audit.created_at)}</td>
            <td class="cell-wide">{import.auteur}</td>
            <td class="number cell-start">{counted(import.crees, "créé")}</td>
            <td class="number cell-end">{counted(import.modifies, "modifié")}</td>
            <td class="shrink cell-state">{state}</td>
        </tr>
    }
}

/// Why an import cannot be taken back: every product in the way, each with the reason.
#[component]
fn InTheWayNotice(error: AppError) -> impl IntoView {
    let products: Vec<InTheWay> =
        error.member(Member::Products).and_then(|list| serde_json::from_value(list.clone()).ok()).unwrap_or_default();
    let later: Option<LaterImport> =
        error.member(Member::LaterImport).and_then(|later| serde_json::from_value(later.clone()).ok());
    let lead = if products.is_empty() { error.detail.clone() } else { "Ces produits ont servi depuis :".to_owned() };
    let lines = products
        .into_iter()
        .map(|product| {
            view! {
                <li>
                    <a class="link" href=address(product.product_id)>
                        {product.nom}
                    </a>
                    {format!(" : {}", reason(&product.raison))}
                </li>
            }
        })
        .collect_view();
    view! {
        <Notice tone=Tone::Amber title=error.code.title() alert=true>
            <p>{lead}</p>
            <ul>{lines}</ul>
            {later.map(|later| view! { <p>{later.advice()}</p> })}
        </Notice>
    }
}

fn reason(code: &str) -> &str {
    match code {
        "vendu" => "il a été vendu",
        "reserve" => "des commandes le réservent",
        "commande" => "il a été commandé",
        "stock_modifie" => "son stock a bougé",
        "modifie" => "il a été modifié",
        "categorie_supprimee" => "son ancienne catégorie est supprimée",
        other => other,
    }
}
