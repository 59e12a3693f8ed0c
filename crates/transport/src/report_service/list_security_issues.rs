use varco_application::reports::{ListSecurityIssues, list_security_issues};
use varco_application::storage::SecurityIssue;
use varco_domain::OrganizationId;
use varco_proto::v1;

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn call(
    call: &Call,
    request: &v1::ListSecurityIssuesRequest,
) -> Result<v1::ListSecurityIssuesResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let command = fields.finish(|| {
        Some(ListSecurityIssues { organization: organization?, after: paging.after, limit: paging.limit })
    })?;
    let page = list_security_issues(&call.env, &command).await?;
    let next_page_token = call.next_page_token(&paging, &page, |issue| issue.user);
    Ok(v1::ListSecurityIssuesResponse { issues: page.items.iter().map(security_issue).collect(), next_page_token })
}

fn security_issue(issue: &SecurityIssue) -> v1::SecurityIssue {
    let kinds = [
        (issue.not_active, v1::SecurityIssueKind::NotActive),
        (issue.blocked, v1::SecurityIssueKind::Blocked),
        (issue.suspended, v1::SecurityIssueKind::Suspended),
    ];
    v1::SecurityIssue {
        user_id: issue.user.to_string(),
        username: issue.username.to_string(),
        kinds: kinds.into_iter().filter(|(is_so, _)| *is_so).map(|(_, kind)| kind.into()).collect(),
    }
}
