//! Which of the apps of a site is the wanted one, and what to do where several may be.

use super::{MatchedBy, Wanted};
use crate::api::{Code, Error, Json};
use crate::app::{OAuthAppId, REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::client::attempt::Run;
use crate::client::change::entries;
use crate::client::list::Listing;
use crate::client::transport::Transport;
use crate::concat::{Concat as _, join};
use crate::query::OAuthAppQuery;

/// How many duplicates a message describes.
const MOST_DESCRIBED: usize = 5;

/// The apps that may be the wanted one.
struct Candidates<J> {
    identified: Option<J>,
    named: Vec<J>,
    /// Those of another name that share an entry.
    sharing: Vec<J>,
    /// How many pages they were listed on.
    pages: u32,
}

impl<T: Transport> Run<'_, T> {
    /// The app that is the wanted one, and by what it was found. An error where several may be.
    pub(super) async fn find(&self, wanted: &Wanted) -> Result<Option<(T::Json, MatchedBy)>, Error<T::Json>> {
        if let Some(id) = &wanted.id {
            match self.get(id).await {
                Err(error) if error.code == Code::NotFound => {}
                found => return found.map(|app| Some((app, MatchedBy::Id))),
            }
        }
        let mut is_repeated = false;
        loop {
            let begin = self.host.now();
            let Candidates { identified, named, sharing, pages } = self.candidates(wanted).await?;
            // A query finds a new app before a get does.
            if let Some(app) = identified {
                return Ok(Some((app, MatchedBy::Id)));
            }
            let by = if named.is_empty() { MatchedBy::Redirect } else { MatchedBy::Name };
            let mut found = if named.is_empty() { sharing } else { named };
            let delay = self.delay_until_settled(&found, self.since(begin));
            // Several pages are no picture of one moment. An older app than a new one may be on a page that was read
            // before it was created.
            if delay.is_some() && pages > 1 && !is_repeated && found.len() == 1 {
                is_repeated = true;
                continue;
            }
            if found.len() > 1 {
                if let Some(delay) = delay {
                    self.sleep(delay, 1).await?;
                    continue;
                }
                if by == MatchedBy::Name {
                    found = break_tie(found, wanted);
                }
            }
            if found.len() > 1 {
                return Err(self.duplicates(&found, by));
            }
            return Ok(found.pop().map(|app| (app, by)));
        }
    }

    /// The oldest of the apps that may be the wanted one, the one of that ID among them; nothing where no list has it.
    pub(super) async fn oldest_beside(
        &self,
        wanted: &Wanted,
        id: &OAuthAppId,
    ) -> Result<Option<(T::Json, MatchedBy)>, Error<T::Json>> {
        let Candidates { named, sharing, .. } = self.candidates(wanted).await?;
        let is_there = |app: &&T::Json| text(*app, "id").eq_ignore_ascii_case(id.as_str());
        if !named.iter().chain(&sharing).any(|app| is_there(&app)) {
            return Ok(None);
        }
        let marked = |by| move |app| (app, by);
        let named = named.into_iter().map(marked(MatchedBy::Name));
        let all = named.chain(sharing.into_iter().map(marked(MatchedBy::Redirect)));
        Ok(all.min_by_key(|(app, _)| self.age_key(app)))
    }

    async fn candidates(&self, wanted: &Wanted) -> Result<Candidates<T::Json>, Error<T::Json>> {
        let mut candidates = Candidates { identified: None, named: Vec::new(), sharing: Vec::new(), pages: 0 };
        let mut listing = Listing::new(&OAuthAppQuery::all(), self.options.clone());
        while let Some(apps) = self.next_page(&mut listing).await? {
            candidates.pages = candidates.pages.saturating_add(1);
            for app in apps {
                if wanted.id.as_ref().is_some_and(|id| text(&app, "id").eq_ignore_ascii_case(id.as_str())) {
                    candidates.identified = Some(app);
                } else if self.is_same_name(&wanted.name, &text(&app, "name")) {
                    candidates.named.push(app);
                } else if wanted.shares_own_entry(&app) {
                    candidates.sharing.push(app);
                }
            }
        }
        Ok(candidates)
    }

    /// How long to wait where several apps were created a moment ago: those who created them are about to delete all but
    /// one, which takes them longer where requests do; `took` is how long it took to list the apps.
    fn delay_until_settled(&self, found: &[T::Json], took: u32) -> Option<u32> {
        let settle = self.options.settle?;
        let youngest = found.iter().filter_map(|app| self.host.date(&text(app, "createdDate"))).max()?;
        let age = u32::try_from(self.host.now().abs_diff(youngest)).ok()?;
        (age < settle.until_settled().saturating_add(took.saturating_mul(4)))
            .then(|| settle.after_update(self.host.random()).max(1))
    }

    /// The order of apps by age. A date that cannot be read is compared as text.
    fn age_key(&self, app: &T::Json) -> (Option<u64>, String, String) {
        let created = text(app, "createdDate");
        (self.host.date(&created), created, text(app, "id"))
    }

    /// The error that several apps may be the wanted one: which is the oldest, what each lists, and how to go on.
    fn duplicates(&self, found: &[T::Json], by: MatchedBy) -> Error<T::Json> {
        let oldest = found.iter().min_by_key(|app| self.age_key(app)).map(|app| text(app, "id")).unwrap_or_default();
        let how = if by == MatchedBy::Name { "have this name" } else { "share a redirect entry with it" };
        let mut message =
            [&found.len().to_string(), " apps ", how, ", of which ", &oldest, " is the oldest: "].concat();
        for (at, app) in found.iter().enumerate().take(MOST_DESCRIBED) {
            let lists = [REDIRECT_URIS, REDIRECT_DOMAINS].map(|list| entries(app, list).unwrap_or_default());
            let lists = lists.concat();
            let lists =
                if lists.is_empty() { "nothing".to_owned() } else { join(&mut lists.iter().map(String::as_str), ", ") };
            let separator = if at == 0 { "" } else { "; " };
            let (id, name, created) = (text(app, "id"), text(app, "name"), text(app, "createdDate"));
            message.extend([separator, &id, " (", &name, ", created ", &created, ") lists ", &lists]);
        }
        if found.len() > MOST_DESCRIBED {
            message.push_str("; and others");
        }
        message.push_str(". Pass the `id` of the one that is meant, and delete the others once nobody uses them");
        self.error(Code::Conflict, message)
    }
}

/// Of several apps of the same name, those that share an entry with the wanted one, where there are any: one that names
/// its client counts more than a loopback one.
fn break_tie<J: Json>(mut found: Vec<J>, wanted: &Wanted) -> Vec<J> {
    let own: Vec<bool> = found.iter().map(|app| wanted.shares_own_entry(app)).collect();
    let any: Vec<bool> = found.iter().map(|app| wanted.change.shares_entry(app, |_, _| true)).collect();
    let Some(marks) = [own, any].into_iter().find(|marks| marks.contains(&true)) else { return found };
    let mut marks = marks.into_iter();
    found.retain(|_| marks.next().unwrap_or_default());
    found
}

/// A text of an app; empty where it has none.
fn text<J: Json>(app: &J, name: &str) -> String {
    app.get(name).and_then(|member| member.to_value().as_str().map(str::to_owned)).unwrap_or_default()
}
