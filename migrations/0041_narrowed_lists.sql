-- A client's totals (orders, turnover, the last one) from the index alone.
drop index orders_client_idx;
create index orders_client_idx on orders (client_id, created_at desc, id desc) include (statut, total, total_livre) where not is_deleted;

-- The deleted ones, in the list's order: few, among all the others.
create index orders_deleted_idx on orders (created_at desc, id desc) where is_deleted;

-- What was said about a movement: sales say nothing.
create index stock_movements_motif_idx on stock_movements using gin (searchable(motif) gin_trgm_ops) where motif is not null;
