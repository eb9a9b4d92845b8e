//! `wasm-split INPUT MAIN FOLDER NAME`: cuts the linked client INPUT into the part that every page loads (MAIN,
//! for wasm-bindgen, which calls it NAME) and, in FOLDER, one file a section, the link between them, and the
//! list from which the server names in a page the files that the page will ask for.
//!
//! The crate's own command does the same but for that list, without which each section would be asked for only
//! after the first part has been read.

use std::path::Path;

use eyre::{Result, WrapErr, bail};

/// Where leptos looks for them.
const LINK: &str = "./__wasm_split.______________________.js";
const MANIFEST: &str = "__wasm_split_manifest.json";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [input, main, folder, name] = args.as_slice() else {
        bail!("usage: wasm-split INPUT MAIN FOLDER NAME");
    };
    let wasm = std::fs::read(input).wrap_err_with(|| format!("cannot read {input}"))?;
    let script = format!("./{name}.js");
    let mut options = wasm_split_cli_support::Options::new(&wasm);
    options.output_dir = Path::new(folder);
    options.main_out_path = Path::new(main);
    options.main_module = &script;
    options.link_name = LINK;
    let split = wasm_split_cli_support::transform(options)?;
    let manifest = Path::new(folder).join(MANIFEST);
    std::fs::write(&manifest, serde_json::to_string(&split.prefetch_map)?)
        .wrap_err_with(|| format!("cannot write {}", manifest.display()))
}
