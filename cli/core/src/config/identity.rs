//! Apps of a configuration that are the same app twice.

use super::{Config, ConfigApp, app_path};
use crate::client_entry::{ClientEntry, ClientIndex};
use crate::error::{Fault, Path};
use crate::library::{List, Platform, rule};

/// Returns a fault for each app that has the identity of an earlier one: the same ID; or, unless both have an ID, the
/// same name or a redirect URI that names one client.
pub(super) fn faults(config: &Config, platform: &Platform<'_>) -> Vec<Fault> {
    let (mut faults, mut index) = (Vec::new(), ClientIndex::default());
    for (at, app) in config.apps.iter().enumerate() {
        let entries = ClientEntry::of_config(app);
        let mut earlier_apps = config.apps.iter().enumerate().take(at);
        let twin = earlier_apps.find_map(|(at, earlier)| Some((at, twin_by(app, earlier, platform)?)));
        if let Some((twin, key)) = twin {
            faults.push(duplicate(at, key, &app_path(twin)));
        } else if let Some((position, twin)) = shared_uri(app, &entries, &index, config) {
            let message = format!(
                "is in {} too, and a redirect URI that two apps share cannot tell them apart; give each its id",
                app_path(twin)
            );
            let path = app_path(at).key(List::RedirectUris.field()).index(position);
            faults.push(Fault::new(path, rule::DUPLICATE, message));
        }
        index.add(at, entries);
    }
    faults
}

/// Returns the key in which both apps have the same identity.
fn twin_by(app: &ConfigApp, earlier: &ConfigApp, platform: &Platform<'_>) -> Option<&'static str> {
    if let (Some(id), Some(earlier)) = (&app.id, &earlier.id) {
        return id.eq_ignore_ascii_case(earlier).then_some("id");
    }
    let is_same =
        matches!((app.name(), earlier.name()), (Some(name), Some(other)) if platform.is_same_name(name, other));
    is_same.then_some("name")
}

fn duplicate(at: usize, key: &str, twin: &Path) -> Fault {
    let message = if key == "id" {
        format!("is the ID of {twin} too: an app stands in the file once")
    } else {
        format!("is the name of {twin} too; give each its id, or another name")
    };
    Fault::new(app_path(at).key(key), rule::DUPLICATE, message)
}

/// Returns the position of the first redirect URI that an earlier app lists too, and that app.
fn shared_uri(
    app: &ConfigApp,
    entries: &[ClientEntry],
    index: &ClientIndex,
    config: &Config,
) -> Option<(usize, usize)> {
    let is_known_apart =
        |other: &usize| app.id.is_some() && config.apps.get(*other).is_some_and(|other| other.id.is_some());
    let mut uris = entries.iter().filter(|entry| entry.list == List::RedirectUris);
    uris.find_map(|entry| Some((entry.at, index.apps_with(entry).find(|other| !is_known_apart(other))?)))
}
