//! Makes the list of common passwords that is compiled in: folds the lines of a file, sorts them and
//! writes them as a finite-state set. See `data/README.md` for where the lines come from.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::BufWriter;

use fst::SetBuilder;
use varco_domain::fold;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [lines, set] = paths.as_slice() else { return Err("name the file of lines and the file to write".into()) };
    let folded: BTreeSet<String> = fs::read_to_string(lines)?.lines().map(fold).collect();
    let mut builder = SetBuilder::new(BufWriter::new(File::create(set)?))?;
    builder.extend_iter(&folded)?;
    Ok(builder.finish()?)
}
