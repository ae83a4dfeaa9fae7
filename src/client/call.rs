//! One call of an operation: what it sends, and what becomes of its attempts.

use super::event::Event;
use super::options::{Auth, CallOptions, ClientOptions};
use super::transport::{Failure, Transport, WireRequest};
use crate::api::{Code, Error, HttpRequest, HttpResponse, Json, Operation};
use crate::value::Value;
use crate::violation::Violation;

/// How an operation reads its answer.
pub(super) type Read<J> = fn(&HttpResponse<J>) -> Result<Option<J>, Error<J>>;

/// An operation on arguments that have been checked, ready to be performed.
#[derive(Debug)]
pub struct Call<J> {
    pub(super) operation: Operation,
    pub(super) options: CallOptions,
    pub(super) request: HttpRequest,
    pub(super) read: Read<J>,
    /// What the arguments have that is likely not meant.
    pub(super) warnings: Vec<Violation>,
}

/// A call that is under way.
pub(super) struct Attempt<'a, T: Transport> {
    pub(super) client: &'a ClientOptions,
    pub(super) host: &'a T,
    pub(super) call: &'a Call<T::Json>,
}

impl<T: Transport> Attempt<'_, T> {
    /// Sends the request and reads its answer.
    pub(super) async fn run(&self) -> Result<Option<T::Json>, Error<T::Json>> {
        self.go_on()?;
        let credential = self.credential().await?;
        if !self.call.warnings.is_empty() {
            self.host.emit(&Event::Warning { operation: self.call.operation, violations: &self.call.warnings });
        }
        // The caller's own token callback or listener may have ended the call.
        self.go_on()?;
        let request = self.dress(&credential);
        self.host
            .send(&request, self.timeout())
            .await
            .map_err(|failure| self.failed(failure))
            .and_then(|response| (self.call.read)(&response))
            .map_err(|error| Error { attempts: 1, ..redacted(error, &credential) })
    }

    /// Goes on unless the caller's signal has ended the call.
    fn go_on(&self) -> Result<(), Error<T::Json>> {
        self.host.aborted().map_or(Ok(()), |reason| Err(self.failed(Failure::Aborted(reason))))
    }

    /// The request with the host, the credential and the caller's own headers on it.
    fn dress<'b>(&'b self, credential: &'b str) -> WireRequest<'b> {
        let request = &self.call.request;
        let mut headers = vec![("Authorization", credential)];
        headers.extend(self.client.scope.iter().map(|(name, id)| (*name, id.as_str())));
        if request.body.is_some() {
            headers.push(("Content-Type", "application/json"));
        }
        headers.extend(self.call.options.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        WireRequest {
            method: &request.method,
            url: [self.client.base_url.as_str(), &request.path].concat(),
            headers,
            body: request.body.as_ref(),
        }
    }

    async fn credential(&self) -> Result<String, Error<T::Json>> {
        match &self.client.auth {
            Auth::ApiKey(secret) | Auth::AccessToken(secret) => Ok(secret.reveal().to_owned()),
            Auth::Callback => {
                let token = self.host.access_token(self.timeout()).await.map_err(|failure| self.no_token(failure))?;
                match token.to_value() {
                    Value::String(text) if is_header_value(&text) => Ok(text),
                    other => Err(self.error(
                        Code::Config,
                        ["getAccessToken must give a token as a string that a header can carry, gave ", other.kind()]
                            .concat(),
                    )),
                }
            }
            Auth::ClientCredentials(_) => {
                Err(self
                    .error(Code::Config, "client credentials are not supported yet; use an API key or an access token"))
            }
        }
    }

    fn timeout(&self) -> u32 {
        self.call.options.timeout.unwrap_or(self.client.timeout)
    }

    fn no_token(&self, failure: Failure<T::Json>) -> Error<T::Json> {
        match failure {
            Failure::Network(cause) => Error {
                cause,
                ..self.error(Code::Unauthenticated, "getAccessToken threw, so there is no token to send; see the cause")
            },
            other => self.failed(other),
        }
    }

    fn failed(&self, failure: Failure<T::Json>) -> Error<T::Json> {
        match failure {
            Failure::Network(cause) => Error {
                cause,
                ..self.error(Code::Network, "no answer: the connection failed, or fetch did; see the cause")
            },
            Failure::NoResponse => self.error(
                Code::BadResponse,
                "fetch gave something that is no Response: it needs a status, headers with get() and text()",
            ),
            Failure::Timeout => {
                self.error(Code::Timeout, "no whole answer within the time-out; raise `timeout` if the network is slow")
            }
            Failure::Aborted(reason) => {
                Error { cause: Some(reason), ..self.error(Code::Aborted, "ended by the caller's signal") }
            }
        }
    }

    fn error(&self, code: Code, message: impl Into<String>) -> Error<T::Json> {
        Error::new(code, self.call.operation.as_str(), message)
    }
}

/// The error without the credential, which a service may repeat in what it says of it.
fn redacted<J>(mut error: Error<J>, credential: &str) -> Error<J> {
    redact(&mut error.message, credential);
    for violation in &mut error.violations {
        redact(&mut violation.message, credential);
    }
    error
}

/// Not `replace`: it brings in a search for substrings that costs more than the rest of this file.
fn redact(text: &mut String, credential: &str) {
    // What is shorter is no secret, and every other word holds it.
    const SHORTEST: usize = 8;
    let mut from = 0_usize;
    while credential.len() >= SHORTEST {
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        let Some(at) = rest.windows(credential.len()).position(|window| window == credential.as_bytes()) else {
            return;
        };
        let at = from.saturating_add(at);
        let (before, after) = text.split_at_checked(at).unwrap_or_default();
        *text = [before, REDACTED, after.get(credential.len()..).unwrap_or_default()].concat();
        from = at.saturating_add(REDACTED.len());
    }
}

const REDACTED: &str = "[redacted]";

/// RFC 9110 §5.5, and not empty.
fn is_header_value(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}
