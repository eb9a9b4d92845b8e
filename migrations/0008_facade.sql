-- What the whole facade needs: the trail told field by field, and imports that can be taken back.

-- One row for each field of each entry, numbered so that they can be walked through; an erased entry is
-- one row without a field. At most 1 023 fields an entry: far more than a table here has.
create view history_changes as
    select h.id * 1024 + coalesce(f.place, 0) as id, h.table_name, h.row_id, h.parent_id, h.seq, h.action, h.user_id,
           h.at, h.request_id, f.champ, h.avant -> f.champ as avant, h.apres -> f.champ as apres,
           h.erased_at is not null as efface
    from history h
    left join lateral (
        select key as champ, row_number() over (order by key desc) as place
        from jsonb_object_keys(coalesce(h.avant, '{}') || coalesce(h.apres, '{}')) as key
        where key <> 'revision_lignes'
    ) f on true;

create index history_rare_idx on history (action, at desc, id desc) where action in ('suppression', 'restauration');
-- The tables that change seldom: in the journal they lie far apart between orders.
create index history_table_idx on history (table_name, at desc, id desc) where table_name not in ('orders', 'order_items');

-- Orders by the day they were confirmed: what counts as sold, and cancelled ones too for the list.
drop index orders_sold_idx;
create index orders_confirmed_idx on orders (confirmed_at, id) include (statut, total, total_livre)
    where not is_deleted and confirmed_at is not null;
