//! The changes that make a site as its configuration says.
//!
//! 1. [`identity`]: which app of the site is which app of the file
//! 2. [`mod@difference`]: which fields and entries differ, by what they mean
//! 3. [`calls`]: what to send for each change
//! 4. [`state`]: fingerprints of the site's apps, by which a plan that became stale is refused
//! 5. [`stored`]: a plan as a file, before it is applied and after
//!
//! Creates and updates stand in the order of the file, then deletes in the order of the site: a run that is
//! interrupted has deleted nothing before the rest was done.

use serde_json::{Map, Value, json};

use crate::config::{Config, ConfigApp, app_path};
use crate::error::{Code, Error, Fault, Result};
use crate::library::{Platform, app_faults, rule, writable_fields};
use crate::site;

use difference::{Comparison, FieldChange, difference, whole};
use identity::{Match, identify};
use state::AppState;

pub(crate) use state::hash;
pub use stored::{apply, read, verify};

mod calls;
mod difference;
mod identity;
mod state;
mod stored;
#[cfg(test)]
mod tests;

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    Create,
    Update,
    Delete,
}

/// The change of one app.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Change {
    pub(crate) action: Action,
    /// The client ID; `None` for an app that is not there yet.
    pub(crate) id: Option<String>,
    /// The name before the change, of a new app its name.
    pub(crate) name: String,
    pub(crate) fields: Vec<FieldChange>,
    /// The position in the configuration; `None` for an app that is deleted.
    #[serde(skip)]
    pub(crate) app: Option<usize>,
}

/// The changes that make a site as its configuration says.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    site_id: Option<String>,
    config: Config,
    state: Vec<AppState>,
    changes: Vec<Change>,
    unchanged: usize,
    warnings: Vec<Fault>,
}

/// Plans the changes of a site. `apps` are all of its apps, as the service gave them.
///
/// # Errors
/// If the apps of the file and of the site cannot be told apart, or a list would get too long.
pub fn plan(config: &Config, apps: &Value, site_id: Option<&str>, platform: &Platform<'_>) -> Result<Plan> {
    compare(config, site::apps(apps)?, site_id, Comparison::Before, platform)
}

fn compare(
    config: &Config,
    apps: &[Value],
    site_id: Option<&str>,
    comparison: Comparison,
    platform: &Platform<'_>,
) -> Result<Plan> {
    let found = identify(config, apps, platform)?;
    let (mut changes, mut unchanged) = (Vec::new(), 0_usize);
    let (mut faults, mut warnings) = (Vec::new(), Vec::new());
    for (at, (wanted, found)) in config.apps.iter().zip(&found).enumerate() {
        let path = app_path(at);
        let matched = found.and_then(|(app, by)| apps.get(app).map(|app| (app, by)));
        let Some((app, by)) = matched else {
            match create(wanted, platform, &mut warnings, at) {
                Some(change) => changes.push(change),
                None => faults.push(unknown_app(wanted, at)),
            }
            continue;
        };
        let fields = difference(wanted, app, comparison, platform, (&path, &mut faults))?;
        if fields.is_empty() {
            unchanged = unchanged.saturating_add(1);
            continue;
        }
        warn_of_rename(by, app, wanted, at, &fields, &mut warnings);
        let (id, name) = (Some(site::id(app).to_owned()), site::name(app).to_owned());
        changes.push(Change { action: Action::Update, id, name, fields, app: Some(at) });
    }
    if !faults.is_empty() {
        return Err(Error::of_faults(Code::Conflict, faults));
    }
    let is_listed = |app: usize| found.iter().flatten().any(|(taken, _)| *taken == app);
    let unlisted = apps.iter().enumerate().filter(|(at, _)| !is_listed(*at)).map(|(_, app)| app);
    changes.extend(unlisted.filter(|_| config.deletes_unlisted).map(delete));
    check_result(config, apps, &found, &changes, platform)?;
    let state = state::of_site(config, apps, &found)?;
    let site_id = site_id.map(str::to_owned);
    Ok(Plan { site_id, config: config.clone(), state, changes, unchanged, warnings })
}

/// The ID of a planned app in messages.
const NEW_ID: &str = "new";

/// Checks that the next plan finds the same apps once the changes are made. Otherwise a repeated run would fail, or
/// change another app.
fn check_result(
    config: &Config,
    apps: &[Value],
    found: &[Option<(usize, Match)>],
    changes: &[Change],
    platform: &Platform<'_>,
) -> Result<()> {
    let mut after = apps.to_vec();
    let mut expected: Vec<Option<usize>> = found.iter().map(|found| found.map(|(app, _)| app)).collect();
    for change in changes {
        let Some(slot) = change.app.and_then(|at| expected.get_mut(at)) else {
            // A deleted app matches nothing.
            let deleted = after.iter_mut().find(|app| change.id.as_deref() == Some(site::id(app)));
            deleted.map(Value::take);
            continue;
        };
        let planned = *slot.get_or_insert(after.len());
        if planned == after.len() {
            after.push(json!({ "id": NEW_ID }));
        }
        if let Some(app) = after.get_mut(planned).and_then(Value::as_object_mut) {
            app.extend(change.fields.iter().map(|field| (field.field.clone(), field.after.clone())));
        }
    }
    let faults = match identify(config, &after, platform) {
        Ok(again) => misidentified(&expected, &again, &after),
        Err(error) => error.violations,
    };
    if faults.is_empty() {
        return Ok(());
    }
    let later = |fault: Fault| Fault {
        message: format!("would not be found again after this plan: it {}", fault.message),
        ..fault
    };
    Err(Error::of_faults(Code::Conflict, faults.into_iter().map(later).collect()))
}

fn misidentified(expected: &[Option<usize>], again: &[Option<(usize, Match)>], after: &[Value]) -> Vec<Fault> {
    let pairs = expected.iter().zip(again).enumerate();
    let others = pairs.filter(|(_, (expected, again))| **expected != again.map(|(app, _)| app));
    others
        .map(|(at, (_, again))| {
            let app = again.and_then(|(app, _)| after.get(app));
            let message = format!("would be taken for the app {}. Give it the id of its app", site::describe(app));
            Fault::new(app_path(at), "IDENTITY", message)
        })
        .collect()
}

fn create(wanted: &ConfigApp, platform: &Platform<'_>, warnings: &mut Vec<Fault>, at: usize) -> Option<Change> {
    let name = wanted.name()?.to_owned();
    if let Some(id) = &wanted.id {
        let message = format!("is {id}, which no app of the site has: a new app is created, and gets an ID of its own");
        warnings.push(Fault::warning(app_path(at).key("id"), "UNKNOWN_ID", message));
    }
    let draft = calls::draft(wanted);
    let found = app_faults(&Value::Object(draft.clone()), platform);
    // The others were found in the file already.
    let is_new = |fault: &Fault| fault.rule == rule::NO_DOMAINS;
    warnings.extend(found.into_iter().filter(is_new).map(|fault| fault.below(&app_path(at))));
    let fields = whole(draft.iter().map(|(field, value)| (field.as_str(), value)), true);
    Some(Change { action: Action::Create, id: None, name, fields, app: Some(at) })
}

fn delete(app: &Value) -> Change {
    let fields = whole(writable_fields().filter_map(|field| app.get(field).map(|value| (field, value))), false);
    let (id, name) = (Some(site::id(app).to_owned()), site::name(app).to_owned());
    Change { action: Action::Delete, id, name, fields, app: None }
}

fn unknown_app(wanted: &ConfigApp, at: usize) -> Fault {
    let id = wanted.id.as_deref().unwrap_or_default();
    let message = format!("is {id}, which no app of the site has, and there is no name to create one with");
    Fault::new(app_path(at).key("id"), "UNKNOWN_ID", message)
}

/// Warns of an app that was found by a redirect entry and gets another name: it may be another app than was meant.
fn warn_of_rename(
    by: Match,
    app: &Value,
    wanted: &ConfigApp,
    at: usize,
    fields: &[FieldChange],
    warnings: &mut Vec<Fault>,
) {
    if by.is_by_entry() && fields.iter().any(|change| change.field == "name") {
        let message = format!(
            "is taken for the site's app {}, with which {} shares a redirect entry, and which gets this name; give \
             the app its id if another one is meant",
            site::describe([app]),
            wanted.label()
        );
        warnings.push(Fault::warning(app_path(at).key("name"), "RENAMED", message));
    }
}

impl Plan {
    /// Returns the plan as a value: a plan file, which `apply` reads again. `changes` and `summary` are what `plan
    /// --json` prints; `steps[i]` is what to send for `changes[i]`.
    pub fn to_value(&self, platform: &Platform<'_>) -> Value {
        let mut value = self.report();
        let steps: Vec<Value> = self.changes.iter().map(|change| calls::step(change, &self.config, platform)).collect();
        value.insert("steps".to_owned(), Value::Array(steps));
        value.insert("warnings".to_owned(), json!(self.warnings));
        let mut file = Map::new();
        file.insert("format".to_owned(), json!(stored::FORMAT));
        file.insert("version".to_owned(), json!(stored::VERSION));
        file.insert("siteId".to_owned(), json!(self.site_id));
        file.insert("fingerprint".to_owned(), json!(state::fingerprint(self.site_id.as_deref(), &self.state)));
        file.insert("state".to_owned(), json!(self.state));
        file.insert("config".to_owned(), self.config.to_value());
        file.extend(value);
        Value::Object(file)
    }

    /// Returns `{changes, summary}`.
    fn report(&self) -> Map<String, Value> {
        let count = |action| self.changes.iter().filter(|change| change.action == action).count();
        let summary = json!({
            "create": count(Action::Create), "update": count(Action::Update), "delete": count(Action::Delete),
            "unchanged": self.unchanged,
        });
        Map::from_iter([("changes".to_owned(), json!(self.changes)), ("summary".to_owned(), summary)])
    }
}
