-- Lists that stay as quick with a million orders: an index for each order in which they are walked.

-- The latest planned first, those without a day last.
create index orders_prevue_desc_idx on orders (date_livraison_prevue desc nulls last, id desc) where not is_deleted;
-- What nobody delivers yet: few among all.
create index orders_unassigned_idx on orders (created_at desc, id desc) where not is_deleted and livreur_id is null;
-- All that somebody delivered, the newest first.
create index orders_livreur_created_idx on orders (livreur_id, created_at desc, id desc)
    where not is_deleted and livreur_id is not null;
-- What is still to be delivered, by the day that it is planned for: few among all, and the dashboard counts the late ones.
create index orders_open_idx on orders (date_livraison_prevue, id)
    where not is_deleted and statut in ('confirmee', 'en_preparation', 'en_livraison');
