-- Each row's entries are a chain of their own: a row taken out with its whole chain, or put back to what it was with the
-- chain's end cut off, leaves no broken link. So all entries together, by number, are sealed in blocks, and the blocks are
-- one chain. Whoever holds the newest seal elsewhere can tell whether this chain, too, was cut off or begun anew.

create table history_seals (
    num      bigint constraint history_seals_pkey primary key,
    first_id bigint not null,
    last_id  bigint not null,
    entries  bigint not null,
    made_at  timestamptz not null,
    digest   bytea not null,
    constraint history_seals_check check (num >= 1 and first_id <= last_id and entries >= 0)
);
comment on table history_seals is 'the entries of history from one number to another, sealed: none missing, none added, none changed';

create trigger history_seals_guard before update or delete on history_seals
    for each row execute function refuse_change();
create trigger history_seals_no_truncate before truncate on history_seals execute function refuse_change();

-- Covers the seals of the entries, not their content: erasing a person's data changes nothing here.
create function history_between(first_id bigint, last_id bigint, out entries bigint, out content bytea)
    language sql stable as $$
    select count(*), sha256(coalesce(string_agg(int8send(h.id) || coalesce(h.digest, ''), ''::bytea order by h.id), ''))
    from history h where h.id between first_id and last_id
$$;

create function history_seal_digest(
    previous bytea, num bigint, first_id bigint, last_id bigint, entries bigint, made_at timestamptz, content bytea
) returns bytea
    language sql stable
    return hmac(
        coalesce(previous, ''::bytea)
            || convert_to(
                concat_ws(E'\x1f', 'seal', num, first_id, last_id, entries,
                          (extract(epoch from made_at) * 1000000)::bigint), 'UTF8')
            || content,
        decode(nullif(current_setting('app.audit_key', true), ''), 'hex'),
        'sha256');

-- Seals the entries up to `upto`, in blocks of 10 000, `most` blocks at most; how many blocks that were. Whoever may still
-- write such an entry has a transaction older than `horizon`: while there is one, nothing is sealed, and null returned.
create function history_seal(upto bigint, horizon xid8, most integer) returns integer language plpgsql as $$
declare
    size constant bigint := 10000;
    previous history_seals;
    block history_seals;
    found record;
    sealed integer := 0;
begin
    -- Servers take turns.
    lock table history_seals in share row exclusive mode;
    if pg_snapshot_xmin(pg_current_snapshot()) < horizon then
        return null;
    end if;
    select * into previous from history_seals order by num desc limit 1;
    while coalesce(previous.last_id, 0) < upto and sealed < most loop
        block.num := coalesce(previous.num, 0) + 1;
        block.first_id := coalesce(previous.last_id, 0) + 1;
        block.last_id := least(coalesce(previous.last_id, 0) + size, upto);
        block.made_at := clock_timestamp();
        select * into found from history_between(block.first_id, block.last_id);
        block.entries := found.entries;
        block.digest := history_seal_digest(
            previous.digest, block.num, block.first_id, block.last_id, block.entries, block.made_at, found.content);
        insert into history_seals values (block.*);
        previous := block;
        sealed := sealed + 1;
    end loop;
    return sealed;
end $$;
