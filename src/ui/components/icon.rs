//! The icons of the product: drawn inline (paths of Lucide, ISC licence), only those that are used.

mod paths;

use leptos::prelude::*;

/// One icon. Each is decoration: the words next to it, or a visually hidden text, say what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// The dashboard.
    Dashboard,
    /// Orders.
    Orders,
    /// Something new.
    Plus,
    /// Leave.
    SignOut,
    /// Fold the menu.
    Fold,
    /// Light theme.
    Sun,
    /// Dark theme.
    Moon,
    /// Theme of the system.
    Monitor,
    /// Search.
    Search,
    /// A person.
    User,
    /// Being written, or edit.
    Pencil,
    /// Confirmed.
    Confirmed,
    /// Being prepared.
    PackageOpen,
    /// On the road.
    Truck,
    /// Handed over.
    PackageCheck,
    /// Cancelled.
    Ban,
    /// Done.
    Check,
    /// Close or remove.
    Close,
    /// Before.
    ChevronLeft,
    /// After.
    ChevronRight,
    /// Unfold.
    ChevronDown,
    /// Fold.
    ChevronUp,
    /// Can be sorted.
    SortNone,
    /// Back.
    ArrowLeft,
    /// On to.
    ArrowRight,
    /// More than before.
    TrendUp,
    /// Less than before.
    TrendDown,
    /// As before.
    Flat,
    /// Take care.
    Warning,
    /// Something is wrong.
    Alert,
    /// To know.
    Info,
    /// A day.
    Calendar,
    /// A time.
    Clock,
    /// Filters.
    Filter,
    /// Address.
    MapPin,
    /// Nothing here.
    Inbox,
    /// A product.
    Package,
    /// A category.
    Tag,
    /// Not allowed.
    Lock,
    /// Why.
    Question,
    /// Nothing found.
    NotFound,
    /// The server failed.
    Server,
    /// Take away.
    Download,
    /// Bring in.
    Upload,
    /// Delete.
    Trash,
    /// Take back.
    Undo,
    /// Stock.
    Boxes,
    /// Categories.
    Folder,
    /// People.
    Users,
    /// A client.
    Contact,
    /// What happened.
    Journal,
    /// Call.
    Phone,
    /// Write to.
    Mail,
    /// Print.
    Printer,
    /// The same again.
    Copy,
    /// Keys.
    Keyboard,
    /// Take hold of.
    Grip,
    /// Show.
    Eye,
    /// Hide.
    EyeOff,
    /// A password.
    Key,
    /// More to do.
    More,
    /// Again.
    Refresh,
    /// Counted.
    Count,
    /// Comes in.
    Into,
    /// Goes out.
    OutOf,
    /// A round.
    Route,
    /// Less.
    Minus,
    /// In use or not.
    Power,
    /// Somewhere else.
    External,
    /// A spreadsheet.
    Sheet,
    /// A device.
    Phonebook,
    /// Money.
    Receipt,
    /// A delivery note.
    Slip,
    /// A picking list.
    Checklist,
    /// A photo.
    Camera,
}

/// Draws an icon, 16 px by default, in the colour of the text around it; hidden from screen readers.
#[component]
pub fn Icon(
    /// Which one.
    of: Glyph,
    /// Side in pixels.
    #[prop(default = 16)]
    size: u8,
) -> impl IntoView {
    let side = size.to_string();
    view! {
        <svg
            class="icon"
            width=side.clone()
            height=side
            viewBox="0 0 24 24"
            aria-hidden="true"
            inner_html=of.paths()
        ></svg>
    }
}
