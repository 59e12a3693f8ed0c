use std::ops::RangeInclusive;

use tonic::Code;
use varco_domain::{PermissionKey, Role};
use varco_proto::v1::ErrorReason;

use crate::failure::{Failure, FieldProblem};
use crate::fields::Fields;

/// How many keys one call may name: as many as a role may have.
pub(super) const MAX: usize = Role::MAX_PERMISSIONS;

/// Reads the field `permissions`. Where nothing is wrong with it every key keeps its place.
pub(super) fn parse(fields: &mut Fields, given: &[String], count: RangeInclusive<usize>) -> Vec<PermissionKey> {
    fields.check_count("permissions", given.len(), count);
    let problem = "must be the key of a permission such as `privacy:register.edit`";
    fields.parse_each("permissions", given, |text| PermissionKey::parse(text).ok_or(problem))
}

/// The role would grant more than a role may.
pub(super) fn too_many() -> Failure {
    let problem = format!("must leave the role with at most {} permissions in total", Role::MAX_PERMISSIONS);
    Failure::fields(vec![FieldProblem { path: "permissions".to_owned(), problem }])
}

/// Some of the permissions cannot be granted: those at these places.
pub(super) fn unknown(places: &[usize]) -> Failure {
    let problem = |place: &usize| FieldProblem {
        path: format!("permissions[{place}]"),
        problem: "is in no catalog that the organization subscribes to".to_owned(),
    };
    let message = "a permission is in no catalog that the organization subscribes to";
    Failure::new(Code::InvalidArgument, ErrorReason::UnknownPermission, message)
        .with_fields(places.iter().map(problem).collect())
}
