//! Orders and their lines.

use super::Check;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            "commande_totaux",
            "Les totaux d'une commande sont ceux de ses lignes",
            "orders",
            "select o.id::text,
                    'total ' || coalesce(l.total, 0)::text || ', TVA ' || coalesce(l.tva, 0)::text || ', livré '
                        || case when o.statut = 'livree' then coalesce(l.livre, 0)::text else 'rien' end,
                    'total ' || o.total::text || ', TVA ' || o.total_tva::text || ', livré ' || coalesce(o.total_livre::text, 'rien')
             from orders o left join (
                 select order_id, sum(total) as total, sum(vat_inside(total, taux_tva)) as tva, sum(livre) as livre
                 from (select order_id, taux_tva, sum(quantity * prix_unitaire) as total,
                              sum(quantite_livree * prix_unitaire) as livre
                       from order_items group by order_id, taux_tva) r
                 group by order_id) l on l.order_id = o.id
             where o.total <> coalesce(l.total, 0) or o.total_tva <> coalesce(l.tva, 0)
                or o.total_livre is distinct from case when o.statut = 'livree' then coalesce(l.livre, 0) end",
        ),
        Check::new(
            "ligne_livree",
            "Seules les commandes livrées ont des quantités livrées, et sur chaque ligne",
            "order_items",
            "select i.id::text, case when o.statut = 'livree' then 'de 0 à ' || i.quantity::text end, i.quantite_livree::text
             from order_items i join orders o on o.id = i.order_id
             where case when o.statut = 'livree' then i.quantite_livree is null or i.quantite_livree not between 0 and i.quantity
                        else i.quantite_livree is not null end",
        ),
        Check::new(
            "commande_vide",
            "Une commande confirmée a au moins une ligne",
            "orders",
            "select o.id::text, 'une ligne', null from orders o
             where o.confirmed_at is not null and not exists (select from order_items i where i.order_id = o.id)",
        ),
        Check::new(
            "commande_recherche",
            "Une commande est trouvée par le nom et le téléphone qu'elle porte",
            "orders",
            "select o.id::text, o.recherche, lower(o.numero) || ' ' || n.recherche
             from orders o left join order_names n on n.id = o.name_id
             where o.recherche is distinct from lower(o.numero) || ' ' || n.recherche",
        ),
        // A transaction that waited for a lock is older than the one that it waited for: dates may
        // cross by as much as that.
        Check::new(
            "commande_dates",
            "Les dates d'une commande suivent son statut",
            "orders",
            "select id::text, statut || ', dans l''ordre',
                    concat_ws(', ', 'créée ' || created_at::text, 'confirmée ' || confirmed_at::text,
                              'préparée ' || prepared_at::text, 'partie ' || shipped_at::text,
                              'livrée ' || delivered_at::text, 'annulée ' || cancelled_at::text)
             from orders
             where (statut = 'brouillon' and num_nonnulls(confirmed_at, prepared_at, shipped_at) > 0)
                or (statut = 'confirmee' and (confirmed_at is null or num_nonnulls(prepared_at, shipped_at) > 0))
                or (statut = 'en_preparation' and (num_nulls(confirmed_at, prepared_at) > 0 or shipped_at is not null))
                or (statut in ('en_livraison', 'livree') and num_nulls(confirmed_at, prepared_at, shipped_at, livreur_id) > 0)
                or (shipped_at is not null and prepared_at is null) or (prepared_at is not null and confirmed_at is null)
                or (statut = 'livree') <> (delivered_at is not null)
                or (statut = 'annulee') <> (cancelled_at is not null)
                or confirmed_at < created_at - interval '1 minute' or prepared_at < confirmed_at - interval '1 minute'
                or shipped_at < prepared_at - interval '1 minute' or delivered_at < shipped_at - interval '1 minute'
                or cancelled_at < greatest(created_at, confirmed_at, prepared_at, shipped_at) - interval '1 minute'",
        ),
        Check::new(
            "commande_supprimee",
            "Seuls des brouillons et des commandes annulées sont supprimés",
            "orders",
            "select id::text, 'brouillon ou annulee', statut from orders where is_deleted and statut not in ('brouillon', 'annulee')",
        ),
        Check::new(
            "commande_numero",
            "Les numéros ont leur forme et ne se répètent pas",
            "orders",
            r"select min(id)::text, 'CMD-AAAAMMJJ-NNNNNN, une fois', numero || ', ' || count(*)::text || ' fois'
             from orders group by numero having count(*) > 1 or numero !~ '^CMD-\d{8}-\d{6,}$'",
        ),
        Check::new(
            "commande_references",
            "Client, livreur et auteurs d'une commande existent",
            "orders",
            "select o.id::text, 'existant',
                    concat_ws(', ', case when c.id is null then 'client ' || o.client_id::text end,
                              case when l.id is null then 'livreur ' || o.livreur_id::text end,
                              case when a.id is null then 'auteur ' || o.created_by::text end,
                              case when b.id is null then 'auteur ' || o.updated_by::text end)
             from orders o left join clients c on c.id = o.client_id left join users l on l.id = o.livreur_id
             left join users a on a.id = o.created_by left join users b on b.id = o.updated_by
             where c.id is null or (o.livreur_id is not null and l.id is null) or a.id is null or b.id is null",
        ),
        Check::new(
            "ligne_references",
            "Commande, produit, catégorie et auteurs d'une ligne existent",
            "order_items",
            "select i.id::text, 'existant',
                    concat_ws(', ', case when o.id is null then 'commande ' || i.order_id::text end,
                              case when p.id is null then 'produit ' || i.product_id::text end,
                              case when c.id is null then 'catégorie ' || i.category_id::text end,
                              case when a.id is null then 'auteur ' || i.created_by::text end,
                              case when b.id is null then 'auteur ' || i.updated_by::text end)
             from order_items i left join orders o on o.id = i.order_id left join products p on p.id = i.product_id
             left join categories c on c.id = i.category_id left join users a on a.id = i.created_by
             left join users b on b.id = i.updated_by
             where num_nulls(o.id, p.id, c.id, a.id, b.id) > 0",
        ),
    ]
}
