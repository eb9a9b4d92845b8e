-- A product without a reference is imported by its id, which an export carries.
alter table import_lines alter column reference drop not null;

-- The day on which an instant lies, in a zone that is known already. A statement over many rows asks for the
-- zone once, `business_day(at, (select business_zone()))`: this is inlined, what looks the zone up itself is not.
create function business_day(at timestamptz, zone text) returns date
    language sql immutable parallel safe
    return (at at time zone zone)::date;

create or replace function business_day(at timestamptz) returns date
    language sql stable parallel safe
    return business_day(at, business_zone());
