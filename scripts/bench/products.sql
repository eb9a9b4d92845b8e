-- src/auth/sessions.rs, actor_of_token
select u.id, u.role, u.nom, u.prenom, u.email from sessions s join users u on u.id = s.user_id
where s.id = :session and s.kind = 'api' and s.revoked_at is null and s.ends_at > now()
  and u.is_active and not u.is_deleted;
-- src/shared/listing.rs, page and count, over src/products/queries.rs
select p.*, c.nom as category_nom, s.quantite, s.quantite_reservee, s.seuil_alerte,
       to_jsonb(p.nom collate french) #>> '{}' as list_sort_key, p.id as list_key
from products p join categories c on c.id = p.category_id join stocks s on s.product_id = p.id
where not p.is_deleted order by p.nom collate french asc, p.id asc limit :limit offset :offset;
select count(*) from (select 1 from products p join stocks s on s.product_id = p.id where not p.is_deleted
                      limit :cap) matches;
