-- Files of products that were imported, and what is needed to take one back.

create table imports (
    id              bigint generated always as identity primary key,
    fichier         text constraint imports_fichier_check check (length(fichier) between 1 and 200),
    crees           integer not null constraint imports_crees_check check (crees >= 0),
    modifies        integer not null constraint imports_modifies_check check (modifies >= 0),
    inchanges       integer not null constraint imports_inchanges_check check (inchanges >= 0),
    dernier_article bigint not null,
    undone_at       timestamptz,
    undone_by       bigint constraint imports_undone_by_fkey references users (id),
    recherche       text not null generated always as (searchable(coalesce(fichier, ''))) stored,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    created_by      bigint not null constraint imports_created_by_fkey references users (id),
    updated_by      bigint not null constraint imports_updated_by_fkey references users (id),
    version         integer not null default 1,
    constraint imports_undone_check check ((undone_at is null) = (undone_by is null))
);
comment on column imports.dernier_article is 'the last order line there was: later ones were ordered since';
create index imports_created_at_idx on imports (created_at, id);
create index imports_recherche_idx on imports using gin (recherche gin_trgm_ops);
select audit_table('imports', array['fichier', 'crees', 'modifies', 'inchanges', 'undone_at']);

-- One for each line of the file. How the product stood afterwards tells whether it served since.
create table import_lines (
    import_id     bigint not null constraint import_lines_import_id_fkey references imports (id),
    ligne         integer not null constraint import_lines_ligne_check check (ligne >= 1),
    product_id    bigint not null constraint import_lines_product_id_fkey references products (id),
    reference     text not null,
    resultat      text not null
        constraint import_lines_resultat_check check (resultat in ('cree', 'modifie', 'inchange')),
    avant         jsonb,
    apres         jsonb,
    version       integer not null,
    stock_version integer not null,
    reserve       bigint not null,
    mouvement_id  bigint not null,
    constraint import_lines_pkey primary key (import_id, ligne)
);
comment on column import_lines.avant is 'the fields that changed, as the trail writes them; null for what was created';
comment on column import_lines.mouvement_id is 'the last movement of the product, that of the import included; 0 for none';
create index import_lines_product_idx on import_lines (product_id);
create trigger import_lines_immutable before update or delete on import_lines
    for each row execute function refuse_change();
create trigger import_lines_no_truncate before truncate on import_lines execute function refuse_change();
