-- What every table stands on: search, French order, who is acting, the shop's settings.

create extension if not exists pgcrypto;
create extension if not exists unaccent;
create extension if not exists pg_trgm;

-- É sorts beside E, as people expect it.
create collation french (provider = icu, locale = 'fr', deterministic = true);

-- The form in which text is compared when accents and case do not matter.
-- unaccent() is only STABLE because its dictionary could change; ours does not.
create function searchable(txt text) returns text
    language sql immutable strict parallel safe
    return lower(public.unaccent('public.unaccent'::regdictionary, txt));

-- One spelling per phone number: digits only, +33 and 0033 become 0.
create function normalised_phone(txt text) returns text
    language sql immutable strict parallel safe
    return nullif(
        regexp_replace(
            regexp_replace(regexp_replace(txt, '[^0-9+]', '', 'g'), '^(\+|00)33', '0'),
            '[^0-9]', '', 'g'),
        '');

-- Who acts and in which request: set with SET LOCAL at the start of every writing transaction.
create function acting_user() returns bigint
    language sql stable parallel restricted
    return nullif(current_setting('app.user_id', true), '')::bigint;

create function acting_request() returns text
    language sql stable parallel restricted
    return nullif(current_setting('app.request_id', true), '');

-- One row: chosen at the first start, then part of the data.
create table settings (
    id              smallint primary key default 1 constraint settings_single_row check (id = 1),
    devise          text not null constraint settings_devise_check check (devise ~ '^[A-Z]{3}$'),
    exposant        smallint not null constraint settings_exposant_check check (exposant between 0 and 3),
    fuseau          text not null,
    taux_tva_defaut integer not null default 2000
        constraint settings_taux_tva_check check (taux_tva_defaut between 0 and 10000),
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now()
);
comment on column settings.exposant is 'digits after the decimal point of the currency: amounts are integers of the minor unit';
comment on column settings.fuseau is 'business time zone: a business day begins at its midnight';
comment on column settings.taux_tva_defaut is 'in hundredths of a percent';

create function business_zone() returns text
    language sql stable parallel safe
    return (select fuseau from settings);

-- The business day on which an instant lies.
create function business_day(at timestamptz) returns date
    language sql stable parallel safe
    return (at at time zone (select fuseau from settings))::date;

-- The instant at which a business day begins: what a filter on an indexed instant compares with.
create function day_start(day date) returns timestamptz
    language sql stable parallel safe
    return day::timestamp at time zone (select fuseau from settings);
