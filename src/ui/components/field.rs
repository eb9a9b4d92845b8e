//! A label, a control and what is wrong with it, tied together.
//!
//! Controls work as plain form fields. Given a `model` they also follow a signal; what was typed before
//! the page woke up is taken over, never wiped.

use leptos::html;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::ui::browser::follow;

/// What is wrong with a field; empty and unseen while nothing is.
#[component]
pub fn FieldError(
    /// Id that the control points to.
    id: String,
    /// The message.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    move || {
        error.get().map(|message| {
            view! {
                <p class="field-error" id=id.clone()>
                    <Icon of=Glyph::Alert/>
                    <span>{message}</span>
                </p>
            }
        })
    }
}

/// Label above, hint and error below.
#[component]
fn Frame(
    id: String,
    label: String,
    optional: bool,
    hint: String,
    error: Signal<Option<String>>,
    label_hidden: bool,
    children: Children,
) -> impl IntoView {
    let label_class = if label_hidden { "visually-hidden" } else { "field-label" };
    view! {
        <div class="field">
            <label class=label_class for=id.clone()>
                {label}
                {optional.then(|| view! { <span class="field-optional">"facultatif"</span> })}
            </label>
            {children()}
            {(!hint.is_empty()).then(|| view! { <p class="field-hint" id=format!("{id}-aide")>{hint}</p> })}
            <FieldError id=format!("{id}-erreur") error/>
        </div>
    }
}

/// The ids that describe a control: its hint, and its error while there is one.
fn described_by(id: &str, hint: &str, error: Signal<Option<String>>) -> impl Fn() -> Option<String> + Clone + use<> {
    let hint = (!hint.is_empty()).then(|| format!("{id}-aide"));
    let wrong = format!("{id}-erreur");
    move || match (&hint, error.get().is_some()) {
        (Some(hint), true) => Some(format!("{wrong} {hint}")),
        (Some(hint), false) => Some(hint.clone()),
        (None, true) => Some(wrong.clone()),
        (None, false) => None,
    }
}

/// The id of a control: the one given, else its name.
fn id_or(id: String, name: &str) -> String {
    if id.is_empty() { name.to_owned() } else { id }
}

/// One line of text, or a date, time, number, e-mail, password… by `kind`.
#[component]
pub fn TextField(
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// Id; the name when absent.
    #[prop(optional, into)]
    id: String,
    /// The `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// A signal to follow.
    #[prop(optional, into)]
    model: Option<RwSignal<String>>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Help under the control.
    #[prop(optional, into)]
    hint: String,
    /// An example, in the control.
    #[prop(optional, into)]
    placeholder: String,
    /// Must be filled in; the browser asks for it too.
    #[prop(optional)]
    required: bool,
    /// Says "facultatif" behind the label.
    #[prop(optional)]
    optional: bool,
    /// The label is only read aloud.
    #[prop(optional)]
    label_hidden: bool,
    /// Takes the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// What the browser may fill in, such as `email`.
    #[prop(optional, into)]
    autocomplete: Option<&'static str>,
    /// The keyboard of a phone, such as `numeric`.
    #[prop(optional, into)]
    inputmode: Option<&'static str>,
    /// The longest text.
    #[prop(optional, into)]
    maxlength: Option<u32>,
    /// Smallest number or earliest day.
    #[prop(optional, into)]
    min: Option<String>,
    /// Largest number or latest day.
    #[prop(optional, into)]
    max: Option<String>,
    /// The element, to focus it.
    #[prop(optional)]
    node: NodeRef<html::Input>,
) -> impl IntoView {
    let id = id_or(id, &name);
    follow(node, model);
    let value = model.map_or(value, |model| model.get_untracked());
    let described = described_by(&id, &hint, error);
    view! {
        <Frame id=id.clone() label optional hint error label_hidden>
            <input
                node_ref=node
                class=if kind == "number" { "control control-number" } else { "control" }
                id=id
                name=name
                type=kind
                value=value
                placeholder=(!placeholder.is_empty()).then_some(placeholder)
                required=required
                autofocus=autofocus
                autocomplete=autocomplete
                inputmode=inputmode
                maxlength=maxlength.map(|n| n.to_string())
                min=min
                max=max
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=described
                on:input:target=move |event| {
                    if let Some(model) = model {
                        model.set(event.target().value());
                    }
                }
            />
        </Frame>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// Id; the name when absent.
    #[prop(optional, into)]
    id: String,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// A signal to follow.
    #[prop(optional, into)]
    model: Option<RwSignal<String>>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Help under the control.
    #[prop(optional, into)]
    hint: String,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Says "facultatif" behind the label.
    #[prop(optional)]
    optional: bool,
    /// The cursor begins in it.
    #[prop(optional)]
    autofocus: bool,
    /// How many lines at least.
    #[prop(default = 3)]
    rows: u8,
    /// The element, to focus it.
    #[prop(optional)]
    node: NodeRef<html::Textarea>,
) -> impl IntoView {
    let id = id_or(id, &name);
    follow(node, model);
    let value = model.map_or(value, |model| model.get_untracked());
    let described = described_by(&id, &hint, error);
    view! {
        <Frame id=id.clone() label optional hint error label_hidden=false>
            <textarea
                node_ref=node
                class="control"
                id=id
                name=name
                autofocus=autofocus
                rows=rows.to_string()
                required=required
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=described
                on:input:target=move |event| {
                    if let Some(model) = model {
                        model.set(event.target().value());
                    }
                }
            >
                {value}
            </textarea>
        </Frame>
    }
}

/// One of the things a select offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// One of a few.
#[component]
pub fn SelectField(
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// Id; the name when absent.
    #[prop(optional, into)]
    id: String,
    /// What there is to choose from.
    choices: Vec<Choice>,
    /// What is chosen at first.
    #[prop(optional, into)]
    value: String,
    /// A signal to follow.
    #[prop(optional, into)]
    model: Option<RwSignal<String>>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Help under the control.
    #[prop(optional, into)]
    hint: String,
    /// The label is only read aloud.
    #[prop(optional)]
    label_hidden: bool,
    /// Says "facultatif" behind the label.
    #[prop(optional)]
    optional: bool,
    /// The element, to focus it.
    #[prop(optional)]
    node: NodeRef<html::Select>,
) -> impl IntoView {
    let id = id_or(id, &name);
    follow(node, model);
    let value = model.map_or(value, |model| model.get_untracked());
    let described = described_by(&id, &hint, error);
    let options: Vec<_> = choices
        .into_iter()
        .map(|choice| {
            let selected = choice.value == value;
            view! { <option value=choice.value selected=selected>{choice.label}</option> }
        })
        .collect();
    view! {
        <Frame id=id.clone() label optional hint error label_hidden>
            <select
                node_ref=node
                class="control"
                id=id
                name=name
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=described
                on:change:target=move |event| {
                    if let Some(model) = model {
                        model.set(event.target().value());
                    }
                }
            >
                {options}
            </select>
        </Frame>
    }
}
