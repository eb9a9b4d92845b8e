//! What only a browser can do: where the cursor goes, keys that name one sending, a question before what
//! was typed is thrown away.

mod clipboard;
mod focus;
mod hold;
mod key;
mod leave;
mod upload;

pub use clipboard::copy;
pub use focus::{enter_goes_on, focus, focus_first_fault, follow};
pub use hold::{is_redrawn, keep_hold};
pub use key::{fresh_key, fresh_password};
pub use leave::{guard, sure_to_leave};
pub use upload::send_form;
