//! CSV for a French Excel: UTF-8 with its mark, `;` between cells, decimal comma, CRLF.

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::sync::OwnedSemaphorePermit;

use super::cell::{Cell, Column, neutralised, phone_in_pairs};
use crate::error::AppResult;
use crate::shared::ZoneTable;

/// Rows are sent in pieces of about this size.
const PIECE: usize = 32 * 1024;

/// The file, piece by piece. A failure ends it with an error, which breaks the connection: what arrived
/// is then known to be incomplete.
pub fn stream<T: Send + 'static>(
    rows: impl Stream<Item = AppResult<T>> + Send,
    columns: Vec<Column<T>>,
    zone: ZoneTable,
    turn: OwnedSemaphorePermit,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    async_stream::try_stream! {
        let _turn = turn;
        let mut rows = Box::pin(rows);
        let mut writer = writer(b"\xEF\xBB\xBF".to_vec());
        writer.write_record(columns.iter().map(|column| neutralised(column.title)))?;
        while let Some(row) = rows.next().await {
            let row = row.map_err(std::io::Error::other)?;
            writer.write_record(columns.iter().map(|column| written(&(column.cell)(&row), &zone)))?;
            // What the writer still holds is small; only what it gave out counts.
            if writer.get_ref().len() >= PIECE {
                let piece = writer.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?;
                writer = self::writer(Vec::with_capacity(PIECE + 4096));
                yield Bytes::from(piece);
            }
        }
        yield Bytes::from(writer.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?);
    }
}

fn writer(begin: Vec<u8>) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(begin)
}

fn written(cell: &Cell, zone: &ZoneTable) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => neutralised(text),
        Cell::Phone(phone) => neutralised(&phone_in_pairs(phone)),
        Cell::Integer(number) => number.to_string(),
        Cell::Decimal(number) => number.replace('.', ","),
        Cell::Money(money) => money.to_decimal().replace('.', ","),
        Cell::Day(day) => day.format("%d/%m/%Y").to_string(),
        Cell::Instant(at) => Cell::local(*at, zone).format("%d/%m/%Y %H:%M:%S").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;
    use crate::shared::Money;
    use futures_util::stream;
    use std::sync::Arc;
    use tokio::sync::Semaphore;

    async fn file(rows: Vec<AppResult<Cell>>) -> Result<String, std::io::Error> {
        let turn = Arc::new(Semaphore::new(1)).acquire_owned().await.expect("a turn");
        let columns = vec![Column::new("A", Cell::clone), Column::new("=B", |_: &Cell| Cell::Integer(-3))];
        let zone = ZoneTable { name: "UTC".into(), offsets: vec![(0, 3600)] };
        let pieces: Vec<_> = stream(stream::iter(rows), columns, zone, turn).collect().await;
        let bytes = pieces.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
        Ok(String::from_utf8(bytes).expect("UTF-8"))
    }

    #[tokio::test]
    async fn a_french_excel_reads_it() {
        let rows = vec![
            Cell::Text("Thé ; \"vert\"".into()),
            Cell::Text("=HYPERLINK(1)".into()),
            Cell::Phone("0612345678".into()),
            Cell::Money(Money(-123_450)),
            Cell::Instant("2026-11-22T10:00:00Z".parse().expect("an instant")),
            Cell::Empty,
        ];
        let text = file(rows.into_iter().map(Ok).collect()).await.expect("a file");
        let expected = "\u{feff}A;'=B\r\n\"Thé ; \"\"vert\"\"\";-3\r\n'=HYPERLINK(1);-3\r\n06 12 34 56 78;-3\r\n-1234,50;-3\r\n22/11/2026 11:00:00;-3\r\n;-3\r\n";
        assert_eq!(text, expected);
    }

    #[tokio::test]
    async fn a_failure_never_looks_complete() {
        let rows = vec![Ok(Cell::Integer(1)), Err(AppError::not_found("Cette ligne"))];
        assert!(file(rows).await.is_err());
    }
}
