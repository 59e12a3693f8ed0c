//! Reasons of failures.

use std::fs;
use std::path::Path;

use varco_proto::v1::ErrorReason;

use crate::repository;

fn all_reasons() -> Vec<ErrorReason> {
    (0..1000).filter_map(|number| ErrorReason::try_from(number).ok()).collect()
}

fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// `ROLE_NAME_TAKEN` as the variant `RoleNameTaken`.
fn variant(reason: ErrorReason) -> String {
    format!("{reason:?}")
}

fn unused(source: &str) -> Vec<String> {
    let is_unused = |name: &String| !source.contains(&format!("ErrorReason::{name}"));
    let sent = all_reasons().into_iter().filter(|reason| *reason != ErrorReason::Unspecified);
    sent.map(variant).filter(is_unused).collect()
}

#[test]
fn every_reason_is_sent_and_none_is_unspecified() {
    let mut source = String::new();
    sources(&repository("crates/transport/src"), &mut source);

    assert_eq!(unused(&source), Vec::<String>::new(), "in the contract, but sent by nothing");
    assert!(!source.contains("ErrorReason::Unspecified"));
}

#[test]
fn control_a_reason_that_nothing_sends_is_found() {
    assert!(unused("ErrorReason::Internal").contains(&"RoleInUse".to_owned()));
}

#[test]
fn every_reason_says_with_which_code_it_comes() {
    let contract = fs::read_to_string(repository("proto/varco/v1/error_reason.proto")).unwrap();
    let codes = [
        "INVALID_ARGUMENT",
        "UNAUTHENTICATED",
        "PERMISSION_DENIED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "FAILED_PRECONDITION",
        "ABORTED",
        "RESOURCE_EXHAUSTED",
        "DEADLINE_EXCEEDED",
        "OUT_OF_RANGE",
        "UNAVAILABLE",
        "UNIMPLEMENTED",
        "INTERNAL",
    ];
    let lines: Vec<&str> = contract.lines().map(str::trim).collect();
    for (place, line) in lines.iter().enumerate() {
        if !line.starts_with("ERROR_REASON_") || line.starts_with("ERROR_REASON_UNSPECIFIED") {
            continue;
        }
        let comment = lines[..place].iter().rev().take_while(|line| line.starts_with("//")).last().unwrap();

        assert!(codes.iter().any(|code| comment.starts_with(&format!("// {code}:"))), "{line} {comment}");
    }
}
