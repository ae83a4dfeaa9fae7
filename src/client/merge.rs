//! Changes to an app that lose nothing of what is there: get, merge, send the difference, read back, and look again later.
//!
//! The API replaces a list whole and has no revision. An entry that another writer adds between our get and our update is
//! lost, and so is ours if that writer's update follows. Every writer therefore verifies its own entries: it reads back
//! what it wrote, waits a random time, looks again, and writes again what is missing, until a look finds everything in
//! place. Before an update is repeated, the app is read anew.

use super::call::CallContext;
use super::change::{Change, Changes, LISTS, Problem, storage_by, storage_of};
use super::queue::Ticket;
use super::retry::{FailedAttempt, RetryState};
use super::transport::Transport;
use super::unsettled::UnsettledChange;
use crate::api::{ApiRequest, Code, Error, Json, Operation};
use crate::app::{MAX_REDIRECTS, OAuthAppId, OAuthAppPatch, REDIRECT_URIS};
use crate::app_name;
use crate::redirect::same::Storage;
use crate::validate::REDIRECT_LISTS;
use crate::value::Value;
use crate::violation::{Violations, rule};

/// How many times to send an update that another writer has overwritten before it was read back.
const MAX_ROUNDS: u32 = 8;
/// The same if there is no wait between the updates.
const MAX_ROUNDS_WITHOUT_WAIT: u32 = 5;
/// How many times to look again.
const MAX_LOOKS: u32 = 8;

/// The progress of a change.
#[derive(Default)]
struct Progress {
    /// The changes that were made.
    made: Changes,
    /// The changes of the update under way.
    pending: Changes,
    /// The redirect URIs of the last update, to learn in which form the service stores them.
    sent_uris: Option<Value>,
    retry: RetryState,
    is_written: bool,
    /// True if a list may have been written since the last look.
    is_unsettled: bool,
    /// How many updates were sent since the last look.
    rounds: u32,
    looks: u32,
    has_waited: bool,
    /// When the app was read last.
    read_at: u64,
    /// The longest time from reading the app to having written it. Another writer may take as long.
    duration: u32,
}

/// The next step of a change.
enum Step {
    /// The app is as wanted, and stays so.
    Done,
    /// Look again after a number of milliseconds.
    LookAfter(u32),
    /// Read the app again after a number of milliseconds.
    ReadAfter(u32),
    Update(ApiRequest),
}

impl<T: Transport> CallContext<'_, T> {
    /// Returns an app.
    pub(super) async fn get(&self, id: &OAuthAppId) -> Result<T::Json, Box<Error<T::Json>>> {
        self.perform(&ApiRequest::get(id)).await
    }

    /// Changes an app, and returns it with the changes that were made. `known` is the app as it was a while ago. `tickets`
    /// are positions in other queues. They are held, with one in the queue of the app, until the app is written.
    pub(super) async fn change<'b>(
        &'b self,
        id: &OAuthAppId,
        known: Option<T::Json>,
        change: &Change,
        tickets: &mut Vec<Ticket<'b>>,
    ) -> Result<(T::Json, Changes), Box<Error<T::Json>>> {
        tickets.push(self.acquire_app(id).await?);
        self.client.unsettled.supersede(id, change);
        if let Some(known) = known
            && self.plan(change, &known.to_value())?.0.0.is_empty()
        {
            return Ok((known, Changes::default()));
        }
        let mut progress = Progress::default();
        let unsettled = self.client.unsettled.add(id, change);
        let written = self.write(id, &unsettled, tickets, &mut progress).await;
        match written {
            Ok(app) => Ok((app, progress.made)),
            Err(error) if progress.looks == 0 || error.code == Code::Conflict => Err(error),
            Err(error) => Err(error.with_context(WRITTEN)),
        }
    }

    /// Updates the app until it is read back as wanted, and looks again until a look finds everything in place. The
    /// tickets are held until the first wait for a look.
    async fn write<'b>(
        &'b self,
        id: &OAuthAppId,
        unsettled: &UnsettledChange<'_>,
        tickets: &mut Vec<Ticket<'b>>,
        progress: &mut Progress,
    ) -> Result<T::Json, Box<Error<T::Json>>> {
        loop {
            progress.read_at = self.host.now();
            let app = self.get(id).await?;
            let delay = match self.next_step(id, unsettled, &app.to_value(), progress)? {
                Step::Done => return Ok(app),
                Step::ReadAfter(delay) => delay,
                Step::LookAfter(delay) => {
                    tickets.clear();
                    delay
                }
                Step::Update(request) => {
                    let result = self.attempt(&request, &mut progress.retry).await;
                    self.record(request, result, unsettled, &app, progress)?
                }
            };
            self.sleep(delay, progress.retry.sent).await?;
            if tickets.is_empty() {
                tickets.push(self.acquire_app(id).await?);
                // Later calls of this client may have changed all of it again, or deleted the app.
                if unsettled.change().borrow().is_empty() {
                    return Ok(app);
                }
            }
        }
    }

    /// Decides what to do next with an app that was just read.
    #[inline(never)]
    fn next_step(
        &self,
        id: &OAuthAppId,
        unsettled: &UnsettledChange<'_>,
        app: &Value,
        progress: &mut Progress,
    ) -> Result<Step, Box<Error<T::Json>>> {
        if let Some(storage) = progress.sent_uris.take().and_then(|sent| storage_by(sent.elements(), app)) {
            self.client.storage.set(storage);
        }
        let settle = self.options.settle;
        let mut change = unsettled.change().borrow_mut();
        let (patch, changes) = self.plan(&change, app)?;
        if patch.0.is_empty() || (progress.is_written && change.is_met(app, self.client.storage.get())) {
            let Some(settle) = settle.filter(|_| progress.is_unsettled) else { return Ok(Step::Done) };
            (progress.is_unsettled, progress.rounds, progress.has_waited) = (false, 0, false);
            progress.looks = progress.looks.saturating_add(1);
            change.narrow(&progress.made);
            let delay = settle.after_update(self.host.random()).saturating_add(progress.duration.saturating_mul(2));
            return Ok(Step::LookAfter(delay));
        }
        let max_rounds = if settle.is_some() { MAX_ROUNDS } else { MAX_ROUNDS_WITHOUT_WAIT };
        if progress.rounds >= max_rounds || progress.looks > MAX_LOOKS {
            let message = "another writer keeps replacing the list, so some entries may be missing; try again later";
            return Err(self.error(Code::Conflict, message).after(progress.rounds));
        }
        // A random wait separates writers that write at the same time. The app must be read anew after it.
        if let Some(settle) = settle.filter(|_| progress.rounds > 0 && !progress.has_waited) {
            progress.has_waited = true;
            return Ok(Step::ReadAfter(settle.after_loss(self.host.random())));
        }
        progress.has_waited = false;
        progress.pending = changes;
        Ok(Step::Update(ApiRequest::update(id, patch)))
    }

    /// Records the result of an update. Returns the milliseconds until the app is read again.
    #[inline(never)]
    fn record(
        &self,
        request: ApiRequest,
        result: Result<T::Json, FailedAttempt<T::Json>>,
        unsettled: &UnsettledChange<'_>,
        app: &T::Json,
        progress: &mut Progress,
    ) -> Result<u32, Box<Error<T::Json>>> {
        let mut change = unsettled.change().borrow_mut();
        let Err(failed) = result else {
            progress.retry = RetryState::default();
            progress.rounds = progress.rounds.saturating_add(1);
            progress.duration = progress.duration.max(self.since(progress.read_at));
            progress.is_written = true;
            progress.is_unsettled |= progress.pending.has_list();
            progress.sent_uris = request.body.and_then(|body| body.get("oAuthApp")?.get(REDIRECT_URIS).cloned());
            change.narrow(&progress.pending);
            progress.made.append(&progress.pending);
            return Ok(0);
        };
        // A service that stores the normal form may refuse an entry as a repetition of one that it has.
        if failed.error.code == Code::InvalidArgument && self.client.storage.get() == Storage::Unknown {
            self.client.storage.set(Storage::NormalForm);
            let changes = self.plan(&change, &app.to_value())?.1;
            if changes != progress.pending {
                return Ok(0);
            }
            self.client.storage.set(Storage::Unknown);
            return Err(failed.error);
        }
        progress.is_unsettled |= failed.is_uncertain && progress.pending.has_list();
        progress.made.append(&progress.pending);
        self.delay(request.endpoint, failed, &mut progress.retry)
    }

    /// Returns the patch that makes a change, empty if the app has it already; and what the patch changes.
    pub(super) fn plan(&self, change: &Change, app: &Value) -> Result<(OAuthAppPatch, Changes), Box<Error<T::Json>>> {
        let storage = storage_of(app, self.client.storage.get());
        self.client.storage.set(storage);
        change.plan(app, storage, &|one, other| self.is_same_name(one, other)).map_err(|problem| self.refuse(problem))
    }

    pub(super) fn is_same_name(&self, one: &str, other: &str) -> bool {
        app_name::is_same(one, other, |name| self.host.normalize(name))
    }

    fn refuse(&self, problem: Problem) -> Box<Error<T::Json>> {
        match problem {
            Problem::NotAList(field) => {
                let message = ["the service gave an app whose ", field, " is no list of texts"];
                self.error(Code::BadResponse, crate::concat::concat(&message))
            }
            Problem::Full { list, count, present } => {
                // The caller's own name of the list.
                let name = match REDIRECT_LISTS.get(list) {
                    Some(name) if self.operation != Operation::Ensure => name,
                    _ => LISTS.get(list).map_or("", |(field, _)| field),
                };
                let (most, count) = (MAX_REDIRECTS.to_string(), count.to_string());
                let message = ["takes at most ", &most, " entries and would have ", &count, "; present are ", &present];
                let mut faults = Violations::default();
                faults.error(name, rule::OUT_OF_RANGE, &message);
                Error::refused(Code::InvalidArgument, self.operation.as_str(), faults.0)
            }
        }
    }
}

const WRITTEN: &str = " (the change was written and read back before; only the second look failed, which `settle: false` \
                       turns off)";
