-- What is on the shelf, and the ledger that explains it.
-- quantite is the sum of a product's movements: the trigger below applies each of them, and
-- nothing else may change it.

create table stocks (
    product_id        bigint primary key constraint stocks_product_id_fkey references products (id),
    quantite          bigint not null default 0
        constraint stocks_quantite_check check (quantite between 0 and 1000000000),
    quantite_reservee bigint not null default 0,
    seuil_alerte      bigint not null default 0
        constraint stocks_seuil_alerte_check check (seuil_alerte between 0 and 1000000000),
    created_at        timestamptz not null default now(),
    updated_at        timestamptz not null default now(),
    created_by        bigint not null constraint stocks_created_by_fkey references users (id),
    updated_by        bigint not null constraint stocks_updated_by_fkey references users (id),
    version           integer not null default 1,
    constraint stocks_reserve_check check (quantite_reservee between 0 and quantite)
) with (fillfactor = 70);
comment on table stocks is 'rows change with every sale: room is left on each page for that';
-- Quantities are explained by the movements and the orders, so the trail holds the threshold alone.
select audit_table('stocks', array['seuil_alerte'], key_col => 'product_id');

create table stock_movements (
    id          bigint primary key,
    product_id  bigint not null constraint stock_movements_product_id_fkey references products (id),
    type        text not null
        constraint stock_movements_type_check check (type in ('entree', 'sortie', 'ajustement', 'vente', 'retour')),
    quantite    bigint not null,
    stock_avant bigint not null constraint stock_movements_avant_check check (stock_avant >= 0),
    stock_apres bigint not null constraint stock_movements_apres_check check (stock_apres >= 0),
    motif       text constraint stock_movements_motif_check check (length(motif) <= 5000),
    order_id    bigint,
    created_at  timestamptz not null default now(),
    created_by  bigint not null constraint stock_movements_created_by_fkey references users (id),
    constraint stock_movements_balance_check check (stock_apres = stock_avant + quantite),
    constraint stock_movements_sign_check check (
        (type in ('entree', 'retour') and quantite > 0) or (type in ('sortie', 'vente') and quantite < 0)
        or type = 'ajustement'),
    constraint stock_movements_vente_check check (type <> 'vente' or order_id is not null)
);
comment on column stock_movements.quantite is 'signed: what the stock gained';
create sequence stock_movements_id_seq owned by stock_movements.id;
create index stock_movements_product_idx on stock_movements (product_id, id desc);
create index stock_movements_order_idx on stock_movements (order_id, id) where order_id is not null;
create index stock_movements_created_at_idx on stock_movements (created_at desc, id desc);
create index stock_movements_type_idx on stock_movements (type, id desc);

-- The id is drawn after the lock on the stock, so that ids follow the order of application.
create function stock_movements_apply() returns trigger language plpgsql as $$
begin
    update stocks set quantite = quantite + new.quantite
        where product_id = new.product_id
        returning quantite - new.quantite, quantite into new.stock_avant, new.stock_apres;
    if not found then
        raise exception 'product % has no stock', new.product_id using errcode = 'foreign_key_violation';
    end if;
    new.id := nextval('stock_movements_id_seq');
    new.created_at := now();
    new.created_by := coalesce(acting_user(), new.created_by);
    return new;
end $$;
create trigger stock_movements_apply before insert on stock_movements
    for each row execute function stock_movements_apply();
create trigger stock_movements_immutable before update or delete on stock_movements
    for each row execute function refuse_change();
create trigger stock_movements_no_truncate before truncate on stock_movements execute function refuse_change();

create function stocks_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.quantite <> 0 or new.quantite_reservee <> 0 then
            raise exception 'a stock begins empty: write a movement' using errcode = 'restrict_violation';
        end if;
    elsif new.product_id <> old.product_id or (new.quantite <> old.quantite and pg_trigger_depth() < 2) then
        raise exception 'a stock changes by its movements alone' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger stocks_guard before insert or update on stocks for each row execute function stocks_guard();
create trigger stocks_no_delete before delete on stocks for each row execute function refuse_change();

-- No product without its stock.
create function products_open_stock() returns trigger language plpgsql as $$
begin
    insert into stocks (product_id, created_by, updated_by) values (new.id, new.created_by, new.updated_by);
    return null;
end $$;
create trigger products_open_stock after insert on products for each row execute function products_open_stock();
