//! Writing down what happened at a door, with what it does to the lines and the stock, inside the transaction of
//! the change. The order's row is locked already, and stands at en_livraison.

use chrono::{DateTime, Utc};

use super::model::{AttemptBrief, AttemptLine, AttemptResult, Reason, is_suspect};
use crate::auth::context::WriteTx;
use crate::error::{AppError, AppResult};
use crate::shared::{Money, OrderId, Uuid};

/// An attempt to be written.
#[derive(Debug, Clone, Default)]
pub struct NewAttempt {
    /// Chosen by the phone.
    pub id: Option<Uuid>,
    /// Every line of the order; none: all of it was handed over.
    pub lignes: Vec<AttemptLine>,
    /// Why not all.
    pub motif: Option<Reason>,
    /// Anything to know.
    pub note: Option<String>,
    /// Who took it.
    pub receveur: Option<String>,
    /// Cash collected.
    pub montant_encaisse: Option<Money>,
    /// By the clock of the phone; none: now.
    pub survenu_le: Option<DateTime<Utc>>,
    /// How far that clock is behind, in seconds.
    pub decalage_s: i64,
}

impl NewAttempt {
    /// What it comes to. Quantities of a line that is not told are handed over.
    fn resultat(&self) -> AttemptResult {
        let (told, handed) = (self.lignes.iter(), self.lignes.iter().map(|line| line.remis).sum::<i64>());
        if told.clone().all(|line| line.comes_back() + line.abime == 0) {
            AttemptResult::Livree
        } else if handed > 0 {
            AttemptResult::Partielle
        } else {
            AttemptResult::Echec
        }
    }
}

/// Everything was handed over, as whoever changes the status by hand says.
pub async fn record_all(tx: &mut WriteTx, order: OrderId) -> AppResult<()> {
    record(tx, order, NewAttempt::default()).await.map(drop)
}

/// Writes an attempt. Where something was handed over, the lines say how much, and what was refused or missing
/// comes back into the stock; what was damaged does not. The order's own row is the caller's to change.
pub async fn record(tx: &mut WriteTx, order: OrderId, attempt: NewAttempt) -> AppResult<AttemptBrief> {
    let resultat = attempt.resultat();
    let columns = Columns::of(&attempt.lignes);
    let (num, id, survenu_le, synchronise_le): (i64, Uuid, DateTime<Utc>, DateTime<Utc>) = sqlx::query_as(
        "with a as (
             insert into tentatives (id, order_id, livreur_id, resultat, motif, note, receveur, montant_encaisse, survenu_le,
                                     decalage_s)
             select coalesce($2::text::uuid, gen_random_uuid()), o.id, o.livreur_id, $3, $4, $5, $6, $7, coalesce($8, now()), $9
             from orders o where o.id = $1
             returning num, id, survenu_le, synchronise_le
         )
         select num, id::text, survenu_le, synchronise_le from a",
    )
    .bind(order)
    .bind(attempt.id)
    .bind(resultat.as_str())
    .bind(attempt.motif.map(Reason::as_str))
    .bind(attempt.note)
    .bind(attempt.receveur)
    .bind(attempt.montant_encaisse)
    .bind(attempt.survenu_le)
    .bind(attempt.decalage_s)
    .fetch_one(&mut **tx)
    .await?;
    sqlx::query(
        "insert into tentative_lignes (tentative, item_id, remis, refuse, abime, manquant)
         select $1, i.id, coalesce(t.remis, i.quantity), coalesce(t.refuse, 0), coalesce(t.abime, 0), coalesce(t.manquant, 0)
         from order_items i
         left join unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
              as t(item_id, remis, refuse, abime, manquant) on t.item_id = i.id
         where i.order_id = $2 order by i.id",
    )
    .bind(num)
    .bind(order)
    .bind(&columns.items)
    .bind(&columns.remis)
    .bind(&columns.refuse)
    .bind(&columns.abime)
    .bind(&columns.manquant)
    .execute(&mut **tx)
    .await?;
    if resultat != AttemptResult::Echec {
        hand_over(tx, order, num).await?;
    }
    let decalage_s = attempt.decalage_s;
    Ok(AttemptBrief { id, resultat, survenu_le, synchronise_le, decalage_s, horloge_suspecte: is_suspect(decalage_s) })
}

/// The lines as columns, for `unnest`.
#[derive(Default)]
pub struct Columns {
    /// Lines.
    pub items: Vec<i64>,
    /// Handed over.
    pub remis: Vec<i64>,
    /// Not wanted.
    pub refuse: Vec<i64>,
    /// Damaged.
    pub abime: Vec<i64>,
    /// Missing.
    pub manquant: Vec<i64>,
}

impl Columns {
    /// Of these lines.
    pub fn of(lines: &[AttemptLine]) -> Self {
        let mut columns = Self::default();
        for line in lines {
            columns.items.push(line.item_id.0);
            columns.remis.push(line.remis);
            columns.refuse.push(line.refuse);
            columns.abime.push(line.abime);
            columns.manquant.push(line.manquant);
        }
        columns
    }
}

async fn hand_over(tx: &mut WriteTx, order: OrderId, num: i64) -> AppResult<()> {
    let lines = sqlx::query(
        "update order_items i set quantite_livree = l.remis
         from tentative_lignes l where l.tentative = $2 and i.order_id = $1 and i.id = l.item_id",
    )
    .bind(order)
    .bind(num)
    .execute(&mut **tx)
    .await?;
    if lines.rows_affected() == 0 {
        return Err(AppError::internal("an order without lines was handed over"));
    }
    sqlx::query(
        "with held as (
             select s.product_id, l.refuse + l.manquant as back
             from stocks s join order_items i on i.product_id = s.product_id
             join tentative_lignes l on l.item_id = i.id and l.tentative = $2
             where i.order_id = $1 and l.refuse + l.manquant > 0
             order by s.product_id for update of s
         )
         insert into stock_movements (product_id, type, quantite, order_id, motif)
         select product_id, 'retour', back, $1, 'Refusé ou manquant à la livraison' from held order by product_id",
    )
    .bind(order)
    .bind(num)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::OrderItemId;

    #[test]
    fn an_attempt_comes_to_what_its_lines_come_to() {
        let line = |remis, refuse, abime| AttemptLine { item_id: OrderItemId(1), remis, refuse, abime, manquant: 0 };
        let of = |lignes: Vec<AttemptLine>| NewAttempt { lignes, ..NewAttempt::default() }.resultat();
        assert_eq!(of(Vec::new()), AttemptResult::Livree);
        assert_eq!(of(vec![line(2, 0, 0)]), AttemptResult::Livree);
        assert_eq!(of(vec![line(2, 0, 0), line(0, 0, 1)]), AttemptResult::Partielle);
        assert_eq!(of(vec![line(0, 2, 0), line(0, 0, 1)]), AttemptResult::Echec);
    }
}
