//! Whoever tampers is found, and what they touched is named.

use sqlx::{PgConnection, PgPool};

use super::super::seed::{SeedOptions, seed_until};
use super::seal_tests::sealed;
use super::{Queue, Report, all_checks, repair, verify, work};
use crate::history::erase::{Person, erase};
use crate::shared::ClientId;
use crate::tests::database;

pub(super) async fn shop() -> PgPool {
    let db = database().await;
    sqlx::query(
        "insert into settings (devise, exposant, fuseau) values ('EUR', 2, 'Europe/Paris') on conflict do nothing",
    )
    .execute(&db)
    .await
    .expect("settings");
    let options = SeedOptions { orders: Some(120), random_seed: 5 };
    let now = "2026-06-12T14:00:00Z".parse().expect("an instant");
    seed_until(&db, &options, now, |_| ()).await.expect("seed");
    sealed(&db).await;
    db
}

/// All checks inside one transaction, so that what it tampered with need not last.
async fn report_within(conn: &mut PgConnection) -> Report {
    let queue = Queue::new(all_checks(true, None).into_iter().enumerate().collect());
    let outcomes = work(conn, &queue).await.expect("checks");
    Report { outcomes: outcomes.into_iter().map(|(_, outcome)| outcome).collect(), newest: None }
}

pub(super) const ASLEEP: &str = "
    alter table history disable trigger user; alter table history_seals disable trigger user; alter table orders disable trigger user;
    alter table order_items disable trigger user; alter table stocks disable trigger user;
    alter table stock_movements disable trigger user; alter table products disable trigger user;
    alter table tentatives disable trigger user; alter table tentative_lignes disable trigger user;
    alter table corrections disable trigger user; alter table correction_lignes disable trigger user;
    alter table preuves disable trigger user; alter table livraison_actions disable trigger user;
    alter table clients disable trigger user; alter table categories disable trigger user";

/// What is found once somebody has tampered with the data; nothing of it lasts.
pub(crate) async fn tampered(db: &PgPool, what: &str, statements: &str) -> Report {
    let mut tx = db.begin().await.expect("begin");
    let key: String =
        sqlx::query_scalar("select current_setting('app.audit_key')").fetch_one(&mut *tx).await.expect("key");
    sqlx::raw_sql(ASLEEP).execute(&mut *tx).await.expect("asleep");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements.to_owned())).execute(&mut *tx).await.expect(what);
    sqlx::query("select set_config('app.audit_key', $1, true)").bind(key).execute(&mut *tx).await.expect("key");
    let report = report_within(&mut tx).await;
    tx.rollback().await.expect("rollback");
    report
}

/// What somebody with the database's password may try, and the check and row that tell.
const TAMPERINGS: &[(&str, &str, &str, &str)] = &[
    (
        "rewrites an entry",
        r#"update history set apres = apres || '{"total": 1}' where table_name = 'orders' and row_id = 20 and seq = 1"#,
        "historique_contenu",
        "orders 20, entrée 1",
    ),
    (
        "hides an entry as if a person had been erased",
        "update history set erased_at = now(), avant = null, apres = null, salt = null
             where table_name = 'products' and row_id = 3 and seq = 1",
        "historique_effacement",
        "products 3, entrée 1",
    ),
    (
        "rewrites an entry and its payload digest",
        r#"update history set apres = '{"statut": "annulee"}',
                  payload_digest = history_payload_digest(salt, avant, '{"statut": "annulee"}')
           where table_name = 'orders' and row_id = 20 and seq = 2"#,
        "historique_sceau",
        "orders 20, entrée 2",
    ),
    (
        "blames somebody else",
        "update history set user_id = 4 where table_name = 'orders' and row_id = 21 and seq = 3",
        "historique_sceau",
        "orders 21, entrée 3",
    ),
    (
        "changes when it was",
        "update history set at = at - interval '1 microsecond' where table_name = 'products' and row_id = 9",
        "historique_sceau",
        "products 9, entrée 1",
    ),
    (
        "removes an entry",
        "delete from history where table_name = 'orders' and row_id = 22 and seq = 3",
        "historique_entrees",
        "22",
    ),
    (
        "removes an entry and closes the gap",
        "delete from history where table_name = 'orders' and row_id = 22 and seq = 3;
         update history set seq = seq - 1 where table_name = 'orders' and row_id = 22 and seq > 3;
         update orders set version = version - 1 where id = 22",
        "historique_sceau",
        "orders 22, entrée 3",
    ),
    (
        "swaps two entries",
        "update history set seq = 99 where table_name = 'orders' and row_id = 23 and seq = 2;
         update history set seq = 2 where table_name = 'orders' and row_id = 23 and seq = 3;
         update history set seq = 3 where table_name = 'orders' and row_id = 23 and seq = 99",
        "historique_sceau",
        "orders 23, entrée 2",
    ),
    (
        "cuts off the last entry",
        "delete from history where table_name = 'orders' and row_id = 24
            and seq = (select version from orders where id = 24)",
        "historique_entrees",
        "24",
    ),
    (
        "cuts off the last entry and the version",
        "delete from history where table_name = 'orders' and row_id = 24 and seq = (select version from orders where id = 24);
         update orders set version = version - 1 where id = 24",
        "historique_reconstruction",
        "24, entrée 1",
    ),
    (
        "adds an entry without the key",
        "set local app.audit_key = '';
         insert into history (table_name, row_id, seq, action, user_id, apres, salt, payload_digest)
         values ('products', 9, 2, 'modification', 2, '{}', 'x', history_payload_digest('x', null, '{}'));
         update products set version = 2 where id = 9;
         set local app.audit_key = '00'",
        "historique_non_scelle",
        "products 9, entrée 2",
    ),
    ("removes a whole trail", "delete from history where table_name = 'products' and row_id = 9", "historique_entrees", "9"),
    (
        "removes a row with its whole trail",
        "delete from history where table_name = 'clients' and row_id = (select id from clients where nom = 'Essai');
         delete from clients where nom = 'Essai'",
        "historique_blocs",
        "sceau ",
    ),
    (
        "puts a row back to what it was, and its trail with it",
        "delete from history where table_name = 'categories' and seq = 2
            and row_id = (select id from categories where nom = 'Nouveau nom');
         update categories set version = 1, nom = 'Ancien nom' where nom = 'Nouveau nom'",
        "historique_blocs",
        "sceau ",
    ),
    (
        "seals anew what was emptied",
        "set local app.audit_key = '00';
         delete from history where table_name = 'clients' and row_id = (select id from clients where nom = 'Essai');
         delete from clients where nom = 'Essai'; delete from history_seals;
         select history_seal((select max(id) from history), '3', 100)",
        "historique_blocs",
        "sceau 1",
    ),
    (
        "removes a line with its trail's end",
        "delete from order_items where id = 31",
        "historique_orphelin",
        "31",
    ),
    ("changes a price", "update products set prix = prix + 1 where id = 10", "historique_etat", "10"),
    (
        "changes what was last told long ago",
        "update orders set client_nom = 'Personne' where id = 25",
        "historique_reconstruction",
        "25, entrée 1",
    ),
    ("changes the total of an order", "update orders set total = total + 100 where id = 26", "commande_totaux", "26"),
    ("changes the VAT of an order", "update orders set total_tva = total_tva + 1 where id = 26", "commande_totaux", "26"),
    (
        "changes a quantity",
        "update order_items set quantity = quantity + 1 where id = 40",
        "historique_reconstruction",
        "40, entrée 1",
    ),
    ("changes a stock", "update stocks set quantite = quantite + 1 where product_id = 12", "stock_somme", "12"),
    ("changes a reservation", "update stocks set quantite = quantite + 9, quantite_reservee = quantite_reservee + 1 where product_id = 13", "stock_reserve", "13"),
    (
        "drops a movement",
        "delete from stock_movements where id = (select min(id) from stock_movements where order_id = 20)",
        "mouvements_commande",
        "commande 20, produit ",
    ),
    (
        "moves the balance of the ledger",
        "update stock_movements set stock_avant = stock_avant + 1, stock_apres = stock_apres + 1
         where id = (select min(id) from stock_movements)",
        "mouvement_solde",
        "1",
    ),
    (
        "opens an order again",
        "update orders set statut = 'en_livraison', delivered_at = null, total_livre = null where id = 20 and statut = 'livree'",
        "ligne_livree",
        "",
    ),
    (
        "delivers before leaving",
        "update orders set delivered_at = shipped_at - interval '1 day' where id = 20 and statut = 'livree'",
        "commande_dates",
        "20",
    ),
    (
        "polishes the turnover of a day",
        "update rollup_days set montant = montant + 1 where jour = (select max(jour) from rollup_days)",
        "chiffres_jours",
        "2026-06-",
    ),
    (
        "hides a day",
        "delete from rollup_days where jour = (select max(jour) from rollup_days)",
        "chiffres_jours",
        "2026-06-",
    ),
    (
        "invents a day",
        "insert into rollup_statuts (jour, statut, nombre, montant) values ('2031-01-01', 'livree', 1, 1)",
        "chiffres_statuts",
        "2031-01-01, livree",
    ),
    (
        "favours a product",
        "update rollup_articles set quantite = quantite + 1
         where (jour, product_id) = (select jour, product_id from rollup_articles order by jour desc, product_id limit 1)",
        "chiffres_articles",
        "2026-06-",
    ),
    (
        "rounds a month",
        "update rollup_articles_mois set montant = montant + 1 where mois = '2026-06-01'",
        "chiffres_mois",
        "2026-06-01 et son mois",
    ),
    (
        "sells behind the triggers' back",
        "update orders set confirmed_at = confirmed_at - interval '400 days' where id = 20",
        "chiffres_jours",
        "2025-",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_tampering_is_found_and_named() {
    let db = shop().await;
    sqlx::raw_sql(
        "begin; set local app.user_id = '2';
         insert into clients (nom, created_by, updated_by) values ('Essai', 2, 2);
         insert into categories (nom, created_by, updated_by) values ('Ancien nom', 2, 2);
         update categories set nom = 'Nouveau nom' where nom = 'Ancien nom';
         commit",
    )
    .execute(&db)
    .await
    .expect("rows of their own");
    sealed(&db).await;
    let clean = verify(&db).await.expect("verify");
    assert!(clean.is_clean(), "{clean}");
    // The rows that are tampered with below must be delivered orders with a whole life.
    let lives: i64 = sqlx::query_scalar("select count(*) from orders where id between 20 and 26 and version = 6")
        .fetch_one(&db)
        .await
        .expect("lives");
    assert_eq!(lives, 7, "choose another random seed");

    for (what, statements, check, row) in TAMPERINGS {
        let report = tampered(&db, what, statements).await;
        let named = report
            .failed()
            .filter(|outcome| outcome.check == *check)
            .any(|outcome| outcome.findings.iter().any(|finding| finding.row.starts_with(row)));
        assert!(named, "who {what} is not found by {check} at {row}:\n{report}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasing_a_person_is_no_tampering() {
    let db = shop().await;
    // Again too, when there was something new to erase.
    for _ in 0..2 {
        sealed(&db).await;
        erase(&db, Person::Client(ClientId(3))).await.expect("erase");
        let report = verify(&db).await.expect("verify");
        assert!(report.is_clean(), "{report}");
        sqlx::raw_sql("begin; set local app.user_id = '2'; update clients set notes = 'Sonner' where id = 3; commit")
            .execute(&db)
            .await
            .expect("notes");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_line_ends_its_trail() {
    let db = shop().await;
    // A draft of its own, so that neither stock nor statuses matter.
    sqlx::raw_sql(
        "begin; set local app.user_id = '2';
         insert into orders (numero, client_id, client_nom, created_by, updated_by) values (next_order_numero(), 1, 'Essai', 2, 2);
         insert into order_items (order_id, product_id, product_nom, category_id, quantity, prix_unitaire, taux_tva, created_by, updated_by)
             select max(id), 1, 'Article', 1, 1, 100, 550, 2, 2 from orders;
         delete from order_items where order_id = (select max(id) from orders);
         commit",
    )
    .execute(&db)
    .await
    .expect("line");
    let report = verify(&db).await.expect("verify");
    assert!(report.is_clean(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_key_it_says_so() {
    let db = shop().await;
    let name: String = sqlx::query_scalar("select current_database()").fetch_one(&db).await.expect("name");
    let options = (*db.connect_options()).clone().database(&name);
    let keyless = sqlx::postgres::PgPoolOptions::new().connect_with(options).await.expect("connect");
    let report = verify(&keyless).await.expect("verify");
    assert_eq!(report.failed().map(|outcome| outcome.check).collect::<Vec<_>>(), ["historique_cle"]);
    assert_eq!(report.count(), 1);
    assert!(report.to_string().contains("historique_cle"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_days_that_differ_are_added_up_anew() {
    let db = shop().await;
    let agreed = async || {
        sqlx::query_scalar::<_, bool>("select concordance_le > now() - interval '1 minute' from rollup_state")
            .fetch_one(&db)
            .await
            .ok()
    };
    assert_eq!(agreed().await, None, "never compared");
    assert!(verify(&db).await.expect("verify").is_clean());
    assert_eq!(agreed().await, Some(true));
    // Only the versions of rows tell that they were written again.
    let written = async || -> Vec<String> {
        sqlx::query_scalar("select jour::text || xmin::text from rollup_days order by 1")
            .fetch_all(&db)
            .await
            .expect("rows")
    };
    let days: Vec<String> = sqlx::query_scalar("select jour::text from rollup_days order by jour desc limit 2")
        .fetch_all(&db)
        .await
        .expect("days");
    let [last, before_last] = days.as_slice() else { panic!("two days: {days:?}") };
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "update rollup_state set concordance_le = null;
         update rollup_days set montant = montant + 1 where jour = '{last}';
         delete from rollup_articles where jour = '{before_last}'"
    )))
    .execute(&db)
    .await
    .expect("tampering");
    let before = written().await;
    let report = verify(&db).await.expect("verify");
    assert!(!report.is_clean());
    assert_eq!(agreed().await, None, "it does not agree");
    let repaired: Vec<_> = repair(&db).await.expect("repair").iter().map(ToString::to_string).collect();
    // A month that lost a day's products is told by its first day.
    let first = format!("{}-01", &before_last[..7]);
    let mut expected = vec![first, before_last.clone(), last.clone()];
    expected.dedup();
    assert_eq!(repaired, expected);
    let after = written().await;
    let changed = after.iter().filter(|day| !before.contains(day)).map(|day| &day[..10]).collect::<Vec<_>>();
    assert!(changed.iter().all(|day| repaired.iter().any(|wrong| wrong == day)), "no other day: {changed:?}");
    assert!(changed.contains(&last.as_str()), "{changed:?}");
    let report = verify(&db).await.expect("verify");
    assert!(report.is_clean(), "{report}");
    assert_eq!(agreed().await, Some(true));
    assert!(repair(&db).await.expect("repair").is_empty(), "nothing to do");
}
