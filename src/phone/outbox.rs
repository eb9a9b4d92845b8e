//! The outbox: what waits to be sent, in which order, and what an answer makes of it. Pure.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::data::{Attempt, Delivery, json, list, text, word};
use crate::deliveries::input::{Deed, Ordered, ValidAction};
use crate::deliveries::model::{ActionKind, ActionOutcome, AttemptResult, ProofKind, is_seen_by_staff};
use crate::error::AppResult;
use crate::orders::workflow::OrderStatus;
use crate::shared::{Money, OrderId};

/// How long an action can be undone (milliseconds).
pub const UNDO: f64 = 10_000.0;
/// Undoing ends so much before the action leaves (milliseconds): both at once cannot be.
pub const GRACE: f64 = 500.0;
/// How long an action is held back (milliseconds). `sw.js` knows it too.
pub const HOLD: f64 = UNDO + GRACE;
/// How many actions are sent at once.
pub const BATCH: usize = 50;

/// A picture that is sent once its action has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptProof {
    /// Its name in the phone's database.
    pub nom: String,
    /// What it shows.
    pub nature: ProofKind,
}

/// Why an action was not taken: the person decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// The server's code.
    pub code: String,
    /// What people read.
    pub detail: String,
}

/// An action that waits, as the phone's database keeps it. `sw.js` reads `action`, `due`, `recue` and `ennui`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Its place in the outbox: the earlier, the lower.
    #[serde(skip)]
    pub key: u32,
    /// As it is sent, time and again the same.
    pub action: Value,
    /// Whom it is about, for a person who reads the list.
    pub titre: String,
    /// When it may leave, by the phone's clock (milliseconds since 1970).
    pub due: f64,
    /// The server has it; only its pictures are still to be sent.
    pub recue: bool,
    /// Its pictures.
    pub preuves: Vec<KeptProof>,
    /// Why it stays.
    pub ennui: Option<Trouble>,
}

impl KeptProof {
    fn read(kept: &Value) -> Option<Self> {
        Some(Self { nom: text(&kept["nom"])?, nature: word(&kept["nature"], ProofKind::parse)? })
    }
}

impl Row {
    /// What the phone's database keeps under `key`; none when it cannot be read.
    pub fn kept(key: u32, kept: &str) -> Option<Self> {
        let mut kept = json(kept)?;
        let trouble = &kept["ennui"];
        let ennui = match trouble.is_null() {
            true => None,
            false => Some(Trouble { code: text(&trouble["code"])?, detail: text(&trouble["detail"])? }),
        };
        Some(Self {
            key,
            titre: text(&kept["titre"])?,
            due: kept["due"].as_f64()?,
            recue: kept["recue"].as_bool()?,
            preuves: list(&kept["preuves"], KeptProof::read)?,
            ennui,
            action: kept["action"].take(),
        })
    }

    /// The action, read; it was checked before it was kept.
    pub fn read(&self) -> Option<ValidAction> {
        ValidAction::read(self.action.clone()).ok()
    }

    /// When it happened, and in short what was told with it; none when it cannot be read.
    pub fn told(&self) -> Option<(DateTime<Utc>, Vec<String>)> {
        let action = self.read()?;
        let mut told = Vec::new();
        if let Deed::Attempt(attempt) = action.deed {
            let in_part = !attempt.failed && !attempt.lignes.is_empty();
            let partly = in_part.then(|| AttemptResult::Partielle.label().to_owned());
            let why = attempt.motif.map(|motif| motif.label().to_owned());
            let [who, cash] = handed(attempt.receveur.as_ref(), attempt.montant_encaisse);
            told.extend([partly, why, who, cash, attempt.note].into_iter().flatten());
        }
        told.extend(self.preuves.iter().map(|proof| proof.nature.label().to_ascii_lowercase()));
        Some((action.survenu_le, told))
    }

    /// Which order it is about.
    pub fn order_id(&self) -> OrderId {
        OrderId(self.action["order_id"].as_i64().unwrap_or_default())
    }

    /// What is lost when the person gives it up, and who still learns of it.
    pub fn loss(&self) -> String {
        if self.recue {
            return "L'action est enregistrée ; ses photos ne seront jamais envoyées.".to_owned();
        }
        let seen = self.ennui.as_ref().is_some_and(|trouble| is_seen_by_staff(&trouble.code));
        let pictures = if self.preuves.is_empty() { "" } else { ", ni ses photos" };
        let learns = if seen && !self.action.is_null() {
            "Le bureau voit dans l'historique de la commande qu'elle a été refusée."
        } else {
            "Le bureau n'en voit rien : prévenez-le."
        };
        format!("Elle ne sera plus envoyée{pictures}. {learns}")
    }

    /// Its UUID.
    pub fn id(&self) -> &str {
        self.action["id"].as_str().unwrap_or_default()
    }

    /// What it does.
    pub fn kind(&self) -> Option<ActionKind> {
        ActionKind::parse(self.action["type"].as_str().unwrap_or_default())
    }

    /// How long it is still held back (milliseconds). A clock that was set back meanwhile holds nothing.
    pub fn held(&self, now: f64) -> f64 {
        let left = self.due - now;
        if left > HOLD + 1000.0 { 0.0 } else { left.max(0.0) }
    }

    /// Whether it can still be taken back.
    pub fn can_be_undone(&self, now: f64) -> bool {
        !self.recue && self.held(now) > GRACE
    }
}

/// Who took it and the cash collected, as people read them.
pub fn handed(receveur: Option<&String>, cash: Option<Money>) -> [Option<String>; 2] {
    [receveur.map(|who| format!("reçu par {who}")), cash.map(|cash| format!("{} encaissés", cash.display()))]
}

/// The actions that may leave now: in their order, none before an earlier one of the same delivery.
pub fn to_send(rows: &[Row], now: f64) -> Vec<&Row> {
    let mut stopped: Vec<OrderId> = Vec::new();
    let mut sent = Vec::new();
    for row in rows.iter().filter(|row| !row.recue) {
        let order = row.order_id();
        if stopped.contains(&order) {
            continue;
        }
        if row.ennui.is_some() || row.held(now) > 0.0 {
            stopped.push(order);
        } else if sent.len() < BATCH {
            sent.push(row);
        }
    }
    sent
}

/// Whether an earlier action of the same delivery was refused: this one waits until the person has decided about that.
pub fn waits_for_refused(rows: &[Row], row: &Row) -> bool {
    let before = rows.iter().take_while(|earlier| earlier.key != row.key);
    let mut refused = before.filter(|earlier| !earlier.recue && earlier.ennui.is_some());
    refused.any(|earlier| earlier.order_id() == row.order_id())
}

/// The rows that are taken back with these: whatever was done later to their deliveries, which rests on them. Only what
/// still can be.
pub fn to_undo<'a>(rows: &'a [Row], keys: &[u32], now: f64) -> Vec<&'a Row> {
    let mut orders: Vec<OrderId> = Vec::new();
    let mut undone = Vec::new();
    for row in rows.iter().filter(|row| row.can_be_undone(now)) {
        let order = row.order_id();
        if keys.contains(&row.key) || orders.contains(&order) {
            orders.push(order);
            undone.push(row);
        }
    }
    undone
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The server has it.
    Taken,
    /// The person decides.
    Stuck(Trouble),
    /// It is sent again.
    Later,
}

/// What an answer (`ActionAnswer`) makes of its row.
pub fn fate(answer: &Value) -> Fate {
    match word(&answer["statut"], ActionOutcome::parse) {
        Some(ActionOutcome::Appliquee | ActionOutcome::DejaConnue) => Fate::Taken,
        Some(outcome @ (ActionOutcome::Conflit | ActionOutcome::Invalide)) => Fate::Stuck(Trouble {
            code: text(&answer["code"]).unwrap_or_else(|| outcome.as_str().to_owned()),
            detail: text(&answer["detail"]).unwrap_or_else(|| outcome.label().to_owned()),
        }),
        // A word of another version: the new program is on its way.
        Some(ActionOutcome::Suspendue | ActionOutcome::Erreur) | None => Fate::Later,
    }
}

/// How long to wait after so many failures in a row (milliseconds); `luck` from 0 to 1, so that phones do not all
/// come back at the same instant.
pub fn backoff(failures: u32, luck: f64) -> f64 {
    let seconds = f64::from(2_u32.pow(failures.clamp(1, 8))).min(180.0);
    seconds * 1000.0 * (0.75 + luck / 2.0)
}

/// The delivery as it is once an action is carried out: what the phone shows before the server has answered. An
/// attempt that the server has told already changes nothing.
pub fn foresee(delivery: &mut Delivery, action: &ValidAction) -> AppResult<()> {
    let Deed::Attempt(told) = &action.deed else {
        delivery.statut = OrderStatus::EnLivraison;
        return Ok(());
    };
    if delivery.tentatives.iter().any(|known| known.id == action.id) {
        return Ok(());
    }
    let ordered: Vec<_> = delivery.items.iter().map(Ordered::from).collect();
    let lignes = told.lines(&ordered)?;
    let resultat = match told.failed {
        true => AttemptResult::Echec,
        false if lignes.iter().zip(&ordered).all(|(line, whole)| line.remis == whole.quantity) => AttemptResult::Livree,
        false => AttemptResult::Partielle,
    };
    if !told.failed {
        delivery.statut = OrderStatus::Livree;
        delivery.montant_a_encaisser = Money::ZERO;
    }
    delivery.tentatives.push(Attempt {
        id: action.id.clone(),
        resultat,
        motif: told.motif,
        note: told.note.clone(),
        receveur: told.receveur.clone(),
        montant_encaisse: told.montant_encaisse,
        survenu_le: action.survenu_le,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(key: u32, order: i64, due: f64) -> Row {
        Row {
            key,
            action: json!({"id": format!("0f8fad5b-d9cb-469f-a165-{key:012}"), "type": "prise_en_charge", "order_id": order,
                           "survenu_le": "2026-11-26T09:30:00+01:00"}),
            titre: String::new(),
            due,
            recue: false,
            preuves: Vec::new(),
            ennui: None,
        }
    }

    fn keys(rows: &[Row], now: f64) -> Vec<u32> {
        to_send(rows, now).iter().map(|row| row.key).collect()
    }

    #[test]
    fn an_action_waits_for_earlier_ones_of_its_delivery() {
        let mut rows = vec![row(1, 7, 0.0), row(2, 8, 5000.0), row(3, 7, 0.0), row(4, 8, 0.0)];
        assert_eq!(keys(&rows, 1000.0), [1, 3], "held back: so is what comes after it");
        assert_eq!(keys(&rows, 5000.0), [1, 2, 3, 4]);
        rows[0].ennui = Some(Trouble { code: "annulee".into(), detail: String::new() });
        assert_eq!(keys(&rows, 5000.0), [2, 4], "refused: what comes after it waits for the person");
        let waits = |rows: &[Row]| rows.iter().map(|row| waits_for_refused(rows, row)).collect::<Vec<_>>();
        assert_eq!(waits(&rows), [false, false, true, false]);
        rows[0].ennui = None;
        rows[0].recue = true;
        assert_eq!(keys(&rows, 5000.0), [2, 3, 4], "only its pictures are missing");
        assert_eq!(waits(&rows), [false; 4]);
        let many: Vec<_> = (0..120).map(|n| row(n, i64::from(n), 0.0)).collect();
        assert_eq!(keys(&many, 1.0).len(), BATCH);
    }

    #[test]
    fn what_rests_on_an_action_is_taken_back_with_it() {
        let now = 1_000_000.0;
        let mut rows: Vec<_> =
            [7, 8, 7, 9, 8, 7].iter().zip(1..).map(|(order, key)| row(key, *order, now + HOLD)).collect();
        let undone =
            |rows: &[Row], keys: &[u32]| to_undo(rows, keys, now).iter().map(|row| row.key).collect::<Vec<_>>();
        assert_eq!(undone(&rows, &[1]), [1, 3, 6], "of no other delivery");
        assert_eq!(undone(&rows, &[3]), [3, 6], "and nothing that came before");
        assert_eq!(undone(&rows, &[1, 2]), [1, 2, 3, 5, 6]);
        rows[0].due = now;
        assert!(undone(&rows, &[1]).is_empty(), "too late for it: what rests on it stays");
        assert_eq!(undone(&rows, &[1, 4]), [4]);
        rows[5].recue = true;
        assert_eq!(undone(&rows, &[3]), [3]);
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nothing() {
        let now = 1_000_000.0;
        let fresh = row(1, 7, now + HOLD);
        assert!(fresh.can_be_undone(now) && fresh.held(now) == HOLD);
        assert!(fresh.can_be_undone(now + 9_999.0), "ten whole seconds");
        assert!(!fresh.can_be_undone(now + UNDO) && fresh.held(now + UNDO) > 0.0 && fresh.held(now + HOLD) == 0.0);
        assert_eq!(fresh.held(now - 3_600_000.0), 0.0);
        let text = serde_json::to_string(&fresh).expect("text");
        assert_eq!(Row::kept(1, &text), Some(fresh));
        assert_eq!(Row::kept(1, "{}"), None);
    }

    #[test]
    fn giving_up_says_who_learns_of_it() {
        let mut row = row(1, 7, 0.0);
        for (code, words) in [
            ("annulee", "historique de la commande"),
            ("reassignee", "historique de la commande"),
            ("introuvable", "n'en voit rien"),
            ("champs_invalides", "n'en voit rien"),
        ] {
            row.ennui = Some(Trouble { code: code.into(), detail: String::new() });
            assert!(row.loss().contains(words), "{code}: {}", row.loss());
        }
        assert!(!row.loss().contains("photos"), "it has none");
        row.preuves.push(KeptProof { nom: "porte".into(), nature: ProofKind::Photo });
        assert!(row.loss().contains("ni ses photos"));
        row.recue = true;
        assert!(row.loss().contains("est enregistrée"));
        let unreadable = Row { action: Value::Null, recue: false, ..row };
        assert!(unreadable.loss().contains("n'en voit rien"));
    }

    #[test]
    fn what_waits_says_what_was_told() {
        let told = |more: Value| {
            let mut row = row(1, 7, 0.0);
            row.action.as_object_mut().expect("object").extend(more.as_object().expect("object").clone());
            row.preuves.push(KeptProof { nom: "porte".into(), nature: ProofKind::Photo });
            row.told().map(|(at, told)| (at.to_rfc3339(), told.join(" · ")))
        };
        let said = |more: Value| told(more).expect("readable").1;
        let at = "2026-11-26T08:30:00+00:00".to_owned();
        assert_eq!(told(json!({})), Some((at, "photo".into())));
        let whole = json!({"type": "livraison", "receveur": "Mme Perrin", "montant_encaisse": "5.50"});
        assert_eq!(said(whole), format!("reçu par Mme Perrin · {} encaissés · photo", Money(550).display()));
        let part = json!({"type": "livraison", "lignes": [{"item_id": 1, "remis": 1}]});
        assert_eq!(said(part), "Remise en partie · photo");
        let problem = json!({"type": "probleme", "motif": "absent", "note": "Volets fermés"});
        assert_eq!(said(problem), "Client absent · Volets fermés · photo");
        assert_eq!(told(json!({"type": "d'une autre version"})), None);
    }

    #[test]
    fn waiting_grows_and_ends() {
        assert_eq!(backoff(1, 0.5), 2000.0);
        assert_eq!(backoff(3, 0.5), 8000.0);
        assert_eq!(backoff(40, 0.5), 180_000.0);
        assert!(backoff(2, 0.0) < backoff(2, 1.0));
    }

    #[test]
    fn answers_decide() {
        let answer = |statut: &str| json!({"id": null, "order_id": 7, "statut": statut, "code": "annulee", "detail": "Annulée."});
        assert_eq!(fate(&answer("deja_connue")), Fate::Taken);
        assert_eq!(fate(&answer("suspendue")), Fate::Later);
        assert_eq!(fate(&answer("d'une autre version")), Fate::Later);
        let stuck = Trouble { code: "annulee".into(), detail: "Annulée.".into() };
        assert_eq!(fate(&answer("conflit")), Fate::Stuck(stuck));
    }
}
