//! A call under way: its options, its waits, its events and its errors.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use super::event::{Event, Kind};
use super::network::{self, Reach};
use super::options::CallOptions;
use super::options::Retry;
use super::queue::Ticket;
use super::shared::Client;
use super::transport::{Failure, Transport};
use crate::api::{Code, Endpoint, Error, Operation};
use crate::app::OAuthAppId;
use crate::concat::Concat as _;
use crate::violation::Violation;

/// The context of a call under way.
pub(super) struct CallContext<'a, T: Transport> {
    pub(super) client: &'a Client<T::Json>,
    pub(super) host: &'a T,
    /// The operation that was called.
    pub(super) operation: Operation,
    pub(super) options: &'a CallOptions,
    /// The warnings on the arguments, until they are emitted.
    pub(super) warnings: Cell<&'a [Violation]>,
}

impl<T: Transport> CallContext<'_, T> {
    /// Waits in the queue of an app, among the calls that change the same app of the same site.
    pub(super) async fn acquire_app(&self, id: &OAuthAppId) -> Result<Ticket<'_>, Box<Error<T::Json>>> {
        self.acquire(&self.site_key(id.as_str()), 0).await
    }

    /// Returns the key of a queue of the client's site. Clients for other sites share the queues, but not this one.
    pub(super) fn site_key(&self, name: &str) -> String {
        let site = self.client.scope.as_ref().map_or("", |(_, id)| id);
        // A GUID means the same in upper and in lower case.
        [site, "/", name].concat().to_ascii_lowercase()
    }

    /// Waits in the queue of a key. `attempts` is for the error if the caller's signal ends the wait.
    pub(super) async fn acquire(&self, key: &str, attempts: u32) -> Result<Ticket<'_>, Box<Error<T::Json>>> {
        let ticket = self.client.queues.acquire(key);
        if !ticket.is_first() {
            let mut ended = pin!(self.host.ended());
            let reason = poll_fn(|context| match ticket.poll(context) {
                Poll::Ready(()) => Poll::Ready(None),
                Poll::Pending => ended.as_mut().poll(context).map(Some),
            })
            .await;
            self.check(reason, attempts)?;
        }
        // The ticket may be at the front because the call ahead was aborted, by a signal that both share.
        self.check_aborted(attempts)?;
        Ok(ticket)
    }

    /// Waits a number of milliseconds.
    pub(super) async fn sleep(&self, milliseconds: u32, attempts: u32) -> Result<(), Box<Error<T::Json>>> {
        if milliseconds == 0 {
            return Ok(());
        }
        self.check(self.host.sleep(milliseconds).await, attempts)
    }

    /// Fails if the caller's signal has ended the call.
    pub(super) fn check_aborted(&self, attempts: u32) -> Result<(), Box<Error<T::Json>>> {
        self.check(self.host.aborted(), attempts)
    }

    /// Fails if there is a reason of the caller's signal.
    #[inline(never)]
    fn check(&self, reason: Option<T::Json>, attempts: u32) -> Result<(), Box<Error<T::Json>>> {
        match reason {
            None => Ok(()),
            Some(reason) => Err(self.failure(&Failure::Aborted(reason)).0.after(attempts)),
        }
    }

    /// Returns the milliseconds since a time.
    pub(super) fn since(&self, time: u64) -> u32 {
        u32::try_from(self.host.now().saturating_sub(time)).unwrap_or_default()
    }

    pub(super) fn timeout(&self) -> u32 {
        self.options.timeout.unwrap_or(self.client.options.timeout)
    }

    pub(super) fn retry(&self) -> Retry {
        self.options.retry.unwrap_or(self.client.options.retry)
    }

    pub(super) fn emit(&self, kind: Kind<'_>) {
        self.host.emit(&Event { operation: self.operation, kind });
    }

    /// Emits the warnings before the first request that changes something.
    #[inline(never)]
    pub(super) fn emit_warnings(&self, endpoint: Endpoint) {
        if matches!(endpoint, Endpoint::Create | Endpoint::Update) {
            let warnings = self.warnings.take();
            if !warnings.is_empty() {
                self.emit(Kind::Warning(warnings));
            }
        }
    }

    /// Returns the error of a request without a response, and whether the request can have reached the service.
    pub(super) fn failure(&self, failure: &Failure<T::Json>) -> (Box<Error<T::Json>>, Reach) {
        let (code, cause) = match failure {
            Failure::NotSent(cause) | Failure::Interrupted(cause) => (Code::Network, Some(cause)),
            Failure::Network(cause) => (Code::Network, cause.as_ref()),
            Failure::NoResponse => (Code::BadResponse, None),
            Failure::Timeout => (Code::Timeout, None),
            Failure::Aborted(reason) => (Code::Aborted, Some(reason)),
        };
        let (reach, mut after) = match code {
            Code::Network => network::read(cause, &self.client.options.base_url),
            _ => (Reach::Unknown, String::new()),
        };
        let before = match (failure, reach) {
            (Failure::NotSent(_), _) => "fetch threw before it sent anything; see the cause",
            (Failure::Interrupted(_), _) => "the connection broke in the middle of the answer; see the cause",
            (Failure::NoResponse, _) => "fetch gave something that is not a Response with a status, headers and text()",
            (Failure::Timeout, _) => {
                let timeout = self.timeout().to_string();
                after = [&timeout, " ms; raise `timeout` if the network is slow"].concat();
                "no complete response within "
            }
            (Failure::Aborted(_), _) => "ended by the caller's signal",
            (_, Reach::Refused) => "fetch refuses the request, so nothing was sent; see the cause",
            (_, Reach::Unknown) => "no answer: the connection failed, or fetch did; see the cause",
            (_, Reach::NotSent) => "no connection to the service, so nothing was sent; see the cause",
            (_, Reach::NoTls) => {
                "no secure connection, so nothing was sent: TLS failed, or the certificate is not trusted; check `baseUrl` \
                 and any proxy; see the cause"
            }
        };
        let mut error = self.error(code, [before, &after].concat());
        error.cause = cause.cloned();
        (error, reach)
    }

    pub(super) fn error(&self, code: Code, message: impl Into<String>) -> Box<Error<T::Json>> {
        Box::new(Error::new(code, self.operation.as_str(), message))
    }
}
