-- The trail. Triggers write it, so that no code path can leave it out.
--
-- Every audited row has a chain of entries numbered from 1 to its version. The digest of an
-- entry is keyed with a secret that the server holds, and covers the entry before it and the
-- digest of the payload, not the payload: a person's data can be erased and the chain still holds.

create table history (
    id             bigint generated always as identity primary key,
    table_name     text not null,
    row_id         bigint not null,
    parent_id      bigint,
    seq            integer not null constraint history_seq_check check (seq >= 1),
    action         text not null
        constraint history_action_check check (action in ('creation', 'modification', 'suppression', 'restauration')),
    user_id        bigint not null,
    at             timestamptz not null default now(),
    request_id     text,
    avant          jsonb,
    apres          jsonb,
    salt           bytea,
    payload_digest bytea not null,
    digest         bytea,
    erased_at      timestamptz,
    constraint history_chain_key unique (table_name, row_id, seq)
);
comment on column history.parent_id is 'the order of a line: its history is told with the order';
comment on column history.digest is 'null when written by a session that does not hold the key: verify names it';

create index history_parent_idx on history (table_name, parent_id, id) where parent_id is not null;
create index history_user_idx on history (user_id, id desc);
create index history_at_idx on history (at desc, id desc);

create function history_payload_digest(salt bytea, avant jsonb, apres jsonb) returns bytea
    -- Not immutable, because convert_to is not: so that it can be inlined.
    language sql stable parallel safe
    return sha256(salt || convert_to(coalesce(avant::text, '') || E'\x1f' || coalesce(apres::text, ''), 'UTF8'));

-- Null without the key: an entry can be written by hand, but not sealed.
create function history_digest(
    previous bytea, table_name text, row_id bigint, parent_id bigint, seq integer, action text,
    user_id bigint, at timestamptz, request_id text, payload_digest bytea
) returns bytea
    language sql stable parallel restricted
    return hmac(
        coalesce(previous, ''::bytea)
            || convert_to(
                concat_ws(E'\x1f', table_name, row_id, coalesce(parent_id, 0), seq, action, user_id,
                          (extract(epoch from at) * 1000000)::bigint, coalesce(request_id, '')), 'UTF8')
            || payload_digest,
        decode(nullif(current_setting('app.audit_key', true), ''), 'hex'),
        'sha256');

-- The fields of `a` whose value in `b` is another one.
create function json_changed(a jsonb, b jsonb) returns jsonb
    language sql immutable parallel safe
    return (select jsonb_object_agg(key, value) from jsonb_each(a) where value is distinct from b -> key);

-- What a statement did to the rows of one table, as (row_id, parent_id, seq, avant, apres), written as sealed entries.
create function history_write(
    tbl text, row_id bigint, parent_id bigint, seq integer, act text, avant jsonb, apres jsonb
) returns void
    language plpgsql as $$
declare
    entry_salt bytea := gen_random_bytes(8);
    payload bytea := history_payload_digest(entry_salt, avant, apres);
    previous bytea;
    who bigint := acting_user();
    request text := acting_request();
begin
    if seq > 1 then
        select h.digest into previous from history h
        where h.table_name = tbl and h.row_id = history_write.row_id and h.seq = history_write.seq - 1;
    end if;
    insert into history (table_name, row_id, parent_id, seq, action, user_id, at, request_id,
                         avant, apres, salt, payload_digest, digest)
    values (tbl, row_id, parent_id, seq, act, who, now(), request, avant, apres, entry_salt, payload,
            history_digest(previous, tbl, row_id, parent_id, seq, act, who, now(), request, payload));
end $$;

-- Puts a table under audit. `cols` is the white list: the fields that make a new version and that
-- the trail may hold. Makes <table>_payload(row), which is that list, and the triggers.
create function audit_table(tbl regclass, cols text[], key_col text default 'id', parent_col text default null)
    returns void language plpgsql as $make$
declare
    name text := (select relname from pg_class where oid = tbl);
    fields text := (select string_agg(format('%L, r.%I', c, c), ', ') from unnest(cols) c);
    news text := (select string_agg(format('new.%I', c), ', ') from unnest(cols) c);
    olds text := (select string_agg(format('old.%I', c), ', ') from unnest(cols) c);
    parent text := case when parent_col is null then 'null::bigint' else format('%%s.%I', parent_col) end;
    erasable boolean := 'is_deleted' = any (cols);
begin
    execute format('create function %I(r %s) returns jsonb language sql stable parallel safe return jsonb_build_object(%s)',
                   name || '_payload', tbl, fields);

    execute format($f$
        create function %I() returns trigger language plpgsql as $t$
        begin
            if tg_op = 'INSERT' then
                new.version := 1;
                new.created_at := now();
                new.updated_at := now();
                new.created_by := coalesce(acting_user(), new.created_by);
                new.updated_by := new.created_by;
            elsif row(%s) is distinct from row(%s) then
                new.version := old.version + 1;
                new.updated_at := now();
                new.updated_by := acting_user();
            end if;
            return new;
        end $t$ $f$, name || '_stamp', news, olds);
    execute format('create trigger %I before insert or update on %s for each row execute function %I()',
                   name || '_stamp', tbl, name || '_stamp');

    execute format($f$
        create function %1$I() returns trigger language plpgsql as $t$
        begin
            if tg_op = 'INSERT' then
                perform history_write(%2$L, new.%3$I, %4$s, 1, 'creation', null, jsonb_strip_nulls(%5$I(new)));
            elsif tg_op = 'DELETE' then
                perform history_write(%2$L, old.%3$I, %6$s, old.version + 1, 'suppression', jsonb_strip_nulls(%5$I(old)), null);
            elsif new.version <> old.version then
                perform history_write(%2$L, new.%3$I, %4$s, new.version, %7$s,
                                      json_changed(%5$I(old), %5$I(new)), json_changed(%5$I(new), %5$I(old)));
            end if;
            return null;
        end $t$ $f$,
        name || '_trail', name, key_col, format(parent, 'new'), name || '_payload', format(parent, 'old'),
        case when erasable then
            $c$case when new.is_deleted and not old.is_deleted then 'suppression'
                    when old.is_deleted and not new.is_deleted then 'restauration' else 'modification' end$c$
        else quote_literal('modification') end);
    execute format('create trigger %I after insert or update or delete on %s for each row execute function %I()',
                   name || '_trail', tbl, name || '_trail');
end $make$;

-- The trail and the ledger of stock are never changed.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

-- Erasing a person's data blanks a payload and nothing else.
create function history_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE'
       and new.erased_at is not null and new.avant is null and new.apres is null and new.salt is null
       and (new.id, new.table_name, new.row_id, new.parent_id, new.seq, new.action, new.user_id, new.at,
            new.request_id, new.payload_digest, new.digest)
           is not distinct from
           (old.id, old.table_name, old.row_id, old.parent_id, old.seq, old.action, old.user_id, old.at,
            old.request_id, old.payload_digest, old.digest)
    then
        return new;
    end if;
    raise exception 'history is append-only' using errcode = 'restrict_violation';
end $$;
create trigger history_guard before update or delete on history for each row execute function history_guard();
create trigger history_no_truncate before truncate on history execute function refuse_change();
