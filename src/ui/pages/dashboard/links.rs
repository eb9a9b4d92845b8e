//! From a figure to exactly the orders or stocks that it counts.

use crate::orders::filter::DateField;
use crate::orders::workflow::OrderStatus;
use crate::products::model::StockStatus;
use crate::shared::{Period, ProductId};
use crate::ui::query::href;

/// Orders of a period, by the date that counts them, in these statuses, narrowed by more parameters.
fn orders<'a>(
    period: Period,
    date: DateField,
    statuses: &[OrderStatus],
    more: impl IntoIterator<Item = (&'a str, String)>,
) -> String {
    let mut query = vec![
        ("date_champ", date.as_str().to_owned()),
        ("start_date", period.start.to_string()),
        ("end_date", period.end.to_string()),
    ];
    query.extend(statuses.iter().map(|status| ("statut", status.as_str().to_owned())));
    query.extend(more);
    href("/commandes", &query)
}

/// The orders sold.
pub fn sold(period: Period) -> String {
    orders(period, DateField::ConfirmedAt, &OrderStatus::SOLD, [])
}

/// Those of them that hold something: `product_id`, `category_id`.
pub fn sold_with(period: Period, name: &'static str, id: i64) -> String {
    orders(period, DateField::ConfirmedAt, &OrderStatus::SOLD, [(name, id.to_string())])
}

/// Those of them that hold something else than these: `hors_product_id`, `hors_category_id`.
pub fn sold_without(period: Period, name: &'static str, ids: impl Iterator<Item = i64>) -> String {
    let others = ids.map(|id| (name, id.to_string()));
    orders(period, DateField::ConfirmedAt, &OrderStatus::SOLD, others)
}

/// Those of them that were handed over.
pub fn delivered(period: Period) -> String {
    orders(period, DateField::ConfirmedAt, &[OrderStatus::Livree], [])
}

/// Orders entered in the period that are now in a status.
pub fn entered(period: Period, status: OrderStatus) -> String {
    orders(period, DateField::CreatedAt, &[status], [])
}

/// All orders entered in the period, whatever became of them.
pub fn all_entered(period: Period) -> String {
    orders(period, DateField::CreatedAt, &[], [])
}

/// Stocks as they are now, those of some statuses or all; what runs short first unless something else is asked for.
pub fn stocks(statuses: &[StockStatus], sort: Option<&str>) -> String {
    let statuses = statuses.iter().map(|status| ("statut", status.as_str()));
    href("/stocks", &statuses.chain(sort.map(|sort| ("sort", sort))).collect::<Vec<_>>())
}

/// The stock of one product.
pub fn stock(product: ProductId) -> String {
    format!("/stocks/{product}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::Day;

    #[test]
    fn a_figure_leads_to_what_it_counts() {
        let day = Day::parse("2026-11-22").expect("day");
        let period = Period { start: day, end: day };
        assert_eq!(
            delivered(period),
            "/commandes?date_champ=confirmed_at&start_date=2026-11-22&end_date=2026-11-22&statut=livree"
        );
        assert!(sold_with(period, "product_id", 4).ends_with("&statut=livree&product_id=4"));
        let others = sold_without(period, "hors_product_id", [4, 7].into_iter());
        assert!(others.ends_with("&statut=livree&hors_product_id=4&hors_product_id=7"), "{others}");
        assert_eq!(stocks(&[StockStatus::Rupture], None), "/stocks?statut=rupture");
        assert_eq!(stocks(&StockStatus::SHORT, None), "/stocks?statut=rupture&statut=alerte");
        assert_eq!(
            (stocks(&[], Some("-valeur")), stocks(&[], None)),
            ("/stocks?sort=-valeur".into(), "/stocks".into())
        );
    }
}
