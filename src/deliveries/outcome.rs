//! How the delivery of an order `o` went, in SQL: one definition for the figures and for the lists that they open.

/// Given up on the way, delivered in part, or still on the way after a failed attempt.
pub const WENT_WRONG: &str = "(o.statut = 'annulee' and o.shipped_at is not null
     or o.statut = 'livree' and o.total_livre < o.total
     or o.statut = 'en_livraison'
        and (select a.resultat from tentatives a where a.order_id = o.id order by a.num desc limit 1) = 'echec')";

/// When a delivered order was handed over: told by the phone, set right by how far its clock is off, and never after
/// the server heard of it.
macro_rules! handed_over {
    () => {
        "coalesce((select least(a.survenu_le + make_interval(secs => a.decalage_s), a.synchronise_le)
                   from tentatives a where a.order_id = o.id order by a.num desc limit 1), o.delivered_at)"
    };
}

/// Handed over on the business day `$1`, whenever the server heard of it: at once, or within the week after.
pub const ON_THE_DAY: &str = concat!(
    "(o.delivered_at >= day_start($1) and o.delivered_at < day_start($1 + 8) and business_day(",
    handed_over!(),
    ") = $1)"
);

/// Delivered before the planned day, or on it and not after the end of the slot.
pub const ON_TIME: &str = concat!(
    "(o.statut = 'livree' and (
     select handed::date < o.date_livraison_prevue
            or handed::date = o.date_livraison_prevue and (o.creneau_fin is null or handed::time <= o.creneau_fin)
     from (select ",
    handed_over!(),
    " at time zone (select business_zone()) as handed) h))"
);
