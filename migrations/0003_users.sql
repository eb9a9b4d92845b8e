-- People, and the system's own user, who owns what no person did and cannot sign in.

create table users (
    id                  bigint generated always as identity primary key,
    email               text not null
        constraint users_email_check check (length(email) between 3 and 254 and email ~ '^[^[:space:]@]+@[^[:space:]@]+$'),
    nom                 text not null constraint users_nom_check check (length(btrim(nom)) between 1 and 200),
    prenom              text constraint users_prenom_check check (length(prenom) <= 200),
    telephone           text constraint users_telephone_check check (length(telephone) <= 30),
    role                text not null
        constraint users_role_check check (role in ('admin', 'controleur', 'livreur', 'simple_utilisateur')),
    is_active           boolean not null default true,
    is_system           boolean not null default false,
    password_hash       text,
    password_changed_at timestamptz not null default now(),
    last_login_at       timestamptz,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),
    created_by          bigint not null constraint users_created_by_fkey references users (id),
    updated_by          bigint not null constraint users_updated_by_fkey references users (id),
    version             integer not null default 1,
    is_deleted          boolean not null default false,
    deleted_at          timestamptz,
    deleted_by          bigint constraint users_deleted_by_fkey references users (id),
    constraint users_deleted_check check (is_deleted = (deleted_at is not null) and is_deleted = (deleted_by is not null)),
    constraint users_system_check check (not is_system or (password_hash is null and not is_active))
);
create unique index users_email_key on users (lower(email)) where not is_deleted;
create unique index users_system_key on users (is_system) where is_system;
create index users_role_idx on users (role, nom collate french, id) where not is_deleted;
create index users_nom_idx on users (nom collate french, id) where not is_deleted;
create index users_search_idx on users using gin
    (searchable(nom || ' ' || coalesce(prenom, '') || ' ' || email) gin_trgm_ops);

select audit_table('users', array['email', 'nom', 'prenom', 'telephone', 'role', 'is_active',
                                  'password_changed_at', 'is_deleted']);

-- The system's user creates itself.
select set_config('app.user_id', '1', true);
insert into users (id, email, nom, role, is_active, is_system, created_by, updated_by)
    overriding system value
    values (1, 'systeme@localhost', 'Système', 'admin', false, true, 1, 1);
select setval(pg_get_serial_sequence('users', 'id'), 1);
select set_config('app.user_id', '', true);

-- A signed-in browser or phone (one opaque cookie) or a program (rotating tokens).
create table sessions (
    id            bigint generated always as identity primary key,
    user_id       bigint not null constraint sessions_user_id_fkey references users (id),
    kind          text not null constraint sessions_kind_check check (kind in ('navigateur', 'api')),
    cookie_digest bytea,
    salt          bytea,
    generation    integer not null default 0,
    rotated_at    timestamptz,
    user_agent    text constraint sessions_user_agent_check check (length(user_agent) <= 400),
    address       inet,
    created_at    timestamptz not null default now(),
    last_seen_at  timestamptz not null default now(),
    expires_at    timestamptz not null,
    ends_at       timestamptz,
    revoked_at    timestamptz,
    constraint sessions_secret_check check (
        (kind = 'navigateur' and cookie_digest is not null) or (kind = 'api' and salt is not null))
);
comment on column sessions.cookie_digest is 'SHA-256 of the cookie: the cookie itself is never stored';
comment on column sessions.generation is 'which refresh token of this family is the current one';
comment on column sessions.ends_at is 'end that sliding cannot move';
create unique index sessions_cookie_key on sessions (cookie_digest) where cookie_digest is not null;
create index sessions_user_idx on sessions (user_id, last_seen_at desc) where revoked_at is null;
create index sessions_expires_idx on sessions (expires_at);

-- Failed sign-ins, by digest of what was tried (account + address, or address alone).
create table sign_in_failures (
    key_digest    bytea primary key,
    failures      integer not null,
    first_at      timestamptz not null,
    last_at       timestamptz not null,
    blocked_until timestamptz
);
create index sign_in_failures_last_idx on sign_in_failures (last_at);
