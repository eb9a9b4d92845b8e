//! Imports a file of products: all of it, or nothing.

use super::columns::Table;
use super::file::Sheet;
use super::model::{ImportReport, Outcome};
use super::plan::{Line, plan};
use super::{known, write};
use crate::auth::context::{Ctx, Opened, Saved};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, FieldError};
use crate::server::{replica, transaction};
use crate::shared::ImportId;

/// Faults that one answer names.
const MAX_FAULTS: usize = 1_000;

/// Imports a file; with `dry_run`, tells what would become of it and leaves everything as it is.
pub async fn import_products(
    ctx: &Ctx,
    sheet: Sheet,
    fichier: Option<String>,
    dry_run: bool,
) -> AppResult<Saved<ImportReport>> {
    ctx.require(Permission::WriteProducts)?;
    let table = Table::of(sheet)?;
    if dry_run {
        let mut tx = transaction::begin(&ctx.db, replica::SNAPSHOT).await?;
        let known = known::read(&mut tx, ctx, &table, false).await?;
        let lines = plan(&table, &known, ctx.shop.default_vat);
        return Ok(Saved { value: report(None, fichier, &lines), replayed: false });
    }
    let mut tx = match ctx.open_write::<ImportReport>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let known = known::read(&mut tx, ctx, &table, true).await?;
    let mut lines = plan(&table, &known, ctx.shop.default_vat);
    refuse_faults(&lines)?;
    let id = write::import(&mut tx, fichier.as_deref(), &mut lines).await?;
    tx.commit(report(Some(id), fichier, &lines)).await
}

/// How many lines have an outcome.
pub fn count(lines: &[Line], outcome: Outcome) -> i64 {
    lines.iter().filter(|line| line.outcome() == outcome).count() as i64
}

fn report(id: Option<ImportId>, fichier: Option<String>, lines: &[Line]) -> ImportReport {
    ImportReport {
        id,
        dry_run: id.is_none(),
        fichier,
        crees: count(lines, Outcome::Cree),
        modifies: count(lines, Outcome::Modifie),
        inchanges: count(lines, Outcome::Inchange),
        erreurs: count(lines, Outcome::Erreur),
        lignes: lines.iter().map(Line::report).collect(),
    }
}

/// One wrong line is enough for nothing to be imported.
fn refuse_faults(lines: &[Line]) -> AppResult<()> {
    let of_line = |line: &Line| {
        let ligne = line.ligne;
        line.errors
            .clone()
            .into_iter()
            .map(move |error| FieldError { champ: format!("lignes[{ligne}].{}", error.champ), ..error })
    };
    let mut faults: Vec<_> = lines.iter().flat_map(of_line).collect();
    if faults.is_empty() {
        return Ok(());
    }
    let all = faults.len();
    faults.truncate(MAX_FAULTS);
    let mut refusal = AppError::invalid(faults);
    refusal.detail = match all {
        1 => "Rien n'est importé : 1 erreur est à corriger.".to_owned(),
        _ if all > MAX_FAULTS => {
            format!("Rien n'est importé : {all} erreurs sont à corriger, dont voici les {MAX_FAULTS} premières.")
        }
        _ => format!("Rien n'est importé : {all} erreurs sont à corriger."),
    };
    Err(refusal)
}
