//! What the client asks of its host: the one port between the core and the world.

use super::event::Event;
use crate::api::{HttpResponse, Json, Method};
use crate::value::Value;

/// A request with everything on it. It holds a credential, so it has no `Debug`.
#[derive(Clone, PartialEq)]
pub struct WireRequest<'a> {
    /// The method.
    pub method: &'a Method,
    /// The whole URL.
    pub url: String,
    /// The headers.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The JSON body, where there is one.
    pub body: Option<&'a Value>,
}

/// Why no answer came. `C` is the host's own error type.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure<C> {
    /// The host's `fetch` threw at once, before it can have sent anything.
    NotSent(C),
    /// The host's `fetch` failed before it gave a response; with what it threw.
    Network(Option<C>),
    /// The connection broke while the body was read.
    Interrupted(C),
    /// What `fetch` gave is no response.
    NoResponse,
    /// The time was up before the last byte of the body was there.
    Timeout,
    /// The caller's signal ended it, with the signal's reason.
    Aborted(C),
}

/// The host: it sends and it waits. One value serves one call, so that it may hold the call's signal.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded, as JavaScript is")]
pub trait Transport {
    /// Parsed JSON that belongs to the host, and the type of its errors.
    type Json: Json;

    /// Sends a request and reads the whole answer within so many milliseconds.
    async fn send(
        &self,
        request: &WireRequest<'_>,
        timeout: u32,
    ) -> Result<HttpResponse<Self::Json>, Failure<Self::Json>>;

    /// Waits so many milliseconds, or until the caller's signal ends it: then it gives the signal's reason.
    async fn sleep(&self, milliseconds: u32) -> Option<Self::Json>;

    /// Milliseconds since 1970, UTC.
    fn now(&self) -> u64;

    /// The moment that a date stands for, in milliseconds since 1970: one of the three forms that HTTP has had (RFC 9110
    /// §5.6.7), with `GMT` at its end, or an ISO 8601 date-time.
    fn date(&self, text: &str) -> Option<u64>;

    /// The text in Unicode's normalization form C; as it is, where the host cannot compute that.
    fn normalize(&self, text: &str) -> String {
        text.to_owned()
    }

    /// A random number from 0 to below 1.
    fn random(&self) -> f64;

    /// The reason of the caller's signal, where it has ended the call already.
    fn aborted(&self) -> Option<Self::Json>;

    /// The same, once it does. Without a signal it waits for ever.
    async fn ended(&self) -> Self::Json;

    /// A token from the caller's own callback, within so many milliseconds.
    async fn access_token(&self, timeout: u32) -> Result<Self::Json, Failure<Self::Json>>;

    /// Tells the caller, where the caller listens.
    fn emit(&self, event: &Event<'_>);
}
