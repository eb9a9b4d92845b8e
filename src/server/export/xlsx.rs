//! A workbook: numbers as numbers, days as days, and a next sheet where one is full.

use std::io::{Seek, SeekFrom};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_util::io::ReaderStream;

use super::cell::{Cell, Column, phone_in_pairs};
use crate::error::{AppError, AppResult};
use crate::shared::ZoneTable;
use crate::shared::money::Currency;

/// Rows of a sheet, the titles among them (ECMA-376, as every spreadsheet implements it).
pub const MAX_ROWS: u32 = 1_048_576;

/// Rows on their way from the database to the writer, which has a thread of its own.
const WAITING: usize = 256;

/// The whole workbook, made in a temporary file before the first byte is sent: rows pass through it one
/// by one, so that it takes no memory, and a failure is still an ordinary refusal.
pub async fn file<T: Send + 'static>(
    rows: impl Stream<Item = AppResult<T>> + Send,
    columns: Vec<Column<T>>,
    zone: ZoneTable,
    name: &'static str,
    max_rows: u32,
    turn: OwnedSemaphorePermit,
) -> AppResult<impl Stream<Item = Result<Bytes, std::io::Error>> + Send> {
    let titles: Vec<&'static str> = columns.iter().map(|column| column.title).collect();
    let (give, take) = mpsc::channel(WAITING);
    let writer = tokio::task::spawn_blocking(move || write(take, &titles, &zone, name, max_rows));
    let mut rows = Box::pin(rows);
    let mut failure = None;
    while let Some(row) = rows.next().await {
        match row {
            Ok(row) => {
                let cells: Vec<Cell> = columns.iter().map(|column| (column.cell)(&row)).collect();
                if give.send(cells).await.is_err() {
                    break;
                }
            }
            Err(error) => {
                failure = Some(error);
                break;
            }
        }
    }
    drop(give);
    let written = writer.await.map_err(AppError::internal)?.map_err(AppError::internal)?;
    drop(turn);
    match failure {
        Some(error) => Err(error),
        None => Ok(ReaderStream::new(tokio::fs::File::from_std(written))),
    }
}

fn write(
    mut rows: mpsc::Receiver<Vec<Cell>>,
    titles: &[&str],
    zone: &ZoneTable,
    name: &str,
    max_rows: u32,
) -> Result<std::fs::File, XlsxError> {
    let looks = Looks::new();
    let mut workbook = Workbook::new();
    let mut sheets = 0;
    let mut next = rows.blocking_recv();
    // An empty list is a sheet with its titles.
    while sheets == 0 || next.is_some() {
        sheets += 1;
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(if sheets == 1 { name.to_owned() } else { format!("{name} {sheets}") })?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, title) in (0..).zip(titles) {
            sheet.set_column_width(column, 18)?;
            sheet.write_string_with_format(0, column, *title, &looks.title)?;
        }
        for row in 1..max_rows {
            let Some(cells) = next.take() else { break };
            for (column, cell) in (0..).zip(&cells) {
                looks.write(sheet, row, column, cell, zone)?;
            }
            next = rows.blocking_recv();
        }
    }
    let mut file = tempfile::tempfile()?;
    workbook.save_to_writer(&mut file)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// How each kind of cell looks.
struct Looks {
    title: Format,
    money: Format,
    day: Format,
    instant: Format,
}

impl Looks {
    fn new() -> Self {
        let decimals = usize::from(Currency::current().exponent);
        let money = if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(decimals)) };
        Self {
            title: Format::new().set_bold(),
            money: Format::new().set_num_format(money),
            day: Format::new().set_num_format("dd/mm/yyyy"),
            instant: Format::new().set_num_format("dd/mm/yyyy hh:mm:ss"),
        }
    }

    fn write(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        column: u16,
        cell: &Cell,
        zone: &ZoneTable,
    ) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => Ok(()),
            // A string cell is never a formula.
            Cell::Text(text) => {
                sheet.write_string(row, column, text.chars().take(32_767).collect::<String>()).map(drop)
            }
            Cell::Phone(phone) => sheet.write_string(row, column, phone_in_pairs(phone)).map(drop),
            Cell::Integer(number) => sheet.write_number(row, column, *number as f64).map(drop),
            Cell::Decimal(number) => {
                sheet.write_number(row, column, number.parse::<f64>().unwrap_or_default()).map(drop)
            }
            Cell::Money(money) => {
                let number: f64 = money.to_decimal().parse().unwrap_or_default();
                sheet.write_number_with_format(row, column, number, &self.money).map(drop)
            }
            Cell::Day(day) => sheet.write_datetime_with_format(row, column, day, &self.day).map(drop),
            Cell::Instant(at) => {
                let local = Cell::local(*at, zone);
                sheet.write_datetime_with_format(row, column, local, &self.instant).map(drop)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;

    use calamine::{Data, Reader, Xlsx};
    use futures_util::stream;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::shared::Money;

    async fn workbook(rows: Vec<Cell>, max_rows: u32) -> Xlsx<Cursor<Vec<u8>>> {
        let turn = Arc::new(Semaphore::new(1)).acquire_owned().await.expect("a turn");
        let columns = vec![Column::new("A", Cell::clone)];
        let zone = ZoneTable { name: "UTC".into(), offsets: vec![(0, 3600)] };
        let rows = stream::iter(rows.into_iter().map(Ok));
        let file = file(rows, columns, zone, "essai", max_rows, turn).await.expect("a file");
        let pieces: Vec<_> = file.map(|piece| piece.expect("a piece")).collect().await;
        Xlsx::new(Cursor::new(pieces.concat())).expect("a workbook")
    }

    #[tokio::test]
    async fn a_full_sheet_goes_on_in_the_next_with_its_titles() {
        let mut book = workbook((1..=7).map(Cell::Integer).collect(), 4).await;
        assert_eq!(book.sheet_names(), ["essai", "essai 2", "essai 3"]);
        let mut read = Vec::new();
        for name in book.sheet_names() {
            let range = book.worksheet_range(&name).expect("a sheet");
            assert_eq!(range.get((0, 0)), Some(&Data::String("A".into())), "{name}");
            read.extend(range.rows().skip(1).map(|row| row[0].clone()));
        }
        assert_eq!(read, (1..=7).map(|n| Data::Float(f64::from(n))).collect::<Vec<_>>());
        assert_eq!(workbook(Vec::new(), 4).await.sheet_names(), ["essai"], "an empty list is a sheet with titles");
        let exact = workbook((1..=3).map(Cell::Integer).collect(), 4).await;
        assert_eq!(exact.sheet_names(), ["essai"], "no empty sheet after one that is just full");
    }

    #[tokio::test]
    async fn numbers_are_numbers_and_a_text_is_never_a_formula() {
        let cells = vec![
            Cell::Text("=1+1".into()),
            Cell::Money(Money(-123_450)),
            Cell::Phone("0612345678".into()),
            Cell::Empty,
        ];
        let mut book = workbook(cells, MAX_ROWS).await;
        let range = book.worksheet_range("essai").expect("a sheet");
        let column: Vec<_> = range.rows().skip(1).map(|row| row[0].clone()).collect();
        assert_eq!(
            column[..3],
            [Data::String("=1+1".into()), Data::Float(-1234.5), Data::String("06 12 34 56 78".into())]
        );
    }
}
