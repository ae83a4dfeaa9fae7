//! Changes to an app that lose nothing of what is there: get, merge, send what differs, read back, and look again later.
//!
//! The API replaces a list whole and has no revision. An entry that another writer adds between our get and our update is
//! lost, and so is ours where that writer's update follows. Every writer therefore looks after its own entries: it reads
//! back what it wrote, waits a random time, looks again, and writes again what is missing, until a look finds everything in
//! place. Before an update is repeated, the app is read anew.

use super::attempt::{Run, Step};
use super::change::{Change, Done, storage_by, storage_of};
use super::retry::Tries;
use super::settle::{Settle, Unsettledness};
use super::transport::Transport;
use super::turn::Place;
use crate::api::{self, Code, Error, Json, Operation};
use crate::app::{MAX_REDIRECTS, OAuthAppId, OAuthAppPatch, REDIRECT_URIS};
use crate::app_name;
use crate::redirect::same::Storage;
use crate::value::Value;
use crate::violation::{Violations, rule};

/// How many times to send an update that another writer has overwritten, before the first look and after it.
const MOST_ROUNDS: u32 = 5;
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
    tries: Tries,
    is_written: bool,
    /// Whether a list may have been written.
    has_written_list: bool,
    /// The redirect URIs that the last update sent.
    sent: Vec<Value>,
}

impl<T: Transport> Run<'_, T> {
    /// The app.
    pub(super) async fn get(&self, id: &OAuthAppId) -> Result<T::Json, Error<T::Json>> {
        let step = Step { what: Operation::Get, request: api::get::request(id), read: api::get::read };
        // A get that succeeds gives an app.
        self.perform(&step).await.map(|app| app.unwrap_or_else(|| Json::from_value(&Value::Null)))
    }

    /// Makes the app as it is to be, and gives it as it is then. `known` is the app as it was a while ago. `queue` is
    /// another place in a queue, kept until the app is written.
    pub(super) async fn change(
        &self,
        id: &OAuthAppId,
        known: Option<T::Json>,
        change: &Change,
        queue: Option<Place<'_>>,
    ) -> Result<(T::Json, Done), Error<T::Json>> {
        let ticket = self.line_up_for(id).await?;
        self.client.unsettled.supersede(id, |earlier| earlier.give_way(change));
        if let Some(known) = known
            && self.plan(change, &known)?.0.is_empty()
        {
            return Ok((known, Done::default()));
        }
        let (mut change, mut progress) = (change.clone(), Progress::default());
        let (app, _) = self.write(id, &mut change, &mut progress).await?;
        let Some(settle) = self.options.settle.filter(|_| progress.has_written_list) else {
            return Ok((app, progress.done));
        };
        change.narrow(&progress.done);
        let unsettled = self.client.unsettled.add(id, change);
        drop((ticket, queue));
        match self.look_again(id, app, &unsettled, settle, &mut progress).await {
            Ok(app) => Ok((app, progress.done)),
            Err(error) if error.code == Code::Conflict => Err(error),
            Err(error) => Err(with_more(error, WRITTEN)),
        }
    }

    /// Looks after a change until a look finds everything in place.
    async fn look_again(
        &self,
        id: &OAuthAppId,
        mut app: T::Json,
        unsettled: &Unsettledness<'_>,
        settle: Settle,
        progress: &mut Progress,
    ) -> Result<T::Json, Error<T::Json>> {
        for _ in 0..MOST_LOOKS {
            self.sleep(settle.after_update(self.host.random()), progress.tries.sent).await?;
            let _ticket = self.line_up_for(id).await?;
            let mut change = unsettled.change();
            // Later calls of this client may have changed all of it again, or deleted the app.
            if change.is_empty() {
                return Ok(app);
            }
            let rounds;
            (app, rounds) = self.write(id, &mut change, progress).await?;
            if rounds == 0 {
                return Ok(app);
            }
        }
        Err(self.keeps_changing(MOST_LOOKS))
    }

    /// Updates the app until it is read back as it is to be; gives it with the number of updates. Of `change` there remains
    /// what is to be looked after.
    async fn write(
        &self,
        id: &OAuthAppId,
        change: &mut Change,
        progress: &mut Progress,
    ) -> Result<(T::Json, u32), Error<T::Json>> {
        let (mut rounds, mut has_waited) = (0_u32, false);
        loop {
            let app = self.get(id).await?;
            if let Some(storage) = storage_by(&std::mem::take(&mut progress.sent), &app) {
                self.client.storage.set(storage);
            }
            let (patch, more) = self.plan(change, &app)?;
            let storage = self.storage_of(&app);
            let is_met = || change.is_met(&app, storage).map_err(|problem| self.cannot(problem));
            if patch.is_empty() || (progress.is_written && is_met()?) {
                return Ok((app, rounds));
            }
            if rounds >= MOST_ROUNDS {
                return Err(self.keeps_changing(rounds));
            }
            // Writers that have met are parted by chance. What was read is old after that.
            if !has_waited
                && rounds > 0
                && let Some(settle) = self.options.settle
            {
                has_waited = true;
                self.sleep(settle.after_rounds(rounds, self.host.random()), progress.tries.sent).await?;
                continue;
            }
            has_waited = false;
            if self.send_update(id, &app, change, (patch, more), progress).await? {
                rounds = rounds.saturating_add(1);
            }
        }
    }

    /// Sends an update. Gives whether it succeeded; where it did not, it may go out once more.
    async fn send_update(
        &self,
        id: &OAuthAppId,
        app: &T::Json,
        change: &mut Change,
        (patch, more): (OAuthAppPatch, Done),
        progress: &mut Progress,
    ) -> Result<bool, Error<T::Json>> {
        let step = Step { what: Operation::Update, request: api::update::request(id, &patch), read: api::update::read };
        match self.attempt(&step, &mut progress.tries).await {
            Ok(_) => {
                progress.tries = Tries::default();
                progress.is_written = true;
                progress.has_written_list |= more.has_list();
                let uris = patch.0.iter().find(|(name, _)| name == REDIRECT_URIS);
                progress.sent = uris.map(|(_, list)| list.elements().to_vec()).unwrap_or_default();
                change.narrow(&more);
                progress.done.note(more);
                Ok(true)
            }
            // A service that stores the normal form may refuse an entry as a repetition of one that it holds.
            Err(failed) if failed.error.code == Code::InvalidArgument && self.storage_of(app) == Storage::Unknown => {
                self.client.storage.set(Storage::NormalForm);
                if self.plan(change, app)?.0 == patch {
                    self.client.storage.set(Storage::Unknown);
                    return Err(failed.error);
                }
                Ok(false)
            }
            Err(failed) => {
                progress.has_written_list |= failed.is_uncertain && more.has_list();
                progress.done.note(more);
                self.wait_to_repeat(&step, failed, &mut progress.tries).await.map(|()| false)
            }
        }
    }

    /// The patch that makes the app so, empty where it is; and what it does.
    pub(super) fn plan(&self, change: &Change, app: &T::Json) -> Result<(OAuthAppPatch, Done), Error<T::Json>> {
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

    fn keeps_changing(&self, rounds: u32) -> Error<T::Json> {
        let message = "the list does not stay as it was written: another writer keeps replacing it. Some entries may be \
                       there and others not; try again once it is quiet";
        Error { attempts: rounds, ..self.error(Code::Conflict, message) }
    }

    fn cannot(&self, problem: Problem) -> Error<T::Json> {
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
                    &present.join(", "),
                ];
                faults.error(name, rule::OUT_OF_RANGE, &message);
                Error::refused(Code::InvalidArgument, self.operation.as_str(), faults.0)
            }
        }
    }
}

const WRITTEN: &str = " (the change was written and read back before that; what is missing is the second look, for other \
                       writers, which `settle: false` leaves out)";

/// The error with more to its message.
pub(super) fn with_more<J>(error: Error<J>, more: &str) -> Error<J> {
    Error { message: [&error.message, more].concat(), ..error }
}
