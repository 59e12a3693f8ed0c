use uuid::Uuid;
use varco_application::storage::{UnitQuery, UnitScope};
use varco_domain::{OrganizationId, UnitId};

use super::row::SELECT;
use crate::search::add_words;
use crate::sql::{Sql, scoped};

const COUNT: &str = "SELECT COUNT(*) AS total FROM units WHERE organization_id = $1";

/// A unit `$2` and all below it. `UNION` rather than `UNION ALL`, so that even a tree that is none
/// comes to an end.
const BELOW: &str = "WITH RECURSIVE below(id) AS ( \
    SELECT id FROM units WHERE organization_id = $1 AND id = $2 \
    UNION SELECT u.id FROM below CROSS JOIN units u WHERE u.organization_id = $1 AND u.parent_id = below.id) ";

/// Reads a unit and all below it; `select` reads units.
pub(super) fn below(organization: OrganizationId, select: &str, id: UnitId) -> Sql {
    let text = format!("{BELOW}{select} AND id IN (SELECT id FROM below)");
    scoped(organization, &text).with(id.as_uuid())
}

/// Reads a page of units.
pub(super) fn units(organization: OrganizationId, query: &UnitQuery) -> Sql {
    let mut list = in_scope(organization, SELECT, query);
    list.push(" AND id > ").bind(query.after.map_or(Uuid::nil(), |after| after.as_uuid()));
    list.push(" ORDER BY id").limit(query.limit);
    list
}

/// Counts what `units` lists on all pages together.
pub(super) fn count(organization: OrganizationId, query: &UnitQuery) -> Sql {
    in_scope(organization, COUNT, query)
}

fn in_scope(organization: OrganizationId, select: &str, query: &UnitQuery) -> Sql {
    let mut sql = match query.scope {
        UnitScope::Whole => scoped(organization, select),
        UnitScope::Children(parent) => {
            // By way of the index of children: left to itself, SQLite reads the whole organization.
            let mut children = scoped(organization, select);
            children.push(" AND id IN (SELECT id FROM units WHERE organization_id = $1 AND parent_id = ");
            children.bind(parent.as_uuid()).push(")");
            children
        }
        UnitScope::Subtree(top) => below(organization, select, top),
    };
    add_words(&mut sql, &query.words, " AND id IN (SELECT unit_id FROM unit_terms WHERE organization_id = $1");
    sql
}

#[cfg(test)]
mod tests {
    use varco_domain::SearchWords;

    use super::*;
    use crate::plans::assert_indexed;

    #[tokio::test]
    async fn no_page_of_units_costs_more_than_the_first() {
        let organization = OrganizationId::from_uuid(Uuid::nil());
        let unit = UnitId::from_uuid(Uuid::nil());
        for scope in [UnitScope::Whole, UnitScope::Children(unit), UnitScope::Subtree(unit)] {
            let query = UnitQuery { scope, words: SearchWords::default(), after: None, limit: 50 };
            assert_indexed(units(organization, &query)).await;
        }
    }
}
