//! Whether the time of a refusal tells an account that nobody can sign in to from a wrong password: the
//! probability that one drawn from the one takes longer than one from the other (the area under the ROC
//! curve). A half tells nothing.

use std::io::Write;
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use tonic::Code;
use varco_application::storage::{FailureFilter, SignInFailure};
use varco_domain::SignInRefusal;

use crate::check::runtime;
use crate::fixture::Random;
use crate::people::{Gateway, People, name};
use crate::row::{Row, Target, percentile};
use crate::storm::millis;

/// How `enumeration` is run.
#[derive(Args)]
pub(crate) struct Options {
    /// How many of each are timed.
    #[arg(long, default_value_t = 5000)]
    samples: usize,
}

/// An account takes so many tries before it makes one wait.
const TRIES_OF_ONE: usize = 4;
const WARM_UP: usize = 50;
/// So many refusals are read at once.
const PAGE: usize = 1000;

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    let (server, client) = (runtime("server")?, runtime("client")?);
    let count = (options.samples + WARM_UP).div_ceil(TRIES_OF_ONE);
    // Of each kind that there is an account of: those of one kind come after those of another.
    let people = server.block_on(People::start(3 * count))?;
    server.block_on(async {
        people.suspend(&people.users[count..2 * count]).await?;
        people.take_passwords(&people.users[2 * count..]).await
    })?;
    let gateway = client.block_on(Gateway::connect(&people))?;
    let mut times = client.block_on(sample(&gateway, options.samples, count))?;
    server.block_on(assert_verified(&people))?;
    for (kind, others) in KINDS.iter().zip(&times).skip(1) {
        row(kind, &times[0], others).print(&mut out)?;
        control(kind, &times[0], others).print(&mut out)?;
    }
    for (kind, times) in KINDS.iter().zip(&mut times) {
        let [low, middle, high] = [100, 500, 900].map(|part| percentile(times, part));
        writeln!(out, "{kind:<16} p10 {low:.3} ms, p50 {middle:.3} ms, p90 {high:.3} ms")?;
    }
    Ok(out.flush()?)
}

/// What is tried, with a password that is nobody's. Whoever signs in by a provider has none.
const KINDS: [&str; 4] = ["wrong password", "suspended", "no password", "unknown user"];

fn row(kind: &str, wrong: &[f64], others: &[f64]) -> Row {
    Row {
        id: "T27",
        what: format!("AUC of {kind} and wrong, {} each", wrong.len()),
        value: area(wrong, others) * 100.0,
        floor: 50.0,
        unit: "%",
        // Three of the hundred.
        target: Target::Within(0.06),
    }
}

/// An account that has had its tries answers as one with a wrong password, and is not what is measured.
async fn assert_verified(people: &People) -> anyhow::Result<()> {
    let mut before = None;
    loop {
        let mut work = people.env().store.begin_read().await?;
        let page = work.sign_ins().list_failures(&FailureFilter::default(), before, PAGE + 1).await?;
        drop(work);
        let is_early = |failure: &SignInFailure| failure.refusal == SignInRefusal::TooManyAttempts;
        anyhow::ensure!(!page.items.iter().any(is_early), "an account was tried too often: its hash was not verified");
        before = page.items.last().map(|failure| failure.id);
        if !page.has_more {
            return Ok(());
        }
    }
}

/// What the same run says of a service that takes a millisecond longer for the others. A machine too
/// noisy to notice that proves nothing.
fn control(kind: &str, wrong: &[f64], others: &[f64]) -> Row {
    let slower: Vec<f64> = others.iter().map(|time| time + 1.0).collect();
    Row {
        id: "T27",
        what: format!("the same, were {kind} 1 ms slower (control)"),
        value: area(wrong, &slower) * 100.0,
        floor: area(wrong, others) * 100.0,
        unit: "%",
        // By more than what the figure itself may be off.
        target: Target::AtMost(0.94),
    }
}

/// Times one of each kind, one after the other from where chance decides, so that nothing else on the
/// machine favors any.
async fn sample(gateway: &Gateway, samples: usize, count: usize) -> anyhow::Result<[Vec<f64>; 4]> {
    let mut random = Random(27);
    let mut times: [Vec<f64>; 4] = Default::default();
    for place in 0..samples + WARM_UP {
        // Forwards or backwards.
        let (first, step) = (usize::try_from(random.below(4))?, 1 + 2 * usize::try_from(random.below(2))?);
        for turn in 0..KINDS.len() {
            let kind = (first + turn * step) % KINDS.len();
            // Names that nobody has come after those of the people and are as long.
            let time = refused(gateway, &name(kind * count + place % count)).await?;
            if place >= WARM_UP {
                times[kind].push(time);
            }
        }
    }
    Ok(times)
}

async fn refused(gateway: &Gateway, username: &str) -> anyhow::Result<f64> {
    let start = Instant::now();
    let answer = gateway.sign_in(username.to_owned(), "not the password at all").await;
    let time = millis(start.elapsed());
    let status = answer.err().context("nobody has this password")?;
    anyhow::ensure!(
        status.code() == Code::Unauthenticated,
        "it was refused before its password was looked at: {status}"
    );
    Ok(time)
}

/// By ranks (Mann and Whitney): the part of all pairs in which the first is the longer one; ties count
/// half.
fn area(first: &[f64], second: &[f64]) -> f64 {
    let mut sorted = second.to_vec();
    sorted.sort_by(f64::total_cmp);
    let wins = first.iter().map(|value| {
        let below = sorted.partition_point(|other| other < value);
        let not_above = sorted.partition_point(|other| other <= value);
        f64::midpoint(count(below), count(not_above))
    });
    wins.sum::<f64>() / (count(first.len()) * count(second.len()))
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_area(first: &[f64], second: &[f64], expected: f64) {
        assert!((area(first, second) - expected).abs() < 1e-9, "{}", area(first, second));
    }

    /// Times that scatter over two milliseconds.
    fn times(seed: u64) -> Vec<f64> {
        let mut random = Random(seed);
        let mut part = || f64::from(u32::try_from(random.below(1000)).unwrap()) / 1000.0;
        (0..5000).map(|_| 16.0 + part() + part()).collect()
    }

    #[test]
    fn a_service_that_tells_nobody_has_half_the_area_and_one_that_is_a_millisecond_slower_has_not() {
        let (wrong, unknown) = (times(1), times(2));

        assert!((area(&wrong, &unknown) - 0.5).abs() < 0.03, "{}", area(&wrong, &unknown));
        let control = control("unknown", &wrong, &unknown).value;
        assert!(control < 15.0, "{control}");
    }

    #[test]
    fn what_cannot_be_told_apart_has_half_the_area() {
        assert_area(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], 0.5);
        assert_area(&[1.0, 4.0], &[2.0, 3.0], 0.5);
        assert_area(&[5.0], &[5.0], 0.5);
    }

    #[test]
    fn what_always_takes_longer_has_the_whole_area_and_the_other_none() {
        assert_area(&[4.0, 5.0], &[1.0, 2.0, 3.0], 1.0);
        assert_area(&[1.0, 2.0, 3.0], &[4.0, 5.0], 0.0);
    }

    #[test]
    fn what_often_takes_longer_has_most_of_it() {
        assert_area(&[2.0, 4.0], &[1.0, 3.0], 0.75);
    }
}
