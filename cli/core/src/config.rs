//! The configuration file: the apps that a site is to have.
//!
//! JavaScript parses the YAML or JSON text; [`read`] reads the value, reports every fault at its path, and JavaScript
//! finds line and column of the path. A fault with the rule `UNKNOWN_FIELD` or `READ_ONLY` is about the key at its
//! path, any other is about the value; where the path does not exist (a key that is missing), the nearest value above
//! it stands for it.

use serde_json::{Map, Value, json};

use crate::error::{Code, Error, Fault, Path, Result};
use crate::library::{EntryKind, List, Platform};
use crate::pattern::Pattern;
use crate::site;

pub use interpolate::Variables;
pub use write::{backup, export};

mod identity;
mod interpolate;
mod reader;
mod write;

/// A configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The apps, in the order of the file.
    pub(crate) apps: Vec<ConfigApp>,
    /// Set if apps of the site that the file does not name are deleted.
    pub(crate) deletes_unlisted: bool,
}

/// An app of a configuration.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ConfigApp {
    /// The client ID, where the file has one.
    pub(crate) id: Option<String>,
    /// The fields that the file names; `null` clears one.
    pub(crate) fields: Map<String, Value>,
    /// Set if other entries of the lists stay (`redirects: include`).
    pub(crate) keeps_others: bool,
    /// The entries that others manage.
    pub(crate) ignore: Vec<Pattern>,
}

impl ConfigApp {
    /// Returns the name, where the file has one.
    pub(crate) fn name(&self) -> Option<&str> {
        self.fields.get("name").and_then(Value::as_str)
    }

    /// Returns the entries that the file has in a list, without those that others manage; `None` for a list that the
    /// file does not name.
    pub(crate) fn entries(&self, list: List) -> Option<Vec<&str>> {
        let elements = self.fields.get(list.field())?.as_array().map(Vec::as_slice).unwrap_or_default();
        let entries = elements.iter().filter_map(Value::as_str);
        Some(entries.filter(|entry| !self.is_ignored(list.kind(), entry)).collect())
    }

    /// Checks whether others manage an entry.
    pub(crate) fn is_ignored(&self, kind: EntryKind, entry: &str) -> bool {
        self.ignore.iter().any(|pattern| pattern.ignores(kind, entry))
    }

    /// Checks whether the file has the ID of an app of the site.
    pub(crate) fn has_id_of(&self, app: &Value) -> bool {
        self.id.as_ref().is_some_and(|id| id.eq_ignore_ascii_case(site::id(app)))
    }

    /// Returns the name for messages: the name, else the ID.
    pub(crate) fn label(&self) -> &str {
        self.name().or(self.id.as_deref()).unwrap_or_default()
    }
}

/// Reads a configuration that is parsed already. The result holds the warnings on it too.
///
/// # Errors
/// If there is a fault: all of them, each at its path.
pub fn read(value: &Value, variables: &Variables, platform: &Platform<'_>) -> Result<(Config, Vec<Fault>)> {
    let (value, failed) = interpolate::interpolate(value, variables);
    finish(reader::read(&value, failed, platform), platform)
}

/// Reads a configuration whose variables have been replaced, such as the one in a plan file.
///
/// # Errors
/// The errors of [`read`].
pub(crate) fn read_literal(value: &Value, platform: &Platform<'_>) -> Result<Config> {
    finish(reader::read(value, Vec::new(), platform), platform).map(|(config, _)| config)
}

fn finish((config, mut found): (Config, Vec<Fault>), platform: &Platform<'_>) -> Result<(Config, Vec<Fault>)> {
    found.extend(identity::faults(&config, platform));
    if found.iter().all(|fault| fault.is_warning) {
        return Ok((config, found));
    }
    Err(Error::of_faults(Code::Config, found))
}

impl Config {
    /// Returns the configuration as a value, without variables.
    pub(crate) fn to_value(&self) -> Value {
        let apps: Vec<Value> = self.apps.iter().map(ConfigApp::to_value).collect();
        json!({ "apps": apps, "unlisted": if self.deletes_unlisted { "delete" } else { "keep" } })
    }
}

impl ConfigApp {
    fn to_value(&self) -> Value {
        let mut members = Map::new();
        if let Some(id) = &self.id {
            members.insert("id".to_owned(), json!(id));
        }
        members.extend(self.fields.clone());
        members.insert("redirects".to_owned(), json!(if self.keeps_others { "include" } else { "exact" }));
        let ignore: Vec<&str> = self.ignore.iter().map(Pattern::as_str).collect();
        members.insert("ignore".to_owned(), json!(ignore));
        Value::Object(members)
    }
}

/// Returns the path of an app.
pub(crate) fn app_path(at: usize) -> Path {
    Path::default().key("apps").index(at)
}

#[cfg(test)]
mod tests;
