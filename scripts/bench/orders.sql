-- src/auth/sessions.rs, actor_of_token
select u.id, u.role, u.nom, u.prenom, u.email from sessions s join users u on u.id = s.user_id
where s.id = :session and s.kind = 'api' and s.revoked_at is null and s.ends_at > now()
  and u.is_active and not u.is_deleted;
-- src/shared/listing.rs, page and count, over src/orders/rows.rs
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
       from order_items i where i.order_id = o.id) as items,
    to_jsonb(o.created_at) #>> '{}' as list_sort_key, o.id as list_key
from orders o where not o.is_deleted order by o.created_at desc, o.id desc limit :limit offset :offset;
select count(*) from (select 1 from orders o where not o.is_deleted limit :cap) matches;
