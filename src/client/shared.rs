//! A client, and the state that its calls share.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use super::hash_table::HashTable;
use super::options::{self, ClientOptions, Scope};
use super::queue::KeyedQueue;
use super::rate_limit::RateLimiter;
use super::token_cache::TokenCache;
use super::unsettled::Unsettled;
use crate::api::{Code, Error, Json, Operation};
use crate::redirect::ToAscii;
use crate::redirect::same::Storage;
use crate::value::Value;
use crate::violation::Violation;

/// A client of the API.
pub struct Client<J> {
    /// The header that names the site or the account, and the ID.
    pub(super) scope: Option<Scope>,
    pub(super) consistent: Consistent,
    shared: Rc<Shared<J>>,
}

/// The state that the calls of a client share with the clients for other sites that were made from it.
pub struct Shared<J> {
    pub(super) options: ClientOptions,
    to_ascii: HostToAscii,
    pub(super) rate_limiter: RefCell<RateLimiter>,
    pub(super) tokens: RefCell<TokenCache<J>>,
    pub(super) queues: KeyedQueue,
    sites: RefCell<HashTable<(String, Consistent)>>,
    /// How the service stores redirect URIs, as far as its responses have shown.
    pub(super) storage: Cell<Storage>,
    pub(super) unsettled: Unsettled,
}

/// The last `x-wix-consistent` of a site, with which a read sees earlier writes.
pub(super) type Consistent = Rc<RefCell<Option<String>>>;

/// The host's function that returns the A-label form of a domain name, if it has one. See [`ToAscii`].
pub type HostToAscii = Option<fn(&str) -> Option<String>>;

impl<J> Deref for Client<J> {
    type Target = Shared<J>;

    fn deref(&self) -> &Shared<J> {
        &self.shared
    }
}

impl<J> fmt::Debug for Client<J> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<J: Json> Client<J> {
    /// Creates a client. A `CONFIG` error lists every option that is wrong.
    pub fn new(options: &Value, to_ascii: HostToAscii) -> Result<Self, Box<Error<J>>> {
        Self::create("createClient", ClientOptions::read(options), to_ascii)
    }

    /// Creates the client of a free function that was given options in place of a client.
    pub fn for_function(operation: Operation, options: &Value, to_ascii: HostToAscii) -> Result<Self, Box<Error<J>>> {
        Self::create(operation.as_str(), ClientOptions::read_argument(options), to_ascii)
    }

    fn create(
        function: &'static str,
        options: Result<ClientOptions, Vec<Violation>>,
        to_ascii: HostToAscii,
    ) -> Result<Self, Box<Error<J>>> {
        let options = options.map_err(|faults| Error::refused(Code::Config, function, faults))?;
        let scope = options.scope.clone();
        let shared = Shared {
            rate_limiter: RefCell::new(RateLimiter::new(options.rate_limit)),
            options,
            to_ascii,
            tokens: RefCell::default(),
            queues: KeyedQueue::default(),
            sites: RefCell::default(),
            storage: Cell::default(),
            unsettled: Unsettled::default(),
        };
        Ok(Self::of_site(&Rc::new(shared), scope))
    }

    /// Creates a client for another site, which shares this one's credential, access token, rate limiter and queues.
    pub fn for_site(&self, site: &Value) -> Result<Self, Box<Error<J>>> {
        let scope = options::read_site(site).map_err(|faults| Error::refused(Code::Config, "forSite", faults))?;
        Ok(Self::of_site(&self.shared, Some(scope)))
    }

    #[inline(never)]
    fn of_site(shared: &Rc<Shared<J>>, scope: Option<Scope>) -> Self {
        let id = scope.as_ref().map(|(_, id)| id.to_ascii_lowercase()).unwrap_or_default();
        let mut sites = shared.sites.borrow_mut();
        let known = sites.candidates(&id).find(|(site, _)| *site == id).map(|(_, consistent)| Rc::clone(consistent));
        let consistent = known.unwrap_or_else(|| {
            let fresh = Consistent::default();
            sites.insert(&id, (id.clone(), Rc::clone(&fresh)));
            fresh
        });
        Self { scope, consistent, shared: Rc::clone(shared) }
    }
}

impl<J> Shared<J> {
    pub(super) fn to_ascii(&self) -> ToAscii<'_> {
        self.to_ascii.as_ref().map(|to_ascii| to_ascii as &dyn Fn(&str) -> Option<String>)
    }
}
