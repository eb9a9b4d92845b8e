//! What all lists share. What one shows stands in the URL and nowhere else: search and filters are a plain
//! GET form, headings, tabs and pages are links, so that it works before the page has woken up and without
//! JavaScript. A page names its list once ([`ListSpec`]) and draws its rows; the rest is here.

mod body;
mod chips;
mod export_menu;
mod filter_form;
mod foot;
mod period;
mod selection;
mod spec;

pub use body::{ListBody, Nothing};
pub use chips::{Chip, Chips};
pub use export_menu::{ExportMenu, export_address};
pub use filter_form::{FilterFields, FilterForm};
pub use period::{PeriodFilter, is_day, period_words, whole_days};
pub use selection::{BulkBar, Outcome, Outcomes, SelectAll, SelectRow, Selection, told_elsewhere};
pub use spec::{ListSpec, as_typed};
