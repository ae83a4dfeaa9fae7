//! The apps that exist from the start: those of the option `apps`.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};
use wix_oauth_apps::app::{FIELDS, is_guid};

use crate::apps::schema::{self, CheckedApp, ROOT};
use crate::host::date;
use crate::host::digest::derived_guid;
use crate::http::error::ApiError;
use crate::http::json::Object;
use crate::options::Options;
use crate::settings::InputError;
use crate::store::app::App;
use crate::store::app_store::AppStore;

/// An app that exists from the start.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InitialApp {
    /// The ID, which is the client ID.
    pub id: String,
    /// The name.
    pub name: String,
    #[serde(skip)]
    fields: Object,
}

/// Reads the option `apps`. The error names the app and every fault of it.
pub(crate) fn read(options: &Options) -> Result<Vec<InitialApp>, InputError> {
    let mut ids = BTreeSet::new();
    let mut apps = Vec::new();
    for (at, app) in options.apps.iter().enumerate() {
        let path = format!("options.apps[{at}]");
        let app = read_app(app, &ids, options).map_err(|reason| InputError::new(&path, reason))?;
        if !ids.insert(app.id.clone()) {
            return Err(InputError::new(format!("{path}.id"), "must differ from every other app\u{2019}s"));
        }
        apps.push(app);
    }
    Ok(apps)
}

fn read_app(app: &Object, ids: &BTreeSet<String>, options: &Options) -> Result<InitialApp, String> {
    if let Some(name) = app.keys().find(|name| !FIELDS.iter().any(|field| field.name == **name)) {
        return Err(format!("an OAuth app has no field {name:?}"));
    }
    let CheckedApp { fields, violations } = schema::writable(app, options).map_err(|error| without_root(&error))?;
    if !violations.is_empty() {
        return Err(without_root(&ApiError::violations(&violations)));
    }
    let Some(name) = fields.get("name").and_then(Value::as_str).map(str::to_owned) else {
        return Err("name is missing".to_owned());
    };
    let id = match app.get("id").filter(|id| !id.is_null()) {
        None => unused_id(&name, ids),
        Some(Value::String(id)) if is_guid(id) => id.clone(),
        Some(id) => return Err(format!("id must be a GUID, is {id}")),
    };
    Ok(InitialApp { id, name, fields })
}

/// Adds the apps that do not exist, to the first site.
pub(crate) fn create(apps: &[InitialApp], options: &Options, store: &mut AppStore, now: u64) {
    let site_id = options.site_ids.first().cloned().unwrap_or_default();
    for InitialApp { id, fields, .. } in apps {
        if store.find(id).is_none() {
            let mut fields = fields.clone();
            fields.insert("id".to_owned(), json!(id));
            fields.insert("createdDate".to_owned(), json!(date::to_text(now)));
            store.put(App::new(&site_id, fields, None));
        }
    }
}

/// Returns an ID that depends on the name, and for a repeated name on the number of repetitions.
fn unused_id(name: &str, ids: &BTreeSet<String>) -> String {
    let mut id = derived_guid(&format!("app {name}"));
    while ids.contains(&id) {
        id = derived_guid(&format!("app {id} {name}"));
    }
    id
}

/// Returns the message of an error without the member that the API calls the app.
fn without_root(error: &ApiError) -> String {
    error.message().replace(&format!("{ROOT}."), "")
}
