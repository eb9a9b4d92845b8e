//! What is sold, and the figures of whole business days as the orders themselves give them. One definition, in one
//! place: live reads and the adding up both stand on it.

/// An order `o` that is sold, besides being living.
pub const IS_SOLD: &str = "o.statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree')";

/// What a sold order `o` amounts to: what was handed over once delivered, else what was ordered.
pub const SOLD_AMOUNT: &str = "case when o.statut = 'livree' then o.total_livre else o.total end";

/// The units of a line `i` that count, of a sold order that is delivered or not: `delivered` says which.
pub fn sold_units(delivered: &str) -> String {
    format!("case when {delivered} then coalesce(i.quantite_livree, 0) else i.quantity end")
}

/// `jours` are the days in the parameter `days` (an array), with the instants at which each begins and ends; `sold`
/// the orders sold on them. Each day is a walk along an index, whatever the planner thinks of how many there are:
/// `offset 0` keeps it from beginning with all the orders that there ever were.
fn sold(days: &str) -> String {
    format!(
        "jours as materialized (
             select jour, day_start(jour) as debut, day_start(jour + 1) as fin from unnest({days}::date[]) as jour),
         sold as (
             select j.jour, o.id, o.livree, o.montant
             from jours j cross join lateral
                  (select o.id, o.statut = 'livree' as livree, {SOLD_AMOUNT} as montant
                   from orders o where not o.is_deleted and {IS_SOLD}
                     and o.confirmed_at >= j.debut and o.confirmed_at < j.fin offset 0) o)"
    )
}

/// `select`: (jour, montant, livre, commandes, articles) of each of the days that has sold orders.
pub fn days_from_orders(days: &str) -> String {
    format!(
        "with {}
         select s.jour, sum(s.montant)::bigint as montant,
                coalesce(sum(s.montant) filter (where s.livree), 0)::bigint as livre,
                count(*) as commandes, coalesce(sum(l.articles), 0)::bigint as articles
         from sold s cross join lateral
              (select sum({}) as articles from order_items i where i.order_id = s.id) l
         group by s.jour",
        sold(days),
        sold_units("s.livree")
    )
}

/// `select`: (jour, statut, nombre, montant) of the orders created on each of the days.
pub fn statuses_from_orders(days: &str) -> String {
    format!(
        "with jours as materialized (
             select jour, day_start(jour) as debut, day_start(jour + 1) as fin from unnest({days}::date[]) as jour)
         select j.jour, o.statut, count(*) as nombre, sum(o.total)::bigint as montant
         from jours j cross join lateral
              (select o.statut, o.total from orders o
               where not o.is_deleted and o.created_at >= j.debut and o.created_at < j.fin offset 0) o
         group by j.jour, o.statut"
    )
}

/// `select`: (jour, product_id, category_id, quantite, montant) of what was sold on each of the days.
pub fn articles_from_orders(days: &str) -> String {
    format!(
        "with {}
         select s.jour, l.product_id, l.category_id, sum(l.quantite)::bigint as quantite,
                sum(l.quantite * l.prix_unitaire)::bigint as montant
         from sold s cross join lateral
              (select i.product_id, i.category_id, i.prix_unitaire, {} as quantite
               from order_items i where i.order_id = s.id offset 0) l
         group by s.jour, l.product_id, l.category_id",
        sold(days),
        sold_units("s.livree")
    )
}
