//! Who may depend on whom: `cargo metadata` against the table in ARCHITECTURE.md.

use std::process::Command;

use serde_json::{Value, json};

use crate::assert_none;

const ARCHITECTURE: &str = include_str!("../../ARCHITECTURE.md");
const TABLE_HEADER: &str = "| crate | may depend on | must not know |";

/// A crate of ours and what its manifest names as normal dependencies, ours by their short names.
struct Crate {
    name: String,
    dependencies: Vec<String>,
}

/// A row of the table.
struct Row {
    name: String,
    may_depend_on: Vec<String>,
    must_not_know: Vec<String>,
}

impl Row {
    fn allows(&self, dependency: &str) -> bool {
        self.may_depend_on.iter().any(|allowed| allowed == dependency || allowed == "anything")
    }
}

#[test]
fn dependencies_follow_the_arrows() {
    assert_none(&violations(&crates(&metadata()), &table(ARCHITECTURE)));
}

#[test]
fn control_a_forbidden_arrow_is_found() {
    let table =
        table(&format!("{TABLE_HEADER}\n|---|---|---|\n| domain | nothing | `tokio` |\n| a | domain | |\n\nText."));
    let found = |a: &[&str], domain: &[&str]| violations(&crates(&seed(a, domain)), &table);

    assert_none(&found(&["varco-domain", "thiserror"], &["uuid"]));
    assert_eq!(found(&["varco-domain"], &["varco-a"]), ["domain must not depend on a"]);
    assert_eq!(found(&[], &["tokio"]), ["domain must not know tokio"]);
}

#[test]
fn control_a_crate_and_its_row_need_each_other() {
    let seeded = crates(&seed(&[], &[]));
    let found =
        violations(&seeded, &table(&format!("{TABLE_HEADER}\n|---|---|---|\n| a | nothing | |\n| b | nothing | |\n")));
    assert_eq!(found, ["domain has no row in the table", "b has a row in the table and is no crate"]);
}

fn violations(crates: &[Crate], table: &[Row]) -> Vec<String> {
    let mut violations = Vec::new();
    for Crate { name, dependencies } in crates {
        let Some(row) = table.iter().find(|row| row.name == *name) else {
            violations.push(format!("{name} has no row in the table"));
            continue;
        };
        for dependency in dependencies {
            let ours = crates.iter().any(|other| other.name == *dependency);
            if ours && !row.allows(dependency) {
                violations.push(format!("{name} must not depend on {dependency}"));
            }
            if row.must_not_know.contains(dependency) {
                violations.push(format!("{name} must not know {dependency}"));
            }
        }
    }
    let is_crate = |row: &&Row| crates.iter().any(|one| one.name == row.name);
    let homeless = table.iter().filter(|row| !is_crate(row));
    violations.extend(homeless.map(|row| format!("{} has a row in the table and is no crate", row.name)));
    violations
}

fn table(text: &str) -> Vec<Row> {
    let rows = text.lines().skip_while(|line| *line != TABLE_HEADER).skip(2);
    let rows: Vec<Row> = rows.take_while(|line| line.starts_with('|')).map(row).collect();
    assert!(!rows.is_empty(), "the table starts with the line {TABLE_HEADER}");
    rows
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [name, may_depend_on, must_not_know] = cells[..] else { panic!("three cells: {line}") };
    Row { name: name.to_owned(), may_depend_on: names(may_depend_on), must_not_know: names(must_not_know) }
}

fn names(cell: &str) -> Vec<String> {
    cell.split(',').map(|name| name.trim().trim_matches('`').to_owned()).collect()
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

fn crates(metadata: &Value) -> Vec<Crate> {
    list(metadata, "packages")
        .map(|package| Crate {
            name: short_name(package),
            dependencies: list(package, "dependencies")
                .filter(|dependency| dependency["kind"].is_null())
                .map(short_name)
                .collect(),
        })
        .collect()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().expect("cargo metadata has this list").iter()
}

fn short_name(package: &Value) -> String {
    let name = package["name"].as_str().expect("everything in cargo metadata has a name");
    name.strip_prefix("varco-").unwrap_or(name).to_owned()
}

/// The metadata of two crates, `a` and `domain`, with these dependencies.
fn seed(a: &[&str], domain: &[&str]) -> Value {
    let dependencies =
        |names: &[&str]| -> Vec<Value> { names.iter().map(|name| json!({ "name": name, "kind": null })).collect() };
    json!({ "packages": [
        { "name": "varco-a", "dependencies": dependencies(a) },
        { "name": "varco-domain", "dependencies": dependencies(domain) },
    ]})
}
