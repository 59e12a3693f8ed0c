//! What users, roles, units and entries are, and what may happen to them.
//!
//! This crate is pure: it knows no async, serde, SQL, gRPC, clock or randomness. Text becomes a
//! value once, through `parse`; after that there is nothing to validate. Time and random bytes
//! come in as arguments.
//!
//! To add a thing: its identifier in `id.rs`, its type in a file of its own with the transitions
//! that keep it valid, and its `Record` in `record/` so that events can show it.

mod assignment;
mod catalog;
mod event;
mod id;
mod mail;
mod mail_preferences;
mod membership;
mod organization;
mod password;
mod pin;
mod profile;
mod record;
mod revision;
mod role;
mod seat;
mod service_account;
mod session;
mod sign_in;
mod sso;
mod text;
mod throttle;
mod timestamp;
mod unit;
mod user;

pub use assignment::{
    AssignmentRefused, Entry, EntryLike, InheritanceMode, Provision, SubjectEntries, UnitTree, provision,
};
pub use catalog::{Catalog, CatalogKey, CatalogPermission, PermissionKey, PredefinedRole, PredefinedRoleKey};
pub use event::{Actor, Event, EventKind, Subject};
pub use id::{
    Id, IdError, Kind, MailId, OrganizationId, RoleId, SecretId, ServiceAccountId, SessionId, SignInFailureId,
    SubjectId, UnitId, UserId,
};
pub use mail::{Mail, MailCategory, MailFault, MailKind, MailStatus, NotRetried};
pub use mail_preferences::MailPreferences;
pub use membership::{Access, BackOfficeLevel, Member, Membership, MembershipKind};
pub use organization::{Organization, Policies, PolicyError};
pub use password::{Password, PasswordContext, PasswordError};
pub use pin::{Pin, PinError};
pub use profile::{
    BirthDate, BirthDateError, Gender, PersonalDetails, Phone, PhoneError, Profile, ProfileChange, TimeZone,
    TimeZoneError,
};
pub use record::{Record, Value};
pub use revision::{Revision, Version};
pub use role::{Role, RoleOrigin};
pub use seat::{NoFreeSeat, SeatPool, Seats};
pub use service_account::{MAX_ACTIVE_SECRETS, SecretTtl, SecretTtlError, ServiceAccount, ServiceSecret};
pub use session::{Client, Session, SessionEnd};
pub use sign_in::{Demands, Door, Progress, Shown, SignInRefusal, Step};
pub use sso::{AddressError, ExternalIdentity, RedirectUri, SsoClientId, SsoIssuer, SsoNameError, SsoProvider};
pub use text::{
    Description, Email, EmailError, Label, LabelError, Language, LanguageError, SearchWords, Username, UsernameError,
    fold, search_terms,
};
pub use throttle::{Throttle, TooEarly, Tries};
pub use timestamp::Timestamp;
pub use unit::{MAX_UNIT_DEPTH, Unit, UnitKind};
pub use user::{StatusError, User, UserStatus};
