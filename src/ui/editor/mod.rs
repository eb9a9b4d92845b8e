//! What all forms share: fields told once for both doors, one sending at a time, one key for each opened
//! form, faults at their fields with the focus on the first, a question before what was typed is thrown
//! away, and both values side by side when somebody else was faster.

mod acts;
mod conflict;
mod draft;
mod field;
mod panel;
mod removal;
mod sending;

pub use acts::{ActRefusal, Acts, Onward, undoable};
pub use conflict::{BothValues, ConflictNotice, both_cells, choose, lead, taken_row};
pub use draft::{Draft, Named, Theirs};
pub use field::{FormField, Kind, body_of};
pub use panel::{EditPanel, InPanel, opens};
pub use removal::{REMOVING, Removal};
pub use sending::{Answer, Editor, RefusalNotice, form_key};

use crate::auth::server_functions::FormReturn;

/// The plain form that came back to this page, if one did. Asked for once, outside of what waits for data.
pub fn came_back() -> FormReturn {
    use leptos::prelude::{SharedValue, use_context};
    SharedValue::new(|| use_context::<FormReturn>().unwrap_or_default()).into_inner()
}
