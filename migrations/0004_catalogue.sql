-- Categories, products, clients.

create table categories (
    id          bigint generated always as identity primary key,
    nom         text not null constraint categories_nom_check check (length(btrim(nom)) between 1 and 200),
    description text constraint categories_description_check check (length(description) <= 5000),
    ordre       integer not null default 0,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    created_by  bigint not null constraint categories_created_by_fkey references users (id),
    updated_by  bigint not null constraint categories_updated_by_fkey references users (id),
    version     integer not null default 1,
    is_deleted  boolean not null default false,
    deleted_at  timestamptz,
    deleted_by  bigint constraint categories_deleted_by_fkey references users (id),
    constraint categories_deleted_check check (is_deleted = (deleted_at is not null) and is_deleted = (deleted_by is not null))
);
create unique index categories_nom_key on categories (searchable(btrim(nom))) where not is_deleted;
create index categories_ordre_idx on categories (ordre, id) where not is_deleted;
select audit_table('categories', array['nom', 'description', 'ordre', 'is_deleted']);

create table products (
    id          bigint generated always as identity primary key,
    reference   text constraint products_reference_check check (length(btrim(reference)) between 1 and 64),
    nom         text not null constraint products_nom_check check (length(btrim(nom)) between 1 and 200),
    description text constraint products_description_check check (length(description) <= 5000),
    prix        bigint not null constraint products_prix_check check (prix between 0 and 9999999999),
    taux_tva    integer not null constraint products_taux_tva_check check (taux_tva between 0 and 10000),
    prix_achat  bigint constraint products_prix_achat_check check (prix_achat between 0 and 9999999999),
    category_id bigint not null constraint products_category_id_fkey references categories (id),
    is_active   boolean not null default true,
    recherche   text not null generated always as (searchable(nom || ' ' || coalesce(reference, ''))) stored,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    created_by  bigint not null constraint products_created_by_fkey references users (id),
    updated_by  bigint not null constraint products_updated_by_fkey references users (id),
    version     integer not null default 1,
    is_deleted  boolean not null default false,
    deleted_at  timestamptz,
    deleted_by  bigint constraint products_deleted_by_fkey references users (id),
    constraint products_deleted_check check (is_deleted = (deleted_at is not null) and is_deleted = (deleted_by is not null))
);
comment on column products.prix is 'including VAT, in minor units';
comment on column products.taux_tva is 'in hundredths of a percent: 550 is 5.5 %';
comment on column products.prix_achat is 'cost, in minor units';
create unique index products_reference_key on products (lower(reference)) where not is_deleted;
create index products_nom_idx on products (nom collate french, id) where not is_deleted;
create index products_prix_idx on products (prix, id) where not is_deleted;
create index products_created_at_idx on products (created_at, id) where not is_deleted;
create index products_category_idx on products (category_id, nom collate french, id) where not is_deleted;
create index products_recherche_idx on products using gin (recherche gin_trgm_ops);
select audit_table('products', array['reference', 'nom', 'description', 'prix', 'taux_tva', 'prix_achat',
                                     'category_id', 'is_active', 'is_deleted']);

create table clients (
    id             bigint generated always as identity primary key,
    nom            text not null constraint clients_nom_check check (length(btrim(nom)) between 1 and 200),
    telephone      text constraint clients_telephone_check check (length(telephone) <= 30),
    telephone_norm text generated always as (normalised_phone(telephone)) stored,
    email          text constraint clients_email_check check (length(email) <= 254),
    adresse        text constraint clients_adresse_check check (length(adresse) <= 500),
    code_postal    text constraint clients_code_postal_check check (length(code_postal) <= 20),
    ville          text constraint clients_ville_check check (length(ville) <= 200),
    latitude       double precision constraint clients_latitude_check check (latitude between -90 and 90),
    longitude      double precision constraint clients_longitude_check check (longitude between -180 and 180),
    notes          text constraint clients_notes_check check (length(notes) <= 5000),
    recherche      text not null generated always as
        (searchable(nom || ' ' || coalesce(email, '')) || ' ' || coalesce(normalised_phone(telephone), '')) stored,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    created_by     bigint not null constraint clients_created_by_fkey references users (id),
    updated_by     bigint not null constraint clients_updated_by_fkey references users (id),
    version        integer not null default 1,
    is_deleted     boolean not null default false,
    deleted_at     timestamptz,
    deleted_by     bigint constraint clients_deleted_by_fkey references users (id),
    constraint clients_deleted_check check (is_deleted = (deleted_at is not null) and is_deleted = (deleted_by is not null)),
    constraint clients_position_check check ((latitude is null) = (longitude is null))
);
create index clients_telephone_idx on clients (telephone_norm, id) where not is_deleted;
create index clients_nom_idx on clients (nom collate french, id) where not is_deleted;
create index clients_recherche_idx on clients using gin (recherche gin_trgm_ops);
select audit_table('clients', array['nom', 'telephone', 'email', 'adresse', 'code_postal', 'ville', 'latitude',
                                    'longitude', 'notes', 'is_deleted']);
