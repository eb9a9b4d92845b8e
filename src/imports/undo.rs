//! Takes an import back, unless what it wrote has served since.

use super::model::{Import, InTheWay, LaterImport};
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode, Member};
use crate::shared::ImportId;
use crate::shared::resource::{lock, reread};
use crate::shared::text::count;

/// Products that a sentence names; the answer has them all.
const NAMED: usize = 10;

/// Takes an import back: new products leave again, changed ones are as they were, stocks by movements.
pub async fn undo_import(ctx: &Ctx, id: ImportId) -> AppResult<Saved<Import>> {
    ctx.require(Permission::WriteProducts)?;
    let mut tx = match ctx.open_write::<Import>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(saved) => return Ok(saved),
    };
    let import: Import = lock(&mut tx, ctx, id.0).await?;
    if let Some(at) = import.undone_at {
        return Err(AppError::new(ErrorCode::StateConflict, "Cet import est déjà annulé.").with(Member::UndoneAt, at));
    }
    lock_rows(&mut tx, id).await?;
    let in_the_way = in_the_way(&mut tx, id).await?;
    if !in_the_way.is_empty() {
        let later = later_import(&mut tx, id, &in_the_way).await?;
        return Err(used(in_the_way, later));
    }
    move_stocks_back(&mut tx, id).await?;
    restore_values(&mut tx, id).await?;
    remove_created(&mut tx, id, ctx).await?;
    sqlx::query!("update imports set undone_at = now(), undone_by = $2 where id = $1", id.0, ctx.actor.user_id.0)
        .execute(&mut *tx)
        .await?;
    let import: Import = reread(&mut *tx, ctx, id.0).await?;
    tx.commit(import).await
}

/// The refusal that names what stands in the way, and the import whose undoing clears it.
pub fn used(products: Vec<InTheWay>, later: Option<LaterImport>) -> AppError {
    let names: Vec<&str> =
        products.iter().take(NAMED).map(|product| product.reference.as_deref().unwrap_or(&product.nom)).collect();
    let more = products.len().saturating_sub(NAMED) as i64;
    let more = if more > 0 { format!(" et {}", count(more, "autre", "autres")) } else { String::new() };
    let mut detail = format!("Ces produits ont été vendus, réservés ou modifiés depuis : {}{more}.", names.join(", "));
    if let Some(later) = &later {
        detail = format!("{detail} {}", later.advice());
    }
    let error = AppError::new(ErrorCode::ImportUsed, detail).with(Member::Products, products);
    match later {
        Some(later) => error.with(Member::LaterImport, later),
        None => error,
    }
}

/// The newest import since, not taken back, of the products in the way, where all of them are for what an import does:
/// a sale stays in the way whatever is taken back.
async fn later_import(tx: &mut WriteTx, id: ImportId, in_the_way: &[InTheWay]) -> AppResult<Option<LaterImport>> {
    if in_the_way.iter().any(|product| !matches!(product.raison.as_str(), "stock_modifie" | "modifie")) {
        return Ok(None);
    }
    let products: Vec<i64> = in_the_way.iter().map(|product| product.product_id.0).collect();
    let found = sqlx::query_as(
        "select i.id, i.fichier from imports i
         where i.id > $1 and i.undone_at is null
           and exists (select from import_lines l
                       where l.import_id = i.id and l.product_id = any($2) and l.resultat <> 'inchange')
         order by i.id desc limit 1",
    )
    .bind(id)
    .bind(products)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found)
}

/// Categories that products go back to, products, stocks: the order in which everybody locks.
async fn lock_rows(tx: &mut WriteTx, id: ImportId) -> AppResult<()> {
    sqlx::query!(
        "select id from categories where not is_deleted and id in
             (select (avant ->> 'category_id')::bigint from import_lines where import_id = $1 and resultat = 'modifie')
         order by id for share",
        id.0
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query!(
        "select id from products where id in
             (select product_id from import_lines where import_id = $1 and resultat <> 'inchange')
         order by id for update",
        id.0
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query!(
        "select product_id from stocks where product_id in
             (select product_id from import_lines where import_id = $1 and resultat <> 'inchange')
         order by product_id for update",
        id.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// The products that served since, each with the weightiest reason. A later import that was itself taken back left them
/// as they were: what it and its undoing wrote is known by its transaction, whose instant and author all its rows have.
async fn in_the_way(tx: &mut WriteTx, id: ImportId) -> AppResult<Vec<InTheWay>> {
    let found = sqlx::query_as(
        "with passing as (
             select created_at as at, created_by as par from imports where undone_at is not null
             union all select undone_at, undone_by from imports where undone_at is not null
         )
         select * from (
             select l.product_id, p.reference, p.nom, case
               when exists (select from stock_movements m where m.product_id = l.product_id and m.id > l.mouvement_id
                              and m.type = 'vente') then 'vendu'
               when s.quantite_reservee > l.reserve then 'reserve'
               when exists (select from order_items a join orders o on o.id = a.order_id
                            where a.product_id = l.product_id and not o.is_deleted
                              and (l.resultat = 'cree' or a.id > i.dernier_article or o.confirmed_at > i.created_at))
                    then 'commande'
               when exists (select from stock_movements m where m.product_id = l.product_id and m.id > l.mouvement_id
                              and not exists (select from passing t where (t.at, t.par) = (m.created_at, m.created_by)))
                    then 'stock_modifie'
               when exists (select from history h
                            where h.table_name = 'products' and h.row_id = l.product_id and h.seq > l.version
                              and not exists (select from passing t where (t.at, t.par) = (h.at, h.user_id)))
                 or exists (select from history h
                            where h.table_name = 'stocks' and h.row_id = l.product_id and h.seq > l.stock_version
                              and not exists (select from passing t where (t.at, t.par) = (h.at, h.user_id)))
                    then 'modifie'
               when exists (select from categories c where c.id = (l.avant ->> 'category_id')::bigint and c.is_deleted)
                    then 'categorie_supprimee'
               end as raison
             from import_lines l join imports i on i.id = l.import_id
             join products p on p.id = l.product_id join stocks s on s.product_id = l.product_id
             where l.import_id = $1 and l.resultat <> 'inchange' order by l.ligne
         ) judged where raison is not null",
    )
    .bind(id)
    .fetch_all(&mut **tx)
    .await?;
    Ok(found)
}

/// What came in goes out, what was adjusted is adjusted back. No stock moved since but forth and back, so all of it is
/// there.
async fn move_stocks_back(tx: &mut WriteTx, id: ImportId) -> AppResult<()> {
    sqlx::query!(
        "insert into stock_movements (product_id, type, quantite, motif)
         select back.product_id, case when back.resultat = 'cree' then 'sortie' else 'ajustement' end, back.gain, $2
         from (select product_id, resultat,
                      coalesce((avant ->> 'stock')::bigint, 0) - coalesce((apres ->> 'stock')::bigint, 0) as gain
               from import_lines where import_id = $1 and resultat <> 'inchange') back
         where back.gain <> 0 order by back.product_id",
        id.0,
        format!("Annulation de l'import n° {id}")
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The fields that the import changed, and no other.
async fn restore_values(tx: &mut WriteTx, id: ImportId) -> AppResult<()> {
    sqlx::query!(
        "update products p set
            reference = case when l.avant ? 'reference' then l.avant ->> 'reference' else p.reference end,
            nom = case when l.avant ? 'nom' then l.avant ->> 'nom' else p.nom end,
            description = case when l.avant ? 'description' then l.avant ->> 'description' else p.description end,
            prix = case when l.avant ? 'prix' then (l.avant ->> 'prix')::bigint else p.prix end,
            taux_tva = case when l.avant ? 'taux_tva' then (l.avant ->> 'taux_tva')::integer else p.taux_tva end,
            prix_achat = case when l.avant ? 'prix_achat' then (l.avant ->> 'prix_achat')::bigint else p.prix_achat end,
            category_id = case when l.avant ? 'category_id' then (l.avant ->> 'category_id')::bigint else p.category_id end,
            is_active = case when l.avant ? 'is_active' then (l.avant ->> 'is_active')::boolean else p.is_active end
         from import_lines l where l.import_id = $1 and l.resultat = 'modifie' and p.id = l.product_id",
        id.0
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update stocks s set seuil_alerte = (l.avant ->> 'seuil_alerte')::bigint
         from import_lines l
         where l.import_id = $1 and l.resultat = 'modifie' and l.avant ? 'seuil_alerte' and s.product_id = l.product_id",
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn remove_created(tx: &mut WriteTx, id: ImportId, ctx: &Ctx) -> AppResult<()> {
    sqlx::query!(
        "update products set is_deleted = true, deleted_at = now(), deleted_by = $2
         where id in (select product_id from import_lines where import_id = $1 and resultat = 'cree')",
        id.0,
        ctx.actor.user_id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
