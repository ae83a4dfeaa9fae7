//! Changes to an app that lose nothing of what is there: get, merge, send what differs, read back.
//!
//! The API replaces a list whole and has no revision. So what another writer adds between our get and our update is lost
//! without a trace. That is an instant, unless the client's rate limit or the caller's token callback holds the update
//! back; before an update is repeated, the app is read anew. What another writer wrote over after our update is seen when
//! it is read back, and merged again.

use super::attempt::{Run, Step};
use super::retry::Tries;
use super::transport::Transport;
use crate::api::{self, Code, Error, Json, Operation};
use crate::app::{MAX_REDIRECTS, OAuthAppId, OAuthAppPatch, REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::redirect::grammar;
use crate::validate::Entries;
use crate::value::Value;
use crate::violation::{Violations, rule};

/// So often an update is sent that another writer wrote over.
const MOST_ROUNDS: u32 = 5;
/// The lists of an app, in the order of [`Entries`].
const LISTS: [&str; 2] = [REDIRECT_URIS, REDIRECT_DOMAINS];

/// What an app is to be like.
#[derive(Debug)]
pub(super) struct Change {
    /// What a caller calls the lists.
    pub(super) names: [&'static str; 2],
    /// The entries that they are to hold.
    pub(super) add: Entries,
    /// The entries that they are not to hold.
    pub(super) remove: Entries,
    /// The other fields.
    pub(super) fields: Vec<(String, Value)>,
}

/// What has to be done to an app, or was.
#[derive(Debug, Default)]
pub(super) struct Done {
    added: Entries,
    removed: Entries,
    /// The names of the fields that change.
    pub(super) changed: Vec<String>,
}

impl Done {
    /// `{added: {uris, domains}, removed: {uris, domains}}`
    pub(super) fn to_value(&self, [uris, domains]: [&str; 2]) -> Value {
        let lists = |entries: &Entries| {
            let [in_uris, in_domains] = entries.each_ref().map(|list| strings(list));
            Value::from(vec![(uris, in_uris), (domains, in_domains)])
        };
        Value::from(vec![("added", lists(&self.added)), ("removed", lists(&self.removed))])
    }

    fn note(&mut self, more: Done) {
        let Done { added, removed, changed } = more;
        for (known, new) in self.added.iter_mut().zip(added).chain(self.removed.iter_mut().zip(removed)) {
            add_missing(known, &new);
        }
        add_missing(&mut self.changed, &changed);
    }
}

impl Change {
    /// The patch that makes the app so, empty where it is; and what it does.
    fn plan<J: Json>(&self, app: &J) -> Result<(OAuthAppPatch, Done), Fault> {
        let (mut patch, mut done) = (Vec::new(), Done::default());
        let lists = LISTS.iter().zip(self.names).zip(self.add.iter().zip(&self.remove));
        let notes = done.added.iter_mut().zip(&mut done.removed);
        for (((list, name), (add, remove)), (added, removed)) in lists.zip(notes) {
            let before = entries(app, list)?;
            *added = add.iter().filter(|entry| !before.contains(entry)).cloned().collect();
            *removed = before.iter().filter(|entry| remove.contains(entry)).cloned().collect();
            if added.is_empty() && removed.is_empty() {
                continue;
            }
            let mut after = Vec::new();
            add_missing(&mut after, before.iter().filter(|entry| !remove.contains(entry)));
            add_missing(&mut after, added.iter());
            if after.len() > MAX_REDIRECTS && !added.is_empty() {
                return Err(Fault::Full { name, count: after.len(), present: before });
            }
            patch.push(((*list).to_owned(), strings(&after)));
        }
        for (name, value) in &self.fields {
            if !is_same(value, &app.get(name).map_or(Value::Null, |value| value.to_value())) {
                patch.push((name.clone(), value.clone()));
            }
        }
        done.changed = patch.iter().map(|(name, _)| name.clone()).collect();
        Ok((OAuthAppPatch(patch), done))
    }

    /// Whether the lists of an app that was updated hold what they are to hold, perhaps in a form that the service gave
    /// it, and nothing of what they are not to hold.
    fn is_met<J: Json>(&self, app: &J) -> Result<bool, Fault> {
        let [uris, domains] = LISTS.map(|list| entries(app, list));
        let (uris, domains) = (uris?, domains?);
        let [add_uris, add_domains] = &self.add;
        let has_uri = |entry: &String| uris.iter().any(|held| held == entry || canonical(held) == canonical(entry));
        let has_domain = |entry: &String| domains.iter().any(|held| held.eq_ignore_ascii_case(entry));
        let holds = add_uris.iter().all(has_uri) && add_domains.iter().all(has_domain);
        let [remove_uris, remove_domains] = &self.remove;
        let is_rid = |list: &[String], remove: &[String]| !list.iter().any(|entry| remove.contains(entry));
        Ok(holds && is_rid(&uris, remove_uris) && is_rid(&domains, remove_domains))
    }
}

/// Why an app cannot be changed so.
enum Fault {
    /// A list would hold too many.
    Full { name: &'static str, count: usize, present: Vec<String> },
    /// The service gave a list that is none.
    NoList(&'static str),
}

impl<T: Transport> Run<'_, T> {
    /// The app.
    pub(super) async fn get(&self, id: &OAuthAppId) -> Result<T::Json, Error<T::Json>> {
        let step = Step { what: Operation::Get, request: api::get::request(id), read: api::get::read };
        // A get that succeeds gives an app.
        self.perform(&step).await.map(|app| app.unwrap_or_else(|| Json::from_value(&Value::Null)))
    }

    /// Makes the app as it is to be, and gives it as it is then. `known` is the app as it was a while ago.
    pub(super) async fn change(
        &self,
        id: &OAuthAppId,
        known: Option<T::Json>,
        change: &Change,
    ) -> Result<(T::Json, Done), Error<T::Json>> {
        let fault = |fault| self.cannot(fault);
        if let Some(known) = known
            && change.plan(&known).map_err(fault)?.0.is_empty()
        {
            return Ok((known, Done::default()));
        }
        let (mut done, mut tries, mut rounds) = (Done::default(), Tries::default(), 0_u32);
        loop {
            let app = self.get(id).await?;
            let (patch, more) = change.plan(&app).map_err(fault)?;
            if patch.is_empty() || (rounds > 0 && change.is_met(&app).map_err(fault)?) {
                return Ok((app, done));
            }
            if rounds >= MOST_ROUNDS {
                let message = "the list does not stay as it was written: another writer keeps replacing it. Some entries \
                               may be there and others not; try again once it is quiet";
                return Err(Error { attempts: rounds, ..self.error(Code::Conflict, message) });
            }
            done.note(more);
            let step =
                Step { what: Operation::Update, request: api::update::request(id, &patch), read: api::update::read };
            match self.attempt(&step, &mut tries).await {
                Ok(_) => (tries, rounds) = (Tries::default(), rounds.saturating_add(1)),
                Err(failed) => self.wait_to_repeat(&step, failed, &mut tries).await?,
            }
        }
    }

    fn cannot(&self, fault: Fault) -> Error<T::Json> {
        match fault {
            Fault::NoList(list) => {
                self.error(Code::BadResponse, ["the service gave an app whose ", list, " is no list of texts"].concat())
            }
            Fault::Full { name, count, present } => {
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

/// The entries of one of an app's lists.
fn entries<J: Json>(app: &J, list: &'static str) -> Result<Vec<String>, Fault> {
    let given = app.get(list).map_or(Value::Null, |list| list.to_value());
    match &given {
        Value::Null => Ok(Vec::new()),
        Value::Array(elements) => {
            let texts: Option<Vec<String>> = elements.iter().map(|text| text.as_str().map(str::to_owned)).collect();
            texts.ok_or(Fault::NoList(list))
        }
        _ => Err(Fault::NoList(list)),
    }
}

/// Whether the two have an entry in common.
pub(super) fn shares_entry<J: Json>(change: &Change, app: &J) -> bool {
    let mut lists = LISTS.iter().zip(&change.add);
    lists.any(|(list, wanted)| entries(app, list).is_ok_and(|held| wanted.iter().any(|entry| held.contains(entry))))
}

/// Whether a field holds that already. What is empty is as good as absent, and an object may hold more.
fn is_same(wanted: &Value, held: &Value) -> bool {
    let is_blank = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || text.ends_with("_UNSPECIFIED"),
        Value::Array(elements) => elements.is_empty(),
        _ => false,
    };
    if is_blank(wanted) && is_blank(held) {
        return true;
    }
    match (wanted, held) {
        (Value::Object(members), Value::Object(_)) => {
            members.iter().all(|(name, value)| is_same(value, held.get(name).unwrap_or(&Value::Null)))
        }
        (Value::Array(wanted), Value::Array(held)) => {
            wanted.len() == held.len() && wanted.iter().zip(held).all(|(wanted, held)| is_same(wanted, held))
        }
        _ => wanted == held,
    }
}

/// A redirect URI as browsers spell it.
fn canonical(entry: &str) -> Option<String> {
    grammar::parse(entry).ok().map(|uri| uri.canonical())
}

fn add_missing<'a>(list: &mut Vec<String>, more: impl IntoIterator<Item = &'a String>) {
    for entry in more {
        if !list.contains(entry) {
            list.push(entry.clone());
        }
    }
}

fn strings(list: &[String]) -> Value {
    Value::Array(list.iter().map(|entry| Value::from(entry.as_str())).collect())
}
