//! Which column of a file is which field, and what its cells say.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::file::{Row, Sheet};
use crate::error::{AppError, AppResult, FieldError};
use crate::server::export::as_it_was;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// What rows are matched by.
    Reference,
    /// What those are matched by that have no reference.
    Id,
    /// Name.
    Nom,
    /// Category, by name.
    Categorie,
    /// Category, by id.
    CategoryId,
    /// Price, VAT included.
    Prix,
    /// VAT rate, percent.
    TauxTva,
    /// Cost.
    PrixAchat,
    /// More about it.
    Description,
    /// Alert at or below this.
    SeuilAlerte,
    /// Can be ordered.
    IsActive,
    /// What was counted on the shelf.
    Stock,
    /// What an export tells and nobody can set.
    Ignored,
}

impl Column {
    /// The field it fills.
    pub fn field(self) -> &'static str {
        match self {
            Column::Reference => "reference",
            Column::Id => "id",
            Column::Nom => "nom",
            Column::Categorie => "categorie",
            Column::CategoryId => "category_id",
            Column::Prix => "prix",
            Column::TauxTva => "taux_tva",
            Column::PrixAchat => "prix_achat",
            Column::Description => "description",
            Column::SeuilAlerte => "seuil_alerte",
            Column::IsActive => "is_active",
            Column::Stock => "stock",
            Column::Ignored => "",
        }
    }

    /// By its name on the wire, or by its title in an export of products.
    fn of_title(title: &str) -> Option<Self> {
        Some(match folded(title).as_str() {
            "reference" => Column::Reference,
            "id" | "identifiant" => Column::Id,
            "nom" => Column::Nom,
            "categorie" => Column::Categorie,
            "categoryid" => Column::CategoryId,
            "prix" | "prixttc" => Column::Prix,
            "tauxtva" | "tva" => Column::TauxTva,
            "prixachat" | "prixdachat" => Column::PrixAchat,
            "description" => Column::Description,
            "seuilalerte" | "seuildalerte" => Column::SeuilAlerte,
            "isactive" | "envente" => Column::IsActive,
            "stock" | "enstock" => Column::Stock,
            "reserve" | "disponible" | "creele" => Column::Ignored,
            _ => return None,
        })
    }
}

/// Letters and digits alone, without accents or case.
fn folded(title: &str) -> String {
    let plain = |c: char| match c {
        'à' | 'â' | 'ä' | 'á' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ö' | 'ó' => 'o',
        'ù' | 'û' | 'ü' | 'ú' => 'u',
        other => other,
    };
    title.to_lowercase().chars().map(plain).filter(char::is_ascii_alphanumeric).collect()
}

/// A file whose columns are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: Vec<Option<Column>>,
    /// Its rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// Knows the columns, or names every one that it does not.
    pub fn of(sheet: Sheet) -> AppResult<Self> {
        let mut errors = Vec::new();
        let mut refuse = |champ: &str, code: &str, message: String| {
            let champ = champ.chars().take(100).collect();
            errors.push(FieldError { champ, code: code.into(), message });
        };
        let mut columns: Vec<Option<Column>> = Vec::new();
        for title in &sheet.titles {
            let column = Column::of_title(title);
            match column {
                None if !title.is_empty() => refuse(title, "colonne_inconnue", "Cette colonne est inconnue.".into()),
                Some(column) if column != Column::Ignored && columns.contains(&Some(column)) => {
                    refuse(title, "colonne_repetee", "Cette colonne est là deux fois.".into());
                }
                _ => {}
            }
            columns.push(column);
        }
        if columns.contains(&Some(Column::Categorie)) && columns.contains(&Some(Column::CategoryId)) {
            refuse("category_id", "incompatible", "categorie et category_id ne vont pas ensemble.".into());
        }
        if sheet.titles.is_empty() {
            refuse("fichier", "vide", "Ce fichier est vide.".into());
        } else if !columns.iter().flatten().any(|column| matches!(column, Column::Reference | Column::Id)) {
            refuse("reference", "colonne_manquante", "Il manque la colonne « Référence ».".into());
        } else if sheet.rows.is_empty() {
            refuse("fichier", "vide", "Ce fichier n'a que des titres.".into());
        }
        let untitled = |row: &&Row| {
            row.cells
                .iter()
                .enumerate()
                .any(|(at, cell)| !cell.is_empty() && sheet.titles.get(at).is_none_or(String::is_empty))
        };
        if let Some(row) = sheet.rows.iter().find(untitled) {
            refuse(
                "fichier",
                "colonne_sans_titre",
                format!("Ligne {} : une valeur est dans une colonne sans titre.", row.ligne),
            );
        }
        if errors.is_empty() { Ok(Self { columns, rows: sheet.rows }) } else { Err(AppError::invalid(errors)) }
    }

    /// Whether the file names categories by their ids.
    pub fn has(&self, column: Column) -> bool {
        self.columns.contains(&Some(column))
    }

    /// A row's cells, by their fields; an empty text where there is none.
    pub fn cells<'a>(&'a self, row: &'a Row) -> BTreeMap<Column, &'a str> {
        let known = self.columns.iter().enumerate().filter_map(|(at, column)| Some((at, (*column)?)));
        known.map(|(at, column)| (column, row.cells.get(at).map_or("", |cell| as_it_was(cell).trim()))).collect()
    }
}

/// What a row says of its product, as a JSON body would. An empty cell clears what may be empty, and
/// says nothing of what may not. Categories by name are not in it: they must be looked up.
pub fn body(cells: &BTreeMap<Column, &str>) -> Map<String, Value> {
    let mut body = Map::new();
    for (column, text) in cells {
        let value = match column {
            Column::Categorie | Column::Ignored => continue,
            Column::Description | Column::PrixAchat if text.is_empty() => Value::Null,
            _ if text.is_empty() => continue,
            Column::Reference | Column::Nom | Column::Description => Value::from(*text),
            Column::Prix | Column::PrixAchat => Value::from(text.trim_end_matches('€').trim_end()),
            Column::TauxTva => Value::from(text.trim_end_matches('%').trim_end()),
            Column::Id | Column::CategoryId | Column::SeuilAlerte | Column::Stock => whole(text),
            Column::IsActive => truth(text),
        };
        body.insert(column.field().to_owned(), value);
    }
    body
}

/// `1 200` and `3,0` are whole numbers too; what is none stays a text, which is refused as such.
fn whole(text: &str) -> Value {
    let compact: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let (digits, decimals) = compact.split_once(['.', ',']).unwrap_or((&compact, ""));
    let number = digits.parse::<i64>().ok().filter(|_| decimals.bytes().all(|digit| digit == b'0'));
    number.map_or_else(|| Value::from(text), Value::from)
}

fn truth(text: &str) -> Value {
    match folded(text).as_str() {
        "oui" | "true" | "vrai" | "1" => Value::Bool(true),
        "non" | "false" | "faux" | "0" => Value::Bool(false),
        _ => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn table(titles: &[&str], cells: &[&str]) -> AppResult<Table> {
        let text = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Table::of(Sheet { titles: text(titles), rows: vec![Row { ligne: 2, cells: text(cells) }] })
    }

    fn codes(titles: &[&str], cells: &[&str]) -> Vec<(String, String)> {
        let errors = table(titles, cells).expect_err("refused").errors;
        errors.into_iter().map(|error| (error.champ, error.code)).collect()
    }

    #[test]
    fn titles_of_an_export_and_names_on_the_wire() {
        let titles = [
            "RÉFÉRENCE",
            "Nom",
            "Catégorie",
            "Prix TTC",
            "TVA (%)",
            "Prix d'achat",
            "En stock",
            "Réservé",
            "Disponible",
            "Seuil d'alerte",
            "En vente",
            "Description",
            "Créé le",
            "Identifiant",
        ];
        let table =
            table(&titles, &["A", "", "", "1 234,50 €", "5,5 %", "", "1 200", "0", "0", "3.0", "OUI", "", "", "7"])
                .expect("a table");
        let body = body(&table.cells(&table.rows[0]));
        let expected = json!({"reference": "A", "prix": "1 234,50", "taux_tva": "5,5", "prix_achat": null, "stock": 1200,
                              "seuil_alerte": 3, "is_active": true, "description": null, "id": 7});
        assert_eq!(Value::Object(body), expected);
        let wire =
            ["reference", "nom", "category_id", "prix", "taux_tva", "prix_achat", "seuil_alerte", "is_active", "stock"];
        assert!(self::table(&wire, &["A"]).is_ok());
    }

    #[test]
    fn every_fault_of_the_titles_at_once() {
        let faults = codes(&["Nom", "Couleur", "nom", "category_id", "Catégorie", ""], &["a", "", "", "", "", "x"]);
        let faults: Vec<_> = faults.iter().map(|(champ, code)| (champ.as_str(), code.as_str())).collect();
        assert_eq!(
            faults,
            [
                ("Couleur", "colonne_inconnue"),
                ("nom", "colonne_repetee"),
                ("category_id", "incompatible"),
                ("reference", "colonne_manquante"),
                ("fichier", "colonne_sans_titre")
            ]
        );
    }

    #[test]
    fn the_apostrophe_of_an_export_is_taken_off_again() {
        let table = table(&["reference", "nom", "description"], &["'00377136", "'-2", "'tis"]).expect("a table");
        let body = Value::Object(body(&table.cells(&table.rows[0])));
        assert_eq!(body, json!({"reference": "00377136", "nom": "-2", "description": "'tis"}));
    }

    #[test]
    fn what_is_no_number_stays_a_text() {
        assert_eq!(
            (whole("-3"), whole("3,5"), whole("x"), whole("")),
            (json!(-3), json!("3,5"), json!("x"), json!(""))
        );
        assert_eq!((truth("Faux"), truth("peut-être")), (json!(false), json!("peut-être")));
    }
}
