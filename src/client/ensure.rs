//! One app, however often and by however many it is asked for: found by its ID, else by its name, else by a redirect entry
//! that names its client; created only where none is found.
//!
//! The API has no key by which a create could be made twice without effect. Several who find nothing at once each create an
//! app. So whoever created one lists the apps again after a while: the oldest stays, by its date and then its ID, and
//! whoever finds its own to be younger deletes that and takes the oldest.

use super::attempt::{Run, Step};
use super::change::{Change, LISTS, ListChange, storage_by, strings};
use super::event::Kind;
use super::merge::with_more;
use super::retry;
use super::settle::Settle;
use super::transport::Transport;
use crate::api::{self, Code, Error, Json, Operation};
use crate::app::{OAuthAppDraft, OAuthAppId, REDIRECT_URIS};
use crate::concat::Concat as _;
use crate::redirect::ToAscii;
use crate::redirect::same::is_loopback;
use crate::validate::{self, Purpose};
use crate::value::Value;
use crate::violation::Violation;

mod duplicates;

/// How many times to begin anew where the app that was found is gone.
const MOST_STARTS: u32 = 3;

/// The app that is wanted.
#[derive(Debug)]
pub(super) struct Wanted {
    id: Option<OAuthAppId>,
    name: String,
    draft: OAuthAppDraft,
    /// What an app that is found is to be like.
    change: Change,
}

/// By what an app was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MatchedBy {
    Id,
    Name,
    Redirect,
}

impl MatchedBy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Redirect => "redirect",
        }
    }
}

/// `{oAuthApp, created, changed, matchedBy}`: the app, by what it was found, which is nothing where it was created, and the
/// fields that were changed.
#[inline(never)]
fn ensured<J: Json>(app: J, matched_by: Option<MatchedBy>, changed: &[String]) -> J {
    let mut about = vec![("created", Value::Bool(matched_by.is_none())), ("changed", strings(changed))];
    about.extend(matched_by.map(|by| ("matchedBy", Value::from(by.as_str()))));
    J::from_value(&Value::from(about)).with("oAuthApp", app)
}

impl Wanted {
    /// A draft, with an ID where one is known; with what is doubtful, or everything that is wrong. `is_exact`: the lists
    /// that are given are to hold nothing else.
    pub(super) fn read(
        given: &Value,
        is_exact: bool,
        to_ascii: ToAscii<'_>,
        faults: &mut Vec<Violation>,
        warnings: &mut Vec<Violation>,
    ) -> Option<Self> {
        let id = given.get("id").and_then(|id| OAuthAppId::read(id).map_err(|fault| faults.push(fault)).ok());
        let fields = validate::fields(given, Purpose::Ensure, to_ascii, faults, warnings)?;
        let mut change = Change::default();
        for (field, value) in &fields {
            if let Some((field, kind)) = LISTS.into_iter().find(|(list, _)| list == field) {
                let add = value.elements().iter().filter_map(Value::as_str).map(str::to_owned).collect();
                let is_exact = is_exact || *value == Value::Null;
                change.lists.push(ListChange { field, name: field, kind, add, remove: vec![], is_exact });
            } else if crate::app::field(field).is_some() {
                change.fields.push((field.clone(), value.clone()));
            }
        }
        let name = fields.iter().find(|(name, _)| name == "name").and_then(|(_, name)| name.as_str());
        let name = name.unwrap_or_default().to_owned();
        // What is cleared is left out of a new app.
        let draft = fields.into_iter().filter(|(_, value)| *value != Value::Null).collect();
        Some(Self { id, name, draft: OAuthAppDraft(draft), change })
    }

    /// Whether the app has an entry of this that names its client: many have the same loopback entry, and a wildcard stands
    /// for several.
    fn shares_own_entry<J: Json>(&self, app: &J) -> bool {
        self.change
            .shares_entry(app, |kind, entry| !entry.bytes().any(|byte| byte == b'*') && !is_loopback(kind, entry))
    }
}

impl<T: Transport> Run<'_, T> {
    /// `{oAuthApp, created, changed, matchedBy}`: the app, and what had to be done, or would have to be.
    pub(super) async fn ensure(&self, wanted: &Wanted) -> Result<T::Json, Box<Error<T::Json>>> {
        let mut starts = 0_u32;
        loop {
            starts = starts.saturating_add(1);
            match self.ensure_once(wanted).await {
                // Another writer has deleted it, perhaps as a duplicate.
                Err(error) if error.code == Code::NotFound && starts < MOST_STARTS => {}
                outcome => return outcome,
            }
        }
    }

    async fn ensure_once(&self, wanted: &Wanted) -> Result<T::Json, Box<Error<T::Json>>> {
        // Whoever comes second finds what the first one created.
        let queue = self.acquire_in_site("ensureOAuthApp").await?;
        let mut created = None;
        let (app, matched_by) = if let Some(found) = self.find(wanted).await? {
            found
        } else {
            if self.options.is_dry_run {
                return Ok(ensured(Json::from_value(&wanted.draft.to_value()), None, &[]));
            }
            let app = self.create(wanted).await?;
            self.learn_storage(wanted, &app);
            let Some(settle) = self.options.settle else { return Ok(ensured(app, None, &[])) };
            let id = self.id_of(&app)?;
            let Some((oldest, by)) =
                self.settle_created(&id, wanted, settle).await.map_err(|error| about(error, &id))?
            else {
                return Ok(ensured(app, None, &[]));
            };
            // It may have been changed by others since; what was wanted of its lists is there.
            created = by.is_none().then_some(app);
            (oldest, by.unwrap_or(MatchedBy::Id))
        };
        let mut change = wanted.change.clone();
        if created.is_some() {
            change.fields.clear();
        } else if matched_by == MatchedBy::Redirect {
            // One that was found by an entry keeps its name.
            change.fields.retain(|(name, _)| name != "name");
        }
        if self.options.is_dry_run {
            let (_, done) = self.plan(&change, &app)?;
            return Ok(ensured(app, Some(matched_by), &done.changed));
        }
        let id = self.id_of(&app)?;
        let changed = self.change(&id, Some(app), &change, vec![queue]).await;
        let Some(created) = created else {
            return changed.map(|(app, done)| ensured(app, Some(matched_by), &done.changed));
        };
        let (app, _) = changed.map_err(|error| about(error, &id))?;
        let app = match created.get("secret") {
            Some(secret) => app.with("secret", secret),
            None => app,
        };
        Ok(ensured(app, None, &[]))
    }

    /// Learns from an app that was created how the service stores redirect URIs.
    #[inline(never)]
    fn learn_storage(&self, wanted: &Wanted, app: &T::Json) {
        if let Some((_, sent)) = wanted.draft.members().iter().find(|(name, _)| name == REDIRECT_URIS)
            && let Some(storage) = storage_by(sent.elements(), app)
        {
            self.client.storage.set(storage);
        }
    }

    fn id_of(&self, app: &T::Json) -> Result<OAuthAppId, Box<Error<T::Json>>> {
        let id = app.get("id").map_or(Value::Null, |id| id.to_value());
        OAuthAppId::read(&id).map_err(|_| self.error(Code::BadResponse, "the service gave an app whose ID is no GUID"))
    }

    async fn create(&self, wanted: &Wanted) -> Result<T::Json, Box<Error<T::Json>>> {
        let request = api::create::request(&wanted.draft);
        let step = Step { what: Operation::Create, request, read: api::create::read };
        match self.perform(&step).await {
            Err(error) if error.code == Code::OutcomeUnknown => self.look_for(wanted, error).await,
            // A create that succeeds gives an app.
            created => created.map(|app| app.unwrap_or_else(|| Json::from_value(&Value::Null))),
        }
    }

    /// The app that may have been created, once it is to be seen. It is not created again: a request that got no answer
    /// may still be under way.
    async fn look_for(&self, wanted: &Wanted, unknown: Box<Error<T::Json>>) -> Result<T::Json, Box<Error<T::Json>>> {
        let retry = self.options.retry.unwrap_or(self.client.options.retry);
        let mut looks = 0_u32;
        loop {
            match self.find(wanted).await {
                Ok(Some((app, _))) => return Ok(app),
                Err(error) if matches!(error.code, Code::Aborted | Code::Conflict) => return Err(error),
                Ok(None) | Err(_) => {}
            }
            let Some(delay) = retry::delay(retry, looks, None, self.host.random()) else {
                return Err(with_more(unknown, " (it was looked for, and is not there yet)"));
            };
            looks = looks.saturating_add(1);
            self.tell(Kind::Retry { attempt: unknown.attempts, delay, code: unknown.code });
            self.sleep(delay, unknown.attempts).await?;
        }
    }

    /// Makes sure that an app that was just created is the only one, by deleting it where another one is older. Gives the
    /// oldest, with what it was found by where that is another one; nothing where no list has the created one.
    async fn settle_created(
        &self,
        id: &OAuthAppId,
        wanted: &Wanted,
        settle: Settle,
    ) -> Result<Option<(T::Json, Option<MatchedBy>)>, Box<Error<T::Json>>> {
        self.sleep(settle.after_create(self.host.random()), 1).await?;
        let Some((oldest, by)) = self.oldest_beside(wanted, id).await? else { return Ok(None) };
        if self.id_of(&oldest)?.is_same(id) {
            return Ok(Some((oldest, None)));
        }
        let request = api::delete::request(id);
        self.perform(&Step { what: Operation::Delete, request, read: api::delete::read }).await?;
        Ok(Some((oldest, Some(by))))
    }
}

/// The error of what follows after an app was created.
fn about<J>(error: Box<Error<J>>, id: &OAuthAppId) -> Box<Error<J>> {
    let more = ["; the app ", id.as_str(), " was created before that. Call ensureOAuthApp again: it finds it"];
    with_more(error, &more.concat())
}
