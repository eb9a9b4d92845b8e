//! The trail as a whole: sealed once nobody writes what comes before, and known again by a seal kept elsewhere.

use sqlx::PgPool;

use super::tests::{ASLEEP, shop};
use super::{verify, verify_since};
use crate::history::seals::{self, Anchor};

/// Waits until every entry is sealed: a transaction of another database of the same PostgreSQL may delay it.
pub(super) async fn sealed(db: &PgPool) {
    let mut horizon = None;
    let open = "select exists (select from history where id > (select coalesce(max(last_id), 0) from history_seals))";
    while sqlx::query_scalar(open).fetch_one(db).await.expect("open") {
        seals::round(db, &mut horizon).await.expect("round");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seal_kept_elsewhere_tells_that_the_trail_was_cut_off() {
    let db = shop().await;
    let before = Anchor::newest(&db).await.expect("newest").expect("sealed");
    sqlx::raw_sql("begin; set local app.user_id = '2'; update clients set notes = 'Sonner' where id = 3; commit")
        .execute(&db)
        .await
        .expect("notes");
    sealed(&db).await;
    let kept = verify(&db).await.expect("verify").newest.expect("sealed");
    assert_eq!(kept.num(), before.num() + 1);
    for anchor in [&before, &kept] {
        let report = verify_since(&db, Some(anchor)).await.expect("verify");
        assert!(report.is_clean(), "{report}");
    }

    // The row, its entry and the seal that covers it: what is left holds together.
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "{ASLEEP};
         delete from history where table_name = 'clients' and row_id = 3 and seq = 2;
         update clients set notes = null, version = 1 where id = 3;
         delete from history_seals where num = {}",
        kept.num()
    )))
    .execute(&db)
    .await
    .expect("cut off");
    let report = verify_since(&db, Some(&before)).await.expect("verify");
    assert!(report.is_clean(), "only the later seal tells: {report}");
    sealed(&db).await;
    let report = verify_since(&db, Some(&kept)).await.expect("verify");
    assert_eq!(report.failed().map(|outcome| outcome.check).collect::<Vec<_>>(), ["historique_ancre"], "{report}");
}

/// What is being written has a number already, and is sealed by nobody before its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_still_being_written_is_not_sealed_over() {
    let db = shop().await;
    let write = "set local app.user_id = '2'; update clients set notes = coalesce(notes, '') || '.' where id = ";
    let newest = async || Anchor::newest(&db).await.expect("newest").expect("sealed").num();
    let mut slow = db.begin().await.expect("begin");
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("{write} 3"))).execute(&mut *slow).await.expect("slow");
    let mut quick = db.begin().await.expect("begin");
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("{write} 4"))).execute(&mut *quick).await.expect("quick");
    quick.commit().await.expect("commit");

    let before = newest().await;
    let mut horizon = None;
    for _ in 0..3 {
        assert_eq!(seals::round(&db, &mut horizon).await.expect("round"), 0);
    }
    assert_eq!(newest().await, before);
    slow.commit().await.expect("commit");
    sealed(&db).await;
    let report = verify(&db).await.expect("verify");
    assert!(report.is_clean(), "{report}");
    assert!(newest().await > before);
}
