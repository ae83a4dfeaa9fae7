//! The port between the core and its host: requests, timers, the clock, random numbers, the caller's callbacks.

use super::event::Event;
use crate::api::{HttpResponse, Json, Method};
use crate::value::Value;

/// A request as it is sent. Contains a credential, so it has no `Debug`.
#[derive(Clone, PartialEq)]
pub struct WireRequest<'a> {
    /// The method.
    pub method: &'a Method,
    /// The whole URL.
    pub url: String,
    /// The headers.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The JSON body, if there is one.
    pub body: Option<&'a Value>,
}

/// The reason why there is no response. `C` is the host's own error type.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure<C> {
    /// The host's `fetch` threw synchronously, before it can have sent anything.
    NotSent(C),
    /// The host's `fetch` rejected before it gave a response.
    Network(Option<C>),
    /// The connection broke while the body was read.
    Interrupted(C),
    /// The host's `fetch` gave something that is not a response.
    NoResponse,
    /// The time ran out before the last byte of the body arrived.
    Timeout,
    /// The caller's signal ended the call, with the signal's reason.
    Aborted(C),
}

/// The host of a call: one value for each call, so that it may hold the call's signal.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded, as JavaScript is")]
pub trait Transport {
    /// Parsed JSON that belongs to the host, and the type of its errors.
    type Json: Json;

    /// Sends a request and reads the whole response within a number of milliseconds.
    async fn send(
        &self,
        request: &WireRequest<'_>,
        timeout: u32,
    ) -> Result<HttpResponse<Self::Json>, Failure<Self::Json>>;

    /// Waits a number of milliseconds. Returns the reason of the caller's signal if that ends the wait.
    async fn sleep(&self, milliseconds: u32) -> Option<Self::Json>;

    /// Returns the milliseconds since 1970, UTC.
    fn now(&self) -> u64;

    /// Parses a date into milliseconds since 1970: one of the three forms of HTTP (RFC 9110 §5.6.7), with `GMT` at its
    /// end, or an ISO 8601 date-time.
    fn date(&self, text: &str) -> Option<u64>;

    /// Returns the text in Unicode's normalization form C; unchanged if the host cannot compute that.
    fn normalize(&self, text: &str) -> String {
        text.to_owned()
    }

    /// Returns a random number from 0 to below 1.
    fn random(&self) -> f64;

    /// Returns the reason of the caller's signal if it has ended the call.
    fn aborted(&self) -> Option<Self::Json>;

    /// Waits for the caller's signal and returns its reason. Without a signal it waits for ever.
    async fn ended(&self) -> Self::Json;

    /// Asks the caller's callback for an access token, for at most a number of milliseconds.
    async fn access_token(&self, timeout: u32) -> Result<Self::Json, Failure<Self::Json>>;

    /// Passes an event to the caller's listener, if there is one.
    fn emit(&self, event: &Event<'_>);
}
