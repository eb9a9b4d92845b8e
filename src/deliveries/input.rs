//! What phones and people send of deliveries, checked. Both builds: the phone names the same faults as the server.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::model::{ActionKind, AttemptLine, MAX_ACTIONS, Reason};
use crate::error::{AppError, AppResult, FieldError};
use crate::orders::model::{MAX_LINES, MAX_QUANTITY, OrderItem};
use crate::shared::fields::Sent;
use crate::shared::money::Currency;
use crate::shared::{Fields, Money, OrderId, OrderItemId, Uuid};

/// The most cash one may collect, in as many decimals as the currency has.
pub fn max_cash() -> Money {
    Money(10_i64.pow(12 + u32::from(Currency::current().exponent)) - 1)
}

/// A batch, each of its actions still to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// When the phone sent it, by its own clock.
    pub envoye_le: Option<DateTime<Utc>>,
    /// The actions as they were sent.
    pub actions: Vec<Value>,
}

impl Batch {
    /// `{envoye_le?, actions: […]}`
    pub fn read(body: Value) -> AppResult<Self> {
        let mut f = Fields::of_body(body)?;
        let envoye_le = f.instant("envoye_le").value();
        let actions = f.elements("actions", MAX_ACTIONS);
        let actions = f.required("actions", actions);
        f.finish()?;
        Ok(Self { envoye_le, actions: actions.unwrap_or_default() })
    }
}

/// What was sent of a line. What is left out is the rest of its quantity (`refuse`) or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentLine {
    /// Its place among the lines that were sent.
    at: usize,
    item_id: OrderItemId,
    remis: i64,
    refuse: Option<i64>,
    abime: i64,
    manquant: i64,
}

/// Takes `lignes` out of what was sent; nothing is handed over `on_failure`, and need not be said.
fn read_lines(f: &mut Fields, on_failure: bool) -> Sent<Vec<SentLine>> {
    let mut places = 0..;
    f.list("lignes", MAX_LINES, |line| {
        let at = places.next()?;
        let item_id = line.id("item_id");
        let item_id = line.required("item_id", item_id);
        let remis = line.integer("remis", 0, if on_failure { 0 } else { MAX_QUANTITY });
        let remis = if on_failure { Some(remis.value().unwrap_or(0)) } else { line.required("remis", remis) };
        let mut part = |name: &str| line.integer(name, 0, MAX_QUANTITY).value();
        let (refuse, abime, manquant) = (part("refuse"), part("abime"), part("manquant"));
        Some(SentLine {
            at,
            item_id: item_id?,
            remis: remis?,
            refuse,
            abime: abime.unwrap_or(0),
            manquant: manquant.unwrap_or(0),
        })
    })
}

/// What an action does, besides whose and when.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// The order leaves with its livreur.
    TakeOver,
    /// Something, or nothing, was handed over.
    Attempt(ValidAttempt),
}

/// What happened at a door, as it was told.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ValidAttempt {
    /// A problem: nothing was handed over.
    pub failed: bool,
    /// Why not all.
    pub motif: Option<Reason>,
    /// Anything to know.
    pub note: Option<String>,
    /// Who took it.
    pub receveur: Option<String>,
    /// Cash collected.
    pub montant_encaisse: Option<Money>,
    /// The lines that were spoken of; none: everything, or nothing when it failed.
    pub lignes: Vec<SentLine>,
}

/// An action that cannot be wrong in itself (its order may still not allow it).
#[derive(Debug, Clone, PartialEq)]
pub struct ValidAction {
    /// Chosen by the phone: the same action has the same one.
    pub id: Uuid,
    /// Which order.
    pub order_id: OrderId,
    /// The version that was seen, where it matters to the sender.
    pub version: Option<i32>,
    /// When it happened, by the clock of the phone.
    pub survenu_le: DateTime<Utc>,
    /// What it does.
    pub deed: Deed,
}

/// What names an action, and its order, as far as they can be read; and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct BadAction {
    /// The action.
    pub id: Option<Uuid>,
    /// The order.
    pub order_id: Option<OrderId>,
    /// The faults.
    pub errors: Vec<FieldError>,
}

impl ValidAction {
    /// Its kind.
    pub fn kind(&self) -> ActionKind {
        match &self.deed {
            Deed::TakeOver => ActionKind::PriseEnCharge,
            Deed::Attempt(attempt) if attempt.failed => ActionKind::Probleme,
            Deed::Attempt(_) => ActionKind::Livraison,
        }
    }

    /// Checks what was sent; every fault at once.
    pub fn read(action: Value) -> Result<Self, BadAction> {
        let wrong = |id, order_id, error: AppError| BadAction { id, order_id, errors: error.errors };
        if !action.is_object() {
            let error = AppError::field("", "objet_attendu", "Un objet JSON est attendu.");
            return Err(wrong(None, None, error));
        }
        let mut f = Fields::of_body(action).map_err(|error| wrong(None, None, error))?;
        let id = f.uuid("id");
        let id = f.required("id", id);
        let kind = f.choice("type", ActionKind::parse, &ActionKind::names());
        let kind = f.required("type", kind);
        let order_id = f.id::<OrderId>("order_id");
        let order_id = f.required("order_id", order_id);
        let version = f.integer("version", 1, i64::from(i32::MAX)).value().and_then(|v| i32::try_from(v).ok());
        let survenu_le = f.instant("survenu_le");
        let survenu_le = f.required("survenu_le", survenu_le);
        let deed = match kind {
            Some(ActionKind::PriseEnCharge) => Some(Deed::TakeOver),
            Some(kind) => Some(Deed::Attempt(read_attempt(&mut f, kind == ActionKind::Probleme))),
            None => {
                // Of a kind that nobody knows, no field is unexpected.
                f.ignore(&["motif", "note", "receveur", "montant_encaisse", "lignes"]);
                None
            }
        };
        f.finish().map_err(|error| wrong(id.clone(), order_id, error))?;
        match (id, order_id, survenu_le, deed) {
            (Some(id), Some(order_id), Some(survenu_le), Some(deed)) => {
                Ok(Self { id, order_id, version, survenu_le, deed })
            }
            (id, order_id, ..) => Err(BadAction { id, order_id, errors: Vec::new() }),
        }
    }
}

fn read_attempt(f: &mut Fields, failed: bool) -> ValidAttempt {
    let motif = f.choice("motif", Reason::parse, &Reason::names());
    let motif = if failed { f.required("motif", motif) } else { motif.value() };
    let note = f.paragraph("note", 5_000).value();
    if failed && motif == Some(Reason::Autre) && note.is_none() {
        f.refuse("note", "obligatoire", "Dites ce qui s'est passé.");
    }
    let (receveur, montant_encaisse) = if failed {
        (None, None)
    } else {
        (f.line("receveur", 200).value(), f.money("montant_encaisse", max_cash()).value())
    };
    let lignes = read_lines(f, failed).value().unwrap_or_default();
    ValidAttempt { failed, motif, note, receveur, montant_encaisse, lignes }
}

/// A correction: the lines that were not as it was believed, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidCorrection {
    /// Why.
    pub motif: String,
    /// The lines; those that are not named stay as they are.
    pub lignes: Vec<SentLine>,
}

/// What is wrong with a correction in itself, and its lines as far as they can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct BadCorrection {
    errors: Vec<FieldError>,
    lignes: Vec<SentLine>,
}

impl BadCorrection {
    /// Every fault at once, those of lines that do not fit the order among them. `lines` is empty where there is
    /// nothing to hold them against: the order was not delivered, or is not there.
    pub fn against(self, lines: &[Ordered]) -> AppError {
        let mut errors = self.errors;
        if !lines.is_empty()
            && let Err(more) = against(lines, &self.lignes)
        {
            errors.extend(more.errors);
        }
        AppError::invalid(errors)
    }
}

impl ValidCorrection {
    /// `{motif, lignes: [{item_id, remis, refuse?, abime?, manquant?}]}`
    pub fn read(body: Value) -> Result<Self, BadCorrection> {
        let sent = body["lignes"].as_array();
        let none = sent.is_some_and(Vec::is_empty);
        // What is no line is not counted among them: the places of the others would be wrong.
        let in_place = sent.is_some_and(|lines| lines.iter().all(Value::is_object));
        let wrong = |error: AppError, lignes| BadCorrection { errors: error.errors, lignes };
        let mut f = Fields::of_body(body).map_err(|error| wrong(error, Vec::new()))?;
        let motif = f.paragraph("motif", 5_000);
        let motif = f.required("motif", motif);
        let lignes = read_lines(&mut f, false);
        let lignes = f.required("lignes", lignes).unwrap_or_default();
        if none {
            f.refuse("lignes", "obligatoire", "Indiquez au moins une ligne.");
        }
        match f.finish() {
            Ok(()) => Ok(Self { motif: motif.unwrap_or_default(), lignes }),
            Err(error) => Err(wrong(error, if in_place { lignes } else { Vec::new() })),
        }
    }
}

/// A line of an order as far as its quantities go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered {
    /// The line.
    pub item_id: OrderItemId,
    /// What it is called.
    pub nom: String,
    /// Ordered.
    pub quantity: i64,
}

impl From<&OrderItem> for Ordered {
    fn from(item: &OrderItem) -> Self {
        Self { item_id: item.id, nom: item.product_nom.clone(), quantity: item.quantity }
    }
}

/// What was sent, held against the lines of the order: each once, each adding up. Only those that were named.
pub fn against(lines: &[Ordered], sent: &[SentLine]) -> AppResult<Vec<AttemptLine>> {
    let (mut told, mut errors) = (Vec::<AttemptLine>::new(), Vec::new());
    let mut refuse = |at: usize, name: &str, code: &str, message: String| {
        errors.push(FieldError { champ: format!("lignes[{at}]{name}"), code: code.into(), message });
    };
    for line in sent {
        let at = line.at;
        let Some(ordered) = lines.iter().find(|ordered| ordered.item_id == line.item_id) else {
            refuse(at, ".item_id", "inconnu", "Cette ligne n'est pas de cette commande.".into());
            continue;
        };
        if told.iter().any(|other| other.item_id == line.item_id) {
            refuse(at, ".item_id", "doublon", "Chaque ligne une seule fois.".into());
            continue;
        }
        let rest = ordered.quantity - line.remis - line.abime - line.manquant;
        if rest < 0 || line.refuse.is_some_and(|refuse| refuse != rest) {
            let sum = line.remis + line.abime + line.manquant + line.refuse.unwrap_or(0);
            let message = format!("« {} » : {} commandés, {sum} indiqués.", ordered.nom, ordered.quantity);
            refuse(at, "", "somme_incorrecte", message);
            continue;
        }
        told.push(AttemptLine {
            item_id: line.item_id,
            remis: line.remis,
            refuse: rest,
            abime: line.abime,
            manquant: line.manquant,
        });
    }
    if errors.is_empty() { Ok(told) } else { Err(AppError::invalid(errors)) }
}

impl ValidAttempt {
    /// What became of each line of the order. A line that was not spoken of was handed over whole, or, when nothing
    /// was, not taken; where no line was spoken of and the goods are damaged, all of them are.
    pub fn lines(&self, ordered: &[Ordered]) -> AppResult<Vec<AttemptLine>> {
        let told = against(ordered, &self.lignes)?;
        let damaged = self.lignes.is_empty() && self.motif == Some(Reason::Endommage);
        let whole = |line: &Ordered| {
            let (remis, refuse, abime) = match self.failed {
                false => (line.quantity, 0, 0),
                true if damaged => (0, 0, line.quantity),
                true => (0, line.quantity, 0),
            };
            AttemptLine { item_id: line.item_id, remis, refuse, abime, manquant: 0 }
        };
        let lines = ordered
            .iter()
            .map(|line| told.iter().find(|t| t.item_id == line.item_id).copied().unwrap_or_else(|| whole(line)));
        let lines: Vec<_> = lines.collect();
        if !self.failed && lines.iter().all(|line| line.remis == 0) {
            let message = "Rien n'est remis : c'est un problème (type « probleme »), avec son motif.";
            return Err(AppError::field("lignes", "rien_remis", message));
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

    fn action(kind: &str, more: Value) -> Value {
        let mut action = json!({"id": ID, "type": kind, "order_id": 7, "survenu_le": "2026-11-26T09:30:00+01:00"});
        action.as_object_mut().expect("object").extend(more.as_object().expect("object").clone());
        action
    }

    fn ordered() -> [Ordered; 2] {
        [("Thé", 1, 4), ("Miel", 2, 3)].map(|(nom, id, quantity)| Ordered {
            item_id: OrderItemId(id),
            nom: nom.into(),
            quantity,
        })
    }

    fn lines(kind: &str, more: Value) -> AppResult<Vec<[i64; 4]>> {
        let valid = ValidAction::read(action(kind, more)).expect("valid");
        let Deed::Attempt(attempt) = valid.deed else { panic!("an attempt") };
        let four = |l: AttemptLine| [l.remis, l.refuse, l.abime, l.manquant];
        Ok(attempt.lines(&ordered())?.into_iter().map(four).collect())
    }

    #[test]
    fn what_is_not_said_is_the_rest() {
        assert_eq!(lines("livraison", json!({})).expect("lines"), [[4, 0, 0, 0], [3, 0, 0, 0]]);
        let part = json!({"lignes": [{"item_id": 2, "remis": 1, "abime": 1}]});
        assert_eq!(lines("livraison", part).expect("lines"), [[4, 0, 0, 0], [1, 1, 1, 0]]);
        assert_eq!(lines("probleme", json!({"motif": "absent"})).expect("lines"), [[0, 4, 0, 0], [0, 3, 0, 0]]);
        assert_eq!(lines("probleme", json!({"motif": "endommage"})).expect("lines"), [[0, 0, 4, 0], [0, 0, 3, 0]]);
        let broken = json!({"motif": "endommage", "lignes": [{"item_id": 1, "abime": 4}]});
        assert_eq!(lines("probleme", broken).expect("lines"), [[0, 0, 4, 0], [0, 3, 0, 0]]);
    }

    #[test]
    fn lines_that_do_not_add_up_are_named() {
        let faults = |more: Value| {
            let error = lines("livraison", json!({ "lignes": more })).expect_err("faults");
            error.errors.into_iter().map(|e| (e.champ, e.code)).collect::<Vec<_>>()
        };
        let named = |path: &str, code: &str| vec![(path.to_owned(), code.to_owned())];
        assert_eq!(faults(json!([{"item_id": 1, "remis": 5}])), named("lignes[0]", "somme_incorrecte"));
        assert_eq!(faults(json!([{"item_id": 1, "remis": 3, "refuse": 0}])), named("lignes[0]", "somme_incorrecte"));
        assert_eq!(faults(json!([{"item_id": 9, "remis": 1}])), named("lignes[0].item_id", "inconnu"));
        assert_eq!(
            faults(json!([{"item_id": 1, "remis": 4}, {"item_id": 1, "remis": 4}])),
            named("lignes[1].item_id", "doublon")
        );
        assert_eq!(
            faults(json!([{"item_id": 1, "remis": 0}, {"item_id": 2, "remis": 0}])),
            named("lignes", "rien_remis")
        );
    }

    #[test]
    fn faults_of_an_action_are_all_named() {
        let bad =
            ValidAction::read(json!({"id": "x", "type": "livraison", "order_id": 3, "prix": 1})).expect_err("bad");
        let paths: Vec<_> = bad.errors.iter().map(|e| e.champ.as_str()).collect();
        assert_eq!((paths, bad.order_id), (vec!["id", "survenu_le", "prix"], Some(OrderId(3))));
        for (kind, more, path) in [
            ("probleme", json!({}), "motif"),
            ("probleme", json!({"motif": "autre"}), "note"),
            ("probleme", json!({"motif": "absent", "montant_encaisse": 3}), "montant_encaisse"),
            ("probleme", json!({"motif": "absent", "lignes": [{"item_id": 1, "remis": 1}]}), "lignes[0].remis"),
            ("livraison", json!({"montant_encaisse": "1.999"}), "montant_encaisse"),
            ("prise_en_charge", json!({"receveur": "Anne"}), "receveur"),
            ("annulation", json!({}), "type"),
        ] {
            let bad = ValidAction::read(action(kind, more)).expect_err(kind);
            assert_eq!(bad.errors.iter().map(|e| e.champ.as_str()).collect::<Vec<_>>(), [path], "{kind}");
        }
        assert!(ValidAction::read(json!(3)).is_err());
    }
}
