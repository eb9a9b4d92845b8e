//! Letting somebody sign in or no longer, and deleting an account; what stands in the way is said beforehand.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{PATH, address};
use crate::orders::workflow::OrderStatus;
use crate::ui::components::{Button, Card, Glyph, Icon};
use crate::ui::editor::{Acts, Onward, REMOVING, Removal, undoable};
use crate::ui::query::href;
use crate::users::model::User;
use crate::users::rules::{Obstacle, against_return};
use crate::users::server_functions::{delete_user, restore_user, toggle_user};

/// Name of this act.
pub const TOGGLING: &str = "basculer";

/// Why something cannot be done to an account, with the way to change that.
#[component]
pub fn Reason(
    /// What stands in the way.
    obstacle: Obstacle,
    /// Whose account it is.
    user: User,
) -> impl IntoView {
    let link = match obstacle {
        Obstacle::Deliveries(_) => {
            let open = OrderStatus::ALL.into_iter().filter(|status| status.takes_courier());
            let mut query = vec![("livreur_id", user.id.to_string())];
            query.extend(open.map(|status| ("statut", status.as_str().to_owned())));
            Some((href("/commandes", &query), "Voir ces livraisons"))
        }
        Obstacle::LastAdmin | Obstacle::OwnAccount | Obstacle::Erased => None,
    };
    view! {
        <p class="reason">
            <Icon of=Glyph::Lock size=14/>
            <span>
                {obstacle.detail()} " "
                {link.map(|(to, words)| view! { <a class="link" href=to>{words}</a> })}
            </span>
        </p>
    }
}

/// What one may do to the account as a whole.
#[component]
pub fn Account(
    /// Whose it is.
    user: User,
    /// What stands in the way.
    obstacle: Option<Obstacle>,
    /// What is done on this page.
    acts: Acts,
) -> impl IntoView {
    let (id, version, name, active) = (user.id, user.audit.version, user.display(), user.is_active);
    let erased = user.is_erased();
    // What keeps an account from being closed does not keep it from being opened again.
    let toggle_obstacle = if active { obstacle } else { against_return(&user) };
    let toggle = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        acts.run(TOGGLING, toggle_user(id, version), move |user| {
            let what = if user.is_active { "peut de nouveau se connecter" } else { "ne peut plus se connecter" };
            acts.toasts.done(format!("{} {what}.", user.display()));
            Onward::Stay
        });
    };
    let navigate = use_navigate();
    let told = undoable(acts.toasts, move || restore_user(id), address(id));
    let remove = Callback::new(move |()| {
        let (navigate, told, name) = (navigate.clone(), told.clone(), name.clone());
        acts.run(REMOVING, delete_user(id, version), move |()| {
            let text = format!("{name} : compte supprimé.");
            if erased {
                acts.toasts.done(text);
            } else {
                told(text);
            }
            navigate(PATH, NavigateOptions::default());
            Onward::Away
        });
    });
    let kept = user.clone();
    // Said once: above already, where it also keeps the account from being deactivated.
    let why = obstacle.map(|obstacle| {
        let user = kept.clone();
        ViewFn::from(move || (!active).then(|| view! { <Reason obstacle user=user.clone()/> }))
    });
    let hint = if active {
        "Désactivé, le compte ne s'ouvre plus et ses sessions s'arrêtent ; rien n'est effacé."
    } else {
        "Ce compte ne s'ouvre plus. Réactivé, il reprend avec le même mot de passe."
    };
    view! {
        <Card title="Compte">
            <form class="account-toggle" method="post" action=address(id) on:submit=toggle>
                <input type="hidden" name="action" value=TOGGLING/>
                <input type="hidden" name="version" value=version.to_string()/>
                <Button
                    submit=true
                    icon=Glyph::Power
                    busy=acts.is_doing(TOGGLING)
                    disabled=toggle_obstacle.is_some()
                    text=if active { "Désactiver" } else { "Réactiver" }
                />
                {match toggle_obstacle {
                    Some(obstacle) => view! { <Reason obstacle user/> }.into_any(),
                    None => view! { <p class="field-hint">{hint}</p> }.into_any(),
                }}
            </form>
        </Card>
        <Removal
            address=address(id)
            version
            text="Supprimer le compte"
            hint="Ce que cette personne a fait reste à son nom."
            asks=erased
            obstacle=why
            acts
            on_remove=remove
        />
    }
}
