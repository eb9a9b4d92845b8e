\set product random(:first_product, :first_product + :rows - 1)
\set client random(:first_client, :first_client + :rows - 1)
-- src/auth/sessions.rs, actor_of_token
select u.id, u.role, u.nom, u.prenom, u.email from sessions s join users u on u.id = s.user_id
where s.id = :session and s.kind = 'api' and s.revoked_at is null and s.ends_at > now()
  and u.is_active and not u.is_deleted;
-- src/auth/context.rs, open_write; then src/orders/operations.rs, create_order
begin;
select id, telephone, email, adresse, code_postal, ville, latitude, longitude
from clients where id = :client and not is_deleted for share;
select id, nom, category_id, prix, taux_tva, is_active from products
where id = any(array[:product]::bigint[]) and not is_deleted order by id for share \gset
\set tva :prix * :taux_tva / (10000 + :taux_tva)
with o as (
    insert into orders (numero, client_id, client_nom, client_telephone, client_email, adresse_livraison,
                        code_postal, ville, latitude, longitude, notes, date_livraison_prevue, creneau_debut,
                        creneau_fin, total, total_tva)
    values (next_order_numero(), :client, :client_nom, null, null, null, null, null, null, null, null, null, null, null,
            :prix, :tva)
    returning id, created_by, updated_by
), l as (
    insert into order_items (order_id, product_id, product_nom, category_id, quantity, prix_unitaire, taux_tva,
                             created_by, updated_by)
    select o.id, t.product_id, t.nom, t.category_id, t.quantity, t.prix, t.taux, o.created_by, o.updated_by
    from o, unnest(array[:product]::bigint[], array[:nom]::text[], array[:category_id]::bigint[], array[1]::bigint[],
                   array[:prix]::bigint[], array[:taux_tva]::int[])
         as t(product_id, nom, category_id, quantity, prix, taux)
)
select id from o \gset new_
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
from orders o where o.id = :new_id;
commit;
