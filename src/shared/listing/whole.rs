//! Whole lists, for exports: from the database or from its replica.

use futures_util::{Stream, StreamExt};

use super::asked::Asked;
use super::{Filter, Keyed, Place};
use crate::auth::context::Ctx;
use crate::error::AppResult;
use crate::server::replica::{self, OfPrimary};
use crate::shared::keyset::Cursor;
use crate::shared::resource::Resource;

/// The whole list, row by row as the database gives it: for exports. Page and cursor play no part, though a cursor that
/// a page would refuse is refused.
///
/// A list in an order that never changes may come from the replica, in one snapshot as from the database itself. Should
/// the replica fail on the way, the database gives the rows behind the last one: each row comes once, as it was when
/// one of the two was asked. Where rows may change their places that would not be so; such a list, which is short,
/// never comes from the replica. What narrows it is not settled beforehand: that would be another snapshot.
pub fn rows<F: Filter + 'static>(
    ctx: Ctx,
    query: Vec<(String, String)>,
) -> AppResult<impl Stream<Item = AppResult<F::Of>> + Send> {
    let mut asked = Asked::<F>::read(&ctx, query)?;
    asked.listing.cursor(&asked.signature)?;
    asked.listing.place = Place::Page(1);
    let mut sql = asked.sql(&ctx)?;
    Ok(async_stream::try_stream! {
        let mut last = None;
        if asked.listing.sort.fixed {
            let mut rows = std::pin::pin!(replica::rows::<Keyed<<F::Of as Resource>::Row>>(&ctx, &mut sql));
            loop {
                match rows.next().await {
                    None => return,
                    Some(Err(OfPrimary)) => break,
                    Some(Ok(Keyed { row, sort_key, key })) => {
                        last = Some((sort_key, key));
                        yield F::Of::build(row, &ctx)?;
                    }
                }
            }
        }
        if let Some((value, id)) = last {
            let cursor = Cursor::new(&asked.listing.signature(&asked.signature), value, id);
            asked.listing.place = Place::After(cursor.encode());
        }
        let mut sql = asked.sql(&ctx)?;
        let mut rows = sql.build_query_as::<Keyed<<F::Of as Resource>::Row>>().persistent(false).fetch(&ctx.db);
        while let Some(row) = rows.next().await {
            yield F::Of::build(row?.row, &ctx)?;
        }
    })
}
