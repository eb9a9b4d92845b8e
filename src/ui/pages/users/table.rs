//! The rows of the list: a table on a desk, cards on a phone.

use leptos::prelude::*;

use super::{PATH, address};
use crate::auth::permission::Role;
use crate::auth::server_functions::PageContext;
use crate::ui::components::{Badge, Glyph, SortHeader, TableFrame, Tone};
use crate::ui::query::QueryPairs;
use crate::ui::reach;
use crate::users::model::User;

const DEFAULT_SORT: &str = "nom";

/// Users, one a row.
#[component]
pub fn UserTable(
    /// The rows.
    rows: Vec<User>,
    /// The URL's parameters.
    query: QueryPairs,
) -> impl IntoView {
    // Rows of their own: drawn over in place, the one that has the focus would become another user.
    let rows = view! { <For each=move || rows.clone() key=|user| user.id let:user><Row user/></For> };
    view! {
        <TableFrame label="Utilisateurs" cards=true class="table-people">
            <thead>
                <tr>
                    <SortHeader label="Nom" field="nom" path=PATH query=query.clone() default_sort=DEFAULT_SORT/>
                    <SortHeader label="E-mail" field="email" path=PATH query=query.clone() default_sort=DEFAULT_SORT/>
                    <th scope="col">"Téléphone"</th>
                    <th scope="col">"Rôle"</th>
                    <th scope="col">"État"</th>
                    <SortHeader
                        label="Dernière connexion"
                        field="last_login_at"
                        path=PATH
                        query
                        default_sort=DEFAULT_SORT
                    />
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
}

/// One user; the whole row opens them.
#[component]
fn Row(user: User) -> impl IntoView {
    let context = expect_context::<PageContext>();
    let me = context.user.is_some_and(|me| me.id == user.id);
    let none = || view! { <span class="text-ink-faint">"–"</span> }.into_any();
    let phone = user.telephone.clone().map_or_else(none, |text| {
        view! { <a class="link" href=reach::tel(&text)>{reach::phone(&text)}</a> }.into_any()
    });
    let seen = user.last_login_at.map_or_else(|| "Jamais".to_owned(), |at| context.zone.display(at));
    view! {
        <tr class="row-link">
            <th scope="row" class="cell-title truncate-cell">
                <a class="row-target" href=address(user.id)>
                    {user.display()}
                </a>
                {me.then(|| view! { <span class="people-me">" (vous)"</span> })}
            </th>
            <td class="cell-second truncate-cell">{user.email.clone()}</td>
            <td class="shrink cell-start figures">{phone}</td>
            <td class="shrink cell-figure">
                <RoleBadge role=user.role/>
            </td>
            <td class="shrink cell-state">
                <StateBadge user=user.clone()/>
            </td>
            <td class="shrink cell-end people-last">
                <span class="people-only-phone">"Connexion : "</span>
                {seen}
            </td>
        </tr>
    }
}

/// A role, by hue, icon and word.
#[component]
pub fn RoleBadge(
    /// The role.
    role: Role,
) -> impl IntoView {
    let (tone, icon) = match role {
        Role::Admin => (Tone::Teal, Glyph::Key),
        Role::Controleur => (Tone::Blue, Glyph::Checklist),
        Role::Livreur => (Tone::Violet, Glyph::Truck),
        Role::SimpleUtilisateur => (Tone::Slate, Glyph::Eye),
    };
    view! { <Badge tone icon text=role.label()/> }
}

/// Whether somebody may sign in.
#[component]
pub fn StateBadge(
    /// Who.
    user: User,
) -> impl IntoView {
    let (tone, icon, text) = match (user.deletion.is_deleted, user.is_active) {
        (true, _) => (Tone::Rose, Glyph::Trash, "Supprimé"),
        (false, true) => (Tone::Green, Glyph::Check, "Actif"),
        (false, false) => (Tone::Amber, Glyph::Lock, "Inactif"),
    };
    view! { <Badge tone icon text/> }
}
