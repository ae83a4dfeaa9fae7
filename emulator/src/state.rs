//! What the service holds, as a value to keep and to bring back: the apps of every site, and of a secret only its hash.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::{self, Checked};
use crate::error::Problem;
use crate::json::{self, Object};
use crate::options::Options;
use crate::store::{App, Store};

/// The form that is written, and the only one that is read.
const VERSION: u32 = 1;

/// The apps of every site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    version: u32,
    apps: Vec<StoredApp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredApp {
    site_id: String,
    o_auth_app: Object,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret_sha256: Option<String>,
}

/// A state that cannot be taken; the text says what is wrong with it and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateError(String);

impl fmt::Display for StateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for StateError {}

impl State {
    /// The state that a JSON value holds.
    pub fn from_json(value: Value) -> Result<Self, StateError> {
        Self::deserialize(value).map_err(|error| StateError(format!("the state: {error}")))
    }

    /// What a store holds.
    pub(crate) fn of(store: &Store) -> Self {
        let apps = store.all().map(|(site_id, app)| StoredApp {
            site_id: site_id.to_owned(),
            o_auth_app: app.entity().clone(),
            secret_sha256: app.secret_sha256().map(str::to_owned),
        });
        Self { version: VERSION, apps: apps.collect() }
    }

    /// The store that it describes, if every app in it is one that the service could hold.
    pub(crate) fn to_store(&self, options: &Options) -> Result<Store, StateError> {
        if self.version != VERSION {
            return Err(StateError(format!("the state: version {} is not {VERSION}", self.version)));
        }
        let mut store = Store::default();
        for (at, stored) in self.apps.iter().enumerate() {
            let fault = |text: String| StateError(format!("the state: apps[{at}]: {text}"));
            if !options.site_ids.contains(&stored.site_id) {
                return Err(fault(format!("siteId {:?} is none of the emulator's sites", stored.site_id)));
            }
            let app = stored.to_app().map_err(fault)?;
            if store.knows(app.id()) {
                return Err(fault(format!("oAuthApp.id {} stands there twice", app.id())));
            }
            store.put(&stored.site_id, app);
        }
        Ok(store)
    }
}

impl StoredApp {
    fn to_app(&self) -> Result<App, String> {
        let Checked { fields, violations } = check::stored(&self.o_auth_app).map_err(Problem::into_message)?;
        if !violations.is_empty() {
            return Err(Problem::violations(&violations).into_message());
        }
        if let Some(name) = self.o_auth_app.keys().find(|name| !fields.contains_key(*name)) {
            return Err(format!("oAuthApp.{name} has no place in a state"));
        }
        if let Some(name) = ["id", "createdDate", "name"].iter().find(|name| json::member(&fields, name).is_none()) {
            return Err(format!("oAuthApp.{name} is missing"));
        }
        let is_sha256 = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !self.secret_sha256.iter().all(is_sha256) {
            return Err("secretSha256 is no SHA-256".to_owned());
        }
        Ok(App::new(fields, self.secret_sha256.clone()))
    }
}
