//! Charts drawn as SVG on the server: there at once, without measuring anything, sharp at every width.
//! Horizontal places are percentages, so that one drawing fits every screen.

mod bars;
mod donut;
mod drawing;
mod reading;
mod scale;
mod sparkline;

pub use bars::{ChartSlot, SalesChart};
pub use donut::{Donut, HUES, Slice, at_most, hue};
pub use reading::Readable;
pub use scale::Scale;
pub use sparkline::{ShareBar, Sparkline};
