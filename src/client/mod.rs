//! The operations. Each is a [`Call`], made of checked arguments, that [`Client::perform`] carries out over a
//! [`Transport`].
//!
//! - `options`: what a client and a call are made with
//! - `attempt`: one request, its attempts and their waits, over `retry` (whether and when again), `rate_limit`,
//!   `token` (with which credential) and `queue` (which call is next)
//! - `list`, `merge`, `ensure`: what is made of several requests; `change` says what an app lacks, `settle` when to look
//!   again
//! - `event`: what a caller who watches is told
//! - `transport`: the port to the host

mod attempt;
mod change;
mod ensure;
mod environment;
mod event;
mod list;
mod merge;
mod network;
mod options;
mod queue;
mod rate_limit;
mod redact;
mod retry;
mod secret;
mod settle;
mod token;
mod transport;

pub use event::{Event, Kind};
pub use list::Listing;
pub use options::{Auth, CallOptions, ClientCredentials, ClientOptions, LONGEST_WAIT, RateLimit, Retry, Scope};
pub use secret::Secret;
pub use settle::Settle;
pub use transport::{Failure, Transport, WireRequest};

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use crate::api::{self, Code, Error, HttpRequest, Json, Operation};
use crate::app::OAuthAppId;
use crate::concat::Concat as _;
use crate::query::OAuthAppQuery;
use crate::redirect::ToAscii;
use crate::redirect::same::Storage;
use crate::validate;
use crate::value::Value;
use crate::violation::{Violation, Violations};
use attempt::{Read, Run, Step};
use change::{Change, LISTS, ListChange};
use ensure::Wanted;
use queue::KeyedQueue;
use rate_limit::RateLimiter;
use settle::Unsettled;
use token::Tokens;

/// A client of the API, with what its calls share.
pub struct Client<J> {
    options: Rc<ClientOptions>,
    /// The header that names the site or the account, and the ID.
    scope: Option<Scope>,
    to_ascii: HostToAscii,
    rate_limiter: Rc<RefCell<RateLimiter>>,
    tokens: Rc<RefCell<Tokens<J>>>,
    queues: Rc<KeyedQueue>,
    consistent: Consistent,
    /// The value of each site that a client was made for.
    sites: Rc<RefCell<Vec<(String, Consistent)>>>,
    /// How the service stores redirect URIs, as far as its responses have shown.
    storage: Rc<Cell<Storage>>,
    unsettled: Rc<Unsettled>,
}

/// The site's last `x-wix-consistent`, by which the service lets a read see what was written before.
type Consistent = Rc<RefCell<Option<String>>>;

/// The host's own reading of a domain name, where it has one. See [`ToAscii`].
pub type HostToAscii = Option<fn(&str) -> Option<String>>;

/// An operation on arguments that have been checked, ready to be performed.
#[derive(Debug)]
pub struct Call<J> {
    operation: Operation,
    options: CallOptions,
    /// What the arguments have that is likely not meant.
    warnings: Vec<Violation>,
    work: Work<J>,
}

#[derive(Debug)]
enum Work<J> {
    /// One request.
    One(Step<J>),
    /// One that must not come between another change of the app's lists; with the names of the fields that it changes.
    Update(OAuthAppId, Step<J>, Vec<String>),
    Delete(OAuthAppId, Step<J>),
    Redirects(OAuthAppId, Change),
    Ensure(Wanted),
}

impl<J> fmt::Debug for Client<J> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<J: Json> Client<J> {
    /// A client with those options; a `CONFIG` error names every one that is wrong.
    pub fn new(options: &Value, to_ascii: HostToAscii) -> Result<Self, Error<J>> {
        Self::made_by("createClient", ClientOptions::read_as(options, false), to_ascii)
    }

    /// The same for the options that a free function was given in place of a client.
    pub fn for_function(operation: Operation, options: &Value, to_ascii: HostToAscii) -> Result<Self, Error<J>> {
        Self::made_by(operation.as_str(), ClientOptions::read_as(options, true), to_ascii)
    }

    fn made_by(
        function: &'static str,
        options: Result<ClientOptions, Vec<Violation>>,
        to_ascii: HostToAscii,
    ) -> Result<Self, Error<J>> {
        let options = options.map_err(|faults| Error::refused(Code::Config, function, faults))?;
        let scope = options.scope.clone();
        let consistent = Consistent::default();
        let id = scope.as_ref().map(|(_, id)| id.to_ascii_lowercase()).unwrap_or_default();
        Ok(Self {
            rate_limiter: Rc::new(RefCell::new(RateLimiter::new(options.rate_limit))),
            options: Rc::new(options),
            scope,
            to_ascii,
            tokens: Rc::default(),
            queues: Rc::default(),
            sites: Rc::new(RefCell::new(vec![(id, Rc::clone(&consistent))])),
            consistent,
            storage: Rc::default(),
            unsettled: Rc::default(),
        })
    }

    /// A client for another site, which shares this one's credential, access token, rate limiter and queues.
    pub fn for_site(&self, site: &Value) -> Result<Self, Error<J>> {
        let scope = options::site(site).map_err(|faults| Error::refused(Code::Config, "forSite", faults))?;
        let id = scope.1.to_ascii_lowercase();
        let mut sites = self.sites.borrow_mut();
        let known = sites.iter().find(|(site, _)| *site == id).map(|(_, consistent)| Rc::clone(consistent));
        let consistent = known.unwrap_or_else(|| {
            let fresh = Consistent::default();
            sites.push((id, Rc::clone(&fresh)));
            fresh
        });
        Ok(Self {
            options: Rc::clone(&self.options),
            scope: Some(scope),
            to_ascii: self.to_ascii,
            rate_limiter: Rc::clone(&self.rate_limiter),
            tokens: Rc::clone(&self.tokens),
            queues: Rc::clone(&self.queues),
            consistent,
            sites: Rc::clone(&self.sites),
            storage: Rc::clone(&self.storage),
            unsettled: Rc::clone(&self.unsettled),
        })
    }

    /// The call of an operation: `subject` is the ID of the app it is about, `content` its draft, patch, query or
    /// entries. Everything that is wrong with them is told at once, and nothing is sent.
    pub fn call(
        &self,
        operation: Operation,
        subject: &Value,
        content: &Value,
        options: &Value,
    ) -> Result<Call<J>, Error<J>> {
        let options = self.call_options(operation, options)?;
        match self.work(operation, subject, content, options.is_exact) {
            Ok((work, warnings)) => Ok(Call { operation, options, warnings, work }),
            Err(faults) => Err(Error::refused(Code::InvalidArgument, operation.as_str(), faults)),
        }
    }

    /// A listing of what the query finds; see [`Client::next_page`].
    pub fn list(&self, query: &Value, options: &Value) -> Result<Listing, Error<J>> {
        let options = self.call_options(Operation::List, options)?;
        OAuthAppQuery::read(query)
            .map(|query| Listing::new(&query, options))
            .map_err(|faults| Error::refused(Code::InvalidArgument, Operation::List.as_str(), faults))
    }

    fn call_options(&self, operation: Operation, options: &Value) -> Result<CallOptions, Error<J>> {
        let mut faults = Violations::default();
        settle::check_options(operation, options, &mut faults);
        let options = CallOptions::read(options, &self.options);
        let options = options.map_err(|more| faults.0.extend(more));
        options
            .ok()
            .filter(|_| faults.0.is_empty())
            .ok_or_else(|| Error::refused(Code::Config, operation.as_str(), faults.0))
    }

    fn work(
        &self,
        operation: Operation,
        subject: &Value,
        content: &Value,
        is_exact: bool,
    ) -> Result<(Work<J>, Vec<Violation>), Vec<Violation>> {
        let id = || OAuthAppId::read(subject).map_err(|violation| vec![violation]);
        let one =
            |request: HttpRequest, read: Read<J>| Ok((Work::One(Step { what: operation, request, read }), vec![]));
        match operation {
            Operation::Get => one(api::get::request(&id()?), api::get::read),
            Operation::Delete => {
                let id = id()?;
                let request = api::delete::request(&id);
                Ok((Work::Delete(id, Step { what: operation, request, read: api::delete::read }), vec![]))
            }
            Operation::GenerateSecret => one(api::generate_secret::request(&id()?), api::generate_secret::read),
            Operation::Query | Operation::List => {
                one(api::query::request(&OAuthAppQuery::read(content)?), api::query::read)
            }
            Operation::Create => {
                let (draft, warnings) = validate::draft(content, self.to_ascii())?;
                let request = api::create::request(&draft);
                Ok((Work::One(Step { what: operation, request, read: api::create::read }), warnings))
            }
            Operation::Update => {
                let id = id();
                let patch = validate::patch_of(id.as_ref().ok(), content, self.to_ascii());
                let (id, (patch, warnings)) = both(id, patch)?;
                let request = api::update::request(&id, &patch);
                let fields = patch.paths().map(str::to_owned).collect();
                Ok((Work::Update(id, Step { what: operation, request, read: api::update::read }, fields), warnings))
            }
            Operation::AllowRedirects | Operation::DisallowRedirects => {
                // What is to go away may be anything that is there.
                let judge = (operation == Operation::AllowRedirects).then(|| self.to_ascii());
                let (id, (entries, warnings)) = both(id(), validate::redirects(content, judge))?;
                let lists = LISTS.into_iter().zip(ENTRIES).zip(entries).map(|(((field, kind), name), entries)| {
                    let (add, remove) = if judge.is_some() { (entries, vec![]) } else { (vec![], entries) };
                    ListChange { field, name, kind, add, remove, is_exact: false }
                });
                Ok((Work::Redirects(id, Change { lists: lists.collect(), fields: vec![] }), warnings))
            }
            Operation::Ensure => {
                let (wanted, warnings) = Wanted::read(content, is_exact, self.to_ascii())?;
                Ok((Work::Ensure(wanted), warnings))
            }
            Operation::IsClientActive => {
                let id = OAuthAppId::read(subject)
                    .map_err(|violation| vec![Violation { field: "clientId".to_owned(), ..violation }])?;
                one(api::token::anonymous_request(&id), api::token::read_is_active)
            }
        }
    }

    /// Carries a call out.
    pub async fn perform<T: Transport<Json = J>>(&self, host: &T, call: Call<J>) -> Result<Option<J>, Error<J>> {
        let run = self.run(host, call.operation, &call.options, &call.warnings);
        match &call.work {
            Work::One(step) => run.perform(step).await.map_err(|error| match (step.what, error.code) {
                (Operation::GenerateSecret, Code::Conflict) => with_secret_remedy(error),
                _ => error,
            }),
            Work::Update(id, step, fields) => {
                let _ticket = run.acquire_app(id).await?;
                self.unsettled.supersede(id, |earlier| earlier.give_way_to(fields));
                run.perform(step).await
            }
            Work::Delete(id, step) => {
                let given = run.perform(step).await?;
                self.unsettled.supersede(id, |earlier| *earlier = Change::default());
                Ok(given)
            }
            Work::Redirects(id, change) => {
                let (app, done) = run.change(id, None, change, vec![]).await?;
                Ok(Some(J::from_value(&done.to_value(ENTRIES)).with("oAuthApp", app)))
            }
            Work::Ensure(wanted) => run.ensure(wanted).await.map(Some),
        }
    }

    fn run<'a, T: Transport<Json = J>>(
        &'a self,
        host: &'a T,
        operation: Operation,
        options: &'a CallOptions,
        warnings: &'a [Violation],
    ) -> Run<'a, T> {
        Run { client: self, host, operation, options, warnings: Cell::new(warnings) }
    }

    fn to_ascii(&self) -> ToAscii<'_> {
        self.to_ascii.as_ref().map(|to_ascii| to_ascii as &dyn Fn(&str) -> Option<String>)
    }
}

/// The service refuses a second secret unless the app allows it.
fn with_secret_remedy<J>(error: Error<J>) -> Error<J> {
    let remedy =
        "; where the app has a secret already, updateOAuthApp(id, { allowSecretGeneration: true }) allows another";
    Error { message: [&error.message, remedy].concat(), ..error }
}

/// What a caller calls the redirect lists.
const ENTRIES: [&str; 2] = validate::REDIRECT_LISTS;

/// Both, or everything that is wrong with either.
fn both<A, B>(one: Result<A, Vec<Violation>>, other: Result<B, Vec<Violation>>) -> Result<(A, B), Vec<Violation>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => Err([one.err().unwrap_or_default(), other.err().unwrap_or_default()].concat()),
    }
}

#[cfg(test)]
mod tests;
