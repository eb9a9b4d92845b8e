//! How one reaches a client: every way is one press.

use leptos::prelude::*;

use crate::clients::model::Client;
use crate::ui::components::{Card, Glyph, Icon};
use crate::ui::reach;

/// Phone, e-mail, address, and what to know.
#[component]
pub fn Contact(
    /// The client.
    client: Client,
) -> impl IntoView {
    let address =
        reach::address_lines(client.adresse.as_deref(), client.code_postal.as_deref(), client.ville.as_deref());
    let map = reach::map(client.latitude.zip(client.longitude), &address);
    let way = |href: String, icon: Glyph, text: &'static str| {
        view! {
            <a class="btn btn-secondary" href=href>
                <Icon of=icon/>
                <span>{text}</span>
            </a>
        }
    };
    let phone = client.telephone.clone();
    // Words in the place of a number call nobody.
    let dialled = phone.as_deref().filter(|number| number.contains(|c: char| c.is_ascii_digit()));
    let ways = view! {
        {dialled.map(|number| way(reach::tel(number), Glyph::Phone, "Appeler"))}
        {dialled.map(|number| way(reach::sms(number), Glyph::Phonebook, "SMS"))}
        {client.email.as_deref().map(|email| way(reach::mail(email), Glyph::Mail, "Écrire"))}
        {map
            .map(|to| {
                view! {
                    <a class="btn btn-secondary" href=to target="_blank" rel="noreferrer">
                        <Icon of=Glyph::MapPin/>
                        <span>"Carte"</span>
                    </a>
                }
            })}
    };
    let reachable = phone.is_some() || client.email.is_some() || !address.is_empty();
    let fact = |name: &'static str, value: Option<AnyView>| {
        let value = value.unwrap_or_else(|| view! { <span class="text-ink-faint">"–"</span> }.into_any());
        view! { <dt>{name}</dt><dd>{value}</dd> }
    };
    let lines = (!address.is_empty()).then(|| {
        let lines = address.iter().cloned().map(|line| view! { <span class="block">{line}</span> }).collect_view();
        view! { <address class="not-italic">{lines}</address> }.into_any()
    });
    view! {
        <Card title="Coordonnées">
            {reachable.then(|| view! { <div class="contact-ways">{ways}</div> })}
            <dl class="facts">
                {fact("Téléphone", phone.map(|number| reach::phone(&number).into_any()))}
                {fact("E-mail", client.email.clone().map(|email| email.into_any()))} {fact("Adresse", lines)}
            </dl>
        </Card>
        {client
            .notes
            .map(|notes| {
                view! {
                    <Card title="Notes">
                        <p class="order-notes">{notes}</p>
                    </Card>
                }
            })}
    }
}
