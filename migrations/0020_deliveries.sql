-- What happened at the door: attempts, what proves them, what was corrected afterwards, and what phones sent.
-- None of it is changed or deleted; erasing a person blanks what tells of them, and nothing else.

create table tentatives (
    num              bigint generated always as identity primary key,
    id               uuid not null default gen_random_uuid() constraint tentatives_id_key unique,
    order_id         bigint not null constraint tentatives_order_id_fkey references orders (id),
    livreur_id       bigint not null constraint tentatives_livreur_id_fkey references users (id),
    resultat         text not null
        constraint tentatives_resultat_check check (resultat in ('livree', 'partielle', 'echec')),
    motif            text constraint tentatives_motif_check
        check (motif in ('absent', 'refuse', 'mauvaise_adresse', 'endommage', 'autre')),
    note             text constraint tentatives_note_check check (length(note) <= 5000),
    receveur         text constraint tentatives_receveur_check check (length(btrim(receveur)) between 1 and 200),
    montant_encaisse bigint constraint tentatives_montant_check check (montant_encaisse >= 0),
    survenu_le       timestamptz not null default now(),
    synchronise_le   timestamptz not null default now(),
    decalage_s       bigint not null default 0,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    created_by       bigint not null constraint tentatives_created_by_fkey references users (id),
    updated_by       bigint not null constraint tentatives_updated_by_fkey references users (id),
    version          integer not null default 1,
    constraint tentatives_echec_check check (
        resultat <> 'echec' or (motif is not null and receveur is null and montant_encaisse is null))
);
comment on table tentatives is 'one ring at a door: what was handed over, or why nothing was';
comment on column tentatives.id is 'from the phone, where one sent it';
comment on column tentatives.survenu_le is 'when it happened, by the clock of who tells it';
comment on column tentatives.decalage_s is 'how far that clock is behind ours, in seconds; ahead is negative';
-- An order is handed over once.
create unique index tentatives_remise_key on tentatives (order_id) where resultat <> 'echec';
create index tentatives_order_idx on tentatives (order_id, num);
select audit_table('tentatives', array['order_id', 'livreur_id', 'resultat', 'motif', 'note', 'receveur', 'montant_encaisse',
                                       'survenu_le', 'decalage_s'], key_col => 'num', parent_col => 'order_id');

create table tentative_lignes (
    tentative bigint not null constraint tentative_lignes_tentative_fkey references tentatives (num),
    item_id   bigint not null constraint tentative_lignes_item_id_fkey references order_items (id),
    remis     bigint not null constraint tentative_lignes_remis_check check (remis >= 0),
    refuse    bigint not null constraint tentative_lignes_refuse_check check (refuse >= 0),
    abime     bigint not null constraint tentative_lignes_abime_check check (abime >= 0),
    manquant  bigint not null constraint tentative_lignes_manquant_check check (manquant >= 0),
    constraint tentative_lignes_pkey primary key (tentative, item_id)
);
create index tentative_lignes_item_idx on tentative_lignes (item_id, tentative desc);

-- The four make up the line; the lines of an order that has left no longer change.
create function tentative_lignes_sum() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from order_items i join tentatives t on t.order_id = i.order_id
                   where i.id = new.item_id and t.num = new.tentative
                     and i.quantity = new.remis + new.refuse + new.abime + new.manquant) then
        raise exception 'line % of attempt % does not add up', new.item_id, new.tentative
            using errcode = 'check_violation', constraint = 'tentative_lignes_somme_check';
    end if;
    return new;
end $$;
create trigger tentative_lignes_sum before insert on tentative_lignes
    for each row execute function tentative_lignes_sum();
create trigger tentative_lignes_immutable before update or delete on tentative_lignes
    for each row execute function refuse_change();
create trigger tentative_lignes_no_truncate before truncate on tentative_lignes execute function refuse_change();

-- What the lines of an attempt come to.
create function tentative_resultat(remis numeric, quantity numeric) returns text
    language sql immutable parallel safe
    return case when remis = 0 then 'echec' when remis = quantity then 'livree' else 'partielle' end;

-- Once the transaction ends: an attempt tells of every line, and its result is that of its lines.
create function tentatives_whole() returns trigger language plpgsql as $$
begin
    if not exists (
        select 1 from order_items i left join tentative_lignes l on l.item_id = i.id and l.tentative = new.num
        where i.order_id = new.order_id
        having bool_and(l.item_id is not null)
           and tentative_resultat(sum(l.remis), sum(i.quantity)) = new.resultat) then
        raise exception 'attempt % does not tell of all lines', new.num
            using errcode = 'check_violation', constraint = 'tentatives_lignes_check';
    end if;
    return null;
end $$;
create constraint trigger tentatives_whole after insert on tentatives
    deferrable initially deferred for each row execute function tentatives_whole();

create function tentatives_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.note is null and new.receveur is null
       and (new.num, new.id, new.order_id, new.livreur_id, new.resultat, new.motif, new.montant_encaisse, new.survenu_le,
            new.synchronise_le, new.decalage_s, new.created_at, new.created_by)
           is not distinct from
           (old.num, old.id, old.order_id, old.livreur_id, old.resultat, old.motif, old.montant_encaisse, old.survenu_le,
            old.synchronise_le, old.decalage_s, old.created_at, old.created_by)
    then
        return new;
    end if;
    raise exception 'tentatives is append-only' using errcode = 'restrict_violation';
end $$;
create trigger tentatives_guard before update or delete on tentatives for each row execute function tentatives_guard();
create trigger tentatives_no_truncate before truncate on tentatives execute function refuse_change();

-- What staff put right after the delivery: each line as it was believed to be, and as it was.
create table corrections (
    id         bigint generated always as identity primary key,
    order_id   bigint not null constraint corrections_order_id_fkey references orders (id),
    motif      text not null constraint corrections_motif_check check (length(btrim(motif)) between 1 and 5000),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    created_by bigint not null constraint corrections_created_by_fkey references users (id),
    updated_by bigint not null constraint corrections_updated_by_fkey references users (id),
    version    integer not null default 1
);
create index corrections_order_idx on corrections (order_id, id);
select audit_table('corrections', array['order_id', 'motif'], parent_col => 'order_id');

create table correction_lignes (
    correction_id  bigint not null constraint correction_lignes_correction_id_fkey references corrections (id),
    item_id        bigint not null constraint correction_lignes_item_id_fkey references order_items (id),
    remis_avant    bigint not null constraint correction_lignes_remis_avant_check check (remis_avant >= 0),
    refuse_avant   bigint not null constraint correction_lignes_refuse_avant_check check (refuse_avant >= 0),
    abime_avant    bigint not null constraint correction_lignes_abime_avant_check check (abime_avant >= 0),
    manquant_avant bigint not null constraint correction_lignes_manquant_avant_check check (manquant_avant >= 0),
    remis          bigint not null constraint correction_lignes_remis_check check (remis >= 0),
    refuse         bigint not null constraint correction_lignes_refuse_check check (refuse >= 0),
    abime          bigint not null constraint correction_lignes_abime_check check (abime >= 0),
    manquant       bigint not null constraint correction_lignes_manquant_check check (manquant >= 0),
    constraint correction_lignes_pkey primary key (correction_id, item_id),
    constraint correction_lignes_somme_check check (
        remis + refuse + abime + manquant = remis_avant + refuse_avant + abime_avant + manquant_avant)
);
create index correction_lignes_item_idx on correction_lignes (item_id, correction_id desc);

create function correction_lignes_sum() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from order_items i join corrections c on c.order_id = i.order_id
                   where i.id = new.item_id and c.id = new.correction_id
                     and i.quantity = new.remis + new.refuse + new.abime + new.manquant) then
        raise exception 'line % of correction % does not add up', new.item_id, new.correction_id
            using errcode = 'check_violation', constraint = 'correction_lignes_somme_check';
    end if;
    return new;
end $$;
create trigger correction_lignes_sum before insert on correction_lignes
    for each row execute function correction_lignes_sum();
create trigger correction_lignes_immutable before update or delete on correction_lignes
    for each row execute function refuse_change();
create trigger correction_lignes_no_truncate before truncate on correction_lignes execute function refuse_change();

create function corrections_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.motif = 'Motif effacé'
       and (new.id, new.order_id, new.created_at, new.created_by) is not distinct from
           (old.id, old.order_id, old.created_at, old.created_by)
    then
        return new;
    end if;
    raise exception 'corrections is append-only' using errcode = 'restrict_violation';
end $$;
create trigger corrections_guard before update or delete on corrections for each row execute function corrections_guard();
create trigger corrections_no_truncate before truncate on corrections execute function refuse_change();

-- How each line of the delivered orders stands: as last corrected, else as handed over. Orders delivered before
-- attempts were kept: what was not handed over did not come back.
create view lignes_livrees as
    select i.order_id, i.id as item_id, i.product_id, i.product_nom, i.quantity,
           coalesce(c.remis, t.remis, i.quantite_livree) as remis, coalesce(c.refuse, t.refuse, 0) as refuse,
           coalesce(c.abime, t.abime, i.quantity - i.quantite_livree) as abime, coalesce(c.manquant, t.manquant, 0) as manquant
    from order_items i
    left join lateral (
        select l.remis, l.refuse, l.abime, l.manquant
        from tentatives a join tentative_lignes l on l.tentative = a.num
        where a.order_id = i.order_id and a.resultat <> 'echec' and l.item_id = i.id
    ) t on true
    left join lateral (
        select l.remis, l.refuse, l.abime, l.manquant
        from correction_lignes l where l.item_id = i.id order by l.correction_id desc limit 1
    ) c on true
    where i.quantite_livree is not null;

-- Signatures and photos. The bytes never enter the trail.
create table preuves (
    id           bigint generated always as identity primary key,
    order_id     bigint not null constraint preuves_order_id_fkey references orders (id),
    tentative_id uuid constraint preuves_tentative_id_fkey references tentatives (id),
    nature       text not null constraint preuves_nature_check check (nature in ('signature', 'photo')),
    media_type   text not null
        constraint preuves_media_type_check check (media_type in ('image/png', 'image/jpeg', 'image/webp')),
    taille       integer not null constraint preuves_taille_check check (taille > 0),
    sha256       bytea not null,
    octets       bytea,
    effacee_le   timestamptz,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    created_by   bigint not null constraint preuves_created_by_fkey references users (id),
    updated_by   bigint not null constraint preuves_updated_by_fkey references users (id),
    version      integer not null default 1,
    constraint preuves_effacee_check check ((octets is null) = (effacee_le is not null)),
    constraint preuves_octets_check check (octets is null or (octet_length(octets) = taille and sha256(octets) = sha256)),
    -- The same picture sent again after a lost answer is the same proof.
    constraint preuves_contenu_key unique (order_id, created_by, nature, sha256)
);
-- Pictures are compressed already.
alter table preuves alter column octets set storage external;
create index preuves_tentative_idx on preuves (tentative_id) where tentative_id is not null;
select audit_table('preuves', array['order_id', 'nature', 'media_type', 'taille', 'effacee_le'], parent_col => 'order_id');

create function preuves_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.octets is null
       and (new.id, new.order_id, new.tentative_id, new.nature, new.media_type, new.taille, new.sha256, new.created_at, new.created_by)
           is not distinct from
           (old.id, old.order_id, old.tentative_id, old.nature, old.media_type, old.taille, old.sha256, old.created_at, old.created_by)
    then
        return new;
    end if;
    raise exception 'preuves is append-only' using errcode = 'restrict_violation';
end $$;
create trigger preuves_guard before update or delete on preuves for each row execute function preuves_guard();
create trigger preuves_no_truncate before truncate on preuves execute function refuse_change();

-- What phones sent: each once. One that was refused may still be taken when it is sent again.
create table livraison_actions (
    id          uuid constraint livraison_actions_pkey primary key,
    user_id     bigint not null constraint livraison_actions_user_id_fkey references users (id),
    type        text not null
        constraint livraison_actions_type_check check (type in ('prise_en_charge', 'livraison', 'probleme')),
    order_id    bigint not null constraint livraison_actions_order_id_fkey references orders (id),
    body_digest bytea not null,
    etat        text not null
        constraint livraison_actions_etat_check check (etat in ('en_cours', 'appliquee', 'conflit')),
    reponse     jsonb,
    survenu_le  timestamptz not null,
    decalage_s  bigint not null,
    recue_le    timestamptz not null default now(),
    reglee_le   timestamptz not null default now(),
    constraint livraison_actions_reponse_check check (etat = 'en_cours' or reponse is not null)
);
comment on column livraison_actions.etat is 'en_cours only inside the transaction that carries it out';
comment on column livraison_actions.reponse is 'the first answer; nothing in it tells who a client is';
create index livraison_actions_order_idx on livraison_actions (order_id, recue_le);

create function livraison_actions_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.etat <> 'appliquee'
       and (new.id, new.user_id, new.type, new.order_id, new.body_digest, new.survenu_le, new.recue_le) is not distinct from
           (old.id, old.user_id, old.type, old.order_id, old.body_digest, old.survenu_le, old.recue_le)
    then
        return new;
    end if;
    raise exception 'livraison_actions keeps what was applied' using errcode = 'restrict_violation';
end $$;
create trigger livraison_actions_guard before update or delete on livraison_actions
    for each row execute function livraison_actions_guard();
create trigger livraison_actions_no_truncate before truncate on livraison_actions execute function refuse_change();

-- Whoever looks at the order sees it come in.
create function live_order_part() returns trigger language plpgsql as $$
begin
    insert into live_events (topic, ids, couriers)
        select 'orders', array[new.order_id], array[o.livreur_id] from orders o where o.id = new.order_id;
    return null;
end $$;
create trigger live_insert after insert on tentatives for each row execute function live_order_part();
create trigger live_insert after insert on corrections for each row execute function live_order_part();
create trigger live_insert after insert on preuves for each row execute function live_order_part();
create trigger live_refused after insert or update on livraison_actions for each row when (new.etat = 'conflit')
    execute function live_order_part();

-- Deliveries that came back on a day.
create index orders_brought_back_idx on orders (cancelled_at, id)
    where not is_deleted and cancelled_at is not null and shipped_at is not null;
