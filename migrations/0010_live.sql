-- What changed, written with the change, so that open pages follow it. A server takes these rows out again
-- within a tenth of a second and tells all servers (src/live/): a NOTIFY in each write would make commits wait
-- for each other.

-- Never written to, and kept what was sent.
drop table outgoing_events;

-- Unlogged: it costs the change next to nothing, and what a crash takes away nobody misses, because every
-- page reads again once its server has lost the database.
create unlogged table live_events (
    id       bigint generated always as identity primary key,
    topic    text not null,
    ids      bigint[],
    couriers bigint[]
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
comment on table live_events is 'empty but for the last moment';
comment on column live_events.topic is 'the table that changed';
comment on column live_events.ids is 'the rows that changed; null for any of them';
comment on column live_events.couriers is 'of an order: who delivered it before and who does now';

-- Orders change one by one; whose they are decides who may hear of it.
create function live_orders() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into live_events (topic, ids, couriers) values ('orders', array[new.id], array[new.livreur_id]);
    else
        insert into live_events (topic, ids, couriers)
            values ('orders', array[new.id], array[old.livreur_id, new.livreur_id]);
    end if;
    return null;
end $$;
create trigger live_insert after insert on orders for each row execute function live_orders();
create trigger live_update after update on orders for each row when (old.version <> new.version)
    execute function live_orders();

-- One row of any table.
create function live_row() returns trigger language plpgsql as $$
begin
    insert into live_events (topic, ids) values (tg_table_name, array[new.id]);
    return null;
end $$;
create trigger live_insert after insert on users for each row execute function live_row();
-- Not for each sign-in, which makes no version.
create trigger live_update after update on users for each row when (old.version <> new.version) execute function live_row();
create trigger live_ended after update on sessions for each row
    when (old.revoked_at is null and new.revoked_at is not null) execute function live_row();

-- The rows of a statement as one event; where they are many, naming them costs more than reading all again.
create function live_statement() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'stocks' then
        insert into live_events (topic, ids)
            select tg_table_name, case when count(*) <= 100 then array_agg(product_id) end from changed having count(*) > 0;
    else
        insert into live_events (topic, ids)
            select tg_table_name, case when count(*) <= 100 then array_agg(id) end from changed having count(*) > 0;
    end if;
    return null;
end $$;
-- Not for a new stock: its product is news already.
create trigger live_update after update on stocks referencing new table as changed
    for each statement execute function live_statement();
create trigger live_insert after insert on products referencing new table as changed
    for each statement execute function live_statement();
create trigger live_update after update on products referencing new table as changed
    for each statement execute function live_statement();
create trigger live_insert after insert on categories referencing new table as changed
    for each statement execute function live_statement();
create trigger live_update after update on categories referencing new table as changed
    for each statement execute function live_statement();
create trigger live_insert after insert on clients referencing new table as changed
    for each statement execute function live_statement();
create trigger live_update after update on clients referencing new table as changed
    for each statement execute function live_statement();
