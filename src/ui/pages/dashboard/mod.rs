//! `/`.
use leptos::prelude::*;
/// The page.
#[component]
pub fn DashboardPage() -> impl IntoView {}
