-- Where clocks go back from one o'clock to midnight (the Azores, Cuba), a day has two midnights and begins at the first;
-- `at time zone` gives the second. An order of the hour between them would lie in its day by business_day, and in none by
-- the instants at which days begin.
create or replace function day_start(day date) returns timestamptz
    language sql stable parallel safe
    return (
        select case when business_day(m.at - interval '1 hour', m.zone) = day then m.at - interval '1 hour' else m.at end
        from (select day::timestamp at time zone z.fuseau as at, z.fuseau as zone from settings z) m);
