//! Orders and their lines, made in the database out of a seed and their rank. Nothing is drawn:
//! every choice is a hash of (seed, rank, question), so that the same seed gives the same orders,
//! in whatever order and on however many processes they are computed.

/// `pg_temp.uniform(rank, seed, question)`: a number from 0 to 1 (excluded).
pub(super) const HELPERS: &str = "
    create function pg_temp.uniform(n bigint, seed bigint, question integer) returns float8
        language sql immutable parallel safe
        return (hashint8extended(n, seed # question::bigint) & 9007199254740991)::float8 / 9007199254740992";

/// What is to be made: one row. Statements that create a table take no parameters.
pub(super) const PLAN: &str = "
    create unlogged table seed_plan (
        orders bigint, seed bigint, from_at timestamptz, until_at timestamptz, zone text, whole boolean,
        recent bigint, today bigint, first_order bigint, first_numero bigint, first_item bigint,
        products bigint, clients bigint, livreurs bigint[], auteurs bigint[])";

/// `$1` orders with the seed `$2` over the `$3` business days that end with `$4`. The newest thirty stand
/// in every status whatever the hour, and with `$5` some of them are of the last day.
pub(super) const PLAN_ROW: &str = "
    insert into seed_plan (orders, seed, from_at, until_at, zone, whole, recent, today)
    select $1, $2, (((($4 at time zone s.fuseau)::date - $3 + 1)::timestamp) at time zone s.fuseau), $4, s.fuseau, $5,
           least(30, $1), case when $5 then least(8, $1 / 10) else 0 end
    from settings s";

/// Who and what takes part; products and clients numbered from 0.
pub(super) const CAST: [&str; 3] = [
    "create unlogged table seed_products as
     select row_number() over (order by hashint8extended(p.id, s.seed), p.id) - 1 as rank, p.id, p.nom, p.category_id,
            p.prix, p.taux_tva
     from products p join categories c on c.id = p.category_id, seed_plan s
     where not p.is_deleted and p.is_active and not c.is_deleted",
    "create unlogged table seed_clients as
     select row_number() over (order by hashint8extended(c.id, s.seed # 1), c.id) - 1 as rank, c.*
     from clients c, seed_plan s where not c.is_deleted",
    "update seed_plan set
        products = (select count(*) from seed_products), clients = (select count(*) from seed_clients),
        livreurs = (select array_agg(id order by id) from users where role = 'livreur' and is_active and not is_deleted),
        auteurs = (select array_agg(id order by role desc, id) from users
                   where role in ('controleur', 'admin') and is_active and not is_deleted and not is_system)",
];

/// Hours with their share of the orders, then the orders themselves: rank, instant, number of lines.
pub(super) const DRAFT: [&str; 2] = [
    "create unlogged table seed_hours as
     with hours (hour, weight) as (
        values (0, .05), (1, .02), (2, .01), (3, .01), (4, .01), (5, .02), (6, .1), (7, .3), (8, .8), (9, 1.5),
               (10, 1.9), (11, 1.7), (12, 1.0), (13, .8), (14, 1.2), (15, 1.3), (16, 1.5), (17, 1.8), (18, 1.6),
               (19, 1.0), (20, .6), (21, .5), (22, .3), (23, .1)
     ), cells as (
        select (d.day + h.hour * interval '1 hour') at time zone p.zone as begins,
               h.weight::float8
                   * (array[.75, .9, 1, 1.05, 1.35, 1.6, .4])[extract(isodow from d.day)::int]
                   * (array[.85, .9, .95, 1, 1.05, 1, .9, .75, 1, 1.05, 1.15, 1.6])[extract(month from d.day)::int]
                   * case when to_char(d.day, 'MM-DD') in ('01-01', '05-01', '12-25') then .02 else 1 end
                   * (.8 + .4 * pg_temp.uniform(extract(epoch from d.day)::bigint, p.seed, 60))
                   * (.8 + .4 * pg_temp.uniform(extract(epoch from d.day)::bigint + h.hour, p.seed, 61))
                   * (.85 + .3 * (extract(epoch from d.day) - extract(epoch from p.from_at))::float8 / 31536000) as weight,
               p.from_at, p.until_at
        from seed_plan p,
             generate_series((p.from_at at time zone p.zone)::date::timestamp,
                             (p.until_at at time zone p.zone)::date::timestamp, interval '1 day') as d (day),
             hours h
     ), cut as (
        select begins, least(interval '1 hour', until_at - begins) as lasts,
               weight * extract(epoch from least(interval '1 hour', until_at - begins))::float8 / 3600 as weight
        from cells where begins >= from_at and begins < until_at
     )
     select begins, lasts, sum(weight) over (order by begins) / sum(weight) over () as share from cut",
    "create unlogged table seed_draft as
     with cells as (
        select h.begins, h.lasts, coalesce(lag(round(h.share * p.orders)) over (order by h.begins), 0)::bigint as before,
               round(h.share * p.orders)::bigint as upto
        from seed_hours h, seed_plan p
     ), placed as (
        select i as n,
               c.begins + c.lasts * ((i - c.before - pg_temp.uniform(i, p.seed, 0)) / (c.upto - c.before)) as at,
               pg_temp.uniform(i, p.seed, 1) as u, p.products, p.orders - i as age, p.today, p.until_at,
               date_trunc('day', p.until_at at time zone p.zone) at time zone p.zone as midnight
        from cells c, seed_plan p, lateral generate_series(c.before + 1, c.upto) i
     ), sized as (
        select n, case when age >= today then at
                       else greatest(at, midnight + (until_at - midnight) * ((today - age - u) / today)) end as created_at,
               least(products, case when u < .20 then 1 when u < .45 then 2 when u < .67 then 3 when u < .82 then 4
                                    when u < .91 then 5 when u < .96 then 6 when u < .985 then 7 else 8 end) as lines
        from placed
     )
     select n, created_at, lines, sum(lines) over (order by n)::bigint - lines as lines_before from sized",
];

/// How far each order goes (0 brouillon … 4 livree), whether it is given up there, and when each step is due.
pub(super) const TIMES: &str = "
    create unlogged table seed_times as
    select d.n, d.created_at, d.lines, d.lines_before, f.fin, e.day, e.slot,
           t1.at as confirmed, t2.at as prepared, t3.at as shipped, t4.at as delivered,
           case when not f.annule then null
                when h.hurried then d.created_at + h.age * .95
                else (array[d.created_at, t1.at, t2.at, t3.at, t4.at])[f.fin + 1]
                     + interval '1 minute' * (10 + 300 * pg_temp.uniform(d.n, p.seed, 10)) end as cancelled
    from seed_draft d, seed_plan p,
         -- The newest ones are dealt their status, and live faster to reach it by now.
         lateral (select d.n > p.orders - p.recent as hurried,
                         (p.until_at - d.created_at) as age,
                         (array['b0', 'c1', 'c2', 'c1', 'c3', 'c4', 'c2', 'c1', 'a1', 'c3', 'c4', 'c4', 'b0', 'c2', 'c4'])
                             [1 + (p.orders - d.n) % 15] as dealt,
                         pg_temp.uniform(d.n, p.seed, 2) as u, pg_temp.uniform(d.n, p.seed, 3) as v) h,
         lateral (select case when h.hurried then right(h.dealt, 1)::int
                              when h.u >= .063 then 4
                              when h.u >= .055 then 0
                              when h.v < .2 then 0 when h.v < .7 then 1 when h.v < .88 then 2 else 3 end as fin,
                         case when h.hurried then h.dealt like 'a%' else h.u < .055 end as annule) f,
         -- Delivered one to three days later, never on a Sunday.
         lateral (select (d.created_at at time zone p.zone)::date + 1 + floor(3 * pg_temp.uniform(d.n, p.seed, 4))::int as day) w,
         lateral (select w.day + (extract(isodow from w.day) = 7)::int as day,
                         floor(3 * pg_temp.uniform(d.n, p.seed, 5))::int as slot) e,
         lateral (select case when h.hurried then d.created_at + h.age * (.05 + .1 * h.v)
                              when h.v < .7 then d.created_at + interval '1 minute' * (1 + 24 * h.u)
                              else d.created_at + interval '1 minute' * (30 + 600 * h.u) end as at) t1,
         lateral (select case when h.hurried then d.created_at + h.age * (.3 + .1 * h.u)
                              else greatest(t1.at + interval '5 minutes',
                                            (e.day - 1 + time '13:30') at time zone p.zone
                                                + interval '4 hours' * pg_temp.uniform(d.n, p.seed, 6)) end as at) t2,
         lateral (select case when h.hurried then d.created_at + h.age * (.5 + .1 * h.v)
                              else greatest(t2.at + interval '10 minutes',
                                            (e.day + time '08:45' + (array[0, 5, 8])[e.slot + 1] * interval '1 hour')
                                                at time zone p.zone
                                                + interval '1 hour' * pg_temp.uniform(d.n, p.seed, 7)) end as at) t3,
         lateral (select case when h.hurried then d.created_at + h.age * (.75 + .15 * h.u)
                              else t3.at + interval '1 minute' * (12 + 130 * pg_temp.uniform(d.n, p.seed, 8))
                                   -- Nobody at home: once more on the next day.
                                   + case when pg_temp.uniform(d.n, p.seed, 9) < .04 then interval '1 day'
                                          else interval '0' end end as at) t4";

/// The orders as they stand at the end of the plan, but for their totals.
pub(super) const ORDERS: &str = "
    create unlogged table seed_orders as
    select p.first_order + t.n - 1 as id, t.n, t.lines, p.first_item + t.lines_before as first_line,
           'CMD-' || to_char(t.created_at at time zone p.zone, 'YYYYMMDD') || '-'
               || lpad((p.first_numero + t.n - 1)::text, greatest(6, length((p.first_numero + t.n - 1)::text)), '0') as numero,
           case when s.cancelled_at is not null then 'annulee' when s.delivered_at is not null then 'livree'
                when s.shipped_at is not null then 'en_livraison' when s.prepared_at is not null then 'en_preparation'
                when s.confirmed_at is not null then 'confirmee' else 'brouillon' end as statut,
           floor(pow(pg_temp.uniform(t.n, p.seed, 21), 1.6) * p.clients)::bigint as client_rank, t.day, t.slot,
           p.auteurs[1 + floor(pow(pg_temp.uniform(t.n, p.seed, 22), 1.5) * cardinality(p.auteurs))::int] as created_by,
           p.auteurs[1 + floor(pow(pg_temp.uniform(t.n, p.seed, 23), 1.5) * cardinality(p.auteurs))::int] as prepared_by,
           case when s.assigned_at is not null
                then p.livreurs[1 + floor(pg_temp.uniform(t.n, p.seed, 24) * cardinality(p.livreurs))::int] end as livreur_id,
           case when s.assigned_at is not null then 1 + (18 * pg_temp.uniform(t.n, p.seed, 20))::int end as position_tournee,
           t.created_at, s.confirmed_at, s.prepared_at, s.assigned_at, s.shipped_at, s.delivered_at, s.cancelled_at
    from seed_times t cross join seed_plan p
    cross join lateral (
        select case when t.fin >= 1 and t.confirmed <= p.until_at then t.confirmed end as confirmed_at,
               case when t.fin >= 2 and t.prepared <= p.until_at then t.prepared end as prepared_at,
               -- Most rounds are made up while the goods are being gathered.
               case when t.fin >= 2 and t.prepared + (t.shipped - t.prepared) * .1 <= p.until_at
                         and (t.fin >= 3 and t.shipped <= p.until_at or pg_temp.uniform(t.n, p.seed, 25) < .7)
                    then t.prepared + (t.shipped - t.prepared) * .1 end as assigned_at,
               case when t.fin >= 3 and t.shipped <= p.until_at then t.shipped end as shipped_at,
               case when t.fin >= 4 and t.delivered <= p.until_at then t.delivered end as delivered_at,
               case when t.cancelled <= p.until_at then t.cancelled end as cancelled_at) s";

/// Places in the rounds without a gap, where there are few enough orders to tell.
pub(super) const ROUNDS: &str = "
    update seed_orders o set position_tournee = r.place
    from (select id, row_number() over (partition by livreur_id, day order by slot, n) as place
          from seed_orders where livreur_id is not null) r
    where r.id = o.id";

/// The lines: products are taken from a starting point in equal strides, which never meets one twice.
pub(super) const LINES: &str = "
    create unlogged table seed_lines as
    select o.first_line + j as id, o.id as order_id, r.id as product_id, r.nom as product_nom, r.category_id, q.quantity,
           case when o.delivered_at is null then null
                -- Now and then the last article stayed in the van.
                when j = o.lines - 1 and q.quantity > 1 and pg_temp.uniform(o.n, p.seed, 30) < .05 then q.quantity - 1
                else q.quantity end as quantite_livree,
           r.prix as prix_unitaire, r.taux_tva, o.created_at, coalesce(o.delivered_at, o.created_at) as updated_at,
           o.created_by, case when o.delivered_at is null then o.created_by else o.livreur_id end as updated_by,
           case when p.whole and o.delivered_at is not null then 2 else 1 end as version,
           o.shipped_at, o.livreur_id as shipped_by,
           case when o.shipped_at is not null then o.cancelled_at end as returned_at,
           o.statut in ('confirmee', 'en_preparation') as reserved
    from seed_orders o cross join seed_plan p
    cross join lateral (select floor(pow(pg_temp.uniform(o.n, p.seed, 31), 1.7) * p.products)::bigint as start,
                               1 + floor(pg_temp.uniform(o.n, p.seed, 32) * greatest(1, p.products / 8))::bigint as stride) w
    cross join lateral generate_series(0, o.lines - 1) j
    join seed_products r on r.rank = (w.start + j * w.stride) % p.products
    cross join lateral (select pg_temp.uniform(o.n * 8 + j, p.seed, 33) as u) v
    cross join lateral (select case when v.u < .56 then 1 when v.u < .81 then 2 when v.u < .90 then 3
                                    when v.u < .97 then 6 else 12 end::bigint as quantity) q";

/// Sums per order; the VAT is that inside the sum of each rate.
pub(super) const TOTALS: &str = "
    create unlogged table seed_totals as
    select order_id, sum(total)::bigint as total, sum(vat_inside(total, taux_tva))::bigint as total_tva,
           sum(livre)::bigint as total_livre
    from (select order_id, taux_tva, sum(quantity * prix_unitaire) as total, sum(quantite_livree * prix_unitaire) as livre
          from seed_lines group by order_id, taux_tva) r
    group by order_id";

/// Moves the orders where they belong.
pub(super) const WRITE_ORDERS: &str = "
    with names as materialized (select rank, order_name_id(nom, telephone) as name_id from seed_clients)
    insert into orders (id, numero, statut, client_id, client_nom, client_telephone, client_email, adresse_livraison,
                        code_postal, ville, latitude, longitude, notes, date_livraison_prevue, creneau_debut,
                        creneau_fin, position_tournee, total, total_tva, total_livre, montant_encaisse, livreur_id,
                        motif_annulation, confirmed_at, prepared_at, shipped_at, delivered_at, cancelled_at,
                        created_at, updated_at, created_by, updated_by, version, name_id)
    overriding system value
    select o.id, o.numero, o.statut, c.id, c.nom, c.telephone, c.email, c.adresse, c.code_postal, c.ville, c.latitude,
           c.longitude,
           (array['Appeler avant de passer.', 'Laisser devant la porte si absent.', 'Emballage cadeau, merci.',
                  'Livrer avant midi si possible.', 'Interphone au nom de l''entreprise.', 'Ajouter une carte : « Bon anniversaire ! »',
                  'Fragile : bouteilles.', 'Passer par la cour.'])
               [1 + floor(pg_temp.uniform(o.n, p.seed, 40) * 44)::int],
           case when pg_temp.uniform(o.n, p.seed, 41) < .9 then o.day end,
           case when pg_temp.uniform(o.n, p.seed, 41) < .75 then (array['09:00', '14:00', '17:00'])[o.slot + 1]::time end,
           case when pg_temp.uniform(o.n, p.seed, 41) < .75 then (array['12:00', '17:00', '20:00'])[o.slot + 1]::time end,
           o.position_tournee, t.total, t.total_tva, t.total_livre,
           case when pg_temp.uniform(o.n, p.seed, 42) < .72 then t.total_livre end, o.livreur_id,
           case when o.cancelled_at is not null then
               (array['Client absent à deux reprises.', 'Commande passée en double.', 'Le client a changé d''avis.',
                      'Adresse hors de la zone de livraison.', 'Délai trop long pour le client.', 'Erreur de saisie.'])
                   [1 + floor(pg_temp.uniform(o.n, p.seed, 43) * 6)::int] end,
           o.confirmed_at, o.prepared_at, o.shipped_at, o.delivered_at, o.cancelled_at, o.created_at,
           greatest(o.created_at, o.confirmed_at, o.assigned_at, o.prepared_at, o.shipped_at, o.delivered_at, o.cancelled_at),
           o.created_by,
           case when o.cancelled_at is not null then o.created_by when o.shipped_at is not null then o.livreur_id
                when o.prepared_at is not null then o.prepared_by else o.created_by end,
           case when p.whole then 1 + num_nonnulls(o.confirmed_at, o.prepared_at, o.assigned_at, o.shipped_at,
                                                   o.delivered_at, o.cancelled_at)
                else 1 end,
           m.name_id
    from seed_orders o cross join seed_plan p
    join seed_clients c on c.rank = o.client_rank
    join names m on m.rank = o.client_rank
    join seed_totals t on t.order_id = o.id";

/// Moves the lines where they belong.
pub(super) const WRITE_LINES: &str = "
    insert into order_items (id, order_id, product_id, product_nom, category_id, quantity, quantite_livree, prix_unitaire,
                             taux_tva, created_at, updated_at, created_by, updated_by, version)
    overriding system value
    select id, order_id, product_id, product_nom, category_id, quantity, quantite_livree, prix_unitaire, taux_tva,
           created_at, updated_at, created_by, updated_by, version
    from seed_lines";
