//! How the delivery of an order `o` went, in SQL: one definition for the figures and for the lists that they open.

/// Given up on the way, delivered in part, or still on the way after a failed attempt.
pub const WENT_WRONG: &str = "(o.statut = 'annulee' and o.shipped_at is not null
     or o.statut = 'livree' and o.total_livre < o.total
     or o.statut = 'en_livraison'
        and (select a.resultat from tentatives a where a.order_id = o.id order by a.num desc limit 1) = 'echec')";

/// Delivered before the planned day, or on it and not after the end of the slot. When it was handed over is told by
/// the phone, set right by how far its clock is off, and never after the server heard of it.
pub const ON_TIME: &str = "(o.statut = 'livree' and (
     select handed::date < o.date_livraison_prevue
            or handed::date = o.date_livraison_prevue and (o.creneau_fin is null or handed::time <= o.creneau_fin)
     from (select coalesce(
               (select least(a.survenu_le + make_interval(secs => a.decalage_s), a.synchronise_le)
                from tentatives a where a.order_id = o.id order by a.num desc limit 1),
               o.delivered_at) at time zone (select business_zone()) as handed) h))";
