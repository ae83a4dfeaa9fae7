//! The client: each operation is a [`Call`], made of checked arguments, that [`Client::perform`] carries out over a
//! [`Transport`].
//!
//! Imports go one way. Each module may use those before it:
//!
//! - `secret`, `event`, `transport`, `settle`: the types that all others share; `transport` is the port to the host
//! - `header`, `options`: header names and values, the options of a client and of a call
//! - `hash_table`, `queue`, `rate_limit`, `token_cache`, `change`, `unsettled`, `network`, `redact`: parts without a network
//! - `shared`: a client, and the state that its calls share
//! - `call`: a call under way, its waits, events and errors
//! - `retry`, `exchange`, `token`, `attempt`: one request, its credential, its attempts and the waits between them
//! - `list`, `merge`, `ensure`: operations of several requests
//! - `plan`: the arguments of a call, read into the requests to send

mod attempt;
mod call;
mod change;
mod ensure;
mod event;
mod exchange;
mod hash_table;
mod header;
mod list;
mod merge;
mod network;
mod options;
mod plan;
mod queue;
mod rate_limit;
mod redact;
mod retry;
mod secret;
mod settle;
mod shared;
mod token;
mod token_cache;
mod transport;
mod unsettled;

pub use event::{Event, Kind};
pub use list::Listing;
pub use options::{Auth, CallOptions, ClientCredentials, ClientOptions, LONGEST_WAIT, RateLimit, Retry, Scope};
pub use plan::Call;
pub use secret::Secret;
pub use settle::Settle;
pub use shared::{Client, HostToAscii, Shared};
pub use transport::{Failure, Transport, WireRequest};

use std::cell::Cell;

use crate::api::{Code, Error, Json, Operation};
use crate::query::OAuthAppQuery;
use crate::value::Value;
use crate::violation::Violation;
use call::CallContext;
use list::Pages;

impl<J: Json> Client<J> {
    /// Checks the arguments of an operation: `subject` is the ID of the app, `content` a draft, patch, query or entries.
    /// The error lists all faults, and nothing is sent.
    pub fn call(
        &self,
        operation: Operation,
        subject: &Value,
        content: &Value,
        options: &Value,
    ) -> Result<Box<Call>, Box<Error<J>>> {
        Call::read(self, operation, subject, content, options).map(Box::new)
    }

    /// Carries a call out.
    pub async fn perform<T: Transport<Json = J>>(&self, host: &T, call: Box<Call>) -> Result<J, Box<Error<J>>> {
        self.context(host, call.operation, &call.options, &call.warnings).carry_out(&call).await
    }

    /// Creates a listing of the apps that a query matches; see [`Client::next_page`].
    pub fn list(&self, query: &Value, options: &Value) -> Result<Listing<J>, Box<Error<J>>> {
        let operation = Operation::List;
        let refused = |code, faults| Error::refused(code, operation.as_str(), faults);
        let options =
            CallOptions::read_for(operation, options, &self.options).map_err(|faults| refused(Code::Config, faults))?;
        let query = OAuthAppQuery::read(query).map_err(|faults| refused(Code::InvalidArgument, faults))?;
        Ok(Listing { options, pages: Pages::new(&query) })
    }

    /// Returns the list of the next apps of a listing, at least one; `None` when there are no more. A page that failed can
    /// be requested again.
    pub async fn next_page<T: Transport<Json = J>>(
        &self,
        host: &T,
        listing: &mut Listing<J>,
    ) -> Result<Option<J>, Box<Error<J>>> {
        self.context(host, Operation::List, &listing.options, &[]).next_page(&mut listing.pages).await
    }

    fn context<'a, T: Transport<Json = J>>(
        &'a self,
        host: &'a T,
        operation: Operation,
        options: &'a CallOptions,
        warnings: &'a [Violation],
    ) -> CallContext<'a, T> {
        CallContext { client: self, host, operation, options, warnings: Cell::new(warnings) }
    }
}

#[cfg(test)]
mod tests;
