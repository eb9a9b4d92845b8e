//! Workbooks: unpacked once to see how large they really are, then read cell by cell.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, Style, Xlsx};
use zip::ZipArchive;

use super::file::{MAX_COLUMNS, Row, Sheet, unreadable};
use crate::error::{AppError, AppResult, ErrorCode};

/// What a workbook may take once it is unpacked.
const MAX_UNPACKED: u64 = 100 * 1024 * 1024;
/// Tags of all parts together: each may become a text in memory.
const MAX_TAGS: usize = 8_000_000;
/// Files in a workbook.
const MAX_PARTS: usize = 1_000;
/// Text of all cells together: many cells may share one long text.
const MAX_TEXT: usize = 64 * 1024 * 1024;
/// Shared texts that a workbook may announce: as much memory is set aside before the first is read.
const MAX_ANNOUNCED: u64 = 2_000_000;

/// The first sheet.
pub(super) fn read(bytes: &[u8]) -> AppResult<Sheet> {
    check_size(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(not_one)?;
    let name = workbook.sheet_names().first().cloned().ok_or_else(|| unreadable("Ce classeur n'a aucune feuille."))?;
    let mut reader = workbook.worksheet_cells_reader(&name).map_err(not_one)?;
    // 20 % is kept as 0.2: only its look tells.
    let in_percent =
        |style: &Style| style.number_format.as_ref().is_some_and(|format| format.format_code.contains('%'));
    let percent: HashSet<usize> = (0..).zip(reader.styles()).filter(|(_, s)| in_percent(s)).map(|(id, _)| id).collect();
    let mut sheet = Sheet::default();
    let mut row = Row { ligne: 0, cells: Vec::new() };
    let mut text = 0;
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(not_one)? {
        let (line, column) = cell.get_position();
        let value = match cell.get_value() {
            DataRef::Float(part) if percent.contains(&style) => decimal(part * 100.0),
            value => told(value),
        };
        if value.is_empty() {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if row.ligne != line + 1 {
            if line + 1 < row.ligne {
                return Err(unreadable("Les lignes de ce classeur ne sont pas dans l'ordre."));
            }
            sheet.push(std::mem::replace(&mut row, Row { ligne: line + 1, cells: Vec::new() }))?;
        }
        text += value.len();
        if text > MAX_TEXT {
            return Err(bomb());
        }
        if row.cells.len() <= column {
            // One too many is enough to be refused for.
            row.cells.resize(column.min(MAX_COLUMNS) + 1, String::new());
        }
        if let Some(cell) = row.cells.get_mut(column) {
            *cell = value;
        }
    }
    sheet.push(row)?;
    Ok(sheet)
}

fn not_one(error: impl std::fmt::Display) -> AppError {
    tracing::debug!(%error, "no workbook");
    unreadable("Ce fichier n'est pas un classeur XLSX lisible.")
}

fn bomb() -> AppError {
    AppError::new(ErrorCode::TooLarge, "Décompressé, ce classeur est trop volumineux.")
}

/// Unpacks everything into nothing: what the directory says of sizes may be a lie.
fn check_size(bytes: &[u8]) -> AppResult<()> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(not_one)?;
    if zip.len() > MAX_PARTS || zip.decompressed_size().is_some_and(|size| size > u128::from(MAX_UNPACKED)) {
        return Err(bomb());
    }
    let mut unpacked = 0;
    let mut scan = Scan::default();
    let mut buffer = vec![0; 64 * 1024];
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).map_err(not_one)?;
        loop {
            let read = part.read(&mut buffer).map_err(not_one)?;
            if read == 0 {
                break;
            }
            unpacked += read as u64;
            if unpacked > MAX_UNPACKED || !scan.is_sane(&buffer[..read]) {
                return Err(bomb());
            }
        }
    }
    Ok(())
}

/// Looks, while a part streams by, for what would cost memory out of proportion to its size.
#[derive(Default)]
struct Scan {
    tags: usize,
    matched: usize,
    announced: u64,
}

/// The attribute by which a workbook announces how many texts it shares.
const ATTRIBUTE: &[u8] = b"uniqueCount";

impl Scan {
    fn is_sane(&mut self, bytes: &[u8]) -> bool {
        for &byte in bytes {
            match byte {
                // UTF-16 is seen through too.
                0 => continue,
                b'<' => self.tags += 1,
                _ => {}
            }
            if self.matched == ATTRIBUTE.len() {
                match byte {
                    b'0'..=b'9' => {
                        self.announced = self.announced.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                        if self.announced > MAX_ANNOUNCED {
                            return false;
                        }
                        continue;
                    }
                    b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n' | b'+' if self.announced == 0 => continue,
                    _ => self.matched = 0,
                }
            }
            self.announced = 0;
            self.matched = match ATTRIBUTE.get(self.matched) {
                Some(expected) if *expected == byte => self.matched + 1,
                _ => usize::from(byte == ATTRIBUTE[0]),
            };
        }
        self.tags <= MAX_TAGS
    }
}

/// What people see in a cell, with all its digits.
fn told(value: &DataRef) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => decimal(*number),
        DataRef::Bool(yes) => if *yes { "oui" } else { "non" }.to_owned(),
        DataRef::DateTime(at) => date(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        // `#REF!`: no field accepts it where it matters.
        DataRef::Error(error) => error.to_string(),
    }
}

/// Spreadsheets compute with fifteen digits: 0.1 + 0.2 is 0.3 there. Whole numbers keep all of theirs.
fn decimal(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        // Adding zero takes the sign off a negative one.
        return format!("{:.0}", number + 0.0);
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn date(at: &ExcelDateTime) -> String {
    if !at.is_datetime() {
        return decimal(at.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{day:02}/{month:02}/{year}")
    } else {
        format!("{day:02}/{month:02}/{year} {hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_that_a_spreadsheet_shows() {
        for (number, text) in [
            (15.9, "15.9"),
            (3.0, "3"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.3"),
            (9_999_999.99, "9999999.99"),
            (3_760_123_456_789.0, "3760123456789"),
            (-2.5, "-2.5"),
            (0.07 * 100.0, "7"),
        ] {
            assert_eq!(decimal(number), text);
        }
    }

    fn is_sane(pieces: &[&[u8]]) -> bool {
        let mut scan = Scan::default();
        pieces.iter().all(|piece| scan.is_sane(piece))
    }

    #[test]
    fn what_announces_too_much_is_seen_wherever_it_is_cut() {
        assert!(is_sane(&[
            b"<sst count=\"9999999999\" uniqueCount=\"20000\"/>",
            b"<sst uniqueCount='15'>9999999999</sst>"
        ]));
        let announced = b"<sst uniqueuniqueCount = \"2000001\">";
        for at in 0..announced.len() {
            assert!(!is_sane(&[&announced[..at], &announced[at..]]), "cut at {at}");
        }
    }
}
