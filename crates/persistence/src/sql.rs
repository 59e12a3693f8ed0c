use sea_orm::{DbBackend, Statement, Value};
use varco_domain::OrganizationId;

/// A statement in the making: its text and its values, which are numbered `$1`, `$2`, … on both
/// databases.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    text: String,
    values: Vec<Value>,
}

/// Starts a statement that works in one organization, which is its `$1`. Every statement about what
/// belongs to an organization starts here, so that none forgets whose data it is about.
pub(crate) fn scoped(organization: OrganizationId, text: &str) -> Sql {
    debug_assert!(text.contains("organization_id = $1") || text.contains("SELECT $1"), "unscoped: {text}");
    sql(text).with(organization.as_uuid())
}

/// Starts a statement about what belongs to no organization, or to all.
pub(crate) fn sql(text: &str) -> Sql {
    Sql { text: text.to_owned(), values: Vec::new() }
}

impl Sql {
    /// Adds the next value, for a place that the text has already.
    pub(crate) fn with(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Adds text.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value together with its place.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Adds the limit of a page: one more than wanted, to see whether more follows.
    pub(crate) fn limit(&mut self, limit: usize) -> &mut Self {
        self.push(" LIMIT ").bind(count(limit.saturating_add(1)))
    }

    /// Finishes it.
    pub(crate) fn into_statement(self, backend: DbBackend) -> Statement {
        Statement::from_sql_and_values(backend, self.text, self.values)
    }
}

/// A count as databases take it.
pub(crate) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
