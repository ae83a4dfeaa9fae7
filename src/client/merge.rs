//! Changes to an app that lose nothing of what is there: get, merge, send what differs, read back, and look again later.
//!
//! The API replaces a list whole and has no revision. An entry that another writer adds between our get and our update is
//! lost, and so is ours where that writer's update follows. Every writer therefore looks after its own entries: it reads
//! back what it wrote, waits a random time, looks again, and writes again what is missing, until a look finds everything in
//! place. Before an update is repeated, the app is read anew.

use super::attempt::{Run, Step};
use super::change::{Change, Done, storage_by, storage_of};
use super::queue::Ticket;
use super::retry::Tries;
use super::settle::UnsettledChange;
use super::transport::Transport;
use crate::api::{self, Code, Error, Json, Operation};
use crate::app::{MAX_REDIRECTS, OAuthAppId, OAuthAppPatch, REDIRECT_URIS};
use crate::app_name;
use crate::concat::{Concat as _, join};
use crate::redirect::same::Storage;
use crate::value::Value;
use crate::violation::{Violations, rule};

/// How many times to send an update that another writer has overwritten before it was read back.
const MOST_ROUNDS: u32 = 8;
/// The same where nothing waits in between.
const MOST_ROUNDS_AT_ONCE: u32 = 5;
/// How many times to look again.
const MOST_LOOKS: u32 = 8;

/// Why an app cannot be changed so.
pub(super) enum Problem {
    /// A list would hold too many.
    Full { name: &'static str, count: usize, present: Vec<String> },
    /// The service gave a list that is none.
    NoList(&'static str),
}

/// A change under way: what was done so far.
#[derive(Default)]
struct Progress {
    done: Done,
    is_written: bool,
    /// Whether a list may have been written since the last look.
    is_unsettled: bool,
    looks: u32,
}

impl<T: Transport> Run<'_, T> {
    /// The app.
    pub(super) async fn get(&self, id: &OAuthAppId) -> Result<T::Json, Box<Error<T::Json>>> {
        let step = Step { what: Operation::Get, request: api::get::request(id), read: api::get::read };
        // A get that succeeds gives an app.
        self.perform(&step).await.map(|app| app.unwrap_or_else(|| Json::from_value(&Value::Null)))
    }

    /// Makes the app as it is to be, and gives it as it is then. `known` is the app as it was a while ago. `tickets`
    /// are places in other queues, kept until the app is written.
    pub(super) async fn change(
        &self,
        id: &OAuthAppId,
        known: Option<T::Json>,
        change: &Change,
        mut tickets: Vec<Ticket<'_>>,
    ) -> Result<(T::Json, Done), Box<Error<T::Json>>> {
        tickets.push(self.acquire_app(id).await?);
        self.client.unsettled.supersede(id, change);
        if let Some(known) = known
            && self.plan(change, &known)?.0.is_empty()
        {
            return Ok((known, Done::default()));
        }
        let (unsettled, mut progress) = (self.client.unsettled.add(id, change), Progress::default());
        match self.write(id, &unsettled, tickets, &mut progress).await {
            Ok(app) => Ok((app, progress.done)),
            Err(error) if progress.looks == 0 || error.code == Code::Conflict => Err(error),
            Err(error) => Err(with_more(error, WRITTEN)),
        }
    }

    /// Updates the app until it is read back as it is to be, and looks again until a look finds everything in place. The
    /// tickets are held until the first wait for a look.
    async fn write(
        &self,
        id: &OAuthAppId,
        unsettled: &UnsettledChange<'_>,
        mut tickets: Vec<Ticket<'_>>,
        progress: &mut Progress,
    ) -> Result<T::Json, Box<Error<T::Json>>> {
        let (mut tries, mut rounds, mut has_waited, mut sent) = (Tries::default(), 0_u32, false, None);
        // How long it took from reading the app to having written it: so long another writer may take as well.
        let mut took = 0_u32;
        loop {
            let begin = self.host.now();
            let app = self.get(id).await?;
            if let Some(storage) = sent.take().and_then(|sent: Value| storage_by(sent.elements(), &app)) {
                self.client.storage.set(storage);
            }
            let change = unsettled.change();
            let (patch, more) = self.plan(&change, &app)?;
            if patch.is_empty() || (progress.is_written && change.is_met(&app, self.client.storage.get())) {
                let Some(settle) = self.options.settle.filter(|_| progress.is_unsettled) else { return Ok(app) };
                (progress.is_unsettled, rounds, has_waited) = (false, 0, false);
                progress.looks = progress.looks.saturating_add(1);
                unsettled.narrow(&progress.done);
                tickets.clear();
                let delay = settle.after_update(self.host.random()).saturating_add(took.saturating_mul(2));
                self.sleep(delay, tries.sent).await?;
                tickets.push(self.acquire_app(id).await?);
                // Later calls of this client may have changed all of it again, or deleted the app.
                if unsettled.is_empty() {
                    return Ok(app);
                }
                continue;
            }
            let most_rounds = if self.options.settle.is_some() { MOST_ROUNDS } else { MOST_ROUNDS_AT_ONCE };
            if rounds >= most_rounds || progress.looks > MOST_LOOKS {
                return Err(self.keeps_changing(rounds));
            }
            // Writers that have met are parted by chance. What was read is old after that.
            if !has_waited
                && rounds > 0
                && let Some(settle) = self.options.settle
            {
                has_waited = true;
                self.sleep(settle.after_loss(self.host.random()), tries.sent).await?;
                continue;
            }
            has_waited = false;
            let step =
                Step { what: Operation::Update, request: api::update::request(id, &patch), read: api::update::read };
            match self.attempt(&step, &mut tries).await {
                Ok(_) => {
                    (tries, rounds) = (Tries::default(), rounds.saturating_add(1));
                    took = took.max(self.since(begin));
                    progress.is_written = true;
                    progress.is_unsettled |= more.has_list();
                    sent = patch.0.into_iter().find(|(name, _)| name == REDIRECT_URIS).map(|(_, list)| list);
                    unsettled.narrow(&more);
                    progress.done.note(more);
                }
                // A service that stores the normal form may refuse an entry as a repetition of one that it holds.
                Err(failed)
                    if failed.error.code == Code::InvalidArgument && self.client.storage.get() == Storage::Unknown =>
                {
                    self.client.storage.set(Storage::NormalForm);
                    if self.plan(&change, &app)?.0 == patch {
                        self.client.storage.set(Storage::Unknown);
                        return Err(failed.error);
                    }
                }
                Err(failed) => {
                    progress.is_unsettled |= failed.is_uncertain && more.has_list();
                    progress.done.note(more);
                    self.wait_to_repeat(&step, failed, &mut tries).await?;
                }
            }
        }
    }

    /// Milliseconds since then.
    pub(super) fn since(&self, begin: u64) -> u32 {
        u32::try_from(self.host.now().saturating_sub(begin)).unwrap_or_default()
    }

    /// The patch that makes the app so, empty where it is; and what it does.
    pub(super) fn plan(&self, change: &Change, app: &T::Json) -> Result<(OAuthAppPatch, Done), Box<Error<T::Json>>> {
        change
            .plan(app, self.storage_of(app), |one, other| self.is_same_name(one, other))
            .map_err(|problem| self.cannot(problem))
    }

    pub(super) fn is_same_name(&self, one: &str, other: &str) -> bool {
        app_name::is_same(one, other, |name| self.host.normalize(name))
    }

    /// How the service stores redirect URIs, as far as it is known.
    fn storage_of(&self, app: &T::Json) -> Storage {
        let storage = storage_of(app, self.client.storage.get());
        self.client.storage.set(storage);
        storage
    }

    fn keeps_changing(&self, rounds: u32) -> Box<Error<T::Json>> {
        let message = "the list does not stay as it was written: another writer keeps replacing it. Some entries may be \
                       there and others not; try again once it is quiet";
        self.error(Code::Conflict, message).after(rounds)
    }

    fn cannot(&self, problem: Problem) -> Box<Error<T::Json>> {
        match problem {
            Problem::NoList(list) => {
                self.error(Code::BadResponse, ["the service gave an app whose ", list, " is no list of texts"].concat())
            }
            Problem::Full { name, count, present } => {
                let mut faults = Violations::default();
                let (most, count) = (MAX_REDIRECTS.to_string(), count.to_string());
                let message = [
                    "takes at most ",
                    &most,
                    " entries and would have ",
                    &count,
                    "; present are ",
                    &join(&present, ", "),
                ];
                faults.error(name, rule::OUT_OF_RANGE, &message);
                Error::refused(Code::InvalidArgument, self.operation.as_str(), faults.0).into()
            }
        }
    }
}

const WRITTEN: &str = " (the change was written and read back before that; what is missing is the second look, for other \
                       writers, which `settle: false` leaves out)";

/// The error with more to its message.
pub(super) fn with_more<J>(mut error: Box<Error<J>>, more: &str) -> Box<Error<J>> {
    error.message.push_str(more);
    error
}
