//! One app, however many times and by however many callers it is wanted: found by its ID, else by its name, else by a
//! redirect entry that names its client; created only if none is found.
//!
//! The API has no idempotency key for a create. Several callers that find nothing at the same time each create an app.
//! A caller that created one therefore lists the apps again after a while: the oldest stays, by its date and then its ID,
//! and a caller whose own app is younger deletes that and takes the oldest.

use super::call::CallContext;
use super::change::{Change, LISTS, ListChange, storage_by, strings};
use super::event::Kind;
use super::retry;
use super::settle::Settle;
use super::transport::Transport;
use crate::api::{ApiRequest, Code, Error, Json, ObjectBuilder};
use crate::app::{OAuthAppDraft, OAuthAppId, REDIRECT_URIS};
use crate::concat::Concat as _;
use crate::redirect::ToAscii;
use crate::redirect::same::is_loopback;
use crate::validate::{self, Purpose};
use crate::value::Value;
use crate::violation::Violation;

mod candidates;

/// How many times to start again after the app that was found has been deleted.
const MAX_STARTS: u32 = 3;

/// The app that a caller wants.
#[derive(Debug)]
pub(super) struct WantedApp {
    id: Option<OAuthAppId>,
    name: String,
    draft: OAuthAppDraft,
    /// The wanted content of an app that is found.
    change: Change,
}

/// The property by which an app was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MatchedBy {
    Id,
    Name,
    Redirect,
}

/// Returns `{oAuthApp, created, changed, matchedBy}`. `matched_by` is `None` for an app that was created.
#[inline(never)]
fn outcome<J: Json>(app: J, matched_by: Option<MatchedBy>, changed: &[String]) -> J {
    let mut outcome = ObjectBuilder::default();
    outcome.value("created", Value::Bool(matched_by.is_none()));
    outcome.value("changed", strings(changed));
    let matched_by = matched_by.map(|by| match by {
        MatchedBy::Id => "id",
        MatchedBy::Name => "name",
        MatchedBy::Redirect => "redirect",
    });
    outcome.text("matchedBy", matched_by);
    J::from_value(&outcome.build()).with("oAuthApp", app)
}

impl WantedApp {
    /// Reads a draft, with an ID if one is known. `is_exact` tells whether the lists that are given must have no other
    /// entries.
    pub(super) fn read(
        given: &Value,
        is_exact: bool,
        to_ascii: ToAscii<'_>,
        faults: &mut Vec<Violation>,
        warnings: &mut Vec<Violation>,
    ) -> Option<Self> {
        let id = given.get("id").and_then(|id| OAuthAppId::read(id).map_err(|fault| faults.push(fault)).ok());
        let fields = validate::fields(given, Purpose::Ensure, to_ascii, faults, warnings)?;
        let (mut change, mut draft, mut name) = (Change::default(), Vec::new(), String::new());
        for (field, value) in fields {
            if let Some(list) = LISTS.iter().position(|(list, _)| *list == field) {
                let mut add = Vec::new();
                for entry in value.elements() {
                    add.extend(entry.as_str().map(str::to_owned));
                }
                let is_exact = is_exact || value == Value::Null;
                change.lists.push(ListChange { list, add, remove: Vec::new(), is_exact });
            } else if crate::app::field(&field).is_some() {
                change.fields.push((field.clone(), value.clone()));
            }
            if field == "name" {
                value.as_str().unwrap_or_default().clone_into(&mut name);
            }
            // A field that is cleared is left out of a new app.
            if value != Value::Null {
                draft.push((field, value));
            }
        }
        Some(Self { id, name, draft: OAuthAppDraft(draft), change })
    }

    /// Checks whether the app has a wanted entry that names its client: many apps have the same loopback entry, and a
    /// wildcard matches several.
    fn shares_own_entry(&self, app: &Value) -> bool {
        self.change.shares_entry(app, &|kind, entry| !entry.as_bytes().contains(&b'*') && !is_loopback(kind, entry))
    }
}

impl<T: Transport> CallContext<'_, T> {
    /// Finds, changes or creates the wanted app. Returns `{oAuthApp, created, changed, matchedBy}`.
    pub(super) async fn ensure(&self, wanted: &WantedApp) -> Result<T::Json, Box<Error<T::Json>>> {
        let mut starts = 0_u32;
        loop {
            starts = starts.saturating_add(1);
            match self.ensure_once(wanted).await {
                // Another writer has deleted the app, perhaps as a duplicate.
                Err(error) if error.code == Code::NotFound && starts < MAX_STARTS => {}
                result => return result,
            }
        }
    }

    async fn ensure_once(&self, wanted: &WantedApp) -> Result<T::Json, Box<Error<T::Json>>> {
        // A second call must find the app that the first one created.
        let mut tickets = vec![self.acquire(&self.site_key("ensureOAuthApp"), 0).await?];
        let (mut created, found) = (None, self.find(wanted).await?);
        let (app, matched_by) = match found {
            Some(found) => found,
            None if self.options.is_dry_run => {
                return Ok(outcome(Json::from_value(&Value::Object(wanted.draft.0.clone())), None, &[]));
            }
            None => {
                let app = self.create(wanted).await?;
                let Some(settle) = self.options.settle else { return Ok(outcome(app, None, &[])) };
                let id = self.id_of(&app.to_value())?;
                let settled = self.settle_created(&id, wanted, settle).await;
                let Some((oldest, by)) = settled.map_err(|error| with_created(error, &id))? else {
                    return Ok(outcome(app, None, &[]));
                };
                if by.is_none() {
                    created = Some(app);
                }
                (oldest, by.unwrap_or(MatchedBy::Id))
            }
        };
        let mut change = wanted.change.clone();
        if created.is_some() {
            // Others may have changed the new app since. Only its lists are merged.
            change.fields.clear();
        } else if matched_by == MatchedBy::Redirect {
            // An app that was found by an entry keeps its name.
            if let Some(at) = change.fields.iter().position(|(name, _)| name == "name") {
                change.fields.remove(at);
            }
        }
        let value = app.to_value();
        if self.options.is_dry_run {
            let (_, changes) = self.plan(&change, &value)?;
            return Ok(outcome(app, Some(matched_by), &changes.changed));
        }
        let id = self.id_of(&value)?;
        let result = self.change(&id, Some(app), &change, &mut tickets).await;
        finish(result.map(|(app, changes)| (app, changes.changed)), &id, matched_by, created)
    }

    /// Returns the app's ID.
    fn id_of(&self, app: &Value) -> Result<OAuthAppId, Box<Error<T::Json>>> {
        OAuthAppId::read(app.get("id").unwrap_or(&Value::Null))
            .map_err(|_| self.error(Code::BadResponse, "the service gave an app whose ID is no GUID"))
    }

    /// Creates the app, and learns from it how the service stores redirect URIs.
    async fn create(&self, wanted: &WantedApp) -> Result<T::Json, Box<Error<T::Json>>> {
        let request = ApiRequest::create(wanted.draft.clone());
        let app = match self.perform(&request).await {
            Err(error) if error.code == Code::OutcomeUnknown => self.find_created(wanted, error).await?,
            created => created?,
        };
        if let Some((_, sent)) = wanted.draft.0.iter().find(|(name, _)| name == REDIRECT_URIS)
            && let Some(storage) = storage_by(sent.elements(), &app.to_value())
        {
            self.client.storage.set(storage);
        }
        Ok(app)
    }

    /// Waits for an app that may have been created. It is not created again: a request without a response may still be
    /// under way.
    async fn find_created(
        &self,
        wanted: &WantedApp,
        unknown: Box<Error<T::Json>>,
    ) -> Result<T::Json, Box<Error<T::Json>>> {
        let mut looks = 0_u32;
        loop {
            match self.find(wanted).await {
                Ok(Some((app, _))) => return Ok(app),
                Err(error) if matches!(error.code, Code::Aborted | Code::Conflict) => return Err(error),
                Ok(None) | Err(_) => {}
            }
            let Some(delay) = retry::delay(self.retry(), looks, None, self.host.random()) else {
                return Err(unknown.with_context(" (it was looked for, and is not there yet)"));
            };
            looks = looks.saturating_add(1);
            self.emit(Kind::Retry { attempt: unknown.attempts, delay, code: unknown.code });
            self.sleep(delay, unknown.attempts).await?;
        }
    }

    /// Makes sure that an app that was just created is the only one: deletes it if another one is older. Returns the
    /// oldest, with the property by which it was found if it is another one; `None` if the created one is not listed.
    async fn settle_created(
        &self,
        id: &OAuthAppId,
        wanted: &WantedApp,
        settle: Settle,
    ) -> Result<Option<(T::Json, Option<MatchedBy>)>, Box<Error<T::Json>>> {
        self.sleep(settle.after_create(self.host.random()), 1).await?;
        let Some((oldest, by)) = self.oldest_beside(wanted, id).await? else { return Ok(None) };
        if self.id_of(&oldest.to_value())?.is_same(id) {
            return Ok(Some((oldest, None)));
        }
        self.perform(&ApiRequest::delete(id)).await?;
        Ok(Some((oldest, Some(by))))
    }
}

/// Returns the outcome of a change. `created` is the app as it was created, which has the secret.
fn finish<J: Json>(
    result: Result<(J, Vec<String>), Box<Error<J>>>,
    id: &OAuthAppId,
    matched_by: MatchedBy,
    created: Option<J>,
) -> Result<J, Box<Error<J>>> {
    let Some(created) = created else {
        return result.map(|(app, changed)| outcome(app, Some(matched_by), &changed));
    };
    let (mut app, _) = result.map_err(|error| with_created(error, id))?;
    if let Some(secret) = created.get("secret") {
        app = app.with("secret", secret);
    }
    Ok(outcome(app, None, &[]))
}

/// Adds to an error that an app was created before it.
fn with_created<J>(error: Box<Error<J>>, id: &OAuthAppId) -> Box<Error<J>> {
    error.with_context(
        &["; the app ", id.as_str(), " was created before that. Call ensureOAuthApp again: it finds it"].concat(),
    )
}
