//! Which of the apps of a site is the wanted one, and what to do where several may be.

use super::{MatchedBy, Wanted};
use crate::api::{Code, Error, Json};
use crate::app::{OAuthAppId, REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::client::attempt::Run;
use crate::client::change::entries;
use crate::client::list::{Listing, text};
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
    pub(super) async fn find(&self, wanted: &Wanted) -> Result<Option<(T::Json, MatchedBy)>, Box<Error<T::Json>>> {
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
    ) -> Result<Option<(T::Json, MatchedBy)>, Box<Error<T::Json>>> {
        let Candidates { named: mut all, mut sharing, .. } = self.candidates(wanted).await?;
        let named = all.len();
        all.append(&mut sharing);
        let at = self.oldest(&all);
        let is_there = all.iter().any(|app| text(app, "id").eq_ignore_ascii_case(id.as_str()));
        let by = if at < named { MatchedBy::Name } else { MatchedBy::Redirect };
        Ok(is_there.then(|| (all.swap_remove(at), by)))
    }

    async fn candidates(&self, wanted: &Wanted) -> Result<Candidates<T::Json>, Box<Error<T::Json>>> {
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

    /// Which of the apps is the oldest. A date that cannot be read is compared as text.
    #[inline(never)]
    fn oldest(&self, apps: &[T::Json]) -> usize {
        let mut oldest = None;
        for (at, app) in apps.iter().enumerate() {
            let created = text(app, "createdDate");
            let key = (self.host.date(&created), created, text(app, "id"));
            if oldest.as_ref().is_none_or(|(least, _)| key < *least) {
                oldest = Some((key, at));
            }
        }
        oldest.map_or(0, |(_, at)| at)
    }

    /// The error that several apps may be the wanted one: which is the oldest, what each lists, and how to go on.
    #[inline(never)]
    fn duplicates(&self, found: &[T::Json], by: MatchedBy) -> Box<Error<T::Json>> {
        let oldest = found.get(self.oldest(found)).map(|app| text(app, "id")).unwrap_or_default();
        let how = if by == MatchedBy::Name { "have this name" } else { "share a redirect entry with it" };
        let mut message =
            [&found.len().to_string(), " apps ", how, ", of which ", &oldest, " is the oldest: "].concat();
        for (at, app) in found.iter().enumerate().take(MOST_DESCRIBED) {
            let mut lists = entries(app, REDIRECT_URIS).unwrap_or_default();
            lists.append(&mut entries(app, REDIRECT_DOMAINS).unwrap_or_default());
            let lists = if lists.is_empty() { "nothing".to_owned() } else { join(&lists, ", ") };
            let separator = if at == 0 { "" } else { "; " };
            message.push_str(separator);
            for (before, name) in [("", "id"), (" (", "name"), (", created ", "createdDate")] {
                message.push_str(before);
                message.push_str(&text(app, name));
            }
            message.push_str(") lists ");
            message.push_str(&lists);
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
    for is_own in [true, false] {
        let is_likely = |app: &J| {
            if is_own { wanted.shares_own_entry(app) } else { wanted.change.shares_entry(app, |_, _| true) }
        };
        if found.iter().any(is_likely) {
            found.retain(is_likely);
            break;
        }
    }
    found
}
