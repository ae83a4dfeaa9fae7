//! One app, however often it is asked for: found by ID, else by a redirect entry that it shares, else by its name, and
//! created only where none is found.

use super::attempt::{Run, Step};
use super::both;
use super::event::Kind;
use super::list::Listing;
use super::merge::{Change, shares_entry};
use super::retry;
use super::transport::Transport;
use crate::api::{self, Code, Error, Json, Operation};
use crate::app::{OAuthAppDraft, OAuthAppId, REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::query::OAuthAppQuery;
use crate::redirect::ToAscii;
use crate::validate;
use crate::value::Value;
use crate::violation::Violation;

/// The app that is wanted.
#[derive(Debug)]
pub(super) struct Wanted {
    id: Option<OAuthAppId>,
    draft: OAuthAppDraft,
    /// What an app that is found is to be like.
    change: Change,
}

impl Wanted {
    /// A draft, with an ID where one is known; with what is doubtful, or everything that is wrong.
    pub(super) fn read(given: &Value, to_ascii: ToAscii<'_>) -> Result<(Self, Vec<Violation>), Vec<Violation>> {
        let id = given.get("id").map(OAuthAppId::read).transpose().map_err(|fault| vec![fault]);
        let draft = match given {
            Value::Object(members) => Value::Object(members.iter().filter(|(name, _)| name != "id").cloned().collect()),
            other => other.clone(),
        };
        let (id, (draft, warnings)) = both(id, validate::draft(&draft, to_ascii))?;
        Ok((Self { id, change: change(draft.members()), draft }, warnings))
    }

    fn is<J: Json>(&self, app: &J) -> bool {
        self.id.as_ref().is_some_and(|id| has_text(app, "id", id.as_str()))
    }

    fn has_name_of<J: Json>(&self, app: &J) -> bool {
        let name = self.draft.members().iter().find(|(name, _)| name == "name");
        name.and_then(|(_, name)| name.as_str()).is_some_and(|name| has_text(app, "name", name))
    }
}

fn change(draft: &[(String, Value)]) -> Change {
    let names = [REDIRECT_URIS, REDIRECT_DOMAINS];
    let add = names.map(|list| {
        let list = draft.iter().find(|(name, _)| name == list);
        let entries = list.map(|(_, list)| list.elements()).unwrap_or_default();
        entries.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    });
    let fields = draft.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect();
    Change { names, add, remove: Default::default(), fields }
}

fn has_text<J: Json>(app: &J, name: &str, text: &str) -> bool {
    app.get(name).is_some_and(|member| member.to_value().as_str() == Some(text))
}

impl<T: Transport> Run<'_, T> {
    /// `{oAuthApp, created, changed}`: the app, and what had to be done.
    pub(super) async fn ensure(&self, wanted: &Wanted) -> Result<T::Json, Error<T::Json>> {
        // Whoever comes second finds what the first one created.
        let _ticket = self.acquire_in_site("ensureOAuthApp").await?;
        let (app, created) = match self.find(wanted).await? {
            Some(app) => (app, false),
            None => (self.create(wanted).await?, true),
        };
        let mut changed = Vec::new();
        let app = if created { app } else { self.adapt(app, wanted, &mut changed).await? };
        let changed = changed.into_iter().map(Value::from).collect();
        let about = Value::from(vec![("created", Value::Bool(created)), ("changed", Value::Array(changed))]);
        Ok(T::Json::from_value(&about).with("oAuthApp", app))
    }

    /// Makes an app that was found as it is wanted.
    async fn adapt(&self, app: T::Json, wanted: &Wanted, changed: &mut Vec<String>) -> Result<T::Json, Error<T::Json>> {
        let id = app.get("id").map_or(Value::Null, |id| id.to_value());
        let Ok(id) = OAuthAppId::read(&id) else {
            return Err(self.error(Code::BadResponse, "the service gave an app whose ID is no GUID"));
        };
        let _ticket = self.acquire_app(&id).await?;
        let (app, done) = self.change(&id, Some(app), &wanted.change).await?;
        *changed = done.changed;
        Ok(app)
    }

    async fn find(&self, wanted: &Wanted) -> Result<Option<T::Json>, Error<T::Json>> {
        if let Some(id) = &wanted.id {
            match self.get(id).await {
                Err(error) if error.code == Code::NotFound => {}
                found => return found.map(Some),
            }
        }
        let (mut by_entry, mut by_name) = (Vec::new(), Vec::new());
        let mut listing = Listing::new(&OAuthAppQuery::all(), self.options.clone());
        while let Some(apps) = self.next_page(&mut listing).await? {
            for app in apps {
                if wanted.is(&app) {
                    // A query finds a new app before a get does.
                    return Ok(Some(app));
                } else if shares_entry(&wanted.change, &app) {
                    by_entry.push(app);
                } else if wanted.has_name_of(&app) {
                    by_name.push(app);
                }
            }
        }
        let (mut found, how) = if by_entry.is_empty() {
            (by_name, "have this name")
        } else {
            (by_entry, "share a redirect entry with it")
        };
        if found.len() < 2 {
            return Ok(found.pop());
        }
        let ids = found.iter().filter_map(|app| app.get("id")?.to_value().as_str().map(str::to_owned));
        let ids: Vec<String> = ids.collect();
        let message = ["several apps ", how, ": ", &ids.join(", "), "; give the `id` of the one that is meant"];
        Err(self.error(Code::Conflict, message.concat()))
    }

    async fn create(&self, wanted: &Wanted) -> Result<T::Json, Error<T::Json>> {
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
    async fn look_for(&self, wanted: &Wanted, unknown: Error<T::Json>) -> Result<T::Json, Error<T::Json>> {
        let retry = self.options.retry.unwrap_or(self.client.options.retry);
        let mut looks = 0_u32;
        loop {
            match self.find(wanted).await {
                Ok(Some(app)) => return Ok(app),
                Err(error) if matches!(error.code, Code::Aborted | Code::Conflict) => return Err(error),
                Ok(None) | Err(_) => {}
            }
            let Some(delay) = retry::delay(retry, looks, None, self.host.random()) else {
                let message = [&unknown.message, " (it was looked for, and is not there yet)"].concat();
                return Err(Error { message, ..unknown });
            };
            looks = looks.saturating_add(1);
            self.tell(Kind::Retry { attempt: unknown.attempts, delay, code: unknown.code });
            self.sleep(delay, unknown.attempts).await?;
        }
    }
}
