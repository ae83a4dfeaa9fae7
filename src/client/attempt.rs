//! One request of an operation: its attempts, what each sends, and what becomes of it.

use std::cell::Cell;

use super::Client;
use super::event::{Event, Kind};
use super::network::{self, Reach};
use super::options::{Auth, CallOptions};
use super::queue::{Ticket, race};
use super::redact::{redact, redact_error};
use super::retry::{self, Failed, Tries};
use super::token::is_header_value;
use super::transport::{Failure, Transport, WireRequest};
use crate::api::{self, CONSISTENT, Code, Error, HttpRequest, HttpResponse, Operation, REQUEST_ID, RETRY_AFTER};
use crate::app::OAuthAppId;
use crate::concat::Concat as _;
use crate::violation::Violation;

/// How an operation reads its answer.
pub(super) type Read<J> = fn(&HttpResponse<J>) -> Result<Option<J>, Box<Error<J>>>;

/// A request that is one step of an operation, or the whole of it.
#[derive(Debug)]
pub(super) struct Step<J> {
    /// What the service is asked for.
    pub(super) what: Operation,
    pub(super) request: HttpRequest,
    pub(super) read: Read<J>,
}

/// A call that is under way.
pub(super) struct Run<'a, T: Transport> {
    pub(super) client: &'a Client<T::Json>,
    pub(super) host: &'a T,
    /// What was called.
    pub(super) operation: Operation,
    pub(super) options: &'a CallOptions,
    /// What the arguments have that is likely not meant, until it has been told.
    pub(super) warnings: Cell<&'a [Violation]>,
}

impl<T: Transport> Run<'_, T> {
    /// Sends the request until it is answered, or failed for good.
    pub(super) async fn perform(&self, step: &Step<T::Json>) -> Result<Option<T::Json>, Box<Error<T::Json>>> {
        let mut tries = Tries::default();
        loop {
            match self.attempt(step, &mut tries).await {
                Ok(given) => return Ok(given),
                Err(failed) if is_done(step.what, &failed, &tries) => return Ok(None),
                Err(failed) => self.wait_to_repeat(step, failed, &mut tries).await?,
            }
        }
    }

    /// Sends the request once.
    pub(super) async fn attempt(
        &self,
        step: &Step<T::Json>,
        tries: &mut Tries,
    ) -> Result<Option<T::Json>, Failed<T::Json>> {
        self.go_on(tries)?;
        // An anonymous request proves something only without the manager's credential.
        let is_anonymous = step.what == Operation::IsClientActive;
        let credential = if is_anonymous { String::new() } else { self.credential(tries).await? };
        self.wait_for_rate_limit(tries).await?;
        self.warn(step.what);
        // The caller's own token callback or listener may have ended the call.
        self.go_on(tries)?;
        let sent = self.send(step, (!is_anonymous).then_some(&credential), &credential, tries).await;
        sent.map_err(|mut failed| {
            if failed.error.status == Some(401)
                && !is_anonymous
                && let Auth::ClientCredentials(_) = self.client.options.auth
            {
                failed.is_stale = true;
                self.client.tokens.borrow_mut().forget(&credential);
            }
            failed
        })
    }

    /// Tells of the warnings, before the first request that changes something.
    #[inline(never)]
    fn warn(&self, what: Operation) {
        if matches!(what, Operation::Create | Operation::Update) {
            let warnings = self.warnings.take();
            if !warnings.is_empty() {
                self.tell(Kind::Warning(warnings));
            }
        }
    }

    /// Waits until the request may go out once more, where it may; else gives the error.
    pub(super) async fn wait_to_repeat(
        &self,
        step: &Step<T::Json>,
        failed: Failed<T::Json>,
        tries: &mut Tries,
    ) -> Result<(), Box<Error<T::Json>>> {
        let delay = self.delay(step.what, failed, tries)?;
        self.sleep(delay, tries.sent).await
    }

    /// How long to wait before the request goes out once more; the error where it may not.
    #[inline(never)]
    fn delay(&self, what: Operation, failed: Failed<T::Json>, tries: &mut Tries) -> Result<u32, Box<Error<T::Json>>> {
        let Failed { error, is_transient, is_uncertain, is_stale } = failed;
        if is_uncertain && !retry::is_repeatable(what) {
            return Err(retry::unknown(what, error));
        }
        tries.uncertain |= is_uncertain;
        let delay = if is_stale && !tries.renewed {
            tries.renewed = true;
            0
        } else {
            let retry = self.options.retry.unwrap_or(self.client.options.retry);
            let delay = retry::delay(retry, tries.repeats, error.retry_after, self.host.random());
            let Some(delay) = delay.filter(|_| is_transient) else { return Err(retry::given_up(retry, error)) };
            tries.repeats = tries.repeats.saturating_add(1);
            delay
        };
        self.tell(Kind::Retry { attempt: tries.sent, delay, code: error.code });
        Ok(delay)
    }

    /// Sends the request, with that in `Authorization`, and reads the answer. `secret`, and what the client was made
    /// with, is removed from all that the service says.
    pub(super) async fn send(
        &self,
        step: &Step<T::Json>,
        credential: Option<&str>,
        secret: &str,
        tries: &mut Tries,
    ) -> Result<Option<T::Json>, Failed<T::Json>> {
        let consistent = self.client.consistent.borrow().clone();
        let request = self.dress(&step.request, credential, consistent.as_deref());
        tries.sent = tries.sent.saturating_add(1);
        let attempt = tries.sent;
        self.tell(Kind::Request { attempt, method: request.method.as_str(), path: &step.request.path });
        let start = self.host.now();
        let answer = self.host.send(&request, self.timeout()).await;
        self.receive(step.read, &answer, start, attempt, secret)
    }

    /// Reads what came of an attempt, which began at `start`.
    #[inline(never)]
    fn receive(
        &self,
        read: Read<T::Json>,
        answer: &Result<HttpResponse<T::Json>, Failure<T::Json>>,
        start: u64,
        attempt: u32,
        secret: &str,
    ) -> Result<Option<T::Json>, Failed<T::Json>> {
        let now = self.host.now();
        let secrets = [secret, self.client.options.auth.secret()];
        let (mut status, mut request_id) = (None, None);
        let mut result = match answer {
            Err(failure) => Err(Failed::unanswered(failure, self.failed(failure))),
            Ok(answer) => {
                status = Some(answer.status);
                if let Some(id) = answer.header(REQUEST_ID) {
                    redact(request_id.insert(id.to_owned()), &secrets);
                }
                if let Some(value) = answer.header(CONSISTENT).filter(|value| is_header_value(value)) {
                    self.client.consistent.replace(Some(value.to_owned()));
                }
                read(answer).map_err(|mut error| {
                    error.retry_after = answer
                        .header(RETRY_AFTER)
                        .and_then(|header| retry::retry_after(header, now, |text| self.host.date(text)));
                    Failed::answered(answer.status, api::names_rate_limit(answer), error)
                })
            }
        };
        let mut code = None;
        if let Err(Failed { error, .. }) = &mut result {
            redact_error(error, &secrets);
            error.operation = self.operation.as_str();
            error.attempts = attempt;
            code = Some(error.code);
        }
        let duration = now.saturating_sub(start);
        self.tell(Kind::Response { attempt, duration, status, request_id: request_id.as_deref(), code });
        result
    }

    /// The request with the host, the credential and the caller's own headers on it.
    fn dress<'b>(
        &'b self,
        request: &'b HttpRequest,
        credential: Option<&'b str>,
        consistent: Option<&'b str>,
    ) -> WireRequest<'b> {
        let mut headers = Vec::with_capacity(8);
        if let Some(credential) = credential {
            headers.push(("Authorization", credential));
            headers.extend(self.client.scope.iter().map(|(name, id)| (*name, id.as_str())));
            // The caller may know of a later write, by another client.
            let is_given = self.options.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(CONSISTENT));
            headers.extend(consistent.filter(|_| !is_given).map(|value| ("X-Wix-Consistent", value)));
        }
        if request.body.is_some() {
            headers.push(("Content-Type", "application/json"));
        }
        headers.extend(self.options.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        WireRequest {
            method: &request.method,
            url: [self.client.options.base_url.as_str(), &request.path].concat(),
            headers,
            body: request.body.as_ref(),
        }
    }

    /// Waits until the client's own rate limit lets a request start.
    pub(super) async fn wait_for_rate_limit(&self, tries: &Tries) -> Result<(), Box<Error<T::Json>>> {
        const KEY: &str = "rateLimit";
        let ahead = self.client.queues.length(KEY);
        let (start, delay) = self.next_start(ahead);
        if ahead > 0 || delay > 0 {
            self.tell(Kind::Wait { attempt: tries.sent.saturating_add(1), delay });
            let ticket = self.acquire(KEY).await;
            let _ticket = ticket.map_err(|error| error.after(tries.sent))?;
            // A call ahead may have been aborted.
            let (start, delay) = self.next_start(0);
            self.sleep(delay, tries.sent).await?;
            self.client.rate_limiter.borrow_mut().record_start(start);
            return Ok(());
        }
        self.client.rate_limiter.borrow_mut().record_start(start);
        Ok(())
    }

    /// When a request may start that has so many ahead of it, and in how many milliseconds that is.
    #[inline(never)]
    fn next_start(&self, ahead: usize) -> (u64, u32) {
        let now = self.host.now();
        let start = self.client.rate_limiter.borrow_mut().next_start(now, ahead);
        (start, u32::try_from(start.saturating_sub(now)).unwrap_or(u32::MAX))
    }

    /// Waits in the queue of an app, among the calls that change the same app of the same site.
    pub(super) async fn acquire_app(&self, id: &OAuthAppId) -> Result<Ticket<'_>, Box<Error<T::Json>>> {
        self.acquire_in_site(id.as_str()).await
    }

    /// Waits in the queue of that name of the client's site. Clients for other sites share the queues, not this one.
    pub(super) async fn acquire_in_site(&self, name: &str) -> Result<Ticket<'_>, Box<Error<T::Json>>> {
        let site = self.client.scope.as_ref().map_or("", |(_, id)| id);
        // A GUID means the same in any case.
        self.acquire(&[site, "/", name].concat().to_ascii_lowercase()).await
    }

    /// Waits in the queue of that key.
    pub(super) async fn acquire(&self, key: &str) -> Result<Ticket<'_>, Box<Error<T::Json>>> {
        let ticket = self.client.queues.acquire(key);
        let ended = race(ticket.turn(), self.host.ended()).await.err();
        // It may be at the front because the call before it was aborted, by a signal that both share.
        match ended.or_else(|| self.host.aborted()) {
            None => Ok(ticket),
            Some(reason) => Err(self.failed(&Failure::Aborted(reason))),
        }
    }

    /// Goes on unless the caller's signal has ended the call.
    pub(super) fn go_on(&self, tries: &Tries) -> Result<(), Box<Error<T::Json>>> {
        self.host.aborted().map_or(Ok(()), |reason| Err(self.aborted(reason, tries.sent)))
    }

    /// Waits, unless the caller's signal ends it; `attempts` is how often the request was sent.
    pub(super) async fn sleep(&self, milliseconds: u32, attempts: u32) -> Result<(), Box<Error<T::Json>>> {
        let ended = if milliseconds == 0 { None } else { self.host.sleep(milliseconds).await };
        ended.map_or(Ok(()), |reason| Err(self.aborted(reason, attempts)))
    }

    fn aborted(&self, reason: T::Json, attempts: u32) -> Box<Error<T::Json>> {
        self.failed(&Failure::Aborted(reason)).after(attempts)
    }

    pub(super) fn timeout(&self) -> u32 {
        self.options.timeout.unwrap_or(self.client.options.timeout)
    }

    pub(super) fn tell(&self, kind: Kind<'_>) {
        self.host.emit(&Event { operation: self.operation, kind });
    }

    pub(super) fn failed(&self, failure: &Failure<T::Json>) -> Box<Error<T::Json>> {
        let reason = |cause: Option<&T::Json>| network::reason(cause, &self.client.options.base_url);
        let network =
            |message: &str, cause| (Code::Network, [message, "; see the cause", &reason(cause)].concat(), cause);
        let (code, message, cause) = match failure {
            Failure::NotSent(cause) => network("fetch threw before it sent anything", Some(cause)),
            Failure::Network(cause) => {
                let cause = cause.as_ref();
                let message = match cause.map_or(Reach::Unknown, network::reach) {
                    Reach::Refused => "fetch refuses the request, so nothing was sent",
                    Reach::Unknown => "no answer: the connection failed, or fetch did",
                    Reach::NotSent => "no connection to the service, so nothing was sent",
                    Reach::NoTls => {
                        "no secure connection, so nothing was sent: TLS failed, or the certificate is not trusted; check \
                         `baseUrl` and the proxies on the way"
                    }
                };
                network(message, cause)
            }
            Failure::Interrupted(cause) => network("the connection broke in the middle of the answer", Some(cause)),
            Failure::NoResponse => (
                Code::BadResponse,
                "fetch gave something that is no Response: it needs a status, headers with get() and text()".to_owned(),
                None,
            ),
            Failure::Timeout => {
                let timeout = self.timeout().to_string();
                let message = "; raise `timeout` if the network is slow";
                (Code::Timeout, ["no complete response within ", &timeout, " ms", message].concat(), None)
            }
            Failure::Aborted(reason) => (Code::Aborted, "ended by the caller's signal".to_owned(), Some(reason)),
        };
        let mut error = self.error(code, message);
        error.cause = cause.cloned();
        error
    }

    pub(super) fn error(&self, code: Code, message: impl Into<String>) -> Box<Error<T::Json>> {
        Box::new(Error::new(code, self.operation.as_str(), message))
    }
}

/// Whether what failed is done all the same: an app that an earlier attempt may have deleted is not there any more.
fn is_done<J>(what: Operation, failed: &Failed<J>, tries: &Tries) -> bool {
    what == Operation::Delete && tries.uncertain && failed.error.code == Code::NotFound
}
