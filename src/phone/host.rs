//! What `host.js` gives: the browser's storage, network, locks and pictures.

use js_sys::{Array, Function};
use leptos::web_sys::{HtmlCanvasElement, HtmlInputElement};
use wasm_bindgen::prelude::*;

use crate::shared::OrderId;

/// Where the macro below looks for futures: js-sys has them now, a crate for them is not needed.
mod futures {
    pub use js_sys;
    pub use js_sys::futures::JsFuture;
}

#[wasm_bindgen(raw_module = "./host.js", wasm_bindgen_futures = crate::phone::host::futures)]
extern "C" {
    #[wasm_bindgen(catch)]
    pub async fn open_store(person: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn read_state(name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn write_state(name: &str, text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn read_rows() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn add_rows(texts: Array, names: Array, pictures: Array, orders: Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn change_row(key: u32, text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn drop_row(key: u32, names: Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn forget_drafts_but(orders: Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn forget_drafts(order: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn keep_picture(name: &str, picture: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn read_picture(name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn forget_picture(name: &str) -> Result<JsValue, JsValue>;
    pub fn last_person() -> f64;
    pub fn remember_person(person: f64);
    #[wasm_bindgen(catch)]
    async fn call(method: &str, path: &str, kind: &str, body: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn take_lock() -> Result<JsValue, JsValue>;
    pub fn tell_others();
    pub fn follow();
    fn listen(heard: &Closure<dyn FnMut(String)>);
    pub fn is_seen() -> bool;
    pub fn is_online() -> bool;
    pub fn is_apple() -> bool;
    #[wasm_bindgen(catch)]
    async fn start_worker(ready: &Closure<dyn FnMut()>) -> Result<JsValue, JsValue>;
    pub fn look_for_version();
    pub fn take_version();
    pub fn ask_sync();
    pub fn uuid() -> String;
    pub fn error_name(error: &JsValue) -> String;
    #[wasm_bindgen(catch)]
    pub async fn photo_of(input: HtmlInputElement, most: u32) -> Result<JsValue, JsValue>;
    pub fn address_of(picture: &JsValue) -> String;
    pub fn forget_address(address: &str);
    fn make_drawable(canvas: &HtmlCanvasElement, drawn: &Closure<dyn FnMut()>);
    #[wasm_bindgen(catch)]
    pub async fn draw_again(canvas: &HtmlCanvasElement, picture: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub async fn picture_of(canvas: HtmlCanvasElement) -> Result<JsValue, JsValue>;
}

fn texts<'a>(values: impl Iterator<Item = &'a str>) -> Array {
    values.map(JsValue::from_str).collect()
}

/// Now, by the phone's clock: milliseconds since 1970.
pub fn now() -> f64 {
    js_sys::Date::now()
}

/// Now, as it is sent.
pub fn now_text() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}

/// Milliseconds that no change of the clock disturbs.
pub fn steady() -> f64 {
    leptos::prelude::window().performance().map(|clock| clock.now()).unwrap_or_else(now)
}

/// The outbox, in its order: keys and texts.
pub async fn rows() -> Result<Vec<(u32, String)>, JsValue> {
    let flat: Vec<JsValue> = Array::from(&read_rows().await?).to_vec();
    let pair = |pair: &[JsValue]| match pair {
        [key, text] => Some((key.as_f64()? as u32, text.as_string()?)),
        _ => None,
    };
    Ok(flat.chunks(2).filter_map(pair).collect())
}

fn numbers(ids: impl Iterator<Item = OrderId>) -> Array {
    ids.map(|id| JsValue::from_f64(id.0 as f64)).collect()
}

/// Adds rows and named pictures, all or nothing; the rows' keys. What was a draft of their `orders` is none any more.
pub async fn add(
    rows: &[String],
    pictures: &[(String, JsValue)],
    orders: impl Iterator<Item = OrderId>,
) -> Result<Vec<u32>, JsValue> {
    let names = texts(pictures.iter().map(|(name, _)| name.as_str()));
    let blobs: Array = pictures.iter().map(|(_, picture)| picture.clone()).collect();
    let keys = add_rows(texts(rows.iter().map(String::as_str)), names, blobs, numbers(orders)).await?;
    Ok(Array::from(&keys).iter().filter_map(|key| key.as_f64()).map(|key| key as u32).collect())
}

/// Forgets the drafts of all but these orders.
pub async fn keep_drafts_of(orders: impl Iterator<Item = OrderId>) -> Result<(), JsValue> {
    forget_drafts_but(numbers(orders)).await.map(|_| ())
}

/// Takes a row and its pictures away.
pub async fn drop(key: u32, pictures: &[&str]) -> Result<(), JsValue> {
    drop_row(key, texts(pictures.iter().copied())).await.map(|_| ())
}

/// Status and text of an answer; none without a network.
pub async fn ask(method: &str, path: &str, kind: &str, body: &JsValue) -> Option<(u16, String)> {
    let answer = Array::from(&call(method, path, kind, body).await.ok()?);
    Some((answer.get(0).as_f64()? as u16, answer.get(1).as_string()?))
}

/// The right to send, which one page of this phone has at a time; what gives it back.
pub async fn lock() -> Option<Function> {
    take_lock().await.ok()?.dyn_into().ok()
}

/// Calls with the name of each thing that happens around the page, for as long as it is open.
pub fn on_event(heard: impl FnMut(String) + 'static) {
    let heard = Closure::new(heard);
    listen(&heard);
    heard.forget();
}

/// Installs the service worker; calls when a new version waits, and when one has taken over.
pub async fn install(ready: impl FnMut() + 'static) {
    let ready = Closure::new(ready);
    // Where there is none (an old browser, no TLS), the program needs a network to start.
    let _ = start_worker(&ready).await;
    ready.forget();
}

/// Lets a finger draw; calls at the end of each stroke.
pub fn drawable(canvas: &HtmlCanvasElement, drawn: impl FnMut() + 'static) {
    let drawn = Closure::new(drawn);
    make_drawable(canvas, &drawn);
    // As long as the canvas: a few bytes for each signature.
    drawn.forget();
}
