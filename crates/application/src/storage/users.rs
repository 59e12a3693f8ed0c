use async_trait::async_trait;
use varco_domain::{
    Email, Label, MailCategory, Member, Membership, MembershipKind, OrganizationId, SearchWords, SeatPool, Timestamp,
    User, UserId, UserStatus, Username,
};

use super::{Page, StorageError};

/// Which members of an organization to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberFilter {
    /// Every word must begin a term of the account's names, username or email.
    pub words: SearchWords,
    /// Only accounts in this status.
    pub status: Option<UserStatus>,
    /// Only memberships of this kind.
    pub kind: Option<MembershipKind>,
    /// Only members that hold a seat of this pool.
    pub seat: Option<SeatPool>,
    /// Only members that want mail of this category and are not suspended.
    pub mail: Option<MailCategory>,
    /// Only memberships that count at this instant.
    pub counts_at: Option<Timestamp>,
    /// Only accounts that live here and did not sign in since; those that never did count from their creation.
    /// Contacts, which cannot sign in, are left out.
    pub dormant_since: Option<Timestamp>,
}

/// A membership with the name of its organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedMembership {
    /// The membership.
    pub membership: Membership,
    /// What the organization is called.
    pub organization_name: Label,
}

/// How to sort members, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberOrder {
    /// By account id, which is by creation.
    Created {
        /// The last one seen.
        after: Option<UserId>,
    },
    /// By username, in byte order.
    Username {
        /// The last one seen.
        after: Option<Username>,
    },
}

/// One page of members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberQuery {
    /// Which.
    pub filter: MemberFilter,
    /// In which order, from where.
    pub order: MemberOrder,
    /// How many at most.
    pub limit: usize,
}

/// Accounts and memberships.
#[async_trait]
pub trait UserRepository: Send {
    /// Gives a member of an organization.
    async fn find(&mut self, organization: OrganizationId, id: UserId) -> Result<Option<Member>, StorageError>;

    /// Gives an account, in whatever organization it lives. For its own person and for the service itself.
    async fn find_account(&mut self, id: UserId) -> Result<Option<User>, StorageError>;

    /// Gives an account by its username, in whatever organization it lives.
    async fn find_by_username(&mut self, username: &Username) -> Result<Option<User>, StorageError>;

    /// Gives an account by its email, in whatever organization it lives.
    async fn find_by_email(&mut self, email: &Email) -> Result<Option<User>, StorageError>;

    /// Says which of these users are members of an organization, sorted.
    async fn members_among(
        &mut self,
        organization: OrganizationId,
        ids: &[UserId],
    ) -> Result<Vec<UserId>, StorageError>;

    /// Lists members of an organization.
    async fn list(&mut self, organization: OrganizationId, query: &MemberQuery) -> Result<Page<Member>, StorageError>;

    /// Counts members of an organization.
    async fn count(&mut self, organization: OrganizationId, filter: &MemberFilter) -> Result<u64, StorageError>;

    /// Counts the active accounts with back-office level admin in an organization whose memberships still
    /// count at an instant; `None` for those that never end by themselves.
    async fn count_active_admins(
        &mut self,
        organization: OrganizationId,
        until: Option<Timestamp>,
    ) -> Result<u64, StorageError>;

    /// Stores a new account with its search terms. Fails on its username or email.
    async fn insert(&mut self, user: &User) -> Result<(), StorageError>;

    /// Stores profile, search terms, status and activation, and steps the version. Fails as stale.
    async fn update(&mut self, user: &mut User) -> Result<(), StorageError>;

    /// Notes that the person of an account signed in, unless a later sign-in is noted. Of no concern to
    /// the version.
    async fn note_sign_in(&mut self, user: UserId, at: Timestamp) -> Result<(), StorageError>;

    /// Deletes an account. Its memberships and entries must be gone.
    async fn delete(&mut self, id: UserId) -> Result<(), StorageError>;

    /// Stores a new membership. Fails if there is one.
    async fn insert_membership(&mut self, membership: &Membership) -> Result<(), StorageError>;

    /// Stores access, mail preferences and end of a membership. The organization must be locked.
    async fn update_membership(&mut self, membership: &Membership) -> Result<(), StorageError>;

    /// Ends a membership.
    async fn delete_membership(&mut self, organization: OrganizationId, user: UserId) -> Result<(), StorageError>;

    /// Lists the memberships of an account by organization.
    async fn list_memberships(
        &mut self,
        user: UserId,
        after: Option<OrganizationId>,
        limit: usize,
    ) -> Result<Page<Membership>, StorageError>;

    /// As `list_memberships`, with the names of the organizations, those alone that count at an instant.
    async fn list_named_memberships(
        &mut self,
        user: UserId,
        now: Timestamp,
        after: Option<OrganizationId>,
        limit: usize,
    ) -> Result<Page<NamedMembership>, StorageError>;

    /// Gives memberships of any organization that ended by themselves and are still there, the oldest first.
    async fn expired(&mut self, now: Timestamp, limit: usize) -> Result<Page<Membership>, StorageError>;
}
