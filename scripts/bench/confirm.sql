-- Each of pgbench's clients takes every eighth draft.
\set turn :turn + 1
\set order :draft + :turn * 8 + :client_id
-- src/auth/sessions.rs, actor_of_token
select u.id, u.role, u.nom, u.prenom, u.email from sessions s join users u on u.id = s.user_id
where s.id = :session and s.kind = 'api' and s.revoked_at is null and s.ends_at > now()
  and u.is_active and not u.is_deleted;
-- src/auth/context.rs, open_write; then src/orders/moves.rs, move_order and take
begin;
select o.id, o.numero, o.statut, o.client_id, o.client_nom, o.client_telephone,
    o.client_email, o.adresse_livraison, o.code_postal, o.ville, o.latitude, o.longitude, o.notes, o.date_livraison_prevue,
    o.creneau_debut, o.creneau_fin, o.position_tournee, o.total, o.total_ht, o.total_tva, o.total_livre, o.montant_encaisse,
    o.livreur_id, o.confirmed_at, o.prepared_at, o.shipped_at, o.delivered_at, o.cancelled_at, o.motif_annulation,
    o.created_at, o.updated_at, o.created_by, o.updated_by, o.version, o.is_deleted, o.deleted_at, o.deleted_by,
    (select json_build_object('id', u.id, 'nom', u.nom, 'prenom', u.prenom, 'telephone', u.telephone)
       from users u where u.id = o.livreur_id) as livreur,
    (select coalesce(json_agg(json_build_object('id', i.id, 'product_id', i.product_id, 'product_nom', i.product_nom,
                'category_id', i.category_id, 'quantity', i.quantity, 'quantite_livree', i.quantite_livree,
                'prix_unitaire', i.prix_unitaire, 'taux_tva', i.taux_tva, 'total', i.total) order by i.id), '[]')
       from order_items i where i.order_id = o.id) as items
from orders o where not o.is_deleted and o.id = :order for update of o;
select exists (select 1 from order_items where order_id = :order) as "any!";
-- src/orders/effects.rs, reserve
with wanted as materialized (
    select i.product_id, i.product_nom, i.quantity, p.is_active and not p.is_deleted as sellable,
           s.quantite - s.quantite_reservee as available
    from order_items i
    join products p on p.id = i.product_id
    join stocks s on s.product_id = i.product_id
    where i.order_id = :order
    order by i.product_id
    for share of p for update of s
), reserved as (
    update stocks s set quantite_reservee = s.quantite_reservee + w.quantity
    from wanted w
    where s.product_id = w.product_id
      and not exists (select 1 from wanted x where not x.sellable or x.available < x.quantity)
    returning 1
)
select product_id, product_nom, quantity, sellable as "sellable!", available as "available!",
       (select count(*) from reserved) as "reserved!"
from wanted where not sellable or available < quantity order by product_id;
update orders set statut = :statut,
    confirmed_at = case when :statut = 'confirmee' then now() else confirmed_at end,
    prepared_at = case when :statut = 'en_preparation' then now() else prepared_at end,
    shipped_at = case when :statut = 'en_livraison' then now() else shipped_at end,
    delivered_at = case when :statut = 'livree' then now() else delivered_at end,
    cancelled_at = case when :statut = 'annulee' then now() else cancelled_at end,
    total_livre = case when :statut = 'livree'
        then (select coalesce(sum(quantite_livree * prix_unitaire), 0)::bigint from order_items where order_id = :order)
        else total_livre end,
    montant_encaisse = case when :statut = 'livree' then coalesce(null, montant_encaisse) else montant_encaisse end,
    motif_annulation = case when :statut = 'annulee' then null else motif_annulation end
where id = :order;
-- src/shared/resource.rs, reread
select o.id, o.numero, o.statut, o.client_id, o.client_nom, o.client_telephone,
    o.client_email, o.adresse_livraison, o.code_postal, o.ville, o.latitude, o.longitude, o.notes, o.date_livraison_prevue,
    o.creneau_debut, o.creneau_fin, o.position_tournee, o.total, o.total_ht, o.total_tva, o.total_livre, o.montant_encaisse,
    o.livreur_id, o.confirmed_at, o.prepared_at, o.shipped_at, o.delivered_at, o.cancelled_at, o.motif_annulation,
    o.created_at, o.updated_at, o.created_by, o.updated_by, o.version, o.is_deleted, o.deleted_at, o.deleted_by,
    (select json_build_object('id', u.id, 'nom', u.nom, 'prenom', u.prenom, 'telephone', u.telephone)
       from users u where u.id = o.livreur_id) as livreur,
    (select coalesce(json_agg(json_build_object('id', i.id, 'product_id', i.product_id, 'product_nom', i.product_nom,
                'category_id', i.category_id, 'quantity', i.quantity, 'quantite_livree', i.quantite_livree,
                'prix_unitaire', i.prix_unitaire, 'taux_tva', i.taux_tva, 'total', i.total) order by i.id), '[]')
       from order_items i where i.order_id = o.id) as items
from orders o where o.id = :order;
commit;
