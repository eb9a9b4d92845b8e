//! Sends a form with its files and reads the answer: what a server function cannot carry. Browser only.

use serde::de::DeserializeOwned;

use crate::error::AppError;

/// POSTs a form as it stands, with further values, and reads the JSON that comes back.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub async fn send_form<T: DeserializeOwned>(
    form: leptos::web_sys::HtmlFormElement,
    path: &str,
    more: &[(&str, &str)],
) -> Result<T, AppError> {
    use gloo_net::http::Request;
    use leptos::web_sys::FormData;

    let data = FormData::new_with_form(&form).map_err(|_| lost())?;
    for (name, value) in more {
        data.set_with_str(name, value).map_err(|_| lost())?;
    }
    let request = Request::post(path).header("accept", "application/json").body(data).map_err(|_| lost())?;
    let answer = request.send().await.map_err(|_| lost())?;
    if answer.ok() {
        answer.json::<T>().await.map_err(|_| lost())
    } else {
        Err(answer.json::<AppError>().await.unwrap_or_else(|_| lost()))
    }
}

/// Never called: the server has no form to send.
#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
pub async fn send_form<T: DeserializeOwned>(
    _form: leptos::web_sys::HtmlFormElement,
    _path: &str,
    _more: &[(&str, &str)],
) -> Result<T, AppError> {
    Err(lost())
}

fn lost() -> AppError {
    use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
    AppError::from_server_fn_error(ServerFnErrorErr::Request(String::new()))
}
