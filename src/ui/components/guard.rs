//! Pages that not everybody may see.

use leptos::prelude::*;

use crate::auth::permission::Permission;
use crate::auth::server_functions::PageContext;
use crate::ui::pages::errors::ForbiddenPage;

/// Its children for those who may, the 403 page (and status) for the others. What the page reads asks again.
#[component]
pub fn Guarded(
    /// What it takes.
    permission: Permission,
    children: Children,
) -> impl IntoView {
    let context = expect_context::<PageContext>();
    if context.user.is_some_and(|user| user.may(permission)) {
        children().into_any()
    } else {
        view! { <ForbiddenPage/> }.into_any()
    }
}
