-- Orders and their lines. An order keeps its own copy of the client's data, a line its own copy
-- of the product's name, category, price and VAT rate.

create sequence order_numero_seq;

-- CMD-YYYYMMDD-NNNNNN: the business day, then a number that never returns (at least six digits).
create function next_order_numero() returns text
    language plpgsql volatile as $$
declare
    n text := nextval('order_numero_seq')::text;
begin
    return 'CMD-' || to_char(business_day(now()), 'YYYYMMDD') || '-' || lpad(n, greatest(6, length(n)), '0');
end $$;

create table orders (
    id                    bigint generated always as identity primary key,
    numero                text not null constraint orders_numero_key unique,
    statut                text not null default 'brouillon'
        constraint orders_statut_check
        check (statut in ('brouillon', 'confirmee', 'en_preparation', 'en_livraison', 'livree', 'annulee')),
    client_id             bigint not null constraint orders_client_id_fkey references clients (id),
    client_nom            text not null constraint orders_client_nom_check check (length(btrim(client_nom)) between 1 and 200),
    client_telephone      text constraint orders_client_telephone_check check (length(client_telephone) <= 30),
    client_email          text constraint orders_client_email_check check (length(client_email) <= 254),
    adresse_livraison     text constraint orders_adresse_check check (length(adresse_livraison) <= 500),
    code_postal           text constraint orders_code_postal_check check (length(code_postal) <= 20),
    ville                 text constraint orders_ville_check check (length(ville) <= 200),
    latitude              double precision constraint orders_latitude_check check (latitude between -90 and 90),
    longitude             double precision constraint orders_longitude_check check (longitude between -180 and 180),
    notes                 text constraint orders_notes_check check (length(notes) <= 5000),
    date_livraison_prevue date constraint orders_date_prevue_check
        check (date_livraison_prevue between date '2000-01-01' and date '2100-12-31'),
    creneau_debut         time,
    creneau_fin           time,
    position_tournee      integer constraint orders_position_check check (position_tournee >= 0),
    total                 bigint not null default 0 constraint orders_total_check check (total >= 0),
    total_tva             bigint not null default 0 constraint orders_total_tva_check check (total_tva between 0 and total),
    total_ht              bigint not null generated always as (total - total_tva) stored,
    total_livre           bigint constraint orders_total_livre_check check (total_livre between 0 and total),
    montant_encaisse      bigint constraint orders_montant_encaisse_check check (montant_encaisse >= 0),
    livreur_id            bigint constraint orders_livreur_id_fkey references users (id),
    motif_annulation      text constraint orders_motif_check check (length(motif_annulation) <= 5000),
    revision_lignes       integer not null default 0,
    confirmed_at          timestamptz,
    prepared_at           timestamptz,
    shipped_at            timestamptz,
    delivered_at          timestamptz,
    cancelled_at          timestamptz,
    recherche             text not null generated always as
        (searchable(numero || ' ' || client_nom) || ' ' || coalesce(normalised_phone(client_telephone), '')) stored,
    created_at            timestamptz not null default now(),
    updated_at            timestamptz not null default now(),
    created_by            bigint not null constraint orders_created_by_fkey references users (id),
    updated_by            bigint not null,
    version               integer not null default 1,
    is_deleted            boolean not null default false,
    deleted_at            timestamptz,
    deleted_by            bigint constraint orders_deleted_by_fkey references users (id),
    constraint orders_deleted_check check (is_deleted = (deleted_at is not null) and is_deleted = (deleted_by is not null)),
    constraint orders_deleted_statut_check check (not is_deleted or statut in ('brouillon', 'annulee')),
    constraint orders_position_pair_check check ((latitude is null) = (longitude is null)),
    constraint orders_creneau_check check (creneau_fin is null or (creneau_debut is not null and creneau_debut < creneau_fin)),
    constraint orders_confirmed_check check (
        case when statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree') then confirmed_at is not null
             when statut = 'brouillon' then confirmed_at is null else true end),
    constraint orders_livreur_check check (statut not in ('en_livraison', 'livree') or livreur_id is not null),
    constraint orders_shipped_check check (statut not in ('en_livraison', 'livree') or shipped_at is not null),
    constraint orders_delivered_check check ((statut = 'livree') = (delivered_at is not null)
                                             and (statut = 'livree') = (total_livre is not null)),
    constraint orders_cancelled_check check ((statut = 'annulee') = (cancelled_at is not null))
);
comment on column orders.total is 'sum of the lines, VAT included, in minor units';
comment on column orders.total_tva is 'the VAT inside total: per rate, rounded half up';
comment on column orders.total_livre is 'what was handed over, once delivered';
comment on column orders.revision_lignes is 'counts the changes of lines, so that each makes a new version of the order';

create index orders_created_at_idx on orders (created_at desc, id desc) where not is_deleted;
create index orders_statut_idx on orders (statut, created_at desc, id desc) where not is_deleted;
create index orders_client_idx on orders (client_id, created_at desc, id desc) where not is_deleted;
create index orders_livreur_idx on orders (livreur_id, statut, date_livraison_prevue, id) where not is_deleted and livreur_id is not null;
create index orders_total_idx on orders (total, id) where not is_deleted;
create index orders_prevue_idx on orders (date_livraison_prevue, id) where not is_deleted;
create index orders_delivered_idx on orders (delivered_at, id) where not is_deleted and delivered_at is not null;
-- The definition of "sold" reads this one alone.
create index orders_sold_idx on orders (confirmed_at, id) include (statut, total, total_livre)
    where not is_deleted and statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree');
create index orders_recherche_idx on orders using gin (recherche gin_trgm_ops);

select audit_table('orders', array[
    'numero', 'statut', 'client_id', 'client_nom', 'client_telephone', 'client_email', 'adresse_livraison',
    'code_postal', 'ville', 'latitude', 'longitude', 'notes', 'date_livraison_prevue', 'creneau_debut', 'creneau_fin',
    'position_tournee', 'total', 'total_tva', 'total_livre', 'montant_encaisse', 'livreur_id', 'motif_annulation',
    'revision_lignes', 'is_deleted']);

create table order_items (
    id              bigint generated always as identity primary key,
    order_id        bigint not null constraint order_items_order_id_fkey references orders (id),
    product_id      bigint not null constraint order_items_product_id_fkey references products (id),
    product_nom     text not null,
    category_id     bigint not null constraint order_items_category_id_fkey references categories (id),
    quantity        bigint not null constraint order_items_quantity_check check (quantity between 1 and 100000),
    quantite_livree bigint,
    prix_unitaire   bigint not null constraint order_items_prix_check check (prix_unitaire between 0 and 9999999999),
    taux_tva        integer not null constraint order_items_taux_tva_check check (taux_tva between 0 and 10000),
    total           bigint not null generated always as (quantity * prix_unitaire) stored,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    created_by      bigint not null,
    updated_by      bigint not null,
    version         integer not null default 1,
    constraint order_items_product_key unique (order_id, product_id),
    constraint order_items_livree_check check (quantite_livree between 0 and quantity)
);
create index order_items_product_idx on order_items (product_id, order_id);
create index order_items_category_idx on order_items (category_id, order_id);
select audit_table('order_items', array['order_id', 'product_id', 'product_nom', 'category_id', 'quantity',
                                        'quantite_livree', 'prix_unitaire', 'taux_tva'], parent_col => 'order_id');

alter table stock_movements
    add constraint stock_movements_order_id_fkey foreign key (order_id) references orders (id);

-- VAT inside an amount that includes it, rounded half up. Rate in hundredths of a percent.
create function vat_inside(amount numeric, rate integer) returns bigint
    language sql immutable parallel safe
    return round(amount * rate / (10000 + rate))::bigint;
