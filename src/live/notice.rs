//! What servers tell each other: the changes, with what decides who may hear of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::model::{Changes, Topic};
use crate::auth::context::Actor;
use crate::auth::permission::{Permission, Role, allows};

/// PostgreSQL takes less than 8 000 bytes in one NOTIFY.
const PAYLOAD: usize = 7_900;

/// An event as the triggers write it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Written {
    /// The table.
    pub topic: String,
    /// The rows; none for any of them.
    pub ids: Option<Vec<i64>>,
    /// Of an order: who delivered it before and who does now.
    pub couriers: Option<Vec<Option<i64>>>,
}

/// Some events as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What changed.
    #[serde(rename = "c")]
    pub changes: Changes,
    /// The orders that concern a livreur.
    #[serde(rename = "l", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub couriers: BTreeMap<i64, BTreeSet<i64>>,
    /// Sessions that were ended; `None` for any of them.
    #[serde(rename = "s")]
    pub sessions: Option<BTreeSet<i64>>,
}

impl Default for Notice {
    fn default() -> Self {
        Self { changes: Changes::default(), couriers: BTreeMap::new(), sessions: Some(BTreeSet::new()) }
    }
}

impl Notice {
    /// Several events as one. Topics of tables that nobody follows are left out.
    pub fn of(events: impl IntoIterator<Item = Written>) -> Self {
        let mut notice = Self::default();
        for event in events {
            if event.topic == "sessions" {
                match (&mut notice.sessions, event.ids) {
                    (Some(all), Some(ids)) => all.extend(ids),
                    (all, _) => *all = None,
                }
            } else if let Some(topic) = Topic::ALL.iter().find(|topic| topic.table() == event.topic) {
                for courier in event.couriers.iter().flatten().flatten() {
                    notice.couriers.entry(*courier).or_default().extend(event.ids.iter().flatten());
                }
                notice.changes.add(*topic, event.ids);
            }
        }
        notice
    }

    /// As it goes through NOTIFY: where naming every row would be too long, whole topics are named.
    pub fn payload(mut self) -> String {
        loop {
            let text = serde_json::to_string(&self).unwrap_or_default();
            if text.len() < PAYLOAD {
                return text;
            }
            let size = |ids: &Option<BTreeSet<i64>>| ids.as_ref().map_or(0, BTreeSet::len);
            let longest =
                self.changes.0.iter().max_by_key(|(_, ids)| size(ids)).map(|(topic, ids)| (*topic, size(ids)));
            match longest {
                Some((topic, count)) if count > size(&self.sessions) => {
                    self.changes.0.insert(topic, None);
                    if topic == Topic::Orders {
                        self.couriers.clear();
                    }
                }
                _ if self.sessions.is_some() => self.sessions = None,
                _ => return r#"{"c":{},"s":null}"#.to_owned(),
            }
        }
    }

    /// The part that somebody may know of. Who sees all orders works at a desk and follows the catalogue too;
    /// a livreur hears of orders that are theirs or were until now.
    pub fn seen_by(&self, actor: &Actor) -> Changes {
        let mut seen = Changes::default();
        for (topic, ids) in &self.changes.0 {
            if may_follow(actor.role, *topic) {
                seen.add(*topic, ids.clone());
            } else if *topic == Topic::Orders && allows(actor.role, Permission::ReadOrders) {
                match (ids, self.couriers.get(&actor.user_id.0)) {
                    (None, _) => seen.add(*topic, None::<[i64; 0]>),
                    (Some(_), Some(own)) => seen.add(*topic, Some(own.iter().copied())),
                    (Some(_), None) => {}
                }
            }
        }
        seen
    }

    /// Whether somebody's session may have ended, or their account may have changed.
    pub fn may_end(&self, actor: &Actor) -> bool {
        self.sessions.as_ref().is_none_or(|ended| ended.contains(&actor.session_id.0))
            || self.changes.touches(Topic::Users, actor.user_id.0)
    }

    /// There is something to tell.
    pub fn says_something(&self) -> bool {
        !self.changes.is_empty() || self.sessions.as_ref().is_none_or(|ended| !ended.is_empty())
    }
}

fn may_follow(role: Role, topic: Topic) -> bool {
    let permission = match topic {
        Topic::Orders | Topic::Products | Topic::Categories => Permission::ReadAllOrders,
        Topic::Stocks => Permission::ReadStocks,
        Topic::Clients => Permission::ReadClients,
        Topic::Users => Permission::ManageUsers,
    };
    allows(role, permission)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::{SessionId, UserId};

    fn event(topic: &str, ids: Option<&[i64]>, couriers: &[Option<i64>]) -> Written {
        Written { topic: topic.into(), ids: ids.map(<[i64]>::to_vec), couriers: Some(couriers.to_vec()) }
    }

    fn actor(role: Role, user: i64) -> Actor {
        let (user_id, session_id) = (UserId(user), SessionId(user * 10));
        Actor { user_id, session_id, role, nom: String::new(), prenom: None, email: String::new() }
    }

    #[test]
    fn each_role_hears_of_what_it_may_see() {
        let notice = Notice::of([
            event("orders", Some(&[1]), &[None, Some(7)]),
            event("orders", Some(&[2]), &[Some(7), Some(8)]),
            event("orders", Some(&[3]), &[None]),
            event("stocks", Some(&[5]), &[]),
            event("users", Some(&[8]), &[]),
            event("sessions", Some(&[90]), &[]),
            event("imports", Some(&[1]), &[]),
        ]);
        let text = |role, user| serde_json::to_string(&notice.seen_by(&actor(role, user))).expect("json");
        assert_eq!(text(Role::Admin, 2), r#"{"commandes":[1,2,3],"stocks":[5],"utilisateurs":[8]}"#);
        assert_eq!(text(Role::Controleur, 3), r#"{"commandes":[1,2,3],"stocks":[5]}"#);
        assert_eq!(text(Role::SimpleUtilisateur, 4), r#"{"commandes":[1,2,3],"stocks":[5]}"#);
        assert_eq!(text(Role::Livreur, 7), r#"{"commandes":[1,2]}"#);
        assert_eq!(text(Role::Livreur, 8), r#"{"commandes":[2]}"#);
        assert_eq!(text(Role::Livreur, 9), "{}");
        assert!(notice.may_end(&actor(Role::Livreur, 8)) && notice.may_end(&actor(Role::Admin, 9)));
        assert!(!notice.may_end(&actor(Role::Admin, 2)));
        let all = Notice::of([event("orders", None, &[])]);
        assert_eq!(
            serde_json::to_string(&all.seen_by(&actor(Role::Livreur, 7))).expect("json"),
            r#"{"commandes":null}"#
        );
    }

    #[test]
    fn a_payload_always_fits() {
        let many: Vec<_> = (1_000_000..1_003_000).collect();
        let events = || many.iter().map(|id| event("orders", Some(&[*id]), &[Some(id % 9)]));
        let read = |payload: String| {
            assert!(payload.len() < 8_000, "{}", payload.len());
            serde_json::from_str::<Notice>(&payload).expect("a notice")
        };
        let orders = read(Notice::of(events().chain([event("stocks", Some(&[5]), &[])])).payload());
        assert!(orders.changes.touches(Topic::Orders, 1) && orders.changes.touches(Topic::Stocks, 5));
        assert!(!orders.changes.touches(Topic::Stocks, 6) && orders.couriers.is_empty());
        let sessions =
            read(Notice::of([event("sessions", Some(&many), &[]), event("stocks", Some(&[5]), &[])]).payload());
        assert!(sessions.may_end(&actor(Role::Admin, 2)) && !sessions.changes.touches(Topic::Stocks, 6));
        let few = Notice::of(events().take(3));
        assert_eq!(read(few.clone().payload()), few);
        assert!(few.says_something() && !Notice::default().says_something());
    }
}
