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

/// How a ZIP begins, which a workbook is.
const ZIP: &[u8] = b"PK\x03\x04";
/// How files begin that are often taken for a CSV: ZIP, old workbooks and texts (OLE), PNG, JPEG, PDF, gzip.
const FOREIGN: [&[u8]; 6] = [ZIP, b"\xD0\xCF\x11\xE0", b"\x89PNG", b"\xFF\xD8\xFF", b"%PDF-", b"\x1F\x8B"];

/// Which kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text between separators.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Kind {
    /// Told by the content; a name that says workbook is taken at its word, so that other content is refused as none.
    pub fn of(name: Option<&str>, bytes: &[u8]) -> Self {
        let says_so = name.is_some_and(|name| name.to_ascii_lowercase().ends_with(".xlsx"));
        if says_so || bytes.starts_with(ZIP) { Kind::Xlsx } else { Kind::Csv }
    }
}

/// A row that is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number as spreadsheets count rows, from 1: one whose texts have several lines is one, a blank one too.
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
    // A reader that panics was given something that is no workbook.
    tokio::task::spawn_blocking(move || parse(kind, &bytes)).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "an imported file could not be read");
        Err(unreadable("Ce fichier n'a pas pu être lu."))
    })
}

/// What a file holds, if it is what it is said to be.
fn parse(kind: Kind, bytes: &[u8]) -> AppResult<Sheet> {
    match kind {
        Kind::Csv if FOREIGN.iter().any(|begin| bytes.starts_with(begin)) => Err(neither()),
        Kind::Csv => csv(bytes),
        Kind::Xlsx if !bytes.starts_with(ZIP) => Err(neither()),
        Kind::Xlsx => workbook::read(bytes),
    }
}

/// 400: something else altogether.
fn neither() -> AppError {
    unreadable("Ce fichier n'est ni un CSV ni un XLSX. Enregistrez-le en .xlsx ou en .csv, puis recommencez.")
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
        return Err(neither());
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut record = csv::StringRecord::new();
    let mut ligne: u32 = 0;
    let more = |e: csv::Error| unreadable(&format!("Ce fichier n'est pas du CSV lisible : {e}."));
    while reader.read_record(&mut record).map_err(more)? {
        let begin = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or_default());
        ligne = ligne.saturating_add(blank_lines(&text, begin)).saturating_add(1);
        sheet.push(Row { ligne, cells: record.iter().map(|cell| cell.trim().to_owned()).collect() })?;
    }
    Ok(sheet)
}

/// Blank lines from there on: the reader skips them before a record, a spreadsheet shows each as a row.
fn blank_lines(text: &str, begin: usize) -> u32 {
    let (before, rest) = text.split_at_checked(begin).unwrap_or((text, ""));
    // Half of the end of the record before may stand there.
    let rest = if before.ends_with('\r') { rest.strip_prefix('\n').unwrap_or(rest) } else { rest };
    let skipped = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let ends = rest.get(..skipped).unwrap_or_default().replace("\r\n", "\n").len();
    u32::try_from(ends).unwrap_or(u32::MAX)
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
    fn lines_are_numbered_as_spreadsheets_count_rows() {
        for (text, expected) in [
            ("nom;description\na;\"x\ny\nz\"\nb;z\n", vec![2, 3]),
            ("\"nom\n(court)\";description\na;x\n", vec![2]),
            ("\nnom;description\na;\"x\ny\"\n\n;\nb; z \n\n\nc", vec![3, 6, 9]),
        ] {
            for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
                let sheet = csv(text.as_bytes()).expect("a sheet");
                assert_eq!(sheet.rows.iter().map(|row| row.ligne).collect::<Vec<_>>(), expected, "{text:?}");
            }
        }
        let sheet = csv(b"nom;description\na;\"x\ny\"\n\nb; z \nc").expect("a sheet");
        assert_eq!(cells(&sheet), [vec!["a", "x\ny"], vec!["b", "z"], vec!["c"]]);
    }

    #[test]
    fn what_is_neither_csv_nor_workbook_is_said_to_be_neither() {
        let old: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
        for (name, bytes) in [
            ("tarif.xls", old),
            ("tarif.csv", b"\x89PNG\r\n\x1A\n"),
            ("tarif.csv", b"%PDF-1.7\n"),
            ("tarif.csv", b"nom;prix\0"),
            ("tarif.XLSX", b"reference;nom\nA;B\n"),
            ("tarif.xlsx", old),
        ] {
            let refused = parse(Kind::of(Some(name), bytes), bytes).expect_err(name);
            assert_eq!(refused, neither(), "{name}");
        }
        assert_eq!(Kind::of(Some("tarif.csv"), b"PK\x03\x04..."), Kind::Xlsx, "whatever its name");
        assert_eq!(Kind::of(None, b"reference\nA"), Kind::Csv);
        assert!(parse(Kind::Csv, b"PNG;%PDF\nA;B\n").is_ok(), "titles are no signatures");
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
