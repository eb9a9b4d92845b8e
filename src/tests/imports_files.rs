//! POST /api/v1/products/import: the files that are read, and those that are not.

use std::io::{Cursor, Write};

use http::Method;
use rust_xlsxwriter::{Format, Formula, Workbook};
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::imports::{XLSX, counts, dry_run, import, send, stocked};
use crate::imports::file::{MAX_BYTES, MAX_ROWS};

#[tokio::test]
async fn separators_and_encodings_of_any_spreadsheet() {
    let (app, admin) = stocked().await;
    let file = "référence,nom,catégorie,prix\nE-1,Crème brûlée « maison » à 5 €,Épicerie,\"4,50\"\n";
    let windows = encoding_rs::WINDOWS_1252.encode(file).0.into_owned();
    assert_ne!(windows, file.as_bytes());
    let report = send(&app, &admin, "", "text/csv", &windows).await.expect(201).json();
    assert_eq!(counts(&report), (1, 0, 0, 0));
    for file in [file.to_owned(), format!("\u{feff}{file}"), file.replace("\"4,50\"", "4.5").replace(',', "\t")] {
        assert_eq!(counts(&dry_run(&app, &admin, &file).await), (0, 0, 1, 0), "{file}");
    }
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.add_worksheet().write_string(0, 0, "Une autre feuille").expect("a cell");
    workbook.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn a_workbook_keeps_its_digits() {
    let (app, admin) = stocked().await;
    let file = workbook(|sheet| {
        for (column, title) in
            (0..).zip(["Référence", "Nom", "Catégorie", "Prix", "TVA", "Stock", "En vente", "Prix d'achat"])
        {
            sheet.write_string(1, column, title).expect("a title");
        }
        let money = Format::new().set_num_format("#,##0.00 €");
        let day = Format::new().set_num_format("dd/mm/yyyy");
        sheet.write_number(3, 0, 3_760_123_456_789.0).expect("a code");
        sheet.write_number_with_format(3, 1, 45_000.0, &day).expect("a day");
        sheet.write_string(3, 2, "épicerie").expect("a category");
        sheet.write_number_with_format(3, 3, 15.9, &money).expect("a price");
        sheet.write_number_with_format(3, 4, 0.055, &Format::new().set_num_format("0.0%")).expect("a rate");
        sheet.write_number(3, 5, 3.0).expect("a stock");
        sheet.write_boolean(3, 6, false).expect("a yes or no");
        sheet.write_formula(3, 7, Formula::new("=0.1+0.2").set_result("0.30000000000000004")).expect("a formula");
    });
    let report = send(&app, &admin, "", XLSX, &file).await.expect(201).json();
    let line = &report["lignes"][0];
    assert_eq!((&line["ligne"], &line["resultat"]), (&json!(4), &json!("cree")), "{report}");
    let told: Vec<_> =
        line["modifications"].as_array().expect("changes").iter().map(|change| change["apres"].clone()).collect();
    let category = told[2].clone();
    assert_eq!(json!(told), json!(["3760123456789", "15/03/2023", category, 15.9, 5.5, 0.3, 0, false, 3]));
}

#[tokio::test]
async fn titles_that_nobody_knows_are_named() {
    let (app, admin) = stocked().await;
    let unknown = import(&app, &admin, "reference;Couleur;Nom;nom\nA;b;c;d").await.refused(422, "champs_invalides");
    assert_eq!(unknown.fields(), ["Couleur", "nom"]);
    assert_eq!(import(&app, &admin, "nom\nA").await.refused(422, "champs_invalides").fields(), ["reference"]);
    for empty in ["", "\n\n", "reference;nom\n", ";\n"] {
        assert_eq!(
            import(&app, &admin, empty).await.refused(422, "champs_invalides").fields(),
            ["fichier"],
            "{empty:?}"
        );
    }
    let parameter = send(&app, &admin, "?couleur=bleu", "text/csv", b"reference\nA").await;
    assert_eq!(parameter.refused(422, "champs_invalides").fields(), ["couleur"]);
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_what_is_of_another_kind() {
    let (app, admin) = stocked().await;
    let large = vec![b'a'; MAX_BYTES + 1];
    send(&app, &admin, "?x=1", "text/csv", &large).await.refused(413, "trop_volumineux");
    send(&app, &admin, "?x=1", "image/png", &large).await.refused(413, "trop_volumineux");
    for kind in ["image/png", "application/json", "multipart/form-data; boundary=x", "application/vnd.ms-excel"] {
        send(&app, &admin, "?x=1", kind, b"reference\nA").await.refused(415, "type_non_supporte");
    }
    let call = app.call(Method::POST, "/api/v1/products/import").bearer(&admin);
    call.send().await.refused(415, "type_non_supporte");
    for (kind, bytes) in [
        (XLSX, b"reference\nA".as_slice()),
        (XLSX, b""),
        ("text/csv", b"PK\x03\x04\x00\x00"),
        ("text/csv", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
        ("text/csv", b"\x89PNG\r\n\x1A\n"),
        ("text/csv", b"%PDF-1.7"),
        (XLSX, b"PK\x03\x04"),
    ] {
        send(&app, &admin, "?x=1", kind, bytes).await.refused(400, "requete_invalide");
    }
}

#[tokio::test]
async fn too_many_rows_or_columns_are_refused() {
    let (app, admin) = stocked().await;
    let long = format!("reference\n{}", "A\n".repeat(MAX_ROWS + 1));
    let wide = format!("reference;{}\nA", ";".repeat(60));
    let book = workbook(|sheet| {
        for row in 0..=MAX_ROWS as u32 + 1 {
            sheet.write_number(row, 0, f64::from(row)).expect("a cell");
        }
    });
    let far = workbook(|sheet| {
        sheet.write_string(0, 16_000, "reference").expect("a cell");
    });
    for (kind, file) in [("text/csv", long.into_bytes()), ("text/csv", wide.into_bytes()), (XLSX, book), (XLSX, far)] {
        assert_eq!(send(&app, &admin, "", kind, &file).await.refused(422, "champs_invalides").fields(), ["fichier"]);
    }
}

/// A zip of parts, `(name, content)`.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(content).expect("a part");
    }
    zip.finish().expect("a zip").into_inner()
}

/// The same, with a directory that says every part is small.
fn lying(mut zip: Vec<u8>) -> Vec<u8> {
    for at in 0..zip.len() - 4 {
        // Where the unpacked size is, after the two kinds of headers (APPNOTE.TXT 4.3.7 and 4.3.12).
        let size = match &zip[at..at + 4] {
            b"PK\x03\x04" => at + 22,
            b"PK\x01\x02" => at + 24,
            _ => continue,
        };
        zip[size..size + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    zip
}

#[tokio::test]
async fn a_bomb_is_refused() {
    let (app, admin) = stocked().await;
    let bomb = zipped(&[("xl/worksheets/sheet1.xml", &vec![b' '; 101 * 1024 * 1024])]);
    assert!(bomb.len() < 1024 * 1024, "small as it comes");
    let announced = b"<sst uniqueCount = '9000000000'><si><t>a</t></si></sst>";
    let wide: Vec<u8> = announced.iter().flat_map(|byte| [*byte, 0]).collect();
    for (what, status, file) in [
        ("large", 413, bomb.clone()),
        ("large, and lying", 400, lying(bomb)),
        ("announces more than memory holds", 413, zipped(&[("xl/sharedStrings.xml", announced)])),
        ("the same in UTF-16", 413, zipped(&[("xl/sharedStrings.xml", &wide)])),
        ("tags without end", 413, zipped(&[("xl/sharedStrings.xml", "<si/>".repeat(8_000_001).as_bytes())])),
    ] {
        let answer = send(&app, &admin, "", XLSX, &file).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text);
    }
}
