//! A plan as a file: it is read again, compared with the site as it is now, and after the changes compared with their
//! result.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::difference::{Comparison, FieldChange};
use super::state::{AppState, fingerprint};
use super::{Action, Change, Plan, compare};
use crate::config::{self, Config};
use crate::error::{Code, Error, Fault, Path, Result};
use crate::library::{Platform, is_guid};
use crate::site;

/// The `format` of a plan file.
pub(super) const FORMAT: &str = "wix-oauth-apps-plan";
/// The version of the plan files that this program reads and writes.
pub(super) const VERSION: u32 = 1;

/// A plan file.
#[derive(Debug, Clone)]
pub struct StoredPlan {
    site_id: Option<String>,
    config: Config,
    state: Vec<AppState>,
    changes: Vec<Change>,
}

/// Reads a plan file.
///
/// # Errors
/// If the value is no plan, or one of another version.
pub fn read(value: &Value, platform: &Platform<'_>) -> Result<StoredPlan> {
    let refuse = |message: String| Error::new(Code::Config, message);
    if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(refuse("the file is no plan; make one with `plan --out FILE`".to_owned()));
    }
    if value.get("version") != Some(&json!(VERSION)) {
        let found = value.get("version").unwrap_or(&Value::Null);
        return Err(refuse(format!(
            "the plan has version {found}, and this program reads version {VERSION}; make a new one with `plan --out \
             FILE`"
        )));
    }
    let damaged = |what: &str| refuse(format!("the plan is damaged: its {what} cannot be read; make a new one"));
    let site_id = match value.get("siteId") {
        None | Some(Value::Null) => None,
        Some(id) => Some(id.as_str().filter(|id| is_guid(id)).ok_or_else(|| damaged("siteId"))?.to_owned()),
    };
    let config = value.get("config").unwrap_or(&Value::Null);
    let config = config::read_literal(config, platform)
        .map_err(|error| Error { violations: error.violations, ..damaged("config") })?;
    let state: Vec<AppState> = member(value, "state").ok_or_else(|| damaged("state"))?;
    if value.get("fingerprint").and_then(Value::as_str) != Some(fingerprint(site_id.as_deref(), &state).as_str()) {
        return Err(damaged("fingerprint"));
    }
    let mut changes: Vec<Change> = member(value, "changes").ok_or_else(|| damaged("changes"))?;
    let steps: Vec<Step> = member(value, "steps").ok_or_else(|| damaged("steps"))?;
    if steps.len() != changes.len() {
        return Err(damaged("steps"));
    }
    for (change, step) in changes.iter_mut().zip(steps) {
        change.app = step.app;
    }
    Ok(StoredPlan { site_id, config, state, changes })
}

impl StoredPlan {
    /// Returns `{siteId, changes, summary}` of a plan file that was read.
    pub fn report(&self, file: &Value) -> Value {
        let summary = file.get("summary").unwrap_or(&Value::Null);
        json!({ "siteId": self.site_id, "changes": self.changes, "summary": summary })
    }
}

/// The part of a step that is read again.
#[derive(serde::Deserialize)]
struct Step {
    app: Option<usize>,
}

fn member<T: serde::de::DeserializeOwned>(value: &Value, name: &str) -> Option<T> {
    T::deserialize(value.get(name)?).ok()
}

/// Plans again the changes of a plan that are left, for the site as it is now. An app that has changed is accepted only
/// if it is as the plan would make it: the plan was applied in part, and the rest is to be done.
///
/// The result is a plan as [`Plan::to_value`] gives it, with the changes that have been made before as `alreadyDone`.
///
/// # Errors
/// If the plan is for another site, or the site has changed since.
pub fn apply(stored: &StoredPlan, apps: &Value, site_id: Option<&str>, platform: &Platform<'_>) -> Result<Value> {
    if let (Some(planned), Some(given)) = (&stored.site_id, site_id)
        && !planned.eq_ignore_ascii_case(given)
    {
        let message = format!("the plan is for the site {planned}, not for {given}; make a plan for this site");
        return Err(Error::new(Code::Conflict, message));
    }
    let apps = site::apps(apps)?;
    let site_id = stored.site_id.as_deref().or(site_id);
    let fresh = compare(&stored.config, apps, site_id, Comparison::Before, platform).map_err(|error| Error {
        message: format!("the site has changed since the plan was made; make a new plan\n{}", error.message),
        ..error
    })?;
    let stale = stale(stored, &fresh);
    if !stale.is_empty() {
        let lines: Vec<String> = stale.iter().map(|fault| fault.message.clone()).collect();
        let message = format!("the site has changed since the plan was made: {}; make a new plan", lines.join("; "));
        return Err(Error { violations: stale, ..Error::new(Code::Conflict, message) });
    }
    let is_left = |change: &Change| fresh.changes.iter().any(|left| is_same_change(change, left));
    let already_done: Vec<&Change> = stored.changes.iter().filter(|change| !is_left(change)).collect();
    let already_done = json!(already_done);
    let mut value = fresh.to_value(platform);
    if let Value::Object(members) = &mut value {
        members.insert("alreadyDone".to_owned(), already_done);
    }
    Ok(value)
}

fn is_same_change(one: &Change, other: &Change) -> bool {
    one.action == other.action && one.id == other.id && one.app == other.app
}

/// Returns the apps that have changed, other than by the plan itself.
fn stale(stored: &StoredPlan, fresh: &Plan) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut add = |app: &AppState, what: &str| {
        let path = Path::default().key(&app.id);
        faults.push(Fault::new(path, "STALE", format!("the app {} ({}) {what}", app.name, app.id)));
    };
    let planned = |action, id: &str| {
        stored.changes.iter().any(|change| change.action == action && change.id.as_deref() == Some(id))
    };
    let left = |id: &str| fresh.changes.iter().find(|change| change.id.as_deref() == Some(id));
    for before in &stored.state {
        match fresh.state.iter().find(|now| now.id == before.id) {
            None if planned(Action::Delete, &before.id) => {}
            None => add(before, "is gone"),
            Some(now) if now.fingerprint == before.fingerprint => {
                let change = stored.changes.iter().find(|change| change.id.as_deref() == Some(before.id.as_str()));
                if left(&before.id).map(Essence::of) != change.map(Essence::of) {
                    add(before, "is not changed as planned any more");
                }
            }
            Some(_) if planned(Action::Update, &before.id) && left(&before.id).is_none() => {}
            Some(now) => add(now, "has changed"),
        }
    }
    // An app that the plan was to create, and that nothing is left to do for.
    let mut created = stored.changes.iter().filter(|change| {
        change.action == Action::Create && !fresh.changes.iter().any(|left| is_same_change(change, left))
    });
    for now in fresh.state.iter().filter(|now| !stored.state.iter().any(|before| before.id == now.id)) {
        if left(&now.id).is_some() || created.next().is_none() {
            add(now, "is new");
        }
    }
    faults
}

/// The part of a change that must be as it was planned: the entries that others manage may have come and gone
/// meanwhile.
#[derive(PartialEq)]
struct Essence<'a> {
    action: Action,
    fields: Vec<FieldEssence<'a>>,
}

#[derive(PartialEq)]
struct FieldEssence<'a> {
    field: &'a str,
    added: &'a [String],
    removed: &'a [String],
    /// `None` for a redirect list: `added` and `removed` describe its change.
    after: Option<&'a Value>,
}

impl<'a> Essence<'a> {
    fn of(change: &'a Change) -> Self {
        let of_field = |field: &'a FieldChange| FieldEssence {
            field: &field.field,
            added: &field.added,
            removed: &field.removed,
            after: field.list().is_none().then_some(&field.after),
        };
        Self { action: change.action, fields: change.fields.iter().map(of_field).collect() }
    }
}

/// Compares the site after the changes with the plan. `created` are the IDs of the apps that were created, by their
/// position in the file. Returns `{ok, failed}`, with the changes that are still to be made.
///
/// # Errors
/// If the apps can no longer be told apart.
pub fn verify(
    stored: &StoredPlan,
    apps: &Value,
    created: &BTreeMap<usize, String>,
    platform: &Platform<'_>,
) -> Result<Value> {
    let mut config = stored.config.clone();
    for (at, id) in created {
        if let Some(app) = config.apps.get_mut(*at) {
            app.id = Some(id.clone());
        }
    }
    let after = compare(&config, site::apps(apps)?, stored.site_id.as_deref(), Comparison::After, platform)?;
    let was_planned = |change: &&Change| {
        stored.changes.iter().any(|planned| match planned.app {
            Some(app) => change.app == Some(app),
            None => change.app.is_none() && change.id == planned.id,
        })
    };
    let failed: Vec<&Change> = after.changes.iter().filter(was_planned).collect();
    Ok(json!({ "ok": failed.is_empty(), "failed": failed }))
}
