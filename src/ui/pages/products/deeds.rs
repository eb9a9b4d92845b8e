//! What one does with a product, and how it went. Every action is a plain form too.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address;
use super::panel::opens;
use crate::auth::permission::Permission;
use crate::auth::server_functions::{FormReturn, PageContext};
use crate::error::{AppError, ErrorCode};
use crate::products::model::Product;
use crate::products::server_functions::{delete_product, restore_product, toggle_product};
use crate::ui::components::{Button, ButtonKind, Glyph, LinkButton, Toasts, use_toasts};

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Toggle,
    Delete,
    Restore,
}

impl Deed {
    /// Its name in the plain form.
    fn as_str(self) -> &'static str {
        match self {
            Deed::Toggle => "vente",
            Deed::Delete => "supprimer",
            Deed::Restore => "restaurer",
        }
    }
}

/// What the page of a product keeps while its data is read again.
#[derive(Clone, Copy)]
pub struct Deeds {
    doing: RwSignal<Option<Deed>>,
    /// Why the last thing was refused.
    pub refusal: RwSignal<Option<AppError>>,
    /// Whether the panel with the form is open.
    pub editing: RwSignal<bool>,
    toasts: Toasts,
    reload: RwSignal<u32>,
}

impl Deeds {
    /// For one page. `back`: a plain form that was refused, `reload`: counted up, reads the product again.
    pub fn new(back: FormReturn, reload: RwSignal<u32>) -> Self {
        Self {
            doing: RwSignal::new(None),
            refusal: RwSignal::new(back.error),
            editing: RwSignal::new(false),
            toasts: use_toasts(),
            reload,
        }
    }

    /// The form was saved.
    pub fn saved(self, product: &Product) {
        self.toasts.done(format!("{} est enregistré.", product.nom));
        self.refusal.set(None);
        self.reload.update(|n| *n += 1);
    }

    fn run(self, deed: Deed, product: &Product) {
        // Two presses are one.
        if self.doing.get_untracked().is_some() {
            return;
        }
        self.refusal.set(None);
        self.doing.set(Some(deed));
        let (id, version, nom) = (product.id, product.audit.version, product.nom.clone());
        spawn_local(async move {
            let answer = match deed {
                Deed::Toggle => toggle_product(id, version).await.map(|product| match product.is_active {
                    true => "est en vente",
                    false => "est retiré de la vente",
                }),
                Deed::Delete => delete_product(id, Some(version)).await.map(|()| "est supprimé"),
                Deed::Restore => restore_product(id).await.map(|_| "est restauré"),
            };
            // The page may be gone by then.
            if self.doing.try_set(None).is_some() {
                return;
            }
            match answer {
                Ok(_) if deed == Deed::Delete => self.offer_undo(id, &nom),
                Ok(said) => self.toasts.done(format!("{nom} {said}.")),
                Err(error) => {
                    if error.code == ErrorCode::Unauthenticated {
                        crate::ui::session::sign_in_again();
                    }
                    self.refusal.set(Some(error));
                }
            }
            self.reload.update(|n| *n += 1);
        });
    }

    fn offer_undo(self, id: crate::shared::ProductId, nom: &str) {
        let (toasts, reload, nom) = (self.toasts, self.reload, nom.to_owned());
        let said = format!("{nom} est supprimé.");
        self.toasts.undoable_later(said, move || {
            let nom = nom.clone();
            spawn_local(async move {
                match restore_product(id).await {
                    Ok(_) => toasts.done(format!("{nom} est restauré.")),
                    Err(error) => toasts.failed(error.detail),
                }
                // The page may be gone by then.
                let _ = reload.try_update(|n| *n += 1);
            });
        });
    }
}

/// The buttons of those who may.
#[component]
pub fn Actions(
    /// The product.
    product: Product,
    /// Carries them out.
    deeds: Deeds,
) -> impl IntoView {
    let user = expect_context::<PageContext>().user;
    let may = |permission| user.as_ref().is_some_and(|user| user.may(permission));
    if product.deletion.is_deleted {
        let restore = may(Permission::Restore).then(|| {
            view! {
                <Act product deeds deed=Deed::Restore kind=ButtonKind::Primary icon=Glyph::Undo text="Restaurer"/>
            }
        });
        return restore.into_any();
    }
    if !may(Permission::WriteProducts) {
        return ().into_any();
    }
    let (icon, text) =
        if product.is_active { (Glyph::EyeOff, "Retirer de la vente") } else { (Glyph::Eye, "Mettre en vente") };
    let edit = format!("{}/modifier", address(product.id));
    view! {
        {may(Permission::DeleteProducts)
            .then(|| {
                view! {
                    <Act
                        product=product.clone()
                        deeds
                        deed=Deed::Delete
                        kind=ButtonKind::Danger
                        icon=Glyph::Trash
                        text="Supprimer"
                    />
                }
            })}
        <Act product deeds deed=Deed::Toggle kind=ButtonKind::Secondary icon text/>
        <LinkButton
            href=edit
            kind=ButtonKind::Primary
            icon=Glyph::Pencil
            text="Modifier"
            on:click=opens(deeds.editing)
        />
    }
    .into_any()
}

/// One action: a button that is a form.
#[component]
fn Act(product: Product, deeds: Deeds, deed: Deed, kind: ButtonKind, icon: Glyph, text: &'static str) -> impl IntoView {
    let busy = Signal::derive(move || deeds.doing.get() == Some(deed));
    let (action, version) = (address(product.id), product.audit.version.to_string());
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        deeds.run(deed, &product);
    };
    view! {
        <form method="post" action=action on:submit=on_submit>
            <input type="hidden" name="action" value=deed.as_str()/>
            <input type="hidden" name="version" value=version/>
            <Button kind icon submit=true busy text/>
        </form>
    }
}
