//! What happened to an order, newest first.

use leptos::prelude::*;

use crate::auth::server_functions::PageContext;
use crate::deliveries::model::Proof;
use crate::orders::model::OrderEvent;
use crate::orders::workflow::OrderStatus;
use crate::ui::components::{Card, Glyph, Timeline, TimelineEntry, Tone};

/// Who did what when.
#[component]
pub fn Story(
    /// Newest first.
    events: Vec<OrderEvent>,
) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let entries = events
        .into_iter()
        .map(|event| {
            let (tone, icon) = mark(&event.texte);
            view! {
                <TimelineEntry
                    text=event.texte
                    author=event.auteur
                    at=zone.display(event.at)
                    datetime=event.at.to_rfc3339()
                    detail=event.detail
                    tone
                    icon
                >
                    <Facts faits=event.faits preuves=event.preuves/>
                </TimelineEntry>
            }
        })
        .collect_view();
    view! {
        <Card title="Historique">
            <Timeline label="Historique de la commande">{entries}</Timeline>
        </Card>
    }
}

/// What else is known of an event, and what proves it.
#[component]
fn Facts(faits: Vec<String>, preuves: Vec<Proof>) -> impl IntoView {
    let facts = faits.into_iter().map(|fact| view! { <li>{fact}</li> }).collect_view();
    let pictures = preuves
        .into_iter()
        .map(|proof| {
            let what = proof.nature.label();
            let href = format!("/commandes/{}/preuves/{}", proof.order_id, proof.id);
            if proof.efface {
                return view! { <span class="timeline-meta">{format!("{what} effacée")}</span> }.into_any();
            }
            let src = href.clone();
            view! {
                // A document of its own: the router is not to look for a page there.
                <a class="timeline-proof" href=href target="_blank" rel="external noopener">
                    <img src=src alt=what loading="lazy"/>
                </a>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <ul class="timeline-facts">{facts}</ul>
        <div class="timeline-proofs">{pictures}</div>
    }
}

/// The mark of an event: that of the status it speaks of.
fn mark(text: &str) -> (Tone, Glyph) {
    let words = text.to_lowercase();
    let speaks_of = |word: &str| words.contains(word);
    let status = if speaks_of("tentative") || speaks_of("non appliqué") {
        return (Tone::Amber, Glyph::Warning);
    } else if speaks_of("annul") {
        OrderStatus::Annulee
    } else if speaks_of("confiée") || speaks_of("livreur") {
        return (Tone::Slate, Glyph::User);
    } else if speaks_of("livrée") {
        OrderStatus::Livree
    } else if speaks_of("en livraison") || speaks_of("expédi") {
        OrderStatus::EnLivraison
    } else if speaks_of("prépar") {
        OrderStatus::EnPreparation
    } else if speaks_of("confirm") {
        OrderStatus::Confirmee
    } else {
        return (Tone::Slate, Glyph::Pencil);
    };
    (Tone::of_status(status), Glyph::of_status(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_carries_the_mark_of_its_status() {
        for (text, icon) in [
            ("Commande confirmée, articles réservés", Glyph::Confirmed),
            ("Confiée à Inès Fontaine", Glyph::User),
            ("Préparation commencée", Glyph::PackageOpen),
            ("Partie en livraison", Glyph::Truck),
            ("Livrée au client", Glyph::PackageCheck),
            ("Commande annulée", Glyph::Ban),
            ("Livrée en partie", Glyph::PackageCheck),
            ("Tentative de livraison sans remise", Glyph::Warning),
            ("Non appliqué : livraison", Glyph::Warning),
            ("Livraison corrigée", Glyph::Pencil),
            ("Commande créée", Glyph::Pencil),
        ] {
            assert_eq!(mark(text).1, icon, "{text}");
        }
    }
}
