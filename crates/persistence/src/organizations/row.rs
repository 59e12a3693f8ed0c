use std::fmt::Display;
use std::time::Duration;

use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::StorageError;
use varco_domain::{
    CatalogKey, Label, Organization, OrganizationId, Policies, SeatPool, Seats, Timestamp, UnitId, Version,
};

use crate::place::Place;

/// Reads organizations with the catalogs they subscribe to, in one text: keys have no spaces.
pub(super) const SELECT: &str = "SELECT id, name, app_display_name, parent_id, root_unit_id, \
    activation_link_ttl_micros, pin_required, max_password_age_micros, max_session_age_micros, app_seat_limit, \
    app_seats_used, back_office_seat_limit, back_office_seats_used, created_at, version, \
    (SELECT string_agg(catalog_key, ' ') FROM subscriptions WHERE organization_id = organizations.id) AS catalogs \
    FROM organizations";

#[derive(FromQueryResult)]
pub(super) struct OrganizationRow {
    id: Uuid,
    name: String,
    app_display_name: Option<String>,
    parent_id: Option<Uuid>,
    root_unit_id: Uuid,
    activation_link_ttl_micros: i64,
    pin_required: bool,
    max_password_age_micros: Option<i64>,
    max_session_age_micros: i64,
    app_seat_limit: Option<i64>,
    app_seats_used: i64,
    back_office_seat_limit: Option<i64>,
    back_office_seats_used: i64,
    created_at: i64,
    version: i64,
    catalogs: Option<String>,
}

#[derive(FromQueryResult)]
pub(super) struct SubscriberRow {
    pub(super) organization_id: Uuid,
}

impl TryFrom<OrganizationRow> for Organization {
    type Error = StorageError;

    fn try_from(row: OrganizationRow) -> Result<Self, StorageError> {
        let id = OrganizationId::from_uuid(row.id);
        let at = Place::new("organizations", id);
        let app_display_name = row.app_display_name.as_deref().map(Label::parse).transpose();
        Ok(Self {
            id,
            name: at.parsed("name", Label::parse(&row.name))?,
            app_display_name: at.parsed("app_display_name", app_display_name)?,
            parent: row.parent_id.map(OrganizationId::from_uuid),
            root_unit: UnitId::from_uuid(row.root_unit_id),
            policies: policies(&at, &row)?,
            app_seats: Seats {
                pool: SeatPool::App,
                limit: maybe_number(&at, "app_seat_limit", row.app_seat_limit)?,
                used: at.parsed("app_seats_used", row.app_seats_used.try_into())?,
            },
            back_office_seats: Seats {
                pool: SeatPool::BackOffice,
                limit: maybe_number(&at, "back_office_seat_limit", row.back_office_seat_limit)?,
                used: at.parsed("back_office_seats_used", row.back_office_seats_used.try_into())?,
            },
            catalogs: at.read("catalogs", catalogs(row.catalogs.as_deref()))?,
            created_at: Timestamp::from_micros(row.created_at),
            version: Version::new(row.version),
        })
    }
}

fn policies<D: Display>(at: &Place<D>, row: &OrganizationRow) -> Result<Policies, StorageError> {
    let length = |column, micros: i64| at.parsed(column, u64::try_from(micros).map(Duration::from_micros));
    let max_password_age = row.max_password_age_micros.map(|age| length("max_password_age_micros", age));
    Ok(Policies {
        activation_link_ttl: length("activation_link_ttl_micros", row.activation_link_ttl_micros)?,
        pin_required: row.pin_required,
        max_password_age: max_password_age.transpose()?,
        max_session_age: length("max_session_age_micros", row.max_session_age_micros)?,
    })
}

fn maybe_number<D: Display>(
    at: &Place<D>,
    column: &'static str,
    number: Option<i64>,
) -> Result<Option<u32>, StorageError> {
    at.parsed(column, number.map(u32::try_from).transpose())
}

/// Sorts here: the order within an aggregate is nobody's promise.
fn catalogs(keys: Option<&str>) -> Option<Vec<CatalogKey>> {
    let mut keys = keys.unwrap_or_default().split_whitespace().map(CatalogKey::parse).collect::<Option<Vec<_>>>()?;
    keys.sort_unstable();
    Some(keys)
}

/// A length as it is stored.
pub(super) fn micros(length: Duration) -> i64 {
    i64::try_from(length.as_micros()).unwrap_or(i64::MAX)
}
