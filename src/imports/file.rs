//! From the bytes of a file to rows of text, whatever the file. Nothing here knows what a product is.

use encoding_rs::{Encoding, WINDOWS_1252};
use tokio::sync::Semaphore;

use super::workbook;
use crate::error::{AppError, AppResult, ErrorCode};

/// The largest file.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most rows, the titles not among them.
pub const MAX_ROWS: usize = 20_000;
/// The most columns.
pub const MAX_COLUMNS: usize = 60;

/// Workbooks are unpacked in memory: one at a time, so that several cannot add up.
static TURN: Semaphore = Semaphore::const_new(1);

/// Which kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text between separators.
    Csv,
    /// A workbook.
    Xlsx,
}

/// A row that is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it begins in the file, from 1.
    pub ligne: u32,
    /// Its cells, trimmed; those at its end may be missing.
    pub cells: Vec<String>,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// The first row.
    pub titles: Vec<String>,
    /// The others.
    pub rows: Vec<Row>,
}

impl Sheet {
    /// Adds a row: the first that is not blank holds the titles.
    pub(super) fn push(&mut self, row: Row) -> AppResult<()> {
        if row.cells.len() > MAX_COLUMNS {
            return Err(AppError::field(
                "fichier",
                "trop_de_colonnes",
                format!("Ligne {} : au plus {MAX_COLUMNS} colonnes.", row.ligne),
            ));
        }
        if row.cells.iter().all(String::is_empty) {
            return Ok(());
        }
        if self.titles.is_empty() {
            self.titles = row.cells;
            return Ok(());
        }
        if self.rows.len() == MAX_ROWS {
            return Err(AppError::field("fichier", "trop_de_lignes", "Au plus 20 000 lignes : partagez le fichier."));
        }
        self.rows.push(row);
        Ok(())
    }
}

/// Reads a file, away from the threads that answer requests.
pub async fn read(kind: Kind, bytes: bytes::Bytes) -> AppResult<Sheet> {
    let _turn = TURN.acquire().await.map_err(AppError::internal)?;
    let read = move || match kind {
        Kind::Csv => csv(&bytes),
        Kind::Xlsx => workbook::read(&bytes),
    };
    // A reader that panics was given something that is no workbook.
    tokio::task::spawn_blocking(read).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "an imported file could not be read");
        Err(unreadable("Ce fichier n'a pas pu être lu."))
    })
}

/// 400: the file is not what it is said to be.
pub(super) fn unreadable(detail: &str) -> AppError {
    AppError::new(ErrorCode::BadRequest, detail)
}

/// CSV as spreadsheets write it: `;`, `,` or tab; UTF-8, UTF-16 with its mark, else Windows-1252.
fn csv(bytes: &[u8]) -> AppResult<Sheet> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0,
        None => std::str::from_utf8(bytes)
            .map(Into::into)
            .unwrap_or_else(|_| WINDOWS_1252.decode_without_bom_handling(bytes).0),
    };
    if text.contains('\0') {
        return Err(unreadable("Ce fichier n'est pas du CSV."));
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut record = csv::StringRecord::new();
    let more = |e: csv::Error| unreadable(&format!("Ce fichier n'est pas du CSV lisible : {e}."));
    while reader.read_record(&mut record).map_err(more)? {
        let begin = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or_default());
        let ligne = record.position().map_or(1, csv::Position::line);
        // The reader counts the blank lines that it skips into the record after them.
        let skipped = text.get(begin..).unwrap_or_default();
        let skipped = skipped.len() - skipped.trim_start_matches(['\r', '\n']).len();
        let blank = text.get(begin..begin + skipped).unwrap_or_default().matches('\n').count();
        let ligne = u32::try_from(ligne).unwrap_or(u32::MAX).saturating_add(u32::try_from(blank).unwrap_or_default());
        sheet.push(Row { ligne, cells: record.iter().map(|cell| cell.trim().to_owned()).collect() })?;
    }
    Ok(sheet)
}

/// The separator that the titles are written with.
fn separator(text: &str) -> u8 {
    let titles = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| {
        let mut quoted = false;
        titles
            .bytes()
            .filter(|byte| {
                quoted ^= *byte == b'"';
                !quoted && *byte == separator
            })
            .count()
    };
    // Of equals, the last: `;`, which a French spreadsheet writes.
    [b'\t', b',', b';'].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b';')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(sheet: &Sheet) -> Vec<Vec<&str>> {
        sheet.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
    }

    #[test]
    fn separators_and_encodings_are_found_out() {
        for text in
            ["Référence;Nom\nA;Thé", "Référence,Nom\r\nA,Thé\r\n", "Référence\tNom\nA\tThé", "\"Référence\",Nom\nA,Thé"]
        {
            let mut files = vec![text.as_bytes().to_vec(), [b"\xEF\xBB\xBF", text.as_bytes()].concat()];
            files.push(WINDOWS_1252.encode(text).0.into_owned());
            let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes);
            files.push([0xFF, 0xFE].into_iter().chain(utf16).collect());
            for file in files {
                let sheet = csv(&file).expect(text);
                assert_eq!(sheet.titles, ["Référence", "Nom"], "{text}");
                assert_eq!(cells(&sheet), [["A", "Thé"]], "{text}");
            }
        }
    }

    #[test]
    fn lines_are_numbered_as_they_stand_in_the_file() {
        let sheet = csv(b"\nnom;description\na;\"x\ny\"\n\n;\nb; z \nc").expect("a sheet");
        let lines: Vec<_> = sheet.rows.iter().map(|row| row.ligne).collect();
        assert_eq!(lines, [3, 7, 8]);
        assert_eq!(cells(&sheet), [vec!["a", "x\ny"], vec!["b", "z"], vec!["c"]]);
    }

    #[test]
    fn what_is_no_text_or_too_much_is_refused() {
        assert_eq!(csv(b"a;b\0").expect_err("binary").code, ErrorCode::BadRequest);
        assert_eq!(csv(b"").expect("nothing"), Sheet::default());
        let wide = "a;".repeat(MAX_COLUMNS) + "a";
        assert_eq!(csv(wide.as_bytes()).expect_err("wide").errors[0].code, "trop_de_colonnes");
        let long = "a\n".repeat(MAX_ROWS + 1);
        assert_eq!(csv(long.as_bytes()).expect("just enough").rows.len(), MAX_ROWS);
        assert_eq!(csv((long + "a").as_bytes()).expect_err("long").errors[0].code, "trop_de_lignes");
    }
}
