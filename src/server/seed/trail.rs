//! The trail of what the seed writes: the entries that the triggers would have left, had they been
//! awake, with the instants at which things are told to have happened.

use sqlx::PgConnection;

use super::SeedError;

/// Tables whose rows the demo shop begins with.
pub(super) enum Created {
    Users,
    Categories,
    Products,
    Stocks,
    Clients,
}

/// The first entry of each row of one table whose key is in `$1`.
macro_rules! creations {
    ($table:literal, $key:literal) => {
        concat!(
            "insert into history (table_name, row_id, seq, action, user_id, at, apres, salt, payload_digest, digest)
             select '",
            $table,
            "', e.row_id, 1, 'creation', e.user_id, e.at, e.apres, e.salt, e.payload,
                    history_digest(null, '",
            $table,
            "', e.row_id, null, 1, 'creation', e.user_id, e.at, null, e.payload)
             from (select s.*, history_payload_digest(s.salt, null, s.apres) as payload
                   from (select r.",
            $key,
            " as row_id, r.created_by as user_id, r.created_at as at,
                                jsonb_strip_nulls(",
            $table,
            "_payload(r)) as apres, gen_random_bytes(8) as salt
                         from ",
            $table,
            " r where r.",
            $key,
            " = any ($1)) s) e
             order by e.at, e.row_id"
        )
    };
}

/// Writes the entry of creation of fresh rows.
pub(super) async fn creations(conn: &mut PgConnection, table: Created, ids: &[i64]) -> Result<(), SeedError> {
    let statement = match table {
        Created::Users => creations!("users", "id"),
        Created::Categories => creations!("categories", "id"),
        Created::Products => creations!("products", "id"),
        Created::Stocks => creations!("stocks", "product_id"),
        Created::Clients => creations!("clients", "id"),
    };
    sqlx::query(statement).bind(ids).execute(conn).await?;
    Ok(())
}

/// One entry for each order and each line: their creation, in the state in which they are now. Made in
/// tables of their own, because that is where several processes may compute at once; a subquery with
/// something volatile in it is computed once, not once for each use of its columns.
macro_rules! short {
    ($stage:literal, $table:literal, $parent:literal, $first:literal) => {
        concat!(
            "create unlogged table ",
            $stage,
            " as
             select e.row_id, e.parent_id, e.user_id, e.at, e.apres, e.salt, e.payload,
                    history_digest(null, '",
            $table,
            "', e.row_id, e.parent_id, 1, 'creation', e.user_id, e.at, null,
                                   e.payload) as digest
             from (select s.*, history_payload_digest(s.salt, null, s.apres) as payload, clock_timestamp() as once
                   from (select r.id as row_id, ",
            $parent,
            " as parent_id, r.created_by as user_id, r.created_at as at,
                                jsonb_strip_nulls(",
            $table,
            "_payload(r)) as apres, gen_random_bytes(8) as salt
                         from ",
            $table,
            " r where r.id >= (select ",
            $first,
            " from seed_plan)) s) e"
        )
    };
}

/// Prepares the short trail.
pub(super) const SHORT: [&str; 2] = [
    short!("seed_trail", "orders", "null::bigint", "first_order"),
    short!("seed_trail_items", "order_items", "r.order_id", "first_item"),
];

/// Writes the entries that [`SHORT`] prepared.
pub(super) const SHORT_WRITE: [&str; 2] = [
    "insert into history (table_name, row_id, seq, action, user_id, at, apres, salt, payload_digest, digest)
     select 'orders', row_id, 1, 'creation', user_id, at, apres, salt, payload, digest from seed_trail",
    "insert into history (table_name, row_id, parent_id, seq, action, user_id, at, apres, salt, payload_digest, digest)
     select 'order_items', row_id, parent_id, 1, 'creation', user_id, at, apres, salt, payload, digest
     from seed_trail_items",
];

/// The whole life of each order: creation, then one entry for each step, by whoever took it.
pub(super) const WHOLE: &str = r#"
    create unlogged table seed_trail as
    with lives as (
        select o.id, o.created_by, o.created_at, o.confirmed_at, o.prepared_at, o.shipped_at, o.delivered_at,
               o.cancelled_at, o.livreur_id, o.position_tournee, o.total_livre, o.montant_encaisse,
               o.motif_annulation, s.assigned_at, s.prepared_by, orders_payload(o) as now
        from orders o join seed_orders s using (id)
    ), steps as (
        select 'orders' as table_name, l.id as row_id, null::bigint as parent_id, e.rank, e.action, e.user_id, e.at,
               e.avant, e.apres
        from lives l, lateral (values
            (0, 'creation', l.created_by, l.created_at, null::jsonb,
             jsonb_strip_nulls(l.now || '{"statut": "brouillon", "livreur_id": null, "position_tournee": null,
                "total_livre": null, "montant_encaisse": null, "motif_annulation": null}')),
            (1, 'modification', l.created_by, l.confirmed_at, '{"statut": "brouillon"}', '{"statut": "confirmee"}'),
            (2, 'modification', l.prepared_by, l.prepared_at, '{"statut": "confirmee"}', '{"statut": "en_preparation"}'),
            (3, 'modification', l.prepared_by, l.assigned_at, '{"livreur_id": null, "position_tournee": null}',
             jsonb_build_object('livreur_id', l.livreur_id, 'position_tournee', l.position_tournee)),
            (4, 'modification', l.livreur_id, l.shipped_at, '{"statut": "en_preparation"}', '{"statut": "en_livraison"}'),
            (5, 'modification', l.livreur_id, l.delivered_at,
             jsonb_build_object('statut', 'en_livraison', 'total_livre', null)
                || case when l.montant_encaisse is null then '{}' else '{"montant_encaisse": null}'::jsonb end,
             jsonb_build_object('statut', 'livree', 'total_livre', l.total_livre)
                || case when l.montant_encaisse is null then '{}'
                        else jsonb_build_object('montant_encaisse', l.montant_encaisse) end),
            (6, 'modification', l.created_by, l.cancelled_at,
             jsonb_build_object('statut', case when l.shipped_at is not null then 'en_livraison'
                                               when l.prepared_at is not null then 'en_preparation'
                                               when l.confirmed_at is not null then 'confirmee'
                                               else 'brouillon' end, 'motif_annulation', null),
             jsonb_build_object('statut', 'annulee', 'motif_annulation', l.motif_annulation))
        ) as e (rank, action, user_id, at, avant, apres)
        where e.at is not null
        union all
        select 'order_items', i.id, i.order_id, e.rank, e.action, e.user_id, e.at, e.avant, e.apres
        from order_items i join lives l on l.id = i.order_id, lateral (values
            (0, 'creation', l.created_by, l.created_at, null::jsonb,
             jsonb_strip_nulls(order_items_payload(i) || '{"quantite_livree": null}')),
            (5, 'modification', l.livreur_id, l.delivered_at, '{"quantite_livree": null}',
             jsonb_build_object('quantite_livree', i.quantite_livree))
        ) as e (rank, action, user_id, at, avant, apres)
        where e.at is not null
    )
    select row_number() over (order by s.at, coalesce(s.parent_id, s.row_id), s.rank, s.table_name desc, s.row_id) as place,
           s.table_name, s.row_id, s.parent_id,
           (row_number() over (partition by s.table_name, s.row_id order by s.rank))::int as seq,
           s.action, s.user_id, s.at, s.avant, s.apres, s.salt, history_payload_digest(s.salt, s.avant, s.apres) as payload
    from (select steps.*, gen_random_bytes(8) as salt from steps) s"#;

/// Writes the entries `$1` of all chains, after `$2` taken ids: each digest needs the one before it.
pub(super) const WHOLE_WRITE: &str = "
    insert into history (id, table_name, row_id, parent_id, seq, action, user_id, at, avant, apres, salt,
                         payload_digest, digest)
    overriding system value
    select $2 + e.place, e.table_name, e.row_id, e.parent_id, e.seq, e.action, e.user_id, e.at, e.avant, e.apres,
           e.salt, e.payload,
           history_digest(p.digest, e.table_name, e.row_id, e.parent_id, e.seq, e.action, e.user_id, e.at, null, e.payload)
    from seed_trail e
    left join history p on p.table_name = e.table_name and p.row_id = e.row_id and p.seq = e.seq - 1
    where e.seq = $1
    order by e.place";
