-- The names and phones that orders carry, each once. Few clients order much: who searches a name looks it up here, and
-- finds and counts the orders along an index, instead of looking at each of them.

-- What is searched of a client's name and phone: the end of orders.recherche.
create function order_name(nom text, telephone text) returns text
    language sql immutable parallel safe
    return searchable(nom) || ' ' || coalesce(normalised_phone(telephone), '');

create table order_names (
    id        bigint generated always as identity primary key,
    recherche text not null
);
comment on table order_names is 'names and phones of orders in searchable form; two that begin at once may have a row each';
create index order_names_same_idx on order_names using hash (recherche);
create index order_names_recherche_idx on order_names using gin (recherche gin_trgm_ops);

-- The row of a name, made where there is none. Nobody waits for anybody: no uniqueness is asked for.
create function order_name_id(nom text, telephone text) returns bigint
    language plpgsql volatile as $$
declare
    said text := order_name(nom, telephone);
    known bigint;
begin
    -- Held to the end of the transaction: an erasure must not throw it away meanwhile.
    select n.id into known from order_names n where n.recherche = said order by n.id limit 1 for key share;
    if known is null then
        insert into order_names (recherche) values (said) returning id into known;
    end if;
    return known;
end $$;

insert into order_names (recherche) select distinct order_name(client_nom, client_telephone) from orders;
analyze order_names;

-- By changing the type, all rows and indexes are written anew once; an update would write each row a second time.
alter table orders add column name_id bigint;
alter table orders alter column name_id type bigint using order_name_id(client_nom, client_telephone);
alter table orders
    alter column name_id set not null,
    add constraint orders_name_id_fkey foreign key (name_id) references order_names (id),
    -- By what it may be made of, a word that is no part of a number is told (src/orders/names.rs).
    add constraint orders_numero_check check (numero ~ '^[CMD0-9-]+$');
create index orders_name_idx on orders (name_id, statut) where not is_deleted;

create function orders_name() returns trigger language plpgsql as $$
begin
    new.name_id := order_name_id(new.client_nom, new.client_telephone);
    return new;
end $$;
create trigger orders_name_new before insert on orders for each row execute function orders_name();
create trigger orders_name_changed before update of client_nom, client_telephone on orders for each row
    when (row(new.client_nom, new.client_telephone) is distinct from row(old.client_nom, old.client_telephone))
    execute function orders_name();
