//! The trail: complete, unaltered, sealed, and telling the rows as they are.

use super::Check;
use crate::history::erase::ERASURE;
use crate::shared::SYSTEM_USER;

/// Audited tables and their keys.
const TABLES: [(&str, &str); 11] = [
    ("users", "id"),
    ("categories", "id"),
    ("products", "id"),
    ("clients", "id"),
    ("stocks", "product_id"),
    ("orders", "id"),
    ("order_items", "id"),
    ("tentatives", "num"),
    ("corrections", "id"),
    ("preuves", "id"),
    ("imports", "id"),
];

pub(super) fn checks(has_key: bool) -> Vec<Check> {
    let mut checks = vec![payloads(), erasures(), unsealed()];
    checks.extend(if has_key { vec![first_seals(), next_seals()] } else { vec![no_key()] });
    // The largest table first: the others are done while it is.
    for (table, key) in TABLES.into_iter().rev() {
        checks.extend([states(table, key), earlier_states(table, key), entries(table, key), orphans(table, key)]);
    }
    checks
}

const NAME: &str = "h.table_name || ' ' || h.row_id || ', entrée ' || h.seq";

/// The content of an entry is the one that its digest was made of, unless it was erased on purpose.
fn payloads() -> Check {
    Check::new(
        "historique_contenu",
        "Le contenu de l'historique n'a pas été modifié",
        "history",
        format!(
            "select {NAME}, encode(h.payload_digest, 'hex'),
                    coalesce(encode(history_payload_digest(h.salt, h.avant, h.apres), 'hex'), 'un contenu effacé')
             from history h
             where case when h.erased_at is null
                        then h.payload_digest is distinct from history_payload_digest(h.salt, h.avant, h.apres)
                        else num_nonnulls(h.salt, h.avant, h.apres) > 0 end"
        ),
    )
}

/// Content is erased with a person, which leaves a sealed entry of its own on the row; emptied without one, it was hidden.
fn erasures() -> Check {
    Check::new(
        "historique_effacement",
        "Le contenu effacé de l'historique l'a été avec la personne",
        "history",
        format!(
            "select {NAME}, 'un effacement de la personne', 'aucun'
             from history h
             where h.erased_at is not null and not exists (
                 select 1 from history e where e.table_name = h.table_name and e.row_id = h.row_id
                    and e.request_id = '{ERASURE}' and e.user_id = {SYSTEM_USER} and e.at <= h.erased_at)"
        ),
    )
}

fn unsealed() -> Check {
    Check::new(
        "historique_non_scelle",
        "Chaque entrée de l'historique est scellée",
        "history",
        format!("select {NAME}, 'un sceau', null from history h where h.digest is null"),
    )
}

fn no_key() -> Check {
    Check::new(
        "historique_cle",
        "La clef de l'historique est connue",
        "history",
        "select 'session', 'la clef (app.audit_key)', null::text",
    )
}

const SEAL: &str =
    "h.table_name, h.row_id, h.parent_id, h.seq, h.action, h.user_id, h.at, h.request_id, h.payload_digest";

/// First entries lean on nothing.
fn first_seals() -> Check {
    Check::new(
        "historique_sceau",
        "Le sceau de chaque première entrée est le bon",
        "history",
        format!(
            "select {NAME}, encode(history_digest(null, {SEAL}), 'hex'), encode(h.digest, 'hex')
             from history h where h.seq = 1 and h.digest <> history_digest(null, {SEAL})"
        ),
    )
}

/// Each other entry leans on the one before it.
fn next_seals() -> Check {
    Check::new(
        "historique_sceau",
        "Le sceau de chaque entrée suivante tient à la précédente",
        "history",
        format!(
            "select {NAME}, encode(history_digest(p.digest, {SEAL}), 'hex'), encode(h.digest, 'hex')
             from history h
             left join history p on p.table_name = h.table_name and p.row_id = h.row_id and p.seq = h.seq - 1
             where h.seq > 1 and h.digest is distinct from history_digest(p.digest, {SEAL}) and h.digest is not null"
        ),
    )
}

/// As many entries as the row has versions, numbered without a gap.
fn entries(table: &'static str, key: &str) -> Check {
    Check::new(
        "historique_entrees",
        "L'historique d'une ligne a autant d'entrées que de versions",
        table,
        format!(
            "select r.{key}::text, 'entrées 1 à ' || r.version::text,
                    coalesce(h.entries, 0)::text || ' entrées, la dernière ' || coalesce(h.last, 0)::text
             from {table} r
             left join (select row_id, count(*) as entries, max(seq) as last from history
                        where table_name = '{table}' group by row_id) h on h.row_id = r.{key}
             where h.entries is distinct from r.version or h.last is distinct from r.version"
        ),
    )
}

/// A trail without a row. Lines of orders are really deleted: their trail ends with that.
fn orphans(table: &'static str, key: &str) -> Check {
    let ended = if table == "order_items" {
        "having (array_agg(h.action order by h.seq desc))[1] <> 'suppression' or count(*) <> max(h.seq)"
    } else {
        ""
    };
    Check::new(
        "historique_orphelin",
        "Toute ligne qui a un historique existe, ou son historique dit qu'elle fut supprimée",
        table,
        format!(
            "select h.row_id::text, 'la ligne, ou sa suppression', count(*)::text || ' entrées, la dernière '
                        || max(h.seq)::text || ' : ' || (array_agg(h.action order by h.seq desc))[1]
             from history h
             where h.table_name = '{table}' and not exists (select from {table} r where r.{key} = h.row_id)
             group by h.row_id {ended}"
        ),
    )
}

/// The last entry tells the row as it is.
fn states(table: &'static str, key: &str) -> Check {
    Check::new(
        "historique_etat",
        "La dernière entrée de l'historique dit l'état de la ligne",
        table,
        format!(
            "select s.{key}::text, s.apres::text, s.state::text
             from (select r.{key}, r.version, h.apres,
                          case when r.version = 1 then jsonb_strip_nulls({table}_payload(r)) else {table}_payload(r) end as state
                   from {table} r join history h on h.table_name = '{table}' and h.row_id = r.{key} and h.seq = r.version
                   where h.erased_at is null) s
             where case when s.version = 1 then s.state is distinct from s.apres
                        else (s.state @> s.apres) is not true end"
        ),
    )
}

/// Takes the entries back one after the other, from the row as it is to its creation: each must
/// have found what the one before it left. Stops at an erased one.
fn earlier_states(table: &'static str, key: &str) -> Check {
    Check::new(
        "historique_reconstruction",
        "L'historique remonté depuis l'état actuel mène à la création",
        table,
        format!(
            "with recursive walk (row_id, seq, state) as (
                 select r.{key}, h.seq - 1, {table}_payload(r) || coalesce(h.avant, '{{}}')
                 from {table} r join history h on h.table_name = '{table}' and h.row_id = r.{key} and h.seq = r.version
                 where r.version > 1 and h.erased_at is null
                 union all
                 select w.row_id, h.seq - 1, w.state || coalesce(h.avant, '{{}}')
                 from walk w join history h on h.table_name = '{table}' and h.row_id = w.row_id and h.seq = w.seq
                 where h.seq > 1 and h.erased_at is null
             )
             select w.row_id::text || ', entrée ' || w.seq::text, w.state::text, h.apres::text
             from walk w join history h on h.table_name = '{table}' and h.row_id = w.row_id and h.seq = w.seq
             where h.erased_at is null
               and case when h.seq = 1 then h.apres is distinct from jsonb_strip_nulls(w.state)
                        else (w.state @> h.apres) is not true end"
        ),
    )
}
