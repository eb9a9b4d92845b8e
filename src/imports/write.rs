//! Writes a plan that has no fault: a fixed number of statements, whatever the number of lines. The
//! triggers write the trail and apply the movements.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::model::Outcome;
use super::operations::count;
use super::plan::Line;
use crate::auth::context::WriteTx;
use crate::error::{AppError, AppResult};
use crate::shared::{ImportId, ProductId};

/// Writes everything; new products get their ids in `lines`.
pub async fn import(tx: &mut WriteTx, fichier: Option<&str>, lines: &mut [Line]) -> AppResult<ImportId> {
    let id = open(tx, fichier, lines).await?;
    // Told before new products have an id: it is what tells new lines from known ones.
    let outcomes: Vec<Outcome> = lines.iter().map(Line::outcome).collect();
    create(tx, lines).await?;
    update(tx, lines, &outcomes).await?;
    set_thresholds(tx, lines, &outcomes).await?;
    move_stocks(tx, id, lines, &outcomes).await?;
    keep_lines(tx, id, lines, &outcomes).await?;
    Ok(id)
}

async fn open(tx: &mut WriteTx, fichier: Option<&str>, lines: &[Line]) -> AppResult<ImportId> {
    let counted = |outcome| i32::try_from(count(lines, outcome)).unwrap_or(i32::MAX);
    // The products are locked: whatever is ordered of them from now on has a higher id.
    let id = sqlx::query_scalar!(
        "insert into imports (fichier, crees, modifies, inchanges, dernier_article)
         values ($1, $2, $3, $4, coalesce((select max(id) from order_items), 0)) returning id",
        fichier,
        counted(Outcome::Cree),
        counted(Outcome::Modifie),
        counted(Outcome::Inchange)
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(ImportId(id))
}

/// The lines of an outcome, each as an object with `more` in it.
fn rows(lines: &[Line], outcomes: &[Outcome], wanted: &[Outcome], more: impl Fn(&Line) -> Value) -> Value {
    let chosen = lines.iter().zip(outcomes).filter(|(_, outcome)| wanted.contains(outcome));
    Value::Array(chosen.map(|(line, _)| more(line)).collect())
}

fn with_id(line: &Line) -> Value {
    let mut row = line.after.clone();
    row.insert("id".to_owned(), json!(line.product));
    row.insert("gain".to_owned(), json!(gain(line)));
    Value::Object(row)
}

/// What the stock gains.
fn gain(line: &Line) -> i64 {
    let stock = |values: &super::plan::Values| values.get("stock").and_then(Value::as_i64).unwrap_or_default();
    stock(&line.after) - line.before.as_ref().map_or(0, stock)
}

async fn create(tx: &mut WriteTx, lines: &mut [Line]) -> AppResult<()> {
    let new: Vec<&mut Line> = lines.iter_mut().filter(|line| line.outcome() == Outcome::Cree).collect();
    let values: Value = new.iter().map(|line| Value::Object(line.after.clone())).collect();
    let made = sqlx::query!(
        r#"insert into products (reference, nom, description, prix, taux_tva, prix_achat, category_id, is_active)
           select r.reference, r.nom, r.description, r.prix, r.taux_tva, r.prix_achat, r.category_id, r.is_active
           from rows from (jsonb_to_recordset($1) as (reference text, nom text, description text, prix bigint,
                           taux_tva integer, prix_achat bigint, category_id bigint, is_active boolean))
                with ordinality as r(reference, nom, description, prix, taux_tva, prix_achat, category_id, is_active, place)
           order by r.place
           returning id, reference as "reference!""#,
        values
    )
    .fetch_all(&mut **tx)
    .await?;
    let ids: HashMap<String, i64> = made.into_iter().map(|row| (row.reference, row.id)).collect();
    for line in new {
        let reference = line.after.get("reference").and_then(Value::as_str).unwrap_or_default();
        let id = ids.get(reference).ok_or_else(|| AppError::internal("a product was not imported"))?;
        line.product = Some(ProductId(*id));
    }
    Ok(())
}

async fn update(tx: &mut WriteTx, lines: &[Line], outcomes: &[Outcome]) -> AppResult<()> {
    sqlx::query!(
        "update products p set reference = r.reference, nom = r.nom, description = r.description, prix = r.prix, taux_tva = r.taux_tva,
                prix_achat = r.prix_achat, category_id = r.category_id, is_active = r.is_active
         from jsonb_to_recordset($1) as r(id bigint, reference text, nom text, description text, prix bigint,
              taux_tva integer, prix_achat bigint, category_id bigint, is_active boolean)
         where p.id = r.id",
        rows(lines, outcomes, &[Outcome::Modifie], with_id)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn set_thresholds(tx: &mut WriteTx, lines: &[Line], outcomes: &[Outcome]) -> AppResult<()> {
    sqlx::query!(
        "update stocks s set seuil_alerte = r.seuil_alerte
         from jsonb_to_recordset($1) as r(id bigint, seuil_alerte bigint)
         where s.product_id = r.id and s.seuil_alerte <> r.seuil_alerte",
        rows(lines, outcomes, &[Outcome::Cree, Outcome::Modifie], with_id)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What was counted: an entry of a new product, an adjustment of a known one.
async fn move_stocks(tx: &mut WriteTx, id: ImportId, lines: &[Line], outcomes: &[Outcome]) -> AppResult<()> {
    let moved = |line: &Line| {
        let kind = if line.before.is_none() { "entree" } else { "ajustement" };
        json!({"id": line.product, "gain": gain(line), "type": kind})
    };
    sqlx::query!(
        "insert into stock_movements (product_id, type, quantite, motif)
         select r.id, r.type, r.gain, $2 from jsonb_to_recordset($1) as r(id bigint, type text, gain bigint)
         where r.gain <> 0 order by r.id",
        rows(lines, outcomes, &[Outcome::Cree, Outcome::Modifie], moved),
        format!("Import n° {id}")
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What each line did, and how its product stands now.
async fn keep_lines(tx: &mut WriteTx, id: ImportId, lines: &[Line], outcomes: &[Outcome]) -> AppResult<()> {
    let kept = lines.iter().zip(outcomes).map(|(line, outcome)| {
        let (avant, apres) = line.changed();
        json!({"ligne": line.ligne, "product_id": line.product, "reference": line.reference, "resultat": outcome,
               "avant": avant, "apres": apres})
    });
    sqlx::query!(
        "insert into import_lines (import_id, ligne, product_id, reference, resultat, avant, apres, version, stock_version,
                reserve, mouvement_id)
         select $1, r.ligne, r.product_id, r.reference, r.resultat, r.avant, r.apres, p.version, s.version,
                s.quantite_reservee,
                coalesce((select m.id from stock_movements m where m.product_id = r.product_id order by m.id desc limit 1), 0)
         from jsonb_to_recordset($2)
              as r(ligne integer, product_id bigint, reference text, resultat text, avant jsonb, apres jsonb)
         join products p on p.id = r.product_id join stocks s on s.product_id = r.product_id",
        id.0,
        kept.collect::<Value>()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
