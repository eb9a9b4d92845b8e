-- src/auth/sessions.rs, actor_of_token
select u.id, u.role, u.nom, u.prenom, u.email from sessions s join users u on u.id = s.user_id
where s.id = :session and s.kind = 'api' and s.revoked_at is null and s.ends_at > now()
  and u.is_active and not u.is_deleted;
-- src/dashboard/operations.rs, summary, over src/dashboard/queries.rs
begin isolation level repeatable read, read only;
select business_day(now());
with sold as (
    select o.id, o.confirmed_at, o.statut = 'livree' as livree,
           case when o.statut = 'livree' then o.total_livre else o.total end as montant
    from orders o
    where not o.is_deleted and o.statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree')
      and o.confirmed_at >= day_start(:start::date) and o.confirmed_at < day_start(:end::date + 1)),
sold_lines as (
    select s.id as order_id, s.confirmed_at, i.product_id, i.category_id, q.quantite, q.quantite * i.prix_unitaire as montant
    from sold s join order_items i on i.order_id = s.id
    cross join lateral (select case when s.livree then coalesce(i.quantite_livree, 0) else i.quantity end as quantite) q)
select coalesce(sum(montant), 0)::bigint, coalesce(sum(montant) filter (where livree), 0)::bigint, count(*),
       (select coalesce(sum(quantite), 0)::bigint from sold_lines)
from sold;
with sold as (
    select o.id, o.confirmed_at, o.statut = 'livree' as livree,
           case when o.statut = 'livree' then o.total_livre else o.total end as montant
    from orders o
    where not o.is_deleted and o.statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree')
      and o.confirmed_at >= day_start(:before::date) and o.confirmed_at < day_start(:until::date + 1)),
sold_lines as (
    select s.id as order_id, s.confirmed_at, i.product_id, i.category_id, q.quantite, q.quantite * i.prix_unitaire as montant
    from sold s join order_items i on i.order_id = s.id
    cross join lateral (select case when s.livree then coalesce(i.quantite_livree, 0) else i.quantity end as quantite) q)
select coalesce(sum(montant), 0)::bigint, coalesce(sum(montant) filter (where livree), 0)::bigint, count(*),
       (select coalesce(sum(quantite), 0)::bigint from sold_lines)
from sold;
with sold as (
    select o.id, o.confirmed_at, o.statut = 'livree' as livree,
           case when o.statut = 'livree' then o.total_livre else o.total end as montant
    from orders o
    where not o.is_deleted and o.statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree')
      and o.confirmed_at >= day_start(:start::date) and o.confirmed_at < day_start(:end::date + 1)),
sold_lines as (
    select s.id as order_id, s.confirmed_at, i.product_id, i.category_id, q.quantite, q.quantite * i.prix_unitaire as montant
    from sold s join order_items i on i.order_id = s.id
    cross join lateral (select case when s.livree then coalesce(i.quantite_livree, 0) else i.quantity end as quantite) q),
by_order as (select (confirmed_at at time zone (select fuseau from settings))::date as jour, sum(montant)::bigint as montant, count(*) as commandes
             from sold group by 1),
by_line as (select (confirmed_at at time zone (select fuseau from settings))::date as jour, sum(quantite)::bigint as articles from sold_lines group by 1)
select d::date, coalesce(o.montant, 0), coalesce(o.commandes, 0), coalesce(l.articles, 0)
from generate_series(:start::timestamp, :end::timestamp, interval '1 day') d
left join by_order o on o.jour = d::date left join by_line l on l.jour = d::date
order by d;
select statut, count(*), sum(total)::bigint from orders
where not is_deleted and created_at >= day_start(:start::date) and created_at < day_start(:end::date + 1) group by statut;
with sold as (
    select o.id, o.confirmed_at, o.statut = 'livree' as livree,
           case when o.statut = 'livree' then o.total_livre else o.total end as montant
    from orders o
    where not o.is_deleted and o.statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree')
      and o.confirmed_at >= day_start(:start::date) and o.confirmed_at < day_start(:end::date + 1)),
sold_lines as (
    select s.id as order_id, s.confirmed_at, i.product_id, i.category_id, q.quantite, q.quantite * i.prix_unitaire as montant
    from sold s join order_items i on i.order_id = s.id
    cross join lateral (select case when s.livree then coalesce(i.quantite_livree, 0) else i.quantity end as quantite) q),
by_product as (select product_id, sum(quantite)::bigint as quantite, sum(montant)::bigint as montant
               from sold_lines group by 1)
select b.product_id, p.nom, b.quantite, b.montant,
       sum(b.quantite) over ()::bigint, sum(b.montant) over ()::bigint
from by_product b join products p on p.id = b.product_id
order by b.montant desc, b.product_id limit :top;
with sold as (
    select o.id, o.confirmed_at, o.statut = 'livree' as livree,
           case when o.statut = 'livree' then o.total_livre else o.total end as montant
    from orders o
    where not o.is_deleted and o.statut in ('confirmee', 'en_preparation', 'en_livraison', 'livree')
      and o.confirmed_at >= day_start(:start::date) and o.confirmed_at < day_start(:end::date + 1)),
sold_lines as (
    select s.id as order_id, s.confirmed_at, i.product_id, i.category_id, q.quantite, q.quantite * i.prix_unitaire as montant
    from sold s join order_items i on i.order_id = s.id
    cross join lateral (select case when s.livree then coalesce(i.quantite_livree, 0) else i.quantity end as quantite) q)
select l.category_id, c.nom, sum(l.quantite)::bigint, sum(l.montant)::bigint
from sold_lines l join categories c on c.id = l.category_id
group by 1, 2 order by 4 desc, 1;
select count(*) as produits,
       count(*) filter (where disponible <= 0) as ruptures,
       count(*) filter (where disponible > 0 and disponible <= seuil_alerte) as alertes,
       coalesce(sum(quantite::numeric * prix), 0)::bigint as valeur
from (select s.quantite, s.quantite - s.quantite_reservee as disponible, s.seuil_alerte, p.prix
      from products p join stocks s on s.product_id = p.id where not p.is_deleted) living;
(select p.id, p.nom, p.reference, s.quantite - s.quantite_reservee as disponible, s.seuil_alerte
 from products p join stocks s on s.product_id = p.id
 where not p.is_deleted and s.quantite - s.quantite_reservee <= 0 order by p.nom collate french, p.id limit 100)
union all
(select p.id, p.nom, p.reference, s.quantite - s.quantite_reservee, s.seuil_alerte
 from products p join stocks s on s.product_id = p.id
 where not p.is_deleted and s.quantite - s.quantite_reservee > 0
   and s.quantite - s.quantite_reservee <= s.seuil_alerte
 order by s.quantite - s.quantite_reservee, p.nom collate french, p.id limit 100);
commit;
