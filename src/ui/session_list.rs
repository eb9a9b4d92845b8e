//! Where somebody is signed in.

use leptos::prelude::*;

use crate::auth::model::SessionInfo;
use crate::auth::server_functions::PageContext;
use crate::shared::SessionId;
use crate::ui::components::{Badge, Glyph, Icon, Tone};

/// Sessions, the last used first; `end` draws the button that ends one.
#[component]
pub fn SessionList(
    /// The sessions.
    sessions: Vec<SessionInfo>,
    /// The button of each, but of the one that asks.
    #[prop(optional_no_strip)]
    end: Option<fn(SessionId) -> AnyView>,
) -> impl IntoView {
    let zone = expect_context::<PageContext>().zone;
    let rows = sessions
        .into_iter()
        .map(|session| {
            let name = device(&session);
            let since = format!("Ouverte le {}", zone.display(session.created_at));
            // When it was last seen is written once an hour: of the one that asks, better is known.
            let used = if session.courante {
                "active en ce moment".to_owned()
            } else {
                format!("dernière activité le {}", zone.display(session.last_seen_at))
            };
            let from = session.address.clone().map(|address| format!(" · {address}"));
            let action = match end {
                _ if session.courante => {
                    view! { <Badge tone=Tone::Teal icon=Glyph::Check text="Cette session"/> }.into_any()
                }
                Some(end) => end(session.id),
                None => ().into_any(),
            };
            view! {
                <li class="session">
                    <Icon of=if session.kind == "api" { Glyph::Server } else { Glyph::Monitor } size=20/>
                    <div class="session-what">
                        <p class="session-name">{name}</p>
                        <p class="session-when">{since} ", " {used} {from}</p>
                    </div>
                    {action}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="sessions">{rows}</ul> }
}

/// What a session is used on, in words: `Chrome sur Windows`.
pub fn device(session: &SessionInfo) -> String {
    let agent = session.user_agent.as_deref().unwrap_or_default();
    if session.kind == "api" {
        let program = agent.split(['/', ' ']).next().filter(|name| !name.is_empty());
        return program.map_or_else(|| "Programme (API)".to_owned(), |name| format!("Programme (API) : {name}"));
    }
    let named =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    // The order counts: each of them also names those that it wants to be taken for.
    let browser = named(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = named(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} sur {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Navigateur".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn named(kind: &str, agent: Option<&str>) -> String {
        let at = DateTime::UNIX_EPOCH;
        device(&SessionInfo {
            id: SessionId(1),
            kind: kind.into(),
            user_agent: agent.map(str::to_owned),
            address: None,
            created_at: at,
            last_seen_at: at,
            expires_at: at,
            courante: false,
        })
    }

    #[test]
    fn devices_are_named_as_people_know_them() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
        let edge = format!("{chrome} Edg/126.0");
        let iphone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Mobile Safari/604.1";
        assert_eq!(named("navigateur", Some(chrome)), "Chrome sur Windows");
        assert_eq!(named("navigateur", Some(&edge)), "Edge sur Windows");
        assert_eq!(named("navigateur", Some(iphone)), "Safari sur iPhone");
        assert_eq!(named("navigateur", None), "Navigateur");
        assert_eq!(named("api", Some("curl/8.5.0")), "Programme (API) : curl");
        assert_eq!(named("api", None), "Programme (API)");
    }
}
