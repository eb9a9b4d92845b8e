//! What the pages are put together from: one file each, the look in `style/`.

pub mod a11y;
pub mod badge;
pub mod button;
pub mod card;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod filters;
pub mod guard;
pub mod icon;
pub mod notice;
pub mod page_header;
pub mod pager;
pub mod skeleton;
pub mod table;
pub mod tabs;
pub mod timeline;
pub mod toast;

pub use a11y::{LiveRegion, VisuallyHidden};
pub use badge::{Badge, StatusBadge, StockBadge, Tone};
pub use button::{Button, ButtonKind, ButtonSize, LinkButton};
pub use card::Card;
pub use dialog::Dialog;
pub use empty::EmptyState;
pub use field::{Choice, FieldError, SelectField, TextArea, TextField};
pub use filters::{FilterBar, FilterChip, KeepParams, SearchBox};
pub use guard::Guarded;
pub use icon::{Glyph, Icon};
pub use notice::{Notice, Refusal};
pub use page_header::PageHeader;
pub use pager::{PageInfo, Pager};
pub use skeleton::{Skeleton, SkeletonRows};
pub use table::{SortHeader, TableFrame};
pub use tabs::{Tab, Tabs};
pub use timeline::{Timeline, TimelineEntry};
pub use toast::{Toaster, Toasts, provide_toasts, use_toasts};
