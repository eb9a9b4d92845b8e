//! What phones send: a batch of actions, each in a transaction of its own, each taken once, none dropped in silence.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::PgExecutor;

use super::attempts::{NewAttempt, record};
use super::input::{BadAction, Batch, Deed, Ordered, ValidAction, ValidAttempt};
use super::model::{
    ActionAnswer, ActionAnswers, ActionOutcome, AttemptBrief, AttemptResult, OrderState, is_seen_by_staff,
};
use crate::auth::context::{Ctx, Opened, Saved, WriteTx};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult, ErrorCode};
use crate::orders::model::Order;
use crate::orders::moves::{allowed_move, move_locked, set_status};
use crate::orders::workflow::OrderStatus;
use crate::shared::resource::{lock_if_there, reread};
use crate::shared::{OrderId, UserId, Uuid};

/// `{envoye_le?, actions}`: carries the actions out in their order. One that is not carried out stops those of the
/// same order that come after it in the batch.
pub async fn act(ctx: &Ctx, body: Value) -> AppResult<Saved<ActionAnswers>> {
    ctx.require(Permission::MoveOrders)?;
    let batch = Batch::read(body)?;
    // The key of the whole: a repetition gets the first answer. Its actions are safe without it.
    if ctx.idempotency.is_some()
        && let Opened::Replayed(first) = ctx.open_write::<ActionAnswers>().await?
    {
        return Ok(first);
    }
    let now: DateTime<Utc> = sqlx::query_scalar("select now()").fetch_one(&ctx.db).await?;
    let mut answers = Vec::with_capacity(batch.actions.len());
    let mut stopped: BTreeMap<OrderId, Option<Uuid>> = BTreeMap::new();
    for sent in batch.actions {
        let digest = Sha256::digest(sent.to_string().as_bytes()).to_vec();
        let answer = match ValidAction::read(sent) {
            Err(bad) => invalid(bad),
            Ok(action) => match stopped.get(&action.order_id) {
                Some(first) => suspended(&action, first.clone()),
                None => {
                    let told_at = batch.envoye_le.unwrap_or(action.survenu_le);
                    let told = Told { action: &action, digest: &digest, decalage_s: (now - told_at).num_seconds() };
                    one(ctx, &told).await
                }
            },
        };
        let carried_out = matches!(answer.statut, ActionOutcome::Appliquee | ActionOutcome::DejaConnue);
        if let (false, Some(order)) = (carried_out, answer.order_id) {
            stopped.entry(order).or_insert_with(|| answer.id.clone());
        }
        answers.push(answer);
    }
    let answers = ActionAnswers { resultats: answers };
    if ctx.idempotency.is_none() {
        return Ok(Saved { value: answers, replayed: false });
    }
    match ctx.open_write().await? {
        Opened::New(tx) => tx.commit(answers).await,
        Opened::Replayed(first) => Ok(first),
    }
}

/// An action as it was told: its digest, and how far the clock of the phone is behind, in seconds.
struct Told<'a> {
    action: &'a ValidAction,
    digest: &'a [u8],
    decalage_s: i64,
}

/// Why an action is not carried out.
enum Stop {
    /// What the order became meanwhile: its code, a sentence, and the order where the caller may see it.
    Conflict(&'static str, String, Option<OrderState>),
    /// Anything else.
    Refused(AppError),
}

impl<E: Into<AppError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

fn conflict(code: &'static str, detail: impl Into<String>, order: Option<&Order>) -> Stop {
    Stop::Conflict(code, detail.into(), order.map(state))
}

fn state(order: &Order) -> OrderState {
    OrderState {
        id: order.id,
        numero: order.numero.clone(),
        statut: order.statut,
        version: order.audit.version,
        total_livre: order.total_livre,
        montant_encaisse: order.montant_encaisse,
    }
}

fn answer(action: &ValidAction, statut: ActionOutcome) -> ActionAnswer {
    ActionAnswer {
        id: Some(action.id.clone()),
        order_id: Some(action.order_id),
        statut,
        code: None,
        detail: None,
        errors: Vec::new(),
        apres: None,
        commande: None,
        tentative: None,
    }
}

fn invalid(bad: BadAction) -> ActionAnswer {
    let error = AppError::invalid(bad.errors);
    ActionAnswer {
        id: bad.id,
        order_id: bad.order_id,
        statut: ActionOutcome::Invalide,
        code: Some(ErrorCode::Invalid.as_str().to_owned()),
        detail: Some(error.detail),
        errors: error.errors,
        apres: None,
        commande: None,
        tentative: None,
    }
}

fn suspended(action: &ValidAction, first: Option<Uuid>) -> ActionAnswer {
    ActionAnswer {
        code: Some("action_precedente".to_owned()),
        detail: Some("Une action précédente de cette livraison n'a pas été appliquée : celle-ci attend.".to_owned()),
        apres: first,
        ..answer(action, ActionOutcome::Suspendue)
    }
}

async fn one(ctx: &Ctx, told: &Told<'_>) -> ActionAnswer {
    let stop = match carry_out(ctx, told).await {
        Ok(answer) => return answer,
        Err(stop) => stop,
    };
    let refused = refusal(told.action, stop);
    let kept = refused.code.as_deref().is_some_and(is_seen_by_staff);
    if refused.statut != ActionOutcome::Conflit || !kept {
        return refused;
    }
    // A twin may have been carried out while this one was refused: then that was the answer.
    match keep_conflict(ctx, told, &refused).await {
        Ok(None) => refused,
        Ok(Some(first)) => first,
        Err(stop) => refusal(told.action, stop),
    }
}

fn refusal(action: &ValidAction, stop: Stop) -> ActionAnswer {
    let (statut, code, detail, errors, commande) = match stop {
        Stop::Conflict(code, detail, order) => (ActionOutcome::Conflit, code, detail, Vec::new(), order),
        Stop::Refused(error) => {
            let statut = match error.code {
                ErrorCode::Invalid => ActionOutcome::Invalide,
                code if code.status() >= 500 => ActionOutcome::Erreur,
                _ => ActionOutcome::Conflit,
            };
            (statut, error.code.as_str(), error.detail, error.errors, None)
        }
    };
    let (code, detail) = (Some(code.to_owned()), Some(detail));
    ActionAnswer { code, detail, errors, commande, ..answer(action, statut) }
}

/// What was answered to this action before; `None` when it may still be carried out.
async fn known(db: impl PgExecutor<'_>, user: UserId, told: &Told<'_>) -> Result<Option<ActionAnswer>, Stop> {
    let first: Option<(UserId, Vec<u8>, String, Option<Value>)> =
        sqlx::query_as("select user_id, body_digest, etat, reponse from livraison_actions where id = $1::text::uuid")
            .bind(told.action.id.as_str())
            .fetch_optional(db)
            .await?;
    let Some((owner, digest, etat, reponse)) = first else { return Ok(None) };
    if owner != user {
        return Err(conflict("autre_utilisateur", "Cette action est celle d'une autre personne.", None));
    }
    if digest != told.digest {
        let detail = "Cet identifiant a déjà servi à une action différente.";
        return Err(conflict("idempotence_conflit", detail, None));
    }
    if etat != "appliquee" {
        return Ok(None);
    }
    let first: ActionAnswer =
        serde_json::from_value(reponse.unwrap_or_default()).map_err(AppError::internal).map_err(Stop::Refused)?;
    Ok(Some(ActionAnswer { statut: ActionOutcome::DejaConnue, ..first }))
}

async fn carry_out(ctx: &Ctx, told: &Told<'_>) -> Result<ActionAnswer, Stop> {
    let action = told.action;
    if let Some(first) = known(&ctx.db, ctx.actor.user_id, told).await? {
        return Ok(first);
    }
    let ctx = Ctx { idempotency: None, if_match: action.version.into_iter().collect(), ..ctx.clone() };
    let mut tx = match ctx.open_write::<()>().await? {
        Opened::New(tx) => tx,
        Opened::Replayed(_) => return Err(AppError::internal("a write without a key was replayed").into()),
    };
    let Some(order) = lock_if_there::<Order>(&mut tx, &ctx, action.order_id.0).await? else {
        return Err(out_of_reach(&ctx, action.order_id).await?);
    };
    if let Some(first) = claim(&mut tx, ctx.actor.user_id, told).await? {
        return Ok(first);
    }
    let tentative = match &action.deed {
        Deed::TakeOver => {
            take_over(&mut tx, &ctx, &order).await?;
            None
        }
        Deed::Attempt(attempt) => Some(deliver(&mut tx, &ctx, &order, attempt, told).await?),
    };
    let order: Order = reread(&mut *tx, &ctx, order.id.0).await?;
    let applied = ActionAnswer { commande: Some(state(&order)), tentative, ..answer(action, ActionOutcome::Appliquee) };
    let kept = serde_json::to_value(&applied).map_err(AppError::internal)?;
    sqlx::query(
        "update livraison_actions set etat = 'appliquee', reponse = $2, reglee_le = now() where id = $1::text::uuid",
    )
    .bind(action.id.as_str())
    .bind(kept)
    .execute(&mut *tx)
    .await?;
    tx.commit(()).await?;
    Ok(applied)
}

/// Takes the action for this transaction. A twin under way is waited for, and its answer given.
async fn claim(tx: &mut WriteTx, user: UserId, told: &Told<'_>) -> Result<Option<ActionAnswer>, Stop> {
    let action = told.action;
    let taken = sqlx::query(
        "insert into livraison_actions (id, user_id, type, order_id, body_digest, etat, survenu_le, decalage_s)
         values ($1::text::uuid, $2, $3, $4, $5, 'en_cours', $6, $7) on conflict (id) do nothing",
    )
    .bind(action.id.as_str())
    .bind(user)
    .bind(action.kind().as_str())
    .bind(action.order_id)
    .bind(told.digest)
    .bind(action.survenu_le)
    .bind(told.decalage_s)
    .execute(&mut **tx)
    .await?;
    if taken.rows_affected() == 1 {
        return Ok(None);
    }
    if let Some(first) = known(&mut **tx, user, told).await? {
        return Ok(Some(first));
    }
    // Refused before: now it is judged anew.
    sqlx::query(
        "update livraison_actions set etat = 'en_cours', reponse = null, decalage_s = $2, reglee_le = now()
         where id = $1::text::uuid",
    )
    .bind(action.id.as_str())
    .bind(told.decalage_s)
    .execute(&mut **tx)
    .await?;
    Ok(None)
}

/// Keeps that somebody tried, and why it was refused. Gives the first answer when a twin was carried out meanwhile.
async fn keep_conflict(ctx: &Ctx, told: &Told<'_>, refused: &ActionAnswer) -> Result<Option<ActionAnswer>, Stop> {
    let action = told.action;
    let kept = serde_json::to_value(refused).map_err(AppError::internal)?;
    let written = sqlx::query(
        "insert into livraison_actions as a (id, user_id, type, order_id, body_digest, etat, reponse, survenu_le, decalage_s)
         values ($1::text::uuid, $2, $3, $4, $5, 'conflit', $6, $7, $8)
         on conflict (id) do update set reponse = excluded.reponse, decalage_s = excluded.decalage_s, reglee_le = now()
             where a.etat = 'conflit' and a.user_id = excluded.user_id and a.body_digest = excluded.body_digest",
    )
    .bind(action.id.as_str())
    .bind(ctx.actor.user_id)
    .bind(action.kind().as_str())
    .bind(action.order_id)
    .bind(told.digest)
    .bind(kept)
    .bind(action.survenu_le)
    .bind(told.decalage_s)
    .execute(&ctx.db)
    .await?;
    match written.rows_affected() {
        0 => known(&ctx.db, ctx.actor.user_id, told).await,
        _ => {
            ctx.live.wrote();
            Ok(None)
        }
    }
}

/// Why an order cannot be reached. Only who once had it learns what became of it.
async fn out_of_reach(ctx: &Ctx, id: OrderId) -> AppResult<Stop> {
    let found: Option<(Option<UserId>, String, bool)> = sqlx::query_as(
        "select o.livreur_id, o.statut, exists (select 1 from history h where h.table_name = 'orders' and h.row_id = o.id
                                                and (h.apres ->> 'livreur_id')::bigint = $2)
         from orders o where o.id = $1",
    )
    .bind(id)
    .bind(ctx.actor.user_id)
    .fetch_optional(&ctx.db)
    .await?;
    Ok(match found {
        Some((Some(livreur), statut, _)) if livreur == ctx.actor.user_id => match OrderStatus::parse(&statut) {
            Some(OrderStatus::Livree) => conflict("deja_livree", "Cette commande a déjà été livrée.", None),
            _ => conflict("annulee", "Cette commande a été annulée.", None),
        },
        Some((.., true)) => conflict("reassignee", "Cette livraison a été confiée à quelqu'un d'autre.", None),
        _ => conflict("introuvable", "Cette commande n'existe pas ou n'est plus visible.", None),
    })
}

/// What became of an order that can no longer be delivered.
fn ended(order: &Order) -> Option<Stop> {
    match order.statut {
        OrderStatus::Annulee => {
            Some(conflict("annulee", format!("La commande {} a été annulée.", order.numero), Some(order)))
        }
        OrderStatus::Livree => {
            Some(conflict("deja_livree", format!("La commande {} est déjà livrée.", order.numero), Some(order)))
        }
        _ => None,
    }
}

/// Refuses with where the order stands.
fn judged<T>(order: &Order, judged: AppResult<T>) -> Result<T, Stop> {
    judged.map_err(|error| match error.code {
        ErrorCode::IllegalTransition => conflict("transition_interdite", error.detail, Some(order)),
        ErrorCode::CourierRequired => conflict("livreur_requis", error.detail, Some(order)),
        ErrorCode::StaleVersion => conflict("version_perimee", error.detail, Some(order)),
        _ => Stop::Refused(error),
    })
}

async fn take_over(tx: &mut WriteTx, ctx: &Ctx, order: &Order) -> Result<(), Stop> {
    if let Some(stop) = ended(order) {
        return Err(stop);
    }
    judged(order, ctx.check_version(order.audit.version))?;
    // Somebody at a desk may have sent it off already: it is on its way with its livreur, as the phone says.
    if order.statut == OrderStatus::EnLivraison {
        return Ok(());
    }
    judged(order, move_locked(tx, ctx, order, OrderStatus::EnLivraison, None).await)
}

async fn deliver(
    tx: &mut WriteTx,
    ctx: &Ctx,
    order: &Order,
    attempt: &ValidAttempt,
    told: &Told<'_>,
) -> Result<AttemptBrief, Stop> {
    if let Some(stop) = ended(order) {
        return Err(stop);
    }
    // A failed attempt asks for what a delivery asks for: an order on its way, and who may hand it over.
    judged(order, allowed_move(ctx, order, OrderStatus::Livree))?;
    judged(order, ctx.check_version(order.audit.version))?;
    let ordered: Vec<_> = order.items.iter().map(Ordered::from).collect();
    let lignes = attempt.lines(&ordered)?;
    let new = NewAttempt {
        id: Some(told.action.id.clone()),
        lignes,
        motif: attempt.motif,
        note: attempt.note.clone(),
        receveur: attempt.receveur.clone(),
        montant_encaisse: attempt.montant_encaisse,
        survenu_le: Some(told.action.survenu_le),
        decalage_s: told.decalage_s,
    };
    let brief = record(tx, order.id, new).await?;
    if brief.resultat != AttemptResult::Echec {
        set_status(tx, OrderStatus::Livree, order.id, None, attempt.montant_encaisse).await?;
    }
    Ok(brief)
}
