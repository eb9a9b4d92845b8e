//! Commands whose reader has seen enough: `dashboard-fb openapi | head -1`.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn a_reader_who_has_seen_enough_ends_a_command_quietly() {
    let path = ["NEXTEST_BIN_EXE_dashboard-fb", "CARGO_BIN_EXE_dashboard-fb"].into_iter().find_map(std::env::var_os);
    let mut command = Command::new(path.expect("the test runner names the server's binary"));
    let mut child = command.arg("openapi").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!((first.as_str(), told.as_ref()), ("{\n", ""));
    assert!(output.status.success(), "{}", output.status);
}
