//! What a file would do, line by line.

use leptos::prelude::*;

use crate::auth::server_functions::PageContext;
use crate::error::AppError;
use crate::history::labels::{label, written};
use crate::imports::model::{ImportReport, LineReport, Outcome};
use crate::products::model::{CategoryBrief, ProductFormData};
use crate::ui::components::{Badge, Button, Card, Glyph, TableFrame, Tone, Values};
use crate::ui::format::number;

/// Lines shown at first, and each time one asks for more.
const AT_ONCE: usize = 100;

/// What became, or would become, of a line.
fn mark(outcome: Outcome) -> (Tone, Glyph, &'static str) {
    match outcome {
        Outcome::Cree => (Tone::Green, Glyph::Plus, "Créé"),
        Outcome::Modifie => (Tone::Blue, Glyph::Pencil, "Modifié"),
        Outcome::Inchange => (Tone::Slate, Glyph::Minus, "Inchangé"),
        Outcome::Erreur => (Tone::Rose, Glyph::Alert, "Erreur"),
    }
}

/// The lines of one kind, or all of them: what is wrong comes first.
fn of_kind(lines: &[LineReport], kind: Option<Outcome>) -> Vec<LineReport> {
    let mut lines: Vec<_> =
        lines.iter().filter(|line| kind.is_none_or(|kind| line.resultat == kind)).cloned().collect();
    lines.sort_by_key(|line| line.resultat != Outcome::Erreur);
    lines
}

/// The lines with what changes in each, by kind.
#[component]
pub fn Preview(
    /// What the file would do.
    report: ImportReport,
    /// Names the categories.
    data: Resource<Result<ProductFormData, AppError>>,
    /// Whether the browser has taken the page over.
    live: RwSignal<bool>,
) -> impl IntoView {
    let kind = RwSignal::new(None::<Outcome>);
    let shown = RwSignal::new(AT_ONCE);
    let all = report.crees + report.modifies + report.inchanges + report.erreurs;
    let cut = usize::try_from(all).unwrap_or(usize::MAX) > report.lignes.len();
    let kinds = [
        (None, "Toutes", all),
        (Some(Outcome::Erreur), "Erreurs", report.erreurs),
        (Some(Outcome::Cree), "Créés", report.crees),
        (Some(Outcome::Modifie), "Modifiés", report.modifies),
        (Some(Outcome::Inchange), "Inchangés", report.inchanges),
    ];
    let segments = kinds
        .into_iter()
        .filter(|(of, _, n)| of.is_none() || *n > 0)
        .map(|(of, label, n)| {
            view! {
                <button
                    type="button"
                    class="segment"
                    aria-pressed=move || (kind.get() == of).to_string()
                    on:click=move |_| {
                        kind.set(of);
                        shown.set(AT_ONCE);
                    }
                >
                    {label}
                    <span class="tab-count">{number(n)}</span>
                </button>
            }
        })
        .collect_view();
    let lines = StoredValue::new(report.lignes);
    let wanted = Memo::new(move |_| lines.with_value(|lines| of_kind(lines, kind.get())));
    let title = report.fichier.map_or_else(|| "Aperçu".to_owned(), |name| format!("Aperçu de {name}"));
    view! {
        <Card title flush=true>
            <div class="import-kinds">
                <div class="segments" role="group" aria-label="Lignes à montrer">
                    {segments}
                </div>
                {cut
                    .then(|| {
                        view! { <p class="text-ink-soft">"Seules les premières lignes sont montrées : le fichier est long."</p> }
                    })}
            </div>
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move {
                    let categories = data.await.map(|data| data.categories).unwrap_or_default();
                    view! { <Lines wanted shown categories/> }
                })}
            </Suspense>
            {move || {
                let left = wanted.with(Vec::len).saturating_sub(shown.get());
                (live.get() && left > 0)
                    .then(|| {
                        view! {
                            <div class="import-more">
                                <Button
                                    text=format!("Montrer plus de lignes (encore {})", number(left as i64))
                                    on:click=move |_| shown.update(|n| *n += AT_ONCE)
                                />
                            </div>
                        }
                    })
            }}
        </Card>
    }
}

#[component]
fn Lines(wanted: Memo<Vec<LineReport>>, shown: RwSignal<usize>, categories: Vec<CategoryBrief>) -> impl IntoView {
    let categories = StoredValue::new(categories);
    let rows = move || {
        let lines = wanted.with(|lines| lines.iter().take(shown.get()).cloned().collect::<Vec<_>>());
        lines.into_iter().map(|line| view! { <Line line categories/> }).collect_view()
    };
    view! {
        <TableFrame label="Lignes du fichier" cards=true class="table-import">
            <thead>
                <tr>
                    <th scope="col" class="number">
                        "Ligne"
                    </th>
                    <th scope="col">"Référence"</th>
                    <th scope="col">"Résultat"</th>
                    <th scope="col">"Ce qui change"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
}

/// The table that a column of the file ends in.
fn table_of(champ: &str) -> &'static str {
    if champ == "seuil_alerte" { "stocks" } else { "products" }
}

/// What people call a column of the file.
pub fn column_label(champ: &str) -> &'static str {
    match champ {
        "stock" => "Stock",
        champ => label(table_of(champ), champ),
    }
}

#[component]
fn Line(line: LineReport, categories: StoredValue<Vec<CategoryBrief>>) -> impl IntoView {
    let (tone, icon, text) = mark(line.resultat);
    let zone = StoredValue::new(expect_context::<PageContext>().zone);
    let told = move |champ: &str, value: Option<&serde_json::Value>| {
        let id = value.and_then(serde_json::Value::as_i64).filter(|_| champ == "category_id");
        let name = id.and_then(|id| {
            categories.with_value(|all| all.iter().find(|category| category.id.0 == id).map(|c| c.nom.clone()))
        });
        name.unwrap_or_else(|| zone.with_value(|zone| written(table_of(champ), champ, value, zone)))
    };
    // A new product is told by all it has, but for the reference that stands beside it.
    let changes = line
        .modifications
        .into_iter()
        .filter(|change| change.champ != "reference" || line.resultat != Outcome::Cree)
        .map(|change| {
            let (before, after) =
                (told(&change.champ, change.avant.as_ref()), told(&change.champ, change.apres.as_ref()));
            view! {
                <div class="change">
                    <dt>{column_label(&change.champ)}</dt>
                    <dd>
                        <Values before after/>
                    </dd>
                </div>
            }
        })
        .collect_view();
    let faults = line
        .erreurs
        .into_iter()
        .map(|fault| {
            let field = match fault.champ.as_str() {
                "categorie" => "Catégorie".to_owned(),
                "id" => "Identifiant".to_owned(),
                champ => column_label(champ).to_owned(),
            };
            view! { <li>{format!("{field} : {}", fault.message)}</li> }
        })
        .collect_view();
    let named = line.reference.or_else(|| Some(format!("Produit n° {}", line.product_id?)));
    view! {
        <tr>
            <td class="number cell-second">
                <span class="import-word">"Ligne "</span>
                {number(line.ligne)}
            </td>
            <th scope="row" class="cell-title">
                <span class="import-reference">{named}</span>
            </th>
            <td class="shrink cell-state">
                <Badge tone icon text/>
            </td>
            <td class="import-changes cell-wide">
                <dl class="changes changes-inline">{changes}</dl>
                <ul class="text-danger">{faults}</ul>
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_comes_first() {
        let line = |ligne: i64, resultat: Outcome| LineReport {
            ligne,
            reference: None,
            resultat,
            product_id: None,
            modifications: Vec::new(),
            erreurs: Vec::new(),
        };
        let lines = [line(2, Outcome::Cree), line(3, Outcome::Erreur), line(4, Outcome::Cree)];
        let order = |kind| of_kind(&lines, kind).into_iter().map(|line| line.ligne).collect::<Vec<_>>();
        assert_eq!(order(None), [3, 2, 4]);
        assert_eq!(order(Some(Outcome::Cree)), [2, 4]);
    }
}
