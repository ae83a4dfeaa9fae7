//! The apps of a site that may be the wanted one.

use super::{MatchedBy, WantedApp};
use crate::api::{Code, Error, Json};
use crate::app::{OAuthAppId, REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::client::call::CallContext;
use crate::client::change::entries;
use crate::client::list::Pages;
use crate::client::transport::Transport;
use crate::concat::{Concat as _, join};
use crate::query::OAuthAppQuery;
use crate::value::Value;

/// How many duplicates a message describes.
const MAX_DESCRIBED: usize = 5;

/// An app as the host has it and as the core reads it.
struct App<J> {
    json: J,
    value: Value,
}

/// The apps that may be the wanted one.
struct Candidates<J> {
    identified: Option<J>,
    named: Vec<App<J>>,
    /// The apps of another name that share an entry.
    sharing: Vec<App<J>>,
    /// The number of pages on which they were listed.
    pages: u32,
}

/// The result of judging the candidates.
enum Verdict<J> {
    Found(Option<(J, MatchedBy)>),
    /// List the apps again after a number of milliseconds.
    ListAfter(u32),
}

impl<J> App<J> {
    fn text(&self, name: &str) -> &str {
        self.value.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn has_id(&self, id: &OAuthAppId) -> bool {
        self.text("id").eq_ignore_ascii_case(id.as_str())
    }
}

impl<T: Transport> CallContext<'_, T> {
    /// Returns the wanted app, and the property by which it was found. Several such apps are an error.
    pub(super) async fn find(&self, wanted: &WantedApp) -> Result<Option<(T::Json, MatchedBy)>, Box<Error<T::Json>>> {
        if let Some(id) = &wanted.id {
            match self.get(id).await {
                Err(error) if error.code == Code::NotFound => {}
                found => return found.map(|app| Some((app, MatchedBy::Id))),
            }
        }
        let mut is_repeated = false;
        loop {
            let begin = self.host.now();
            let candidates = self.candidates(wanted).await?;
            match self.judge_candidates(wanted, candidates, self.since(begin), &mut is_repeated)? {
                Verdict::Found(found) => return Ok(found),
                Verdict::ListAfter(delay) => self.sleep(delay, 1).await?,
            }
        }
    }

    /// Decides which candidate is the wanted app. `duration` is the time that it took to list the apps.
    #[inline(never)]
    fn judge_candidates(
        &self,
        wanted: &WantedApp,
        candidates: Candidates<T::Json>,
        duration: u32,
        is_repeated: &mut bool,
    ) -> Result<Verdict<T::Json>, Box<Error<T::Json>>> {
        let Candidates { identified, named, sharing, pages } = candidates;
        // A query finds a new app before a get does.
        if let Some(app) = identified {
            return Ok(Verdict::Found(Some((app, MatchedBy::Id))));
        }
        let (mut found, by) = if named.is_empty() { (sharing, MatchedBy::Redirect) } else { (named, MatchedBy::Name) };
        if let Some(delay) = self.delay_until_settled(&found, duration) {
            // Several pages show no single moment: an app older than a new one may be on a page that was read before it
            // was created.
            if pages > 1 && !*is_repeated && found.len() == 1 {
                *is_repeated = true;
                return Ok(Verdict::ListAfter(0));
            }
            if found.len() > 1 {
                return Ok(Verdict::ListAfter(delay));
            }
        }
        if found.len() > 1 && by == MatchedBy::Name {
            break_tie(&mut found, wanted);
        }
        if found.len() > 1 {
            return Err(self.duplicates(&found, by));
        }
        Ok(Verdict::Found(found.pop().map(|app| (app.json, by))))
    }

    /// Returns the oldest of the apps that may be the wanted one; `None` if the one of that ID is not among them.
    pub(super) async fn oldest_beside(
        &self,
        wanted: &WantedApp,
        id: &OAuthAppId,
    ) -> Result<Option<(T::Json, MatchedBy)>, Box<Error<T::Json>>> {
        let Candidates { named: mut all, mut sharing, .. } = self.candidates(wanted).await?;
        let named = all.len();
        all.append(&mut sharing);
        let at = self.oldest(&all);
        let is_listed = all.iter().any(|app| app.has_id(id));
        let by = if at < named { MatchedBy::Name } else { MatchedBy::Redirect };
        Ok(is_listed.then(|| (all.swap_remove(at).json, by)))
    }

    async fn candidates(&self, wanted: &WantedApp) -> Result<Candidates<T::Json>, Box<Error<T::Json>>> {
        let mut candidates = Candidates { identified: None, named: Vec::new(), sharing: Vec::new(), pages: 0 };
        let mut pages = Pages::new(&OAuthAppQuery::all());
        while let Some(apps) = self.next_page(&mut pages).await? {
            self.sort_candidates(wanted, &apps, &mut candidates);
        }
        Ok(candidates)
    }

    /// Adds the apps of a page to the candidates.
    #[inline(never)]
    fn sort_candidates(&self, wanted: &WantedApp, page: &T::Json, candidates: &mut Candidates<T::Json>) {
        candidates.pages = candidates.pages.saturating_add(1);
        for at in 0..page.length().unwrap_or_default() {
            let Some(json) = page.get(&at.to_string()) else { continue };
            let app = App { value: json.to_value(), json };
            if wanted.id.as_ref().is_some_and(|id| app.has_id(id)) {
                candidates.identified = Some(app.json);
            } else if self.is_same_name(&wanted.name, app.text("name")) {
                candidates.named.push(app);
            } else if wanted.shares_own_entry(&app.value) {
                candidates.sharing.push(app);
            }
        }
    }

    /// Returns how long to wait if several of the apps were created a moment ago: their creators are about to delete all
    /// but one, which takes longer where requests do.
    fn delay_until_settled(&self, found: &[App<T::Json>], duration: u32) -> Option<u32> {
        let settle = self.options.settle?;
        let youngest = found.iter().filter_map(|app| self.host.date(app.text("createdDate"))).max()?;
        let age = u32::try_from(self.host.now().abs_diff(youngest)).ok()?;
        (age < settle.until_settled().saturating_add(duration.saturating_mul(4)))
            .then(|| settle.after_update(self.host.random()).max(1))
    }

    /// Returns the index of the oldest app. A date that cannot be parsed is compared as text.
    #[inline(never)]
    fn oldest(&self, apps: &[App<T::Json>]) -> usize {
        let mut oldest = None;
        for (at, app) in apps.iter().enumerate() {
            let created = app.text("createdDate");
            let key = (self.host.date(created), created, app.text("id"));
            if oldest.is_none_or(|(least, _)| key < least) {
                oldest = Some((key, at));
            }
        }
        oldest.map_or(0, |(_, at)| at)
    }

    /// Returns the error for several apps that may be the wanted one: which is the oldest, what each lists, and what to do.
    #[inline(never)]
    fn duplicates(&self, found: &[App<T::Json>], by: MatchedBy) -> Box<Error<T::Json>> {
        let oldest = found.get(self.oldest(found)).map_or("", |app| app.text("id"));
        let how = if by == MatchedBy::Name { "have this name" } else { "share a redirect entry with it" };
        let mut message = [&found.len().to_string(), " apps ", how, ", of which ", oldest, " is the oldest: "].concat();
        for (at, app) in found.iter().enumerate().take(MAX_DESCRIBED) {
            let mut lists = entries(&app.value, REDIRECT_URIS).unwrap_or_default();
            lists.append(&mut entries(&app.value, REDIRECT_DOMAINS).unwrap_or_default());
            let lists = if lists.is_empty() { "nothing".to_owned() } else { join(&lists, ", ") };
            let separator = if at == 0 { "" } else { "; " };
            let (name, created) = (app.text("name"), app.text("createdDate"));
            let parts = [separator, app.text("id"), " (", name, ", created ", created, ") lists ", &lists];
            message.push_str(&parts.concat());
        }
        if found.len() > MAX_DESCRIBED {
            message.push_str("; and others");
        }
        message.push_str(". Pass the `id` of the right one, and delete those that nobody uses");
        self.error(Code::Conflict, message)
    }
}

/// Reduces several apps of the wanted name to those that share an entry with the wanted app, if any does. An entry that
/// names its client counts more than a loopback one.
fn break_tie<J>(found: &mut Vec<App<J>>, wanted: &WantedApp) {
    for is_own in [true, false] {
        let is_likely = |app: &App<J>| {
            if is_own {
                wanted.shares_own_entry(&app.value)
            } else {
                wanted.change.shares_entry(&app.value, &|_, _| true)
            }
        };
        let mut likely = 0_usize;
        for at in 0..found.len() {
            if found.get(at).is_some_and(is_likely) {
                found.swap(likely, at);
                likely = likely.saturating_add(1);
            }
        }
        if likely > 0 {
            return found.truncate(likely);
        }
    }
}
