//! What somebody likes on this machine: theme and folded menu, kept by the browser, never sent.

use leptos::prelude::*;

use crate::ui::components::Glyph;

/// Runs before the first paint, so that neither the colours nor the menu jump.
pub const EARLY_SCRIPT: &str = "try{var d=document.documentElement.dataset,t=localStorage.getItem('theme');\
if(t==='light'||t==='dark')d.theme=t;if(localStorage.getItem('menu')==='folded')d.menu='folded'}catch(e){}";

/// Which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Those of the machine.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The theme as the switches of this page show it; none until the page has woken up.
#[derive(Debug, Clone, Copy)]
pub struct ChosenTheme(pub RwSignal<Option<Theme>>);

impl Theme {
    /// All three, as one chooses them.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Theme::System => "Système",
            Theme::Light => "Clair",
            Theme::Dark => "Sombre",
        }
    }

    /// Its icon.
    pub fn icon(self) -> Glyph {
        match self {
            Theme::System => Glyph::Monitor,
            Theme::Light => Glyph::Sun,
            Theme::Dark => Glyph::Moon,
        }
    }

    fn word(self) -> Option<&'static str> {
        match self {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }

    /// What was chosen. Browser only.
    pub fn chosen() -> Theme {
        match shown("data-theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }
    }

    /// Shows and remembers this theme. Browser only.
    pub fn choose(self) {
        store("theme", "data-theme", self.word());
    }
}

/// Whether the menu is folded to icons. Browser only.
pub fn menu_is_folded() -> bool {
    shown("data-menu").as_deref() == Some("folded")
}

/// Folds or unfolds the menu, and remembers it. Browser only.
pub fn fold_menu(folded: bool) {
    store("menu", "data-menu", folded.then_some("folded"));
}

/// Read from the page: it holds also where the browser keeps nothing.
fn shown(attribute: &str) -> Option<String> {
    document().document_element()?.get_attribute(attribute)
}

fn store(name: &str, attribute: &str, word: Option<&str>) {
    // A browser that keeps nothing still shows the choice until the page is left: no failure here counts.
    let storage = window().local_storage().ok().flatten();
    let root = document().document_element();
    match word {
        Some(word) => {
            let _ = storage.map(|storage| storage.set_item(name, word));
            let _ = root.map(|root| root.set_attribute(attribute, word));
        }
        None => {
            let _ = storage.map(|storage| storage.remove_item(name));
            let _ = root.map(|root| root.remove_attribute(attribute));
        }
    }
}
