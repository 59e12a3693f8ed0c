//! What no source file may hold.

use std::fs;
use std::path::Path;

use crate::assert_none;

/// Ask at 300: a longer file needs a reason here.
const MAX_LINES: usize = 300;
const LONG_FILES: &[(&str, &str)] = &[];

/// Tests that wait for time to pass, with the reason why nothing else can be waited for.
const SLEEPERS: &[(&str, &str)] = &[];

// In halves, so that this file does not hold what it looks for.
const SLEEP: &str = concat!("sle", "ep(");
const IGNORE: &str = concat!("#[ign", "ore");
const MACHINE_PATHS: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

/// What holds nothing of ours.
const SKIPPED: [&str; 3] = [".git", "target", "data"];

/// A file of the repository.
struct Source {
    path: String,
    text: String,
}

#[test]
fn no_file_is_called_mod_rs() {
    assert_none(&module_files(&sources()));
}

#[test]
fn no_file_is_too_long_without_a_reason() {
    assert_none(&long_files(&sources(), LONG_FILES));
}

#[test]
fn no_test_sleeps() {
    assert_none(&sleeps(&sources(), SLEEPERS));
}

#[test]
fn no_test_is_ignored() {
    assert_none(&ignored_tests(&sources()));
}

#[test]
fn no_file_names_a_path_of_a_machine() {
    assert_none(&machine_paths(&sources()));
}

#[test]
fn control_the_sources_are_found() {
    let sources = sources();
    for path in ["Cargo.toml", "tests/architecture/sources.rs", "crates/domain/src/lib.rs", ".ci/run"] {
        assert!(sources.iter().any(|source| source.path == path), "{path} was not looked at");
    }
}

#[test]
fn control_a_module_file_is_found() {
    assert_eq!(module_files(&[seed("crates/a/src/b/mod.rs", "")]), ["crates/a/src/b/mod.rs: call it after its folder"]);
    assert_none(&module_files(&[seed("crates/a/src/mod_rs.rs", "")]));
}

#[test]
fn control_a_long_file_and_a_stale_reason_are_found() {
    let long = [seed("crates/a/src/b.rs", &"line\n".repeat(MAX_LINES + 1))];
    assert_eq!(long_files(&long, &[]), ["crates/a/src/b.rs: 301 lines"]);
    assert_none(&long_files(&long, &[("crates/a/src/b.rs", "a table")]));

    let short = [seed("crates/a/src/b.rs", &"line\n".repeat(MAX_LINES))];
    assert_none(&long_files(&short, &[]));
    let stale = long_files(&short, &[("crates/a/src/b.rs", "a table")]);
    assert_eq!(stale, ["crates/a/src/b.rs: is not long, take it off the list"]);
}

#[test]
fn control_a_sleep_in_a_test_is_found_and_one_in_the_service_is_not() {
    let nap = format!("tokio::time::{SLEEP}second).await;");
    let test_module = format!("fn a() {{}}\n#[cfg(test)]\nmod tests {{ {nap} }}");
    for path in ["tests/api/a.rs", "crates/a/tests/b.rs", "crates/a/src/b/tests.rs", "crates/testkit/src/a.rs"] {
        assert_eq!(sleeps(&[seed(path, &nap)], &[]), [format!("{path}: sleeps")]);
        assert_none(&sleeps(&[seed(path, &nap)], &[(path, "a process that says nothing")]));
    }
    assert_eq!(sleeps(&[seed("crates/a/src/b.rs", &test_module)], &[]), ["crates/a/src/b.rs: sleeps"]);
    assert_none(&sleeps(&[seed("crates/a/src/b.rs", &nap)], &[]));
}

#[test]
fn control_an_ignored_test_is_found() {
    let ignored = format!("#[test]\n{IGNORE} = \"slow\"]\nfn a() {{}}");
    assert_eq!(ignored_tests(&[seed("tests/a.rs", &ignored)]), ["tests/a.rs: ignores a test"]);
}

#[test]
fn control_a_path_of_a_machine_is_found() {
    for path in MACHINE_PATHS {
        let text = format!("read(\"{path}varco\")");
        assert_eq!(machine_paths(&[seed("README.md", &text)]), [format!("README.md: names {path}")]);
    }
    assert_none(&machine_paths(&[seed("README.md", "see docs/network/index.md")]));
}

fn module_files(sources: &[Source]) -> Vec<String> {
    let found = sources.iter().filter(|source| source.path.ends_with("/mod.rs"));
    found.map(|source| format!("{}: call it after its folder", source.path)).collect()
}

fn long_files(sources: &[Source], reasons: &[(&str, &str)]) -> Vec<String> {
    let files = sources.iter().filter(|source| source.path.starts_with("crates/") && source.path.contains("/src/"));
    let verdict = |source: &Source| {
        let lines = source.text.lines().count();
        match (MAX_LINES < lines, is_listed(source, reasons)) {
            (true, false) => Some(format!("{}: {lines} lines", source.path)),
            (false, true) => Some(format!("{}: is not long, take it off the list", source.path)),
            (true, true) | (false, false) => None,
        }
    };
    files.filter_map(verdict).collect()
}

fn sleeps(sources: &[Source], reasons: &[(&str, &str)]) -> Vec<String> {
    let found = sources.iter().filter(|source| test_code(source).contains(SLEEP) && !is_listed(source, reasons));
    found.map(|source| format!("{}: sleeps", source.path)).collect()
}

fn ignored_tests(sources: &[Source]) -> Vec<String> {
    let found = sources.iter().filter(|source| source.text.contains(IGNORE));
    found.map(|source| format!("{}: ignores a test", source.path)).collect()
}

fn machine_paths(sources: &[Source]) -> Vec<String> {
    let named = |source: &Source| {
        let paths = MACHINE_PATHS.iter().filter(|path| source.text.contains(*path));
        paths.map(|path| format!("{}: names {path}", source.path)).collect::<Vec<_>>()
    };
    sources.iter().flat_map(named).collect()
}

fn is_listed(source: &Source, reasons: &[(&str, &str)]) -> bool {
    reasons.iter().any(|(path, _)| *path == source.path)
}

/// The part of a file that is compiled for tests only.
fn test_code(source: &Source) -> &str {
    let Source { path, text } = source;
    if !path.ends_with(".rs") {
        return "";
    }
    let folder = path.starts_with("tests/") || path.contains("/tests/") || path.starts_with("crates/testkit/");
    if folder || path.ends_with("/tests.rs") {
        return text;
    }
    text.find("#[cfg(test)]").map_or("", |start| &text[start..])
}

/// Every text file of the repository.
fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    collect(Path::new(env!("CARGO_MANIFEST_DIR")), "", &mut sources);
    sources
}

fn collect(folder: &Path, prefix: &str, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of the repository can be read") {
        let path = entry.expect("a folder of the repository can be read").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("names are Unicode");
        let shown = format!("{prefix}{name}");
        if SKIPPED.contains(&name) {
            continue;
        }
        if path.is_dir() {
            collect(&path, &format!("{shown}/"), sources);
        } else if let Ok(text) = fs::read_to_string(&path) {
            sources.push(Source { path: shown, text });
        }
    }
}

fn seed(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}
