//! Rows P1 and P3: the rate of `Check` against its floor, and how its cost grows with the number of
//! users.

use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use varco_application::decision::Question;
use varco_domain::{OrganizationId, SubjectId, Timestamp, UnitId};
use varco_proto::v1::CheckRequest;

use crate::fixture::{Fixture, Size};
use crate::floor;
use crate::load::Load;
use crate::publication;
use crate::row::{Row, Target, median};
use crate::served::Served;

const CHECK: &str = "/varco.v1.AccessService/Check";
const QUESTIONS: usize = 100_000;

/// How `check` is run.
#[derive(Args)]
pub(crate) struct Options {
    /// How many users the largest world has.
    #[arg(long, default_value_t = 100_000)]
    users: u64,
    /// How many units every world has.
    #[arg(long, default_value_t = 10_000)]
    units: u64,
    /// How often floor and check are measured, in turn.
    #[arg(long, default_value_t = 10)]
    rounds: usize,
    /// How long each measurement takes, in milliseconds.
    #[arg(long, default_value_t = 2000)]
    millis: u64,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    let large = Fixture::new(Size { users: options.users, units: options.units });
    let small = Fixture::new(Size { users: options.users / 100, units: options.units });
    throughput(options, &large)?.print(&mut out)?;
    check_cost(options, &small, &large)?.print(&mut out)?;
    publication::within_writes(&small, &large)?.print(&mut out)?;
    publication::alone(&small, &large)?.print(&mut out)?;
    decision_cost(&small, &large)?.print(&mut out)?;
    Ok(out.flush()?)
}

/// Server and load share the machine: the rate of both RPCs is bounded by the same cores.
fn throughput(options: &Options, fixture: &Fixture) -> anyhow::Result<Row> {
    let server_side = runtime("server")?;
    let client = runtime("client")?;
    let served = server_side.block_on(Served::start(fixture.index.clone()))?;
    let questions = fixture.questions(QUESTIONS, 7);
    let load = client.block_on(Load::connect(&served.address, &served.token, questions))?;
    let length = Duration::from_millis(options.millis);

    let (mut floors, mut checks, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..=options.rounds {
        let floor = client.block_on(load.saturate(floor::PATH, length))?;
        let check = client.block_on(load.saturate(CHECK, length))?;
        floors.push(floor);
        checks.push(check);
        ratios.push(check / floor);
    }
    // The first round warms up.
    for measured in [&mut floors, &mut checks, &mut ratios] {
        measured.remove(0);
    }
    let floor = median(floors);
    Ok(Row {
        id: "P1",
        what: format!("Check, saturated, {} users, {} units", options.users, options.units),
        // The ratio is the median of the rounds' ratios: neighbours on the machine come and go.
        value: median(ratios) * floor,
        floor,
        unit: "1/s",
        target: Target::AtLeast(0.75),
    })
}

pub(crate) fn runtime(name: &str) -> anyhow::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).thread_name(name).enable_all().build().context("no runtime")
}

/// The cost of a call: the time between two answers while the machine does nothing else.
fn check_cost(options: &Options, small: &Fixture, large: &Fixture) -> anyhow::Result<Row> {
    let server_side = runtime("server")?;
    let client = runtime("client")?;
    let length = Duration::from_millis(options.millis);
    let mut loads = Vec::new();
    for fixture in [small, large] {
        let served = server_side.block_on(Served::start(fixture.index.clone()))?;
        let questions = fixture.questions(QUESTIONS, 7);
        loads.push((client.block_on(Load::connect(&served.address, &served.token, questions))?, served));
    }
    let (mut floors, mut ratios) = (Vec::new(), Vec::new());
    for round in 0..=options.rounds {
        let costs = loads.iter().map(|(load, _)| Ok(1e9 / client.block_on(load.saturate(CHECK, length))?));
        let costs = costs.collect::<anyhow::Result<Vec<f64>>>()?;
        // The first round warms up.
        if round > 0 {
            floors.push(costs[0]);
            ratios.push(costs[1] / costs[0]);
        }
    }
    let floor = median(floors);
    let what = "Check, by users, 1 to 100".to_owned();
    Ok(Row { id: "P3", what, floor, value: median(ratios) * floor, unit: "ns", target: Target::AtMost(1.2) })
}

/// The decision alone, within the call. No row of the table asks for it: caches that hold a small
/// world and not a large one show here, and are lost in the cost of a call.
fn decision_cost(small: &Fixture, large: &Fixture) -> anyhow::Result<Row> {
    let (floor, value) = (nanos_per_decision(small)?, nanos_per_decision(large)?);
    let what = "decision within the call, by users (for information)".to_owned();
    Ok(Row { id: "-", what, floor, value, unit: "ns", target: Target::None })
}

/// The best of some passes: what is left when nobody disturbs.
fn nanos_per_decision(fixture: &Fixture) -> anyhow::Result<f64> {
    let requests = fixture.questions(QUESTIONS, 11);
    let parsed = requests.iter().map(parse).collect::<anyhow::Result<Vec<_>>>()?;
    let moment = fixture.index.at(Timestamp::EPOCH);
    let pass = || {
        let start = Instant::now();
        for (request, (organization, subject, unit)) in requests.iter().zip(&parsed) {
            let question = Question {
                organization: *organization,
                subject: *subject,
                permission: &request.permission,
                unit: *unit,
            };
            black_box(moment.decide(&question));
        }
        start.elapsed()
    };
    Ok(best(10, pass).as_secs_f64() * 1e9 / f64::from(u32::try_from(QUESTIONS)?))
}

fn parse(request: &CheckRequest) -> anyhow::Result<(OrganizationId, SubjectId, UnitId)> {
    let organization = OrganizationId::parse(&request.organization_id)?;
    Ok((organization, SubjectId::parse(&request.subject_id)?, UnitId::parse(&request.unit_id)?))
}

fn best(passes: usize, pass: impl Fn() -> Duration) -> Duration {
    (0..passes).map(|_| pass()).min().unwrap_or_default()
}
