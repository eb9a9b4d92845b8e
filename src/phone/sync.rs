//! Sending and reading: one page of a phone sends at a time, in order, again and again until the server has answered.

use std::time::Duration;

use leptos::prelude::*;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;

use super::data::{self, DATA_PATH, PhoneData};
use super::host;
use super::outbox::{Fate, Row, Trouble, backoff, fate, foresee, to_send};
use super::state::{Link, Phone, Session};

/// How often the server is asked while the page is in sight (milliseconds).
const EVERY: f64 = 60_000.0;

/// How long an answer may take until it is uncertain whether there is a network.
const SLOW: Duration = Duration::from_secs(5);

/// What is tried again and again, after longer and longer pauses.
#[derive(Debug, Clone, Copy, Default)]
struct Tries {
    failures: u32,
    not_before: f64,
}

impl Tries {
    fn are_due(self) -> bool {
        host::steady() >= self.not_before
    }

    fn fail(&mut self) {
        self.failures += 1;
        self.not_before = host::steady() + backoff(self.failures, js_sys::Math::random());
    }
}

/// When to try next.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    /// Under way.
    pub busy: bool,
    /// Asked for meanwhile: once more afterwards, and whether with reading.
    again: Option<bool>,
    /// Each with pauses of its own: that the server can be read does not mean that it takes what is sent.
    sending: Tries,
    reading: Tries,
    read_at: f64,
    /// Questions put so far, and whether the last one waits for its answer.
    asked: u32,
    waits: bool,
}

/// Sends what is due and reads, at once: the person or the network asks for it.
pub fn sync_now(phone: Phone) {
    phone.pace.update_value(|pace| {
        pace.sending = Tries::default();
        pace.reading = Tries::default();
    });
    sync(phone, true);
}

/// As [`sync_now`], for somebody who waits to be told what comes of it.
pub fn send_now(phone: Phone) {
    phone.asked.set(Some(true));
    sync_now(phone);
}

/// Every second: sends what has become due, and reads once a minute.
pub fn when_due(phone: Phone) {
    let pace = phone.pace.get_value();
    if pace.busy {
        return;
    }
    let read = host::is_seen() && pace.reading.are_due() && host::steady() - pace.read_at > EVERY;
    if read || something_due(phone) {
        sync(phone, read);
    }
}

fn something_due(phone: Phone) -> bool {
    let now = host::now();
    phone.session.get_untracked() == Session::Open
        && phone.pace.with_value(|pace| pace.sending.are_due())
        && phone.rows.with_untracked(|rows| can_leave(rows, now))
}

/// Whether anything of these may leave now.
pub fn can_leave(rows: &[Row], now: f64) -> bool {
    !to_send(rows, now).is_empty() || rows.iter().any(is_for_pictures)
}

fn is_for_pictures(row: &Row) -> bool {
    row.recue && row.ennui.is_none()
}

/// Sends what is due; reads when something was sent, or when asked to.
pub fn sync(phone: Phone, read: bool) {
    if phone.pace.with_value(|pace| pace.busy) {
        phone.pace.update_value(|pace| pace.again = Some(read || pace.again == Some(true)));
        return;
    }
    phone.pace.update_value(|pace| pace.busy = true);
    leptos::task::spawn_local(async move {
        let mut read = read;
        loop {
            if let Some(person) = phone.successor() {
                phone.belong_to(person).await;
            }
            let sent = phone.person.get_value() > 0 && something_due(phone) && send(phone).await;
            if read || sent || phone.session.get_untracked() != Session::Open {
                read_data(phone).await;
            }
            match phone.pace.try_update_value(|pace| pace.again.take()).flatten() {
                Some(again) => read = again,
                None => break,
            }
        }
        phone.pace.update_value(|pace| pace.busy = false);
        if phone.asked.get_untracked() == Some(true) {
            phone.asked.set(Some(false));
        }
    });
}

/// Something was answered; an answer that was on its way when the network went does not bring it back.
fn answered(phone: Phone) {
    phone.link.set(if host::is_online() { Link::Online } else { Link::Offline });
}

fn heard(phone: Phone, any_answer: bool) {
    if any_answer {
        answered(phone);
    } else {
        phone.link.set(Link::Offline);
    }
}

fn was_sent(phone: Phone) {
    answered(phone);
    phone.pace.update_value(|pace| pace.sending = Tries::default());
}

fn was_not_sent(phone: Phone, any_answer: bool) {
    heard(phone, any_answer);
    phone.pace.update_value(|pace| pace.sending.fail());
}

fn was_not_read(phone: Phone, any_answer: bool) {
    heard(phone, any_answer);
    phone.pace.update_value(|pace| {
        // Asked again after the pause: until then nobody knows whether there is a network again.
        pace.read_at = f64::NEG_INFINITY;
        pace.reading.fail();
    });
}

/// Whether the server answers, asked at once and beside anything else: somebody wants to leave for one of its pages.
pub async fn is_there(phone: Phone) -> bool {
    let answer = ask(phone, "GET", DATA_PATH, "", &JsValue::NULL).await;
    heard(phone, answer.is_some());
    phone.link.get_untracked() == Link::Online
}

/// What the server itself answered: a gateway that does not reach it answers in its place.
fn of_the_server(answer: Option<(u16, String)>) -> Option<(u16, String)> {
    answer.filter(|(status, _)| !matches!(status, 502..=504))
}

/// Asks. While the answer takes its time, nobody is told that there is a network.
async fn ask(phone: Phone, method: &str, path: &str, kind: &str, body: &JsValue) -> Option<(u16, String)> {
    let mut number = 0;
    phone.pace.update_value(|pace| {
        pace.asked += 1;
        pace.waits = true;
        number = pace.asked;
    });
    set_timeout(
        move || {
            let waits = phone.pace.with_value(|pace| pace.waits && pace.asked == number);
            if waits && phone.link.get_untracked() == Link::Online {
                phone.link.set(Link::Unknown);
            }
        },
        SLOW,
    );
    let answer = host::ask(method, path, kind, body).await;
    // An older question says nothing about the newest.
    phone.pace.update_value(|pace| pace.waits &= pace.asked != number);
    of_the_server(answer)
}

/// What the server says; a session of another person turns the phone over to them.
async fn read_data(phone: Phone) {
    phone.pace.update_value(|pace| pace.read_at = host::steady());
    let named = host::last_person();
    let answer = ask(phone, "GET", DATA_PATH, "", &JsValue::NULL).await;
    // Somebody else has signed in meanwhile: what was answered is not about them.
    if host::last_person() != named {
        return phone.pace.update_value(|pace| pace.again = Some(true));
    }
    let told = matches!(answer, Some((200 | 401 | 403, _)));
    phone.unread.set(!told);
    let Some((status, text)) = answer else { return was_not_read(phone, false) };
    match status {
        200 => match data::json(&text).and_then(|told| PhoneData::read(&told)) {
            Some(data) => {
                answered(phone);
                phone.pace.update_value(|pace| pace.reading = Tries::default());
                let person = data.personne.id.0;
                if phone.person.get_value() != person {
                    host::remember_person(person as f64);
                    phone.belong_to(person).await;
                }
                phone.session.set(Session::Open);
                phone.keep_data(data).await;
                host::follow();
            }
            // The server is of another version: the new program is on its way.
            None => {
                host::look_for_version();
                phone.unread.set(true);
                was_not_read(phone, true);
            }
        },
        401 => {
            answered(phone);
            phone.session.set(Session::Ended);
        }
        403 => {
            answered(phone);
            phone.session.set(Session::Refused);
        }
        _ => was_not_read(phone, true),
    }
}

/// Whether anything was sent. Another page of this phone that is sending is left to it; the service worker gives way.
async fn send(phone: Phone) -> bool {
    let lock = host::lock().await;
    phone.elsewhere.set(lock.is_none());
    let Some(release) = lock else { return false };
    phone.sending.set(true);
    let mut sent = false;
    // What is in the database counts: the other page may have sent it.
    let mut rows = phone.reload_rows().await;
    loop {
        let batch: Vec<Row> = to_send(&rows, host::now()).into_iter().cloned().collect();
        if batch.is_empty() || !send_batch(phone, &batch).await {
            break;
        }
        sent = true;
        rows = phone.reload_rows().await;
    }
    for row in rows.into_iter().filter(is_for_pictures) {
        // One that failed is tried again after a pause, which what is read meanwhile would end.
        if !send_pictures(phone, row).await {
            break;
        }
        sent = true;
    }
    phone.reload_rows().await;
    phone.sending.set(false);
    // Fails for nothing: it is a function of ours.
    let _ = release.call0(&JsValue::NULL);
    host::tell_others();
    sent
}

/// Whether to go on.
async fn send_batch(phone: Phone, batch: &[Row]) -> bool {
    let mut body = json!({ "batch": { "envoye_le": host::now_text() } });
    body["batch"]["actions"] = batch.iter().map(|row| row.action.clone()).collect();
    // Not through `Display`, which would be a second printer.
    let Ok(body) = serde_json::to_string(&body) else { return false };
    let answer = ask(phone, "POST", "/_fn/send_actions", "application/json", &JsValue::from_str(&body)).await;
    let answers = match answer {
        Some((200, text)) => data::json(&text),
        other => {
            refused(phone, other.map(|(status, _)| status));
            return false;
        }
    };
    let answers = answers.as_ref().and_then(|told| told["resultats"].as_array());
    let Some(answers) = answers.filter(|answers| answers.len() == batch.len()) else {
        was_not_sent(phone, true);
        return false;
    };
    let mut moved = false;
    for (row, answer) in batch.iter().zip(answers) {
        moved |= settle(phone, row, answer).await;
    }
    // An answer that settles nothing is no success: it would end the pauses.
    if moved {
        was_sent(phone);
    } else {
        was_not_sent(phone, true);
    }
    moved
}

fn refused(phone: Phone, status: Option<u16>) {
    match status {
        // Reading says whether nobody is signed in, or somebody else.
        Some(401) => phone.session.set(Session::Ended),
        Some(403) => phone.session.set(Session::Refused),
        _ => {}
    }
    was_not_sent(phone, status.is_some());
}

/// Whether the answer settled anything. A row that cannot be written is sent again, which changes nothing.
async fn settle(phone: Phone, row: &Row, answer: &Value) -> bool {
    match fate(answer) {
        Fate::Taken => {
            if let (Some(mut data), Some(action)) = (phone.data.get_untracked(), row.read()) {
                if let Some(known) = data.tournee.items.iter_mut().find(|d| d.id == action.order_id) {
                    // The server has judged it already.
                    let _ = foresee(known, &action);
                }
                phone.keep_data(data).await;
            }
            let row = Row { recue: true, ..row.clone() };
            if row.preuves.is_empty() { host::drop(row.key, &[]).await.is_ok() } else { write(&row).await }
        }
        Fate::Stuck(trouble) => write(&Row { ennui: Some(trouble), ..row.clone() }).await,
        Fate::Later => false,
    }
}

/// Writes a row as it is now.
pub async fn write(row: &Row) -> bool {
    match serde_json::to_string(row) {
        Ok(text) => host::change_row(row.key, &text).await.is_ok(),
        Err(_) => false,
    }
}

/// Whether to go on with the next row.
async fn send_pictures(phone: Phone, mut row: Row) -> bool {
    while let Some(proof) = row.preuves.first().cloned() {
        let picture = host::read_picture(&proof.nom).await.unwrap_or(JsValue::UNDEFINED);
        // One that is not there any more was sent, and the page stopped before it could note it.
        if !picture.is_undefined() {
            let order = row.order_id();
            let path = format!("/commandes/{order}/preuves?type={}&tentative_id={}", proof.nature.as_str(), row.id());
            match of_the_server(host::ask("POST", &path, "", &picture).await) {
                Some((200 | 201, _)) => was_sent(phone),
                Some((400 | 404 | 409 | 413 | 415 | 422, text)) => {
                    let detail = data::json(&text).and_then(|error| data::text(&error["detail"]));
                    let detail = detail.unwrap_or_else(|| "Le serveur n'en a pas voulu.".to_owned());
                    row.ennui = Some(Trouble { code: "preuve_refusee".to_owned(), detail });
                    return write(&row).await;
                }
                other => {
                    refused(phone, other.map(|(status, _)| status));
                    return false;
                }
            }
        }
        row.preuves.remove(0);
        if !write(&row).await || host::forget_picture(&proof.nom).await.is_err() {
            return false;
        }
    }
    host::drop(row.key, &[]).await.is_ok()
}
