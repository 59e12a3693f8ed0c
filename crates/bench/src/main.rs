//! The rows of the performance table: each a ratio against a floor measured in the same run, or a
//! shape. Prints a table and a line of JSON per row; writes nothing else.
//!
//! To add a row: a subcommand, a file that measures it, and a `Row` for what came out.

mod check;
mod fixture;
mod floor;
mod load;
mod publication;
mod row;
mod served;

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
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().bench {
        Bench::Check(options) => check::run(&options),
    }
}
