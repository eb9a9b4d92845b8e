//! The accounts of the demonstration, shown on the page that asks for them.

use leptos::prelude::*;

use crate::auth::demo::DEMO_ACCOUNTS;

/// The list, with buttons that fill in the form.
#[component]
pub fn DemoAccounts(
    /// The field of the address.
    email: RwSignal<String>,
    /// The field of the password.
    password: RwSignal<String>,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    let rows: Vec<_> = DEMO_ACCOUNTS
        .into_iter()
        .map(|(address, secret, role)| {
            view! {
                <li class="demo-account">
                    <div class="min-w-0">
                        <p class="font-medium">{role.label()}</p>
                        <p class="text-ink-soft text-sm demo-words">
                            <span>{address}</span>
                            <span class="text-ink-faint">" · "</span>
                            <span>{secret}</span>
                        </p>
                    </div>
                    // Needs JavaScript; its place is kept, so that nothing moves when it comes.
                    <button
                        type="button"
                        class="btn btn-secondary btn-small"
                        class:invisible=move || !ready.get()
                        aria-label=format!("Remplir avec {address}")
                        on:click=move |_| {
                            email.set(address.to_owned());
                            password.set(secret.to_owned());
                        }
                    >
                        "Remplir"
                    </button>
                </li>
            }
        })
        .collect();
    view! {
        <section class="demo" aria-labelledby="titre-demo">
            <h2 class="demo-title" id="titre-demo">
                "Comptes de démonstration"
            </h2>
            <ul>{rows}</ul>
        </section>
    }
}
