//! Pages for what cannot be shown: what happened and where to go.

use leptos::prelude::*;

use crate::auth::server_functions::PageContext;
use crate::error::{AppError, ErrorCode};
use crate::ui::components::{ButtonKind, Glyph, Icon, LinkButton, Refusal};
use crate::ui::layouts::round_of;
use crate::ui::{status, window_title};

/// The common shape.
#[component]
fn Trouble(
    code: u16,
    icon: Glyph,
    title: &'static str,
    text: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    status::set(code);
    window_title::set(Signal::stored(title.to_owned()));
    view! {
        <div class="trouble">
            <Icon of=icon size=32/>
            <p class="trouble-code">{format!("Erreur {code}")}</p>
            <h1 class="trouble-title">{title}</h1>
            <p class="trouble-text">{text}</p>
            <div class="form-actions">
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// Where one may go from here. A livreur works in a program of their own: the other pages that are offered here are
/// closed to them.
#[component]
fn WaysOut(
    /// Offers the home page.
    #[prop(optional)]
    home: bool,
    /// Offers the orders.
    #[prop(optional)]
    orders: bool,
) -> impl IntoView {
    let user = use_context::<PageContext>().and_then(|context| context.user);
    if let Some(round) = user.as_ref().and_then(round_of) {
        return view! {
            <LinkButton
                href=round.href
                kind=ButtonKind::Primary
                icon=round.icon
                text=round.label
                attr:rel="external"
            />
        }
        .into_any();
    }
    view! {
        {home.then(|| view! { <LinkButton href="/" kind=ButtonKind::Primary text="Revenir à l'accueil"/> })}
        {orders.then(|| view! { <LinkButton href="/commandes" text="Voir les commandes"/> })}
    }
    .into_any()
}

/// 403: signed in, but not allowed.
#[component]
pub fn ForbiddenPage() -> impl IntoView {
    view! {
        <Trouble
            code=403
            icon=Glyph::Lock
            title="Cette page ne vous est pas ouverte"
            text="Votre rôle ne permet pas de la voir. Si vous en avez besoin, demandez à un administrateur."
        >
            <WaysOut orders=true/>
        </Trouble>
    }
}

/// 404: there is no such page or thing.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <Trouble
            code=404
            icon=Glyph::NotFound
            title="Cette page n'existe pas"
            text="L'adresse est peut-être mal tapée, ou ce qu'elle montrait a été supprimé."
        >
            <WaysOut home=true orders=true/>
        </Trouble>
    }
}

/// 500: ours.
#[component]
pub fn ServerErrorPage() -> impl IntoView {
    view! {
        <Trouble
            code=500
            icon=Glyph::Server
            title="Une erreur est survenue de notre côté"
            text="Elle a été enregistrée. Rien de ce que vous aviez validé n'est perdu : réessayez dans un instant."
        >
            <WaysOut home=true/>
        </Trouble>
    }
}

/// The code of the page did not come: no network, or a newer version of the program.
#[component]
pub fn NotLoadedPage() -> impl IntoView {
    let again = |_| {
        // Fails for a document that is being left already.
        let _ = location().reload();
    };
    view! {
        <Trouble
            code=503
            icon=Glyph::Server
            title="Cette page n'a pas pu être chargée"
            text="Vérifiez la connexion, puis rechargez. Si une nouvelle version vient d'être installée, cela suffit."
        >
            <button type="button" class="btn btn-primary" on:click=again>
                "Recharger"
            </button>
        </Trouble>
    }
}

/// The page instead of what could not be read: missing, forbidden, ours, or the refusal itself.
#[component]
pub fn PageError(
    /// Why it could not be read.
    error: AppError,
) -> impl IntoView {
    match error.code {
        ErrorCode::NotFound => view! { <NotFoundPage/> }.into_any(),
        ErrorCode::Forbidden => view! { <ForbiddenPage/> }.into_any(),
        ErrorCode::Internal | ErrorCode::Unavailable => view! { <ServerErrorPage/> }.into_any(),
        _ => {
            status::set(error.code.status());
            view! { <Refusal error/> }.into_any()
        }
    }
}
