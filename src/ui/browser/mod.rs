//! What only a browser can do: where the cursor goes, what was typed before the page woke up, what the pointer
//! drags, new drawings, keys that name one sending, a question before what was typed is thrown away.

mod awaken;
mod clipboard;
mod drag;
mod focus;
mod hold;
mod key;
mod leave;
mod morph;
mod still;
mod upload;

pub use awaken::{follow, follow_tick, takes_over};
pub use clipboard::{copied, copy};
pub use drag::{Drag, drag};
pub use focus::{enter_goes_on, focus, focus_at_once, focus_first_fault, show_refusal};
pub use hold::{focused, keep_hold};
pub use key::{fresh_key, fresh_password, password_of};
#[cfg(feature = "hydrate")]
pub use leave::guard_history;
pub use leave::{guard, guard_text, is_typed_in, may_leave, sure_to_leave};
pub use morph::bring_up_to_date;
pub use still::keep_still;
pub use upload::send_form;
