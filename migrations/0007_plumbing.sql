-- What makes writes safe to repeat, and what must leave the process.

-- Only a success stays here: it commits with the write it belongs to.
create table idempotency_keys (
    user_id      bigint not null,
    key          text not null constraint idempotency_keys_key_check check (length(key) between 1 and 255),
    method       text not null,
    path         text not null,
    body_digest  bytea not null,
    answer       jsonb,
    created_at   timestamptz not null default now(),
    constraint idempotency_keys_pkey primary key (user_id, key)
);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);

create table outgoing_events (
    id         bigint generated always as identity primary key,
    topic      text not null,
    row_id     bigint not null,
    payload    jsonb not null default '{}',
    created_at timestamptz not null default now(),
    sent_at    timestamptz
);
create index outgoing_events_unsent_idx on outgoing_events (id) where sent_at is null;
