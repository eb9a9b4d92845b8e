//! The shelf, its ledger and what is promised.

use super::Check;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            "stock_somme",
            "Le stock est la somme de ses mouvements",
            "stocks",
            "select s.product_id::text, coalesce(m.total, 0)::text, s.quantite::text
             from stocks s left join (select product_id, sum(quantite) as total from stock_movements group by 1) m
                 using (product_id)
             where s.quantite <> coalesce(m.total, 0)",
        ),
        Check::new(
            "mouvement_solde",
            "Chaque mouvement part du solde du précédent",
            "stock_movements",
            "select id::text, before::text || ' → ' || (before + quantite)::text,
                    stock_avant::text || ' → ' || stock_apres::text
             from (select id, quantite, stock_avant, stock_apres,
                          lag(stock_apres, 1, 0::bigint) over (partition by product_id order by id) as before
                   from stock_movements) m
             where stock_avant <> before or stock_apres <> before + quantite or stock_apres < 0",
        ),
        Check::new(
            "stock_reserve",
            "La quantité réservée est celle des commandes ouvertes",
            "stocks",
            "select s.product_id::text, coalesce(r.total, 0)::text, s.quantite_reservee::text
             from stocks s left join (
                 select i.product_id, sum(i.quantity) as total from orders o join order_items i on i.order_id = o.id
                 where o.statut in ('confirmee', 'en_preparation') and not o.is_deleted group by 1) r using (product_id)
             where s.quantite_reservee <> coalesce(r.total, 0)",
        ),
        Check::new(
            "stock_bornes",
            "0 ≤ réservé ≤ en stock",
            "stocks",
            "select product_id::text, '0 ≤ réservé ≤ en stock', quantite_reservee::text || ' réservés sur ' || quantite::text
             from stocks where quantite_reservee not between 0 and quantite",
        ),
        Check::new(
            "produit_sans_stock",
            "Chaque produit a son stock",
            "products",
            "select p.id::text, 'un stock', null from products p
             where not exists (select from stocks s where s.product_id = p.id)",
        ),
        // What left with an order is what its lines say. It came back if it was cancelled on the way, but for what was
        // damaged; else what was refused or missing did, as corrected since.
        Check::new(
            "mouvements_commande",
            "Ventes et retours sont ceux des lignes de commande",
            "stock_movements",
            "select 'commande ' || coalesce(e.order_id, m.order_id)::text || ', produit ' || coalesce(e.product_id, m.product_id)::text,
                    coalesce(e.sold, 0)::text || ' vendus, ' || coalesce(e.back, 0)::text || ' rendus',
                    coalesce(m.sold, 0)::text || ' vendus, ' || coalesce(m.back, 0)::text || ' rendus'
                        || case when m.other > 0 then ', ' || m.other::text || ' autres mouvements' else '' end
             from (select i.order_id, i.product_id, i.quantity + coalesce(c.sold, 0) as sold,
                          case when o.statut = 'annulee' then i.quantity - coalesce(f.abime, 0) else 0 end
                              + coalesce(t.back, 0) + coalesce(c.back, 0) as back
                   from orders o join order_items i on i.order_id = o.id
                   left join (select l.item_id, sum(l.refuse + l.manquant) as back
                              from tentative_lignes l join tentatives a on a.num = l.tentative
                              where a.resultat <> 'echec' group by 1) t on t.item_id = i.id
                   left join (select distinct on (l.item_id) l.item_id, l.abime
                              from tentative_lignes l order by l.item_id, l.tentative desc) f on f.item_id = i.id
                   left join (select item_id, sum(greatest(0, d)) as back, sum(greatest(0, -d)) as sold
                              from (select item_id, refuse + manquant - refuse_avant - manquant_avant as d
                                    from correction_lignes) g group by 1) c on c.item_id = i.id
                   where o.shipped_at is not null) e
             full join (select order_id, product_id, sum(-quantite) filter (where type = 'vente') as sold,
                               sum(quantite) filter (where type = 'retour') as back,
                               count(*) filter (where type not in ('vente', 'retour')) as other
                        from stock_movements where order_id is not null group by 1, 2) m
                 on m.order_id = e.order_id and m.product_id = e.product_id
             where e.sold is distinct from m.sold or coalesce(e.back, 0) <> coalesce(m.back, 0) or m.other > 0",
        ),
    ]
}
