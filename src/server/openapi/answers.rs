//! An example of each answer: what a real server answered, kept beside this file. A test asks for every one again
//! (`src/tests/answers.rs`) and holds them to the same shape.

use std::sync::LazyLock;

use serde_json::{Map, Value};

static ANSWERS: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("answers.json")).unwrap_or_default());

/// The name under which the answer of an operation is kept.
pub fn name_of(operation: &str, status: &str) -> String {
    format!("{operation} {status}")
}

/// Shows what an operation answers.
pub fn complete(operation: &str, status: &str, response: &mut Value) {
    let example = ANSWERS.get(&name_of(operation, status));
    let json = response.get_mut("content").and_then(|content| content.get_mut("application/json"));
    if let (Some(example), Some(json)) = (example, json) {
        json["example"] = example.clone();
    }
}
