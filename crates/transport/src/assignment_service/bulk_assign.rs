use std::collections::BTreeSet;
use std::time::Duration;

use futures::stream;
use prost::Message;
use tonic::Status;
use uuid::Uuid;
use varco_application::Written;
use varco_application::assignments::{
    BulkAction, BulkAssign, BulkReport, CellOutcome, MAX_CELLS, OnRefused, bulk_assign,
};
use varco_domain::{IdError, OrganizationId, RoleId, SubjectId, UnitId};
use varco_proto::v1;

use super::outcome;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};
use crate::once::answer;

/// The longest that a call may take: 100,000 cells are 100,000 rows and as many events.
pub(super) const MAX_TIME: Duration = Duration::from_mins(1);

/// How many results one message carries.
const RESULTS_PER_MESSAGE: usize = 5000;

/// The messages of the answer, in order.
pub(super) type Answer = stream::Iter<std::vec::IntoIter<Result<v1::BulkAssignResponse, Status>>>;

pub(super) async fn call(call: &Call, request: &v1::BulkAssignRequest) -> Result<Answer, Failure> {
    let (command, request_id) = parse(request)?;
    let present = |written: &Written<BulkReport>| present(&command, written);
    let encode = |written: &Written<BulkReport>| present(written).encode_to_vec();
    let once = call.once(request, request_id, &encode);
    let outcome = bulk_assign(&call.env, &call.caller, &command, once.as_ref()).await?;
    let whole: v1::BulkAssignResponse = answer(outcome, present)?;
    Ok(stream::iter(in_messages(&whole)))
}

fn parse(request: &v1::BulkAssignRequest) -> Result<(BulkAssign, Option<Uuid>), Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let action = fields.parse("action", parse_action(request.action));
    let on_refused = fields.parse("on_refused", parse_on_refused(request.on_refused));
    let roles = parse_set(&mut fields, "role_ids", &request.role_ids, RoleId::parse);
    let subjects = parse_set(&mut fields, "subject_ids", &request.subject_ids, SubjectId::parse);
    let units = parse_set(&mut fields, "unit_ids", &request.unit_ids, UnitId::parse);
    let cells = request.role_ids.len().saturating_mul(request.subject_ids.len()).saturating_mul(request.unit_ids.len());
    if cells > MAX_CELLS {
        fields.problem("role_ids", format!("x subject_ids x unit_ids must be at most {MAX_CELLS} cells, not {cells}"));
    }
    let request_id = fields.request_id(&request.request_id);
    let mode = mode(request.validate_only);
    fields.finish(|| {
        let (organization, action, on_refused) = (organization?, action?, on_refused?);
        Some((BulkAssign { organization, action, roles, subjects, units, on_refused, mode }, request_id))
    })
}

fn parse_set<T: Ord + Copy>(
    fields: &mut Fields,
    path: &str,
    texts: &[String],
    parse: impl Fn(&str) -> Result<T, IdError>,
) -> Vec<T> {
    fields.check_count(path, texts.len(), 1..=MAX_CELLS);
    let values = fields.parse_each(path, texts, parse);
    let distinct: BTreeSet<T> = values.iter().copied().collect();
    if distinct.len() < values.len() {
        fields.problem(path, "must name each only once");
    }
    values
}

fn parse_action(action: i32) -> Result<BulkAction, &'static str> {
    match v1::BulkAction::try_from(action) {
        Ok(v1::BulkAction::Add) => Ok(BulkAction::Add),
        Ok(v1::BulkAction::Remove) => Ok(BulkAction::Remove),
        Ok(v1::BulkAction::Unspecified) | Err(_) => Err("must be ADD or REMOVE"),
    }
}

fn parse_on_refused(on_refused: i32) -> Result<OnRefused, &'static str> {
    match v1::OnRefused::try_from(on_refused) {
        Ok(v1::OnRefused::Unspecified | v1::OnRefused::Fail) => Ok(OnRefused::Fail),
        Ok(v1::OnRefused::Skip) => Ok(OnRefused::Skip),
        Err(_) => Err("must be FAIL or SKIP"),
    }
}

/// The whole answer as one message: the form in which it is kept for a repeat.
fn present(command: &BulkAssign, written: &Written<BulkReport>) -> v1::BulkAssignResponse {
    let report = &written.value;
    let summary = v1::BulkSummary {
        changed: report.count(|outcome| outcome == CellOutcome::Changed),
        unchanged: report.count(|outcome| outcome == CellOutcome::Unchanged),
        refused: report.count(CellOutcome::is_refused),
        revision: written.revision.get(),
    };
    let results = (0_u32..).zip(&report.outcomes).map(|(place, outcome)| cell_result(command, place, *outcome));
    v1::BulkAssignResponse { results: results.collect(), summary: Some(summary) }
}

fn cell_result(command: &BulkAssign, place: u32, became: CellOutcome) -> v1::CellResult {
    let roles = u32::try_from(command.roles.len()).unwrap_or(u32::MAX);
    let units = u32::try_from(command.units.len()).unwrap_or(u32::MAX);
    v1::CellResult {
        subject: place / roles / units,
        unit: place / roles % units,
        role: place % roles,
        outcome: outcome(became).into(),
    }
}

fn in_messages(whole: &v1::BulkAssignResponse) -> Vec<Result<v1::BulkAssignResponse, Status>> {
    let chunks = whole.results.chunks(RESULTS_PER_MESSAGE);
    let mut messages: Vec<_> =
        chunks.map(|results| v1::BulkAssignResponse { results: results.to_vec(), summary: None }).collect();
    if let Some(last) = messages.last_mut() {
        last.summary = whole.summary;
    }
    messages.into_iter().map(Ok).collect()
}
