//! Reading a configuration: its shape, its keys, and its fields by the rules of the client's core.

use serde_json::{Map, Value};

use super::{Config, ConfigApp, app_path};
use crate::error::{Fault, Path};
use crate::library::{self, List, Platform, is_guid, nearest_name, rule, writable_fields};
use crate::pattern;

pub(super) const ROOT_KEYS: [&str; 3] = ["$schema", "apps", "unlisted"];
/// The keys of an app beside the fields that a caller can write.
pub(super) const APP_KEYS: [&str; 3] = ["id", "redirects", "ignore"];

/// Reads a configuration as far as it can be read, with its errors and warnings. `failed` are the faults of texts whose
/// variables could not be replaced; such a text has no other fault.
pub(super) fn read(value: &Value, failed: Vec<Fault>, platform: &Platform<'_>) -> (Config, Vec<Fault>) {
    let mut reader = Reader { found: Vec::new(), platform };
    let config = reader.config(value);
    let mut found = reader.found;
    found.retain(|fault| !failed.iter().any(|other| other.path.holds(&fault.path)));
    (config, failed.into_iter().chain(found).collect())
}

struct Reader<'a> {
    found: Vec<Fault>,
    platform: &'a Platform<'a>,
}

impl Reader<'_> {
    fn config(&mut self, value: &Value) -> Config {
        let root = Path::default();
        let mut config = Config { apps: Vec::new(), deletes_unlisted: false };
        let Value::Object(members) = value else {
            let message = match value {
                Value::Null => "the file is empty; it must have the key apps, such as `apps: []`".to_owned(),
                other => format!("the file must be an object with the key apps, is {}", kind(other)),
            };
            self.found.push(Fault::new(root, rule::TYPE, message));
            return config;
        };
        self.unknown_keys(members, &root, &ROOT_KEYS);
        match members.get("apps") {
            None => self.fault(root.key("apps"), rule::REQUIRED_FIELD, "is missing: it lists the apps of the site"),
            Some(Value::Array(apps)) => {
                config.apps = apps.iter().enumerate().map(|(at, app)| self.app(app, &app_path(at))).collect();
            }
            Some(other) => self.wrong_type(root.key("apps"), "a list of apps; write [] for none", other),
        }
        config.deletes_unlisted = self.choice(members, &root, "unlisted", ["keep", "delete"]);
        config
    }

    fn app(&mut self, value: &Value, path: &Path) -> ConfigApp {
        let mut app = ConfigApp { id: None, fields: Map::new(), keeps_others: false, ignore: Vec::new() };
        let Value::Object(members) = value else {
            self.wrong_type(path.clone(), "an object with at least a name", value);
            return app;
        };
        let keys: Vec<&str> = APP_KEYS.into_iter().chain(writable_fields()).collect();
        self.unknown_keys(members, path, &keys);
        app.id = self.id(members, path);
        for (name, value) in members.iter().filter(|(name, _)| library::is_read_only(name) == Some(false)) {
            if value.is_null() && library::is_list(name) {
                let message = "has no value; write [] to empty the list, or leave the key out to keep it";
                self.fault(path.key(name), rule::TYPE, message);
            } else {
                app.fields.insert(name.clone(), value.clone());
            }
        }
        if !members.contains_key("name") && !members.contains_key("id") {
            self.fault(path.key("name"), rule::REQUIRED_FIELD, "is missing: an app without an id must have a name");
        }
        let faults = library::patch_faults(&app.fields, self.platform);
        self.found.extend(faults.into_iter().map(|fault| fault.below(path)));
        app.keeps_others = self.choice(members, path, "redirects", ["exact", "include"]);
        self.ignore(members, path, &mut app);
        app
    }

    fn id(&mut self, members: &Map<String, Value>, path: &Path) -> Option<String> {
        let id = members.get("id")?;
        if let Some(text) = id.as_str().filter(|text| is_guid(text)) {
            return Some(text.to_owned());
        }
        let message = "must be the app's client ID, a GUID such as 13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11; leave it out \
                       for an app that is not there yet";
        self.fault(path.key("id"), rule::FORMAT, message);
        None
    }

    fn ignore(&mut self, members: &Map<String, Value>, path: &Path, app: &mut ConfigApp) {
        let path_of_list = path.key("ignore");
        match members.get("ignore") {
            None | Some(Value::Null) => {}
            Some(Value::Array(texts)) => {
                for (at, parsed) in pattern::parse_all(texts) {
                    match parsed {
                        Ok(pattern) => app.ignore.push(pattern),
                        Err(message) => self.fault(path_of_list.index(at), "PATTERN", message),
                    }
                }
            }
            Some(other) => self.wrong_type(path_of_list, "a list of patterns", other),
        }
        for list in List::ALL {
            let entries = app.fields.get(list.field()).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            for (at, entry) in entries.iter().enumerate() {
                if entry.as_str().is_some_and(|entry| app.is_ignored(list.kind(), entry)) {
                    let message =
                        "matches a pattern of ignore, so it is neither added nor removed; take one of them out";
                    self.found.push(Fault::warning(path.key(list.field()).index(at), "IGNORED", message));
                }
            }
        }
    }

    /// Reads a choice of two values, of which the first is the default; returns whether it is the second.
    fn choice(&mut self, members: &Map<String, Value>, path: &Path, key: &str, names: [&str; 2]) -> bool {
        let Some(value) = members.get(key) else { return false };
        let [first, second] = names;
        match value.as_str() {
            Some(text) if text == second => return true,
            Some(text) if text == first => {}
            given => {
                let mut fault = Fault::new(path.key(key), rule::UNKNOWN_VALUE, format!("must be {first} or {second}"));
                fault.suggestion = given.and_then(|given| nearest_name(given, names.into_iter())).map(str::to_owned);
                self.found.push(fault);
            }
        }
        false
    }

    fn unknown_keys(&mut self, members: &Map<String, Value>, path: &Path, known: &[&str]) {
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            if library::is_read_only(name) == Some(true) && known.contains(&"id") {
                self.fault(path.key(name), rule::READ_ONLY, "is set by the service alone; leave it out");
                continue;
            }
            let meant = nearest_name(name, known.iter().copied());
            let question = meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
            let mut fault = Fault::new(path.key(name), rule::UNKNOWN_FIELD, format!("is no known key{question}"));
            fault.suggestion = meant.map(str::to_owned);
            self.found.push(fault);
        }
    }

    fn fault(&mut self, path: Path, rule: &str, message: impl Into<String>) {
        self.found.push(Fault::new(path, rule, message));
    }

    fn wrong_type(&mut self, path: Path, wanted: &str, value: &Value) {
        self.fault(path, rule::TYPE, format!("must be {wanted}; is {}", kind(value)));
    }
}

/// Describes the kind of a value for a message.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
