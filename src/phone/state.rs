//! What the phone knows and shows, in signals; loading it from the phone's database.

use std::time::Duration;

use leptos::prelude::*;
use serde_json::Value;

use super::data::{PhoneData, json, list};
use super::draft::{Draft, Writing};
use super::host;
use super::outbox::{Row, Trouble};
use super::round::{Stop, stops};
use super::sync;
use crate::shared::OrderId;

/// Whether the server can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Nothing was answered yet, or not for a while.
    Unknown,
    /// It answered last time.
    Online,
    /// It did not.
    Offline,
}

/// Whether the server knows who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// It does, as far as is known.
    Open,
    /// One has to sign in again; everything is kept.
    Ended,
    /// This account delivers no more.
    Refused,
}

/// What was just done and can be taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// The rows.
    pub keys: Vec<u32>,
    /// What people read.
    pub text: String,
    /// Until when, by the phone's clock.
    pub until: f64,
}

impl Undo {
    /// Too late, or the clock was set back.
    fn is_over(&self, now: f64) -> bool {
        now >= self.until || self.until - now > 60_000.0
    }
}

/// What lies over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// Handing over.
    Deliver(OrderId),
    /// Telling a problem.
    Problem(OrderId),
    /// Giving up an action that was refused.
    Discard(u32),
}

/// Everything; as cheap to copy as a number.
#[derive(Clone, Copy)]
pub struct Phone {
    /// As the server last told it, with what it has taken since.
    pub data: RwSignal<Option<PhoneData>>,
    /// What the phone keeps of this person was read: before that, nothing is said of it.
    pub looked: RwSignal<bool>,
    /// The outbox.
    pub rows: RwSignal<Vec<Row>>,
    /// The order that the person chose.
    pub by_hand: RwSignal<Vec<OrderId>>,
    /// The stops as they are shown.
    pub stops: Memo<Vec<Stop>>,
    /// See [`Link`].
    pub link: RwSignal<Link>,
    /// What is due is on its way.
    pub sending: RwSignal<bool>,
    /// Another page of this phone was sending when this one wanted to.
    pub elsewhere: RwSignal<bool>,
    /// The person asked for sending: whether that is still under way.
    pub asked: RwSignal<Option<bool>>,
    /// The server could not be read when it was last asked.
    pub unread: RwSignal<bool>,
    /// See [`Session`].
    pub session: RwSignal<Session>,
    /// The phone's clock, while something counts down.
    pub now: RwSignal<f64>,
    /// See [`Undo`]; the newest last, which is shown.
    pub undo: RwSignal<Vec<Undo>>,
    /// See [`Sheet`].
    pub sheet: RwSignal<Option<Sheet>>,
    /// What was told before on the sheet that opens.
    pub draft: StoredValue<Draft, LocalStorage>,
    /// See [`Writing`].
    pub writing: StoredValue<Writing>,
    /// What became of each line, where handing over turned out to be a problem.
    pub told_lines: StoredValue<Vec<Value>>,
    /// The outbox is shown instead of the round.
    pub outbox_shown: RwSignal<bool>,
    /// What went wrong with the phone itself.
    pub notice: RwSignal<Option<String>>,
    /// A new version, or what it still needs of this page, waits until nothing is being done.
    pub version_waits: RwSignal<bool>,
    /// Whose data this is; 0 for nobody's yet.
    pub person: StoredValue<i64>,
    /// See [`sync`].
    pub pace: StoredValue<sync::Pace>,
}

impl Phone {
    /// Empty, and starting: what the phone keeps first, then what the server says.
    pub fn start() -> Self {
        let (data, rows, by_hand) = (RwSignal::new(None), RwSignal::new(Vec::new()), RwSignal::new(Vec::new()));
        let phone = Self {
            data,
            looked: RwSignal::new(false),
            rows,
            by_hand,
            stops: Memo::new(move |_| {
                data.with(|data: &Option<PhoneData>| {
                    data.as_ref().map(|data| rows.with(|rows| by_hand.with(|by_hand| stops(data, rows, by_hand))))
                })
                .unwrap_or_default()
            }),
            link: RwSignal::new(Link::Unknown),
            sending: RwSignal::new(false),
            elsewhere: RwSignal::new(false),
            asked: RwSignal::new(None),
            unread: RwSignal::new(false),
            session: RwSignal::new(Session::Open),
            now: RwSignal::new(host::now()),
            undo: RwSignal::new(Vec::new()),
            sheet: RwSignal::new(None),
            draft: StoredValue::new_local(Draft::default()),
            writing: StoredValue::new(Writing::default()),
            told_lines: StoredValue::new(Vec::new()),
            // The shortcut on the phone's own screen.
            outbox_shown: RwSignal::new(window().location().search().is_ok_and(|search| search == "?attente")),
            notice: RwSignal::new(None),
            version_waits: RwSignal::new(false),
            person: StoredValue::new(0),
            pace: StoredValue::new(sync::Pace::default()),
        };
        leptos::task::spawn_local(async move {
            let last = host::last_person() as i64;
            if last > 0 {
                phone.belong_to(last).await;
            }
            phone.watch();
            sync::sync(phone, true);
            host::install(move || phone.version_waits.set(true)).await;
        });
        phone
    }

    /// The phone of this component.
    pub fn here() -> Self {
        expect_context()
    }

    /// A stop, as long as it is there.
    pub fn stop(self, id: OrderId) -> Memo<Option<Stop>> {
        Memo::new(move |_| self.stops.with(|stops| stops.iter().find(|stop| stop.id() == id).cloned()))
    }

    /// Who has signed in on this phone, where that is somebody else than whose data are shown.
    pub fn successor(self) -> Option<i64> {
        Some(host::last_person() as i64).filter(|named| *named > 0 && *named != self.person.get_value())
    }

    fn show_nothing(self) {
        self.sheet.set(None);
        self.writing.update_value(Writing::stop);
        self.undo.set(Vec::new());
        self.looked.set(false);
        self.data.set(None);
        self.rows.set(Vec::new());
        self.by_hand.set(Vec::new());
    }

    /// Shows what is kept for this person, and nothing of anybody else.
    pub async fn belong_to(self, person: i64) {
        self.show_nothing();
        self.unread.set(false);
        self.person.set_value(person);
        if host::open_store(person as f64).await.is_err() {
            self.notice.set(Some("Ce téléphone ne garde rien : sans réseau, rien ne pourra être noté.".to_owned()));
            return;
        }
        // What another version wrote and cannot be read is asked for again.
        if let Some(data) = kept("donnees").await.and_then(|kept| PhoneData::read(&kept)) {
            self.data.set(Some(data));
        }
        let by_hand = kept("ordre").await.and_then(|kept| list(&kept, |id| id.as_i64().map(OrderId)));
        self.by_hand.set(by_hand.unwrap_or_default());
        self.reload_rows().await;
    }

    /// The outbox as it is in the database: another page may have written.
    pub async fn reload_rows(self) -> Vec<Row> {
        let Ok(kept) = host::rows().await else { return self.rows.get_untracked() };
        if self.successor().is_some() {
            return Vec::new();
        }
        let rows: Vec<Row> = kept.into_iter().map(|(key, text)| read_row(key, &text)).collect();
        if self.rows.with_untracked(|shown| *shown != rows) {
            let is_there = |key: &u32| rows.iter().any(|row| row.key == *key);
            self.undo.update(|undo| undo.retain(|undo| undo.keys.iter().any(is_there)));
            self.rows.set(rows.clone());
        }
        if !self.looked.get_untracked() {
            self.looked.set(true);
        }
        rows
    }

    /// Keeps what the server told.
    pub async fn keep_data(self, data: PhoneData) {
        if let Ok(text) = serde_json::to_string(&data) {
            // Full: it is asked for again at the next start.
            let _ = host::write_state("donnees", &text).await;
        }
        self.data.set(Some(data));
        self.drop_old_drafts().await;
    }

    /// Moves a stop by hand.
    pub fn put_in_order(self, ids: Vec<OrderId>) {
        let text = serde_json::to_string(&ids).unwrap_or_default();
        self.by_hand.set(ids);
        leptos::task::spawn_local(async move {
            // Not kept, it still holds until the page is left.
            let _ = host::write_state("ordre", &text).await;
        });
    }

    /// What happens around the page, and the clock.
    fn watch(self) {
        host::on_event(move |what| match what.as_str() {
            "coupure" => self.link.set(Link::Offline),
            "autre" => leptos::task::spawn_local(async move {
                self.reload_rows().await;
            }),
            // Closed next, perhaps: what waits is then sent without a page.
            "cache" if self.rows.with_untracked(|rows| !rows.is_empty()) => host::ask_sync(),
            "cache" => {}
            "vu" => {
                host::look_for_version();
                sync::sync_now(self);
            }
            // That somebody did something says nothing about sending.
            "nouvelles" => sync::sync(self, true),
            _ => sync::sync_now(self),
        });
        set_interval(move || self.tick(), Duration::from_secs(1));
    }

    /// What the clock changes.
    pub fn tick(self) {
        // In another page, or in this one before the browser brought it back. What is being sent ends first.
        if self.successor().is_some() {
            self.show_nothing();
            return sync::sync_now(self);
        }
        let now = host::now();
        // As last shown, too: once more when nothing is held any longer.
        let shown = self.now.get_untracked();
        let held = self.rows.with_untracked(|rows| rows.iter().any(|row| row.held(now) > 0.0 || row.held(shown) > 0.0));
        let undo = self.undo.with_untracked(|undo| !undo.is_empty());
        if held || undo {
            self.now.set(now);
        }
        if self.undo.with_untracked(|undo| undo.iter().any(|undo| undo.is_over(now))) {
            self.undo.update(|undo| undo.retain(|undo| !undo.is_over(now)));
        }
        let calm = !undo && self.sheet.with_untracked(Option::is_none);
        if calm && self.version_waits.get_untracked() && !self.pace.with_value(|pace| pace.busy) {
            self.version_waits.set(false);
            host::take_version();
            return;
        }
        sync::when_due(self);
    }
}

/// What is kept under a name.
pub async fn kept(name: &str) -> Option<Value> {
    json(&host::read_state(name).await.ok()?.as_string()?)
}

/// A row that cannot be read stays, and says so.
fn read_row(key: u32, text: &str) -> Row {
    Row::kept(key, text).unwrap_or_else(|| Row {
        key,
        action: Value::Null,
        titre: "Action illisible".to_owned(),
        due: 0.0,
        recue: false,
        preuves: Vec::new(),
        ennui: Some(Trouble {
            code: "illisible".to_owned(),
            detail: "Cette version du programme ne sait pas la lire.".to_owned(),
        }),
    })
}
