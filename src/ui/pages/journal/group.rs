//! The trail comes field by field; people read it request by request, and row by row within one.

use chrono::{DateTime, Utc};

use crate::history::model::{Action, Called, ToldChange};
use crate::shared::UserId;

/// What was done to one row at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Which table.
    pub table: String,
    /// Which row of it.
    pub row_id: i64,
    /// The version that was made.
    pub version: i32,
    /// The order of a line.
    pub parent_id: Option<i64>,
    /// What was done.
    pub action: Action,
    /// What the row is called.
    pub about: Option<Called>,
    /// Its fields.
    pub fields: Vec<ToldChange>,
}

/// What one request did.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub user_id: UserId,
    /// Their name.
    pub auteur: String,
    /// Its name, if it has one.
    pub id: Option<String>,
    /// The rows it changed.
    pub entries: Vec<Entry>,
}

/// Puts together what follows each other and belongs together.
pub fn grouped(changes: Vec<ToldChange>) -> Vec<Request> {
    let mut requests: Vec<Request> = Vec::new();
    for told in changes {
        let same_request = requests.last().is_some_and(|request| {
            request.id.is_some() && request.id == told.change.request_id && request.user_id == told.change.user_id
        });
        let same_row = requests.last().and_then(|request| request.entries.last()).is_some_and(|entry| {
            (entry.table.as_str(), entry.row_id, entry.version)
                == (told.change.table.as_str(), told.change.row_id, told.change.version)
        });
        if !same_request && !same_row {
            requests.push(Request {
                at: told.change.at,
                user_id: told.change.user_id,
                auteur: told.change.auteur.clone(),
                id: told.change.request_id.clone(),
                entries: Vec::new(),
            });
        }
        let Some(request) = requests.last_mut() else { continue };
        match request.entries.last_mut().filter(|_| same_row) {
            Some(entry) => entry.fields.push(told),
            None => request.entries.push(Entry {
                table: told.change.table.clone(),
                row_id: told.change.row_id,
                version: told.change.version,
                parent_id: told.change.parent_id,
                action: told.change.action,
                about: told.about.clone(),
                fields: vec![told],
            }),
        }
    }
    requests
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::model::Change;

    fn told(table: &str, row_id: i64, champ: &str, request: Option<&str>) -> ToldChange {
        let change = Change {
            id: 1,
            table: table.into(),
            row_id,
            parent_id: None,
            version: 1,
            action: Action::Modification,
            champ: Some(champ.into()),
            avant: None,
            apres: None,
            efface: false,
            at: DateTime::UNIX_EPOCH,
            user_id: UserId(2),
            auteur: "Anne".into(),
            request_id: request.map(str::to_owned),
        };
        ToldChange { change, about: None, avant: None, apres: None }
    }

    #[test]
    fn rows_of_one_request_stand_together() {
        let requests = grouped(vec![
            told("orders", 1, "statut", Some("r2")),
            told("orders", 1, "total", Some("r2")),
            told("order_items", 9, "quantity", Some("r2")),
            told("products", 3, "nom", Some("r1")),
            told("products", 4, "nom", None),
            told("products", 4, "prix", None),
            told("products", 5, "nom", None),
        ]);
        let rows: Vec<Vec<usize>> =
            requests.iter().map(|request| request.entries.iter().map(|entry| entry.fields.len()).collect()).collect();
        assert_eq!(rows, [vec![2, 1], vec![1], vec![2], vec![1]]);
    }
}
