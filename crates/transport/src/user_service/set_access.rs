use varco_application::users::{Expiry, SetAccess, set_access};
use varco_domain::{OrganizationId, UserId};
use varco_proto::v1::{SetAccessRequest, SetAccessResponse, set_access_request};

use super::{parse, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode, parse_instant};

pub(super) async fn call(call: &Call, request: &SetAccessRequest) -> Result<SetAccessResponse, Failure> {
    let command = parse(request)?;
    let written = set_access(&call.env, &call.caller, &command).await?;
    Ok(SetAccessResponse { membership: Some(present::membership(&written.value)), revision: written.revision.get() })
}

fn parse(request: &SetAccessRequest) -> Result<SetAccess, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let user = fields.parse("user_id", UserId::parse(&request.user_id));
    let back_office = request.back_office_level.and_then(|number| parse::back_office_level(&mut fields, number));
    let expiry = request.expiry.and_then(|expiry| parse_expiry(&mut fields, expiry));
    let mode = mode(request.validate_only);
    fields.finish(|| {
        let (organization, user) = (organization?, user?);
        Some(SetAccess { organization, user, app: request.app_access, back_office, expiry, mode })
    })
}

fn parse_expiry(fields: &mut Fields, expiry: set_access_request::Expiry) -> Option<Expiry> {
    match expiry {
        set_access_request::Expiry::ExpireTime(instant) => {
            parse_instant(fields, "expire_time", Some(instant)).map(Expiry::At)
        }
        set_access_request::Expiry::NeverExpires(true) => Some(Expiry::Never),
        set_access_request::Expiry::NeverExpires(false) => {
            fields.problem("never_expires", "must be true where it is given");
            None
        }
    }
}
