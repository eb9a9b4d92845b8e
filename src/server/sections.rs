//! Which files a section of the client consists of, as its build wrote down: named in the answer's header, a
//! browser asks for them while it reads the page, not only once the first of them has been read and run.

use std::collections::HashMap;
use std::path::Path;

use http::{HeaderValue, header};
use leptos::prelude::{LeptosOptions, use_context};

use super::state::AppState;

/// Written by `scripts/wasm-split`.
const MANIFEST: &str = "__wasm_split_manifest.json";
const LINK: &str = "__wasm_split.______________________.js";

/// The values of `Link`, by section; none where the client is in one file.
#[derive(Debug, Default)]
pub struct SectionFiles(HashMap<String, HeaderValue>);

impl SectionFiles {
    /// What the site's folder says.
    pub fn read(options: &LeptosOptions) -> Self {
        let folder = &*options.site_pkg_dir;
        let manifest = Path::new(&*options.site_root).join(folder).join(MANIFEST);
        let read = std::fs::read(&manifest).unwrap_or_default();
        let sections: HashMap<String, Vec<String>> = serde_json::from_slice(&read).unwrap_or_default();
        Self(sections.into_iter().filter_map(|(section, files)| Some((section, links(folder, &files)?))).collect())
    }
}

/// The header for the files of one section.
fn links(folder: &str, files: &[String]) -> Option<HeaderValue> {
    let mut links = vec![format!("</{folder}/{LINK}>; rel=modulepreload")];
    links.extend(
        files.iter().map(|file| {
            format!("</{folder}/{file}.wasm>; rel=preload; as=fetch; type=\"application/wasm\"; crossorigin")
        }),
    );
    HeaderValue::from_str(&links.join(", ")).ok()
}

/// Names the files of a section in the answer to the page being drawn.
pub fn announce(section: &str) {
    let (Some(state), Some(response)) = (use_context::<AppState>(), use_context::<leptos_axum::ResponseOptions>())
    else {
        return;
    };
    if let Some(links) = state.sections.0.get(section) {
        response.append_header(header::LINK, links.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_named_with_all_its_files() {
        let site = tempfile::tempdir().expect("a folder");
        let folder = site.path().join("pkg/abc");
        std::fs::create_dir_all(&folder).expect("a folder in it");
        std::fs::write(folder.join(MANIFEST), r#"{"orders": ["shared", "split_orders"]}"#).expect("a manifest");
        let options = LeptosOptions::builder()
            .output_name("dashboard-fb")
            .site_root(site.path().to_string_lossy().into_owned())
            .site_pkg_dir("pkg/abc")
            .build();
        let files = SectionFiles::read(&options);
        let links = files.0.get("orders").and_then(|links| links.to_str().ok()).expect("the section");
        assert!(links.contains("</pkg/abc/shared.wasm>; rel=preload; as=fetch"), "{links}");
        assert!(links.contains("</pkg/abc/split_orders.wasm>"), "{links}");
    }

    #[test]
    fn a_client_in_one_file_names_nothing() {
        let options = LeptosOptions::builder().output_name("dashboard-fb").site_root("/nowhere").build();
        assert!(SectionFiles::read(&options).0.is_empty());
    }
}
