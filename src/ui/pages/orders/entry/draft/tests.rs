//! The form: what came back, what is short, the blank line at the end.

use super::super::catalogue::tests::article;
use super::*;
use crate::error::Member;
use crate::shared::Money;

fn back(values: &[(&str, &str)]) -> FormReturn {
    FormReturn { values: values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(), error: None }
}

fn shop() -> Catalogue {
    Catalogue::new(vec![article(1, Some("THE"), "Thé", 5), article(2, None, "Miel", 9)])
}

#[test]
fn a_form_that_came_back_has_lost_nothing() {
    let owner = Owner::new();
    owner.set();
    let typed = back(&[
        ("client_nom", "Anne"),
        ("client_id", "7"),
        ("ligne_produit", "THE"),
        ("ligne_quantite", "2"),
        ("ligne_produit", ""),
        ("ligne_quantite", ""),
        ("ligne_produit", "inconnu"),
        ("ligne_quantite", "4"),
        ("ligne_produit", "3x miel"),
        ("ligne_quantite", ""),
        ("action", "lignes"),
    ]);
    let draft = Draft::new(shop(), &typed);
    assert_eq!(draft.text("client_nom").get_untracked(), "Anne");
    assert_eq!(draft.client_id.get_untracked(), Some(ClientId(7)));
    let values = untrack(|| draft.values());
    assert_eq!(values.len(), 3 + ROWS);
    assert_eq!((values[0].article.as_str(), values[0].counted()), ("THE", Some(2)));
    assert_eq!((values[1].article.as_str(), values[1].product.is_none()), ("inconnu", true));
    assert_eq!((values[2].article.as_str(), values[2].counted()), ("Miel", Some(3)));
    assert_eq!(untrack(|| draft.totals()).map(|t| t.ttc), Some(Money(800)));
    assert_eq!(draft.next_article_box(), "ligne-3-article");
}

#[test]
fn a_shortage_is_shown_at_its_line_with_the_stock_of_now() {
    let owner = Owner::new();
    owner.set();
    let mut typed =
        back(&[("ligne_produit", "Miel"), ("ligne_quantite", "1"), ("ligne_produit", "THE"), ("ligne_quantite", "4")]);
    typed.error =
        Some(AppError::new(ErrorCode::InsufficientStock, "Stock insuffisant.").with(
            Member::ShortLines,
            serde_json::json!([{"product_id": 1, "nom": "Thé", "disponible": 2, "demande": 4}]),
        ));
    let draft = Draft::new(shop(), &typed);
    assert_eq!(untrack(|| draft.fault("ligne-1-quantite")).as_deref(), Some("Plus que 2\u{a0}disponibles"));
    let product = draft.lines.get_untracked()[1].product.get_untracked();
    assert_eq!(product.map(|p| p.disponible), Some(2));
}

#[test]
fn there_is_always_a_blank_line_at_the_end() {
    let owner = Owner::new();
    owner.set();
    let draft = Draft::new(shop(), &FormReturn::default());
    assert_eq!(draft.lines.with_untracked(Vec::len), ROWS);
    draft.lines.get_untracked()[ROWS - 1].article.set("Thé".into());
    draft.keep_blank_end();
    draft.keep_blank_end();
    assert_eq!(draft.lines.with_untracked(Vec::len), ROWS + 1);
    assert_eq!(draft.remove_line(0), Some(1));
    assert_eq!(untrack(|| draft.place(1)), 1);
}
