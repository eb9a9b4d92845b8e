-- "+33 (0)6…" is how French numbers are printed for callers from abroad, who leave the bracketed zero out: it is the
-- number that begins with 06 (src/shared/phone.rs).
create or replace function normalised_phone(txt text) returns text
    language sql immutable strict parallel safe
    return nullif(
        regexp_replace(
            regexp_replace(regexp_replace(txt, '[^0-9+]', '', 'g'), '^(\+|00)330?', '0'),
            '[^0-9]', '', 'g'),
        '');

-- What was stored by the old rule is computed anew. It is no change of the rows: nothing is told of it.
alter table clients disable trigger user;
update clients set telephone = telephone
 where regexp_replace(telephone, '[^0-9+]', '', 'g') ~ '^(\+|00)330';
alter table clients enable trigger user;

alter table orders disable trigger user;
update orders set client_telephone = client_telephone, name_id = order_name_id(client_nom, client_telephone)
 where regexp_replace(client_telephone, '[^0-9+]', '', 'g') ~ '^(\+|00)330';
alter table orders enable trigger user;
