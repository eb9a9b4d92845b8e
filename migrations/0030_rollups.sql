-- The dashboard's figures, added up beforehand, by day and by month (src/dashboard/rollups.rs). A day has rows here as
-- its orders were when it was last added up; whoever changes an order leaves an instant of each day that this touches in
-- rollup_touched, in the same transaction. Reads take the days that nobody touched from here, and the others from the
-- orders, in one snapshot: so they are exact at every instant, whenever the adding up is done. A day without rows and
-- without a touch has no orders.

-- Nothing but appends: no writer ever waits for another one here. Instants, not days, because a business day is known
-- in a time zone, which may change meanwhile.
create table rollup_touched (
    at timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
comment on table rollup_touched is 'an instant of each business day whose orders changed since it was added up';

create table rollup_days (
    jour      date constraint rollup_days_pkey primary key,
    montant   bigint not null,
    livre     bigint not null,
    commandes bigint not null,
    articles  bigint not null
);
comment on table rollup_days is 'what was sold on a business day: turnover, the part of it delivered, orders, units';

create table rollup_statuts (
    jour    date,
    statut  text,
    nombre  bigint not null,
    montant bigint not null,
    constraint rollup_statuts_pkey primary key (jour, statut)
);
comment on table rollup_statuts is 'the orders created on a business day, by their status now';

create table rollup_articles (
    jour        date,
    product_id  bigint,
    category_id bigint,
    quantite    bigint not null,
    montant     bigint not null,
    constraint rollup_articles_pkey primary key (jour, product_id, category_id)
);
comment on table rollup_articles is 'what was sold of a product on a business day, by the category frozen on the lines';

create table rollup_articles_mois (
    mois        date,
    product_id  bigint,
    category_id bigint,
    quantite    bigint not null,
    montant     bigint not null,
    constraint rollup_articles_mois_pkey primary key (mois, product_id, category_id),
    constraint rollup_articles_mois_check check (extract(day from mois) = 1)
);
comment on table rollup_articles_mois is 'the same for a whole month, named by its first day';

-- Who adds up locks this table first: one at a time, whichever server it is.
create table rollup_state (
    id             smallint primary key default 1 constraint rollup_state_single_row check (id = 1),
    concordance_le timestamptz
);
comment on column rollup_state.concordance_le is 'when every day was last compared with the orders and agreed';
insert into rollup_state default values;

create function rollup_touch_order() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        insert into rollup_touched (at)
            select distinct at from unnest(array[old.created_at, old.confirmed_at, new.created_at, new.confirmed_at]) at
            where at is not null;
    elsif tg_op = 'INSERT' then
        insert into rollup_touched (at)
            select at from unnest(array[new.created_at, new.confirmed_at]) at where at is not null;
    else
        insert into rollup_touched (at)
            select at from unnest(array[old.created_at, old.confirmed_at]) at where at is not null;
    end if;
    return null;
end $$;
create trigger rollup_insert after insert or delete on orders for each row execute function rollup_touch_order();
create trigger rollup_update after update on orders for each row
    when ((old.statut, old.total, old.total_livre, old.is_deleted, old.created_at, old.confirmed_at)
          is distinct from (new.statut, new.total, new.total_livre, new.is_deleted, new.created_at, new.confirmed_at))
    execute function rollup_touch_order();

-- Lines count once their order is sold. A line never goes over to another order.
create function rollup_touch_lines() returns trigger language plpgsql as $$
begin
    insert into rollup_touched (at)
        select distinct o.confirmed_at from changed c join orders o on o.id = c.order_id where o.confirmed_at is not null;
    return null;
end $$;
create trigger rollup_insert after insert on order_items referencing new table as changed
    for each statement execute function rollup_touch_lines();
create trigger rollup_update after update on order_items referencing new table as changed
    for each statement execute function rollup_touch_lines();
create trigger rollup_delete after delete on order_items referencing old table as changed
    for each statement execute function rollup_touch_lines();

-- Every day that has orders.
create function rollup_touch_all() returns void language sql volatile as $$
    insert into rollup_touched (at)
        select min(confirmed_at) from orders where confirmed_at is not null
        group by business_day(confirmed_at, (select business_zone()))
        union
        select min(created_at) from orders group by business_day(created_at, (select business_zone()));
$$;

-- In another time zone other orders make up a day.
create function rollup_rebuild() returns trigger language plpgsql as $$
begin
    -- Whoever is adding up in the old zone comes to an end first.
    lock table rollup_state in exclusive mode;
    delete from rollup_days;
    delete from rollup_statuts;
    delete from rollup_articles;
    delete from rollup_articles_mois;
    update rollup_state set concordance_le = null;
    perform rollup_touch_all();
    return null;
end $$;
create trigger rollup_rebuild after update on settings for each row when (old.fuseau <> new.fuseau)
    execute function rollup_rebuild();

-- The orders that are there already.
select rollup_touch_all();
