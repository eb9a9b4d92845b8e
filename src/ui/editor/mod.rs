//! What all forms share: fields told once for both doors, one sending at a time, one key for each opened
//! form, faults at their fields with the focus on the first, a question before what was typed is thrown
//! away, and both values side by side when somebody else was faster.

mod conflict;
mod draft;
mod field;
mod sending;

pub use conflict::ConflictNotice;
pub use draft::Draft;
pub use field::{FormField, Kind, body_of};
pub use sending::{Editor, RefusalNotice, form_key};
