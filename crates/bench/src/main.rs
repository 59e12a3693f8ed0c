//! The rows of the performance table: each a ratio against a floor measured in the same run, or a
//! shape. Prints a table and a line of JSON per row; writes nothing else.
//!
//! To add a row: a subcommand, a file that measures it, and a `Row` for what came out.

mod check;
mod enumeration;
mod fixture;
mod floor;
mod load;
mod people;
mod publication;
mod raw;
mod row;
mod served;
mod sign_in;
mod storm;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures Varco against its floors.")]
struct Arguments {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// `Check` against a constant answer, and its cost and that of a publication by size.
    Check(check::Options),
    /// `SignIn` against bare argon2id, and `Check` during a storm of sign-ins.
    SignIn(sign_in::Options),
    /// Whether the time of a refusal tells an absent account from a wrong password.
    Enumeration(enumeration::Options),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().bench {
        Bench::Check(options) => check::run(&options),
        Bench::SignIn(options) => sign_in::run(&options),
        Bench::Enumeration(options) => enumeration::run(&options),
    }
}
