//! Previews a change of redirect entries, for `--dry-run`. The client library makes the change itself.

use serde_json::{Map, Value, json};

use crate::entry::Entries;
use crate::error::{Code, Error, Result};
use crate::library::{List, MAX_REDIRECTS, Storage, is_same_entry};
use crate::site;

/// Returns `{oAuthApp, added, removed}`, as `allowRedirects` and `disallowRedirects` of the library do.
///
/// # Errors
/// If a list of the app cannot be read, or would have too many entries.
pub fn entries(app: &Value, add: &Entries, remove: &Entries) -> Result<Value> {
    let mut after: Map<String, Value> = app.as_object().cloned().unwrap_or_default();
    let (mut added, mut removed) = (Entries::default(), Entries::default());
    for list in List::REDIRECTS {
        let is_in = |entries: &[String], storage: Storage, entry: &str| {
            entries.iter().any(|other| is_same_entry(list.kind(), storage, entry, other))
        };
        let (mut held, gone): (Vec<String>, Vec<String>) = site::entries(app, list)?
            .into_iter()
            .partition(|entry| !is_in(remove.of(list), Storage::NormalForm, entry));
        for entry in gone {
            removed.add(list, entry);
        }
        for entry in add.of(list) {
            if !is_in(&held, Storage::Unknown, entry) {
                held.push(entry.clone());
                added.add(list, entry.clone());
            }
        }
        if !added.of(list).is_empty() && held.len() > MAX_REDIRECTS {
            let message = format!(
                "{} would have {} entries and takes at most {MAX_REDIRECTS}; remove one with `disallow` first",
                list.field(),
                held.len()
            );
            return Err(Error::new(Code::Conflict, message));
        }
        if !added.of(list).is_empty() || !removed.of(list).is_empty() {
            after.insert(list.field().to_owned(), json!(held));
        }
    }
    Ok(json!({ "oAuthApp": after, "added": added, "removed": removed }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uris(entries: &[&str]) -> Entries {
        Entries { uris: entries.iter().map(|entry| (*entry).to_owned()).collect(), domains: Vec::new() }
    }

    #[test]
    fn only_new_entries_are_added_and_only_present_ones_removed() {
        let app = json!({ "id": "a", "name": "Shop", "allowedRedirectUris": ["https://a.example/cb", "https://b.example/cb"] });
        let found = entries(
            &app,
            &Entries {
                domains: vec!["a.example".to_owned()],
                ..uris(&["https://b.example/cb", "https://c.example/cb"])
            },
            &uris(&["HTTPS://A.example/cb", "https://absent.example/cb"]),
        )
        .unwrap();
        assert_eq!(
            found,
            json!({
                "oAuthApp": {
                    "id": "a", "name": "Shop",
                    "allowedRedirectUris": ["https://b.example/cb", "https://c.example/cb"],
                    "allowedRedirectDomains": ["a.example"],
                },
                "added": { "uris": ["https://c.example/cb"], "domains": ["a.example"] },
                "removed": { "uris": ["https://a.example/cb"], "domains": [] },
            })
        );
    }

    #[test]
    fn a_full_list_takes_an_entry_only_in_exchange() {
        let held: Vec<String> = (0..MAX_REDIRECTS).map(|at| format!("https://{at}.example/cb")).collect();
        let app = json!({ "allowedRedirectUris": held });
        let error = entries(&app, &uris(&["https://x.example/cb"]), &Entries::default()).unwrap_err();
        assert!(error.code == Code::Conflict && error.message.contains("at most 20"), "{error}");
        assert!(entries(&app, &uris(&["https://x.example/cb"]), &uris(&["https://0.example/cb"])).is_ok());
        assert!(entries(&app, &uris(&["https://1.example/cb"]), &Entries::default()).is_ok());
    }

    #[test]
    fn a_list_that_is_none_is_refused() {
        assert!(entries(&json!({ "allowedRedirectUris": 5 }), &Entries::default(), &Entries::default()).is_err());
    }
}
