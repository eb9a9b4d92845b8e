//! The movements that the seeded orders make, and the deliveries of suppliers that keep every
//! product above zero while they do.

/// What the orders take out and bring back.
pub(super) const FLOWS: &str = "
    create unlogged table seed_flows as
    select l.product_id, f.at, f.type, f.rank, l.order_id, f.quantite, f.created_by
    from seed_lines l cross join lateral (values
        ('vente', 2, l.shipped_at, -l.quantity, l.shipped_by),
        ('retour', 3, l.returned_at, l.quantity, l.created_by)) as f (type, rank, at, quantite, created_by)
    where f.at is not null";

/// Supplies: on the Saturday before each week what the week will take, in full boxes; before the first
/// of them what must be left at the end. A few products are left short on purpose.
pub(super) const SUPPLIES: [&str; 3] = [
    "create unlogged table seed_weeks as
     with weeks as (
        select f.product_id, date_trunc('week', f.at at time zone p.zone) as week,
               coalesce(sum(-f.quantite) filter (where f.type = 'vente'), 0)::bigint as sold,
               coalesce(sum(f.quantite) filter (where f.type = 'retour'), 0)::bigint as back
        from seed_flows f, seed_plan p group by 1, 2
     ), sums as (
        select product_id, week,
               sum(sold) over (partition by product_id order by week)
                   - sum(back) over (partition by product_id order by week) + back as lacking
        from weeks
     ), needs as (
        select s.product_id, s.week, greatest(0, max(s.lacking) over (partition by s.product_id order by s.week)) as need,
               greatest(0, max(s.lacking) over (partition by s.product_id)) as whole,
               case when k.seuil_alerte >= 12 then 12 else 6 end as box
        from sums s join stocks k using (product_id)
     ), supplied as (
        -- Boxes never bring more than the whole plan takes: nothing is left over but what was meant to be.
        select product_id, week, least(ceil(need::numeric / box) * box, whole)::bigint as upto from needs
     )
     select product_id, week, upto, upto - lag(upto, 1, 0::bigint) over (partition by product_id order by week) as quantite
     from supplied",
    "create unlogged table seed_openings as
     select k.product_id,
            greatest(0, coalesce(r.reserved, 0) + g.target
                        - (coalesce(w.supplied, 0) + coalesce(f.net, 0)) - (k.quantite - k.quantite_reservee))::bigint as quantite
     from stocks k join products d on d.id = k.product_id and not d.is_deleted
     cross join seed_plan p
     left join (select product_id, sum(quantity) as reserved from seed_lines where reserved group by 1) r using (product_id)
     left join (select product_id, max(upto) as supplied, max(upto) / greatest(1, count(*)) as weekly
                from seed_weeks group by 1) w using (product_id)
     left join (select product_id, sum(quantite) as net from seed_flows group by 1) f using (product_id)
     cross join lateral (select pg_temp.uniform(k.product_id, p.seed, 50) as u, pg_temp.uniform(k.product_id, p.seed, 51) as v) u
     cross join lateral (
        select case when u.u < .04 then 0
                    when u.u < .14 then ceil(greatest(1, k.seuil_alerte) * (.2 + .8 * u.v))
                    else ceil(greatest(4, k.seuil_alerte) * (1.6 + 3 * u.v)) + coalesce(w.weekly, 0) / 2 end::bigint as target) g",
    "insert into seed_flows (product_id, at, type, rank, order_id, quantite, created_by)
     select s.product_id, s.at, 'entree', s.rank, null, s.quantite, a.auteurs[1]
     from (select o.product_id, o.quantite, 0 as rank,
                  (date_trunc('week', p.from_at at time zone p.zone) - interval '2 days 16 hours') at time zone p.zone as at
           from seed_openings o, seed_plan p
           union all
           select w.product_id, w.quantite, 1, (w.week - interval '1 day 17 hours') at time zone p.zone
           from seed_weeks w, seed_plan p) s,
          seed_plan a
     where s.quantite > 0",
];

/// The ledger: ids in the order of time after `$1` taken ones, with the running balance of each product.
pub(super) const WRITE_MOVEMENTS: &str = "
    insert into stock_movements (id, product_id, type, quantite, stock_avant, stock_apres, motif, order_id, created_at,
                                 created_by)
    select m.id, m.product_id, m.type, m.quantite, k.quantite + m.balance - m.quantite, k.quantite + m.balance,
           case m.rank when 0 then 'Stock d''ouverture' when 1 then 'Réassort de la semaine'
                       when 3 then 'Commande annulée' end,
           m.order_id, m.at, m.created_by
    from (select f.*, $1 + row_number() over (order by at, rank, order_id, product_id) as id,
                 sum(quantite) over (partition by product_id order by at, rank, order_id)::bigint as balance
          from seed_flows f) m
    join stocks k using (product_id)";

/// What the movements and the open orders leave behind.
pub(super) const WRITE_STOCKS: &str = "
    update stocks k set quantite = k.quantite + coalesce(f.net, 0),
                        quantite_reservee = k.quantite_reservee + coalesce(r.reserved, 0)
    from products d
    left join (select product_id, sum(quantite)::bigint as net from seed_flows group by 1) f on f.product_id = d.id
    left join (select product_id, sum(quantity)::bigint as reserved from seed_lines where reserved group by 1) r
        on r.product_id = d.id
    where d.id = k.product_id and (f.net is not null or r.reserved is not null)";
