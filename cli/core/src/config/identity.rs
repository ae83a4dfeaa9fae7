//! Apps of a configuration that are the same app twice.

use super::{Config, ConfigApp, app_path};
use crate::error::Fault;
use crate::library::{List, Platform, Storage, is_same_entry, rule};
use crate::plan::names_client;

/// Returns a fault for each app that has the identity of an earlier one: the same ID; or, unless both have an ID, the
/// same name or a redirect URI that names one client.
pub(super) fn faults(config: &Config, platform: &Platform<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, app) in config.apps.iter().enumerate() {
        for (earlier_at, earlier) in config.apps.iter().enumerate().take(at) {
            let earlier_path = app_path(earlier_at);
            let path = app_path(at);
            if let (Some(id), Some(earlier_id)) = (&app.id, &earlier.id) {
                if id.eq_ignore_ascii_case(earlier_id) {
                    let message = format!("is the ID of {earlier_path} too: an app stands in the file once");
                    faults.push(Fault::new(path.key("id"), rule::DUPLICATE, message));
                }
                continue;
            }
            if is_same_name(app, earlier, platform) {
                let message = format!("is the name of {earlier_path} too; give each its id, or another name");
                faults.push(Fault::new(path.key("name"), rule::DUPLICATE, message));
            } else if let Some(at) = shared_uri(app, earlier) {
                let message = format!(
                    "is in {earlier_path} too, and a redirect URI that two apps share cannot tell them apart; give \
                     each its id"
                );
                faults.push(Fault::new(path.key(List::RedirectUris.field()).index(at), rule::DUPLICATE, message));
            }
        }
    }
    faults
}

fn is_same_name(app: &ConfigApp, earlier: &ConfigApp, platform: &Platform<'_>) -> bool {
    matches!((app.name(), earlier.name()), (Some(name), Some(other)) if platform.is_same_name(name, other))
}

/// The position of the first redirect URI that both list.
fn shared_uri(app: &ConfigApp, earlier: &ConfigApp) -> Option<usize> {
    let (list, kind) = (List::RedirectUris, List::RedirectUris.kind());
    let others = earlier.entries(list)?;
    let given = app.fields.get(list.field())?.as_array()?;
    given.iter().position(|entry| {
        entry.as_str().is_some_and(|entry| {
            names_client(kind, entry)
                && !app.is_ignored(kind, entry)
                && others.iter().any(|other| is_same_entry(kind, Storage::NormalForm, entry, other))
        })
    })
}
