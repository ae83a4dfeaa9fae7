//! What the service holds, as a value to keep and to bring back: a record for each thing, and of a secret only its hash.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::apps::schema::{self, Checked};
use crate::http::error::ApiError;
use crate::http::json::{self, Object};
use crate::options::Options;
use crate::store::app::{App, Store, StoredSecret};
use crate::store::grants::Grants;
use crate::store::journal::Record;
use crate::webhooks::Outbox;

/// The form that is written, and the only one that is read.
const VERSION: u32 = 1;
/// The key of the record that holds how far the seeded generator got.
pub(crate) const SEED: &str = "seed";

const UNKNOWN_KIND: &str = "is of no kind that the service keeps";

/// Everything the service holds, by the keys of its records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    version: u32,
    records: Object,
}

/// What is kept of an app.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredApp {
    o_auth_app: Object,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret_sha256: Option<String>,
    /// Whether the secret is the one that the create answered, rather than one that was generated later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    secret_from_create: bool,
}

/// How far the seeded generator got.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    drawn: u64,
}

/// A state that cannot be taken; the text says what is wrong with it and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotError(String);

impl fmt::Display for SnapshotError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for SnapshotError {}

/// What a state describes.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) store: Store,
    pub(crate) grants: Grants,
    pub(crate) outbox: Outbox,
    pub(crate) drawn: Option<u64>,
}

impl Snapshot {
    /// The state that a JSON value holds.
    pub fn from_json(value: Value) -> Result<Self, SnapshotError> {
        Self::deserialize(value).map_err(|error| SnapshotError(format!("the state: {error}")))
    }

    /// The state that records describe.
    pub(crate) fn from_records(given: &[Record]) -> Result<Self, SnapshotError> {
        let mut records = Object::new();
        for Record { key, value } in given {
            let fault = |text: String| SnapshotError(format!("record {key}: {text}"));
            let value = serde_json::from_str(value).map_err(|error| fault(format!("no JSON: {error}")))?;
            if records.insert(key.clone(), value).is_some() {
                return Err(fault("stands there twice".to_owned()));
            }
        }
        Ok(Self { version: VERSION, records })
    }

    /// What is contents.
    pub(crate) fn of(store: &Store, grants: &Grants, outbox: &Outbox, drawn: Option<u64>) -> Self {
        let apps = store.all().map(|(site_id, app)| (app_key(site_id, app.id()), app_value(app)));
        let seed = drawn.map(|drawn| (SEED.to_owned(), seed_value(drawn)));
        Self { version: VERSION, records: apps.chain(grants.records()).chain(outbox.records()).chain(seed).collect() }
    }

    /// The records that it consists of.
    pub(crate) fn into_records(self) -> impl Iterator<Item = (String, Value)> {
        self.records.into_iter()
    }

    /// What it describes, if the service could hold all of it.
    pub(crate) fn read(&self, options: &Options) -> Result<Contents, SnapshotError> {
        if self.version != VERSION {
            return Err(SnapshotError(format!("the state: version {} is not {VERSION}", self.version)));
        }
        let mut contents = Contents::default();
        for (key, value) in &self.records {
            contents.take(key, value, options).map_err(|text| SnapshotError(format!("record {key}: {text}")))?;
        }
        Ok(contents)
    }
}

impl Contents {
    fn take(&mut self, key: &str, value: &Value, options: &Options) -> Result<(), String> {
        match key.split('/').collect::<Vec<_>>().as_slice() {
            ["app", site_id, id] => self.take_app(site_id, id, value, options),
            [SEED] => {
                self.drawn = Some(Seed::deserialize(value).map_err(|error| error.to_string())?.drawn);
                Ok(())
            }
            [kind, id] => {
                let loaded = self.grants.load(kind, id, value).or_else(|| self.outbox.load(kind, id, value));
                loaded.unwrap_or_else(|| Err(UNKNOWN_KIND.to_owned()))
            }
            _ => Err(UNKNOWN_KIND.to_owned()),
        }
    }

    fn take_app(&mut self, site_id: &str, id: &str, value: &Value, options: &Options) -> Result<(), String> {
        if !options.site_ids.iter().any(|known| known == site_id) {
            return Err("is of none of the emulator's sites".to_owned());
        }
        let app = StoredApp::deserialize(value).map_err(|error| error.to_string())?.into_app()?;
        if app.id() != id {
            return Err("oAuthApp.id is not the key's".to_owned());
        }
        if self.store.knows(id) {
            return Err("oAuthApp.id is another site's too".to_owned());
        }
        self.store.put(site_id, app);
        Ok(())
    }
}

impl StoredApp {
    fn into_app(self) -> Result<App, String> {
        let Checked { fields, violations } = schema::stored(&self.o_auth_app).map_err(ApiError::into_message)?;
        if !violations.is_empty() {
            return Err(ApiError::violations(&violations).into_message());
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
        let generated = !self.secret_from_create;
        Ok(App::new(fields, self.secret_sha256.map(|sha256| StoredSecret { sha256, generated })))
    }
}

/// The key of an app's record.
pub(crate) fn app_key(site_id: &str, id: &str) -> String {
    format!("app/{site_id}/{id}")
}

/// What the record of that key holds, if there is one.
pub(crate) fn value(key: &str, store: &Store, grants: &Grants, outbox: &Outbox) -> Option<Value> {
    match key.split('/').collect::<Vec<_>>().as_slice() {
        ["app", site_id, id] => store.app(site_id, id).map(app_value),
        [kind, id] => grants.record(kind, id).or_else(|| outbox.record(kind, id)),
        _ => None,
    }
}

/// What the record of the generator holds.
pub(crate) fn seed_value(drawn: u64) -> Value {
    serde_json::json!(Seed { drawn })
}

fn app_value(app: &App) -> Value {
    let secret = app.secret();
    serde_json::json!(StoredApp {
        o_auth_app: app.entity().clone(),
        secret_sha256: secret.map(|secret| secret.sha256.clone()),
        secret_from_create: secret.is_some_and(|secret| !secret.generated),
    })
}
