//! Pages of lists (AIP-158). A page token is the key of the last item, sealed together with the
//! query, the caller's organization and an end, so that it fits nothing else.

mod bytes;
mod key;

pub(crate) use bytes::fitting;
pub(crate) use key::PageKey;

use std::time::Duration;

use prost::Message;
use sha2::{Digest, Sha256};
use tonic::Code;
use varco_application::storage::Page;
use varco_domain::Timestamp;
use varco_proto::v1::{self, ErrorReason};

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

const DEFAULT_PAGE_SIZE: usize = 50;
const MAX_PAGE_SIZE: usize = 1000;

/// How long a page token may be used.
const TOKEN_TTL: Duration = Duration::from_hours(24);

/// A request for one page of a list.
pub(crate) trait PageRequest: Message + Clone {
    fn page_size(&self) -> i32;
    fn page_token(&self) -> &str;
    /// The request less what may change from page to page.
    fn query(&self) -> Self;
}

macro_rules! page_requests {
    ($($request:ident $(- $changing:ident)*;)*) => {$(
        impl PageRequest for v1::$request {
            fn page_size(&self) -> i32 {
                self.page_size
            }

            fn page_token(&self) -> &str {
                &self.page_token
            }

            fn query(&self) -> Self {
                let mut query = self.clone();
                query.page_size = 0;
                query.page_token.clear();
                $(query.$changing = 0;)*
                query
            }
        }
    )*};
}

page_requests! {
    ListOrganizationsRequest;
    ListUsersRequest;
    ListMailRecipientsRequest;
    ListMembershipsRequest;
    ListSeatHoldersRequest;
    ListMailsRequest;
    ListSentMailsRequest;
    ListUnitsRequest;
    ListRolesRequest;
    ListAssignmentsRequest - at_least;
    ListEventsRequest;
    ListCatalogsRequest;
    ListServiceAccountsRequest;
    CatalogServiceListPermissionsRequest;
    AccessServiceListUnitsRequest - at_least;
    AccessServiceListUsersRequest - at_least;
    ListSessionsRequest;
    ListFailedSignInsRequest;
    ListSecurityIssuesRequest;
}

/// Where a page begins and how long it is.
pub(crate) struct Paging<K> {
    /// The last item of the page before.
    pub(crate) after: Option<K>,
    /// How many at most.
    pub(crate) limit: usize,
    context: Vec<u8>,
}

impl Call {
    /// Reads page size and page token. A negative size is noted in `fields`.
    pub(crate) fn paging<K: PageKey>(
        &self,
        request: &impl PageRequest,
        fields: &mut Fields,
    ) -> Result<Paging<K>, Failure> {
        let limit = match usize::try_from(request.page_size()) {
            Ok(0) => DEFAULT_PAGE_SIZE,
            Ok(size) => size.min(MAX_PAGE_SIZE),
            Err(_) => {
                fields.problem("page_size", "must not be negative");
                DEFAULT_PAGE_SIZE
            }
        };
        let context = self.page_context(&request.query());
        let after = match request.page_token() {
            "" => None,
            token => Some(self.open_token(&context, token)?),
        };
        Ok(Paging { after, limit, context })
    }

    /// The token of the next page; empty if there is none.
    pub(crate) fn next_page_token<T, K: PageKey>(
        &self,
        paging: &Paging<K>,
        page: &Page<T>,
        key: impl FnOnce(&T) -> K,
    ) -> String {
        let Some(last) = page.items.last().filter(|_| page.has_more) else {
            return String::new();
        };
        let expires_at = self.env.clock.now().plus(TOKEN_TTL).as_micros();
        let content = [expires_at.to_be_bytes().as_slice(), &key(last).to_bytes()].concat();
        self.env.sealer.seal(&paging.context, &content)
    }

    fn page_context(&self, query: &impl Message) -> Vec<u8> {
        let organization = self.caller.organization().map_or_else(String::new, |organization| organization.to_string());
        let mut digest = Sha256::new_with_prefix(self.rpc.path);
        digest.update([0]);
        digest.update(organization);
        digest.update([0]);
        digest.update(query.encode_to_vec());
        digest.finalize().to_vec()
    }

    fn open_token<K: PageKey>(&self, context: &[u8], token: &str) -> Result<K, Failure> {
        let opened = self.env.sealer.open(context, token).and_then(|content| {
            let (expires_at, key) = content.split_first_chunk()?;
            let expires_at = Timestamp::from_micros(i64::from_be_bytes(*expires_at));
            (self.env.clock.now() < expires_at).then(|| K::from_bytes(key))?
        });
        opened.ok_or_else(|| {
            let message =
                "page_token was not issued for this query or is older than a day; start again from the first page";
            Failure::new(Code::InvalidArgument, ErrorReason::InvalidPageToken, message)
        })
    }
}
