//! Row P9: sign-ins a second against bare argon2id, and what a storm of them does to `Check`.

use std::io::Write;
use std::time::Duration;

use clap::Args;
use tokio::runtime::Runtime;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;
use varco_proto::v1::access_service_client::AccessServiceClient;
use varco_proto::v1::{CheckRequest, SignInResponse, sign_in_response};

use crate::check::runtime;
use crate::people::{Gateway, PASSWORD, People, name};
use crate::raw::hashes_per_second;
use crate::row::{Row, Target, median, percentile};
use crate::storm::{closed_loop, open_loop};

/// How `sign-in` is run.
#[derive(Args)]
pub(crate) struct Options {
    /// How many people there are.
    #[arg(long, default_value_t = 2000)]
    users: usize,
    /// How often everything is measured, in turn.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// How long each measurement takes, in milliseconds.
    #[arg(long, default_value_t = 4000)]
    millis: u64,
    /// How many sign-ins are kept in flight to find their rate.
    #[arg(long, default_value_t = 16)]
    in_flight: usize,
    /// How many checks a second are timed.
    #[arg(long, default_value_t = 200.0)]
    checks: f64,
    /// By how much more sign-ins come in a storm than the machine can hash.
    #[arg(long, default_value_t = 10.0)]
    storm: f64,
}

/// The time within which the excess of a storm is to be refused, in milliseconds.
const REFUSED_WITHIN: f64 = 20.0;

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    let (server, client) = (runtime("server")?, runtime("client")?);
    let people = server.block_on(People::start(options.users))?;
    let gateway = client.block_on(Gateway::connect(&people))?;
    let bench = Bench { options, client, people, gateway, length: Duration::from_millis(options.millis) };
    bench.rate()?.print(&mut out)?;
    for row in bench.storm()? {
        row.print(&mut out)?;
    }
    Ok(out.flush()?)
}

struct Bench<'a> {
    options: &'a Options,
    client: Runtime,
    people: People,
    gateway: Gateway,
    length: Duration,
}

impl Bench<'_> {
    fn rate(&self) -> anyhow::Result<Row> {
        let (mut floors, mut ratios) = (Vec::new(), Vec::new());
        for round in 0..=self.options.rounds {
            let before = hashes_per_second(self.length / 2)?;
            let signed_in = self.client.block_on(self.saturate())?;
            let floor = f64::midpoint(before, hashes_per_second(self.length / 2)?);
            // The first round warms up.
            if round > 0 {
                floors.push(floor);
                ratios.push(signed_in / floor);
            }
        }
        let floor = median(floors);
        Ok(Row {
            id: "P9",
            what: format!("SignIn, {} in flight, {} users, SQLite", self.options.in_flight, self.options.users),
            // The ratio is the median of the rounds' ratios: neighbors on the machine come and go.
            value: median(ratios) * floor,
            floor,
            unit: "1/s",
            target: Target::AtLeast(0.9),
        })
    }

    async fn saturate(&self) -> anyhow::Result<f64> {
        let (gateway, users) = (self.gateway.clone(), self.options.users);
        closed_loop(self.options.in_flight, self.length, move |place| {
            let gateway = gateway.clone();
            async move { has_session(&gateway.sign_in(name(place % users), PASSWORD).await) }
        })
        .await
    }

    fn storm(&self) -> anyhow::Result<Vec<Row>> {
        let rate = hashes_per_second(self.length)? * self.options.storm;
        let (mut idle, mut busy, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let (mut refused, mut served) = (Vec::new(), Vec::new());
        for round in 0..=self.options.rounds {
            let calm = self.client.block_on(self.checks())?;
            let (checks, sign_ins) =
                self.client.block_on(async { futures::future::try_join(self.checks(), self.sign_ins(rate)).await })?;
            if round == 0 {
                continue;
            }
            idle.push(calm);
            busy.push(checks);
            ratios.push(checks / calm);
            served.push(per_second(sign_ins.served, self.length));
            refused.extend(sign_ins.refused);
        }
        let idle = median(idle);
        eprintln!("check p99 in each storm, ms: {busy:.2?}; {} refused", refused.len());
        Ok(vec![
            Row {
                id: "P9",
                what: format!("Check p99 in a storm of {rate:.0} SignIn/s"),
                value: median(ratios) * idle,
                floor: idle,
                unit: "ms",
                target: Target::AtMost(2.0),
            },
            Row {
                id: "P9",
                what: "the excess of it refused, p99".to_owned(),
                value: percentile(&mut refused, 990),
                floor: REFUSED_WITHIN,
                unit: "ms",
                target: Target::AtMost(1.0),
            },
            Row {
                id: "P9",
                what: "sessions begun in it".to_owned(),
                value: median(served),
                floor: rate / self.options.storm,
                unit: "1/s",
                target: Target::None,
            },
        ])
    }

    /// The p99 of checks that come at an even pace, in milliseconds.
    async fn checks(&self) -> anyhow::Result<f64> {
        let channel = Endpoint::from_shared(self.people.address.clone())?.tcp_nodelay(true).connect().await?;
        let given = open_loop(self.options.checks, self.length, |place| {
            check(AccessServiceClient::new(channel.clone()), self.question(place))
        });
        let mut times = Vec::new();
        for (answer, time) in given.await? {
            answer?;
            times.push(time);
        }
        Ok(percentile(&mut times, 990))
    }

    fn question(&self, place: usize) -> anyhow::Result<Request<CheckRequest>> {
        let mut request = Request::new(CheckRequest {
            organization_id: self.people.organization.to_string(),
            subject_id: self.people.users[place % self.people.users.len()].to_string(),
            permission: "bench:things.edit".to_owned(),
            unit_id: self.people.root_unit.clone(),
            at_least: 0,
        });
        request.metadata_mut().insert("authorization", format!("Bearer {}", self.people.token).parse()?);
        Ok(request)
    }

    async fn sign_ins(&self, rate: f64) -> anyhow::Result<Storm> {
        let given = open_loop(rate, self.length, |place| {
            let (gateway, username) = (self.gateway.clone(), name(place * 7 % self.options.users));
            async move { gateway.sign_in(username, PASSWORD).await }
        });
        let mut storm = Storm::default();
        for (answer, time) in given.await? {
            match &answer {
                answer if has_session(answer) => storm.served += 1,
                Err(status) if is_polite(status) => storm.refused.push(time),
                other => anyhow::bail!("neither a session nor a refusal with a delay: {other:?}"),
            }
        }
        Ok(storm)
    }
}

/// What became of a storm.
#[derive(Default)]
struct Storm {
    served: u32,
    /// After how many milliseconds.
    refused: Vec<f64>,
}

async fn check(
    mut client: AccessServiceClient<Channel>,
    request: anyhow::Result<Request<CheckRequest>>,
) -> anyhow::Result<()> {
    client.check(request?).await?;
    Ok(())
}

fn has_session(answer: &Result<SignInResponse, Status>) -> bool {
    matches!(answer, Ok(SignInResponse { result: Some(sign_in_response::Result::Session(_)) }))
}

/// A refusal that says when to come again.
fn is_polite(status: &Status) -> bool {
    let delay = status.get_details_retry_info().and_then(|info| info.retry_delay);
    status.code() == Code::ResourceExhausted && delay.is_some()
}

fn per_second(count: u32, length: Duration) -> f64 {
    f64::from(count) / length.as_secs_f64()
}
