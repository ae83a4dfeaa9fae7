//! Every function with JSON text in and out, as JavaScript calls it. The text holds one object of named arguments;
//! members that end with `?` below may be left out.
//!
//! A function fails with an [`Error`]: `{code, message, violations, candidates?}`. `CONFIG` and `INVALID_ARGUMENT`
//! are exit code 2, the other codes exit code 1. A violation is `{field, path, rule, severity, message, text,
//! suggestion?, line?}`: `path` is the list of keys and positions to the value, `text` is the sentence to print.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::config::{self, Variables};
use crate::entry::{self, Entries, Target};
use crate::error::{Code, Error, Result};
use crate::library::Platform;
use crate::sites::{self, Shard};
use crate::{change, lint, plan, profile, reference};

pub use previews::{
    check_pattern, keep_list, preview_add, preview_entries, preview_hosts, preview_prune, preview_remove,
};

/// Reads the arguments of a function.
fn arguments<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::new(Code::InvalidArgument, format!("arguments: {error}")))
}

#[derive(Deserialize)]
struct ConfigArguments {
    value: Value,
    #[serde(default)]
    variables: Variables,
}

/// Reads a parsed configuration file.
///
/// `{value, variables?: {env?, site?}}` → `{config, warnings}`
///
/// `config` has its variables replaced, and is what `plan` takes; `config.apps` is what `lint` takes.
pub fn read_config(text: &str, platform: &Platform<'_>) -> Result<Value> {
    let ConfigArguments { value, variables } = arguments(text)?;
    let (config, warnings) = config::read(&value, &variables, platform)?;
    Ok(json!({ "config": config.to_value(), "warnings": warnings }))
}

#[derive(Deserialize)]
struct ExportArguments {
    apps: Vec<Value>,
    #[serde(default)]
    complete: bool,
}

/// Returns the configuration file of the apps of a site.
///
/// `{apps, complete?}` → the file
///
/// If `complete` is set, every field is named, so that the file restores the apps (`--backup`).
pub fn export_config(text: &str, platform: &Platform<'_>) -> Result<Value> {
    let ExportArguments { apps, complete } = arguments(text)?;
    Ok(if complete { config::backup(&apps, platform) } else { config::export(&apps, platform) })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlanArguments {
    config: Value,
    apps: Value,
    site_id: Option<String>,
}

/// Plans the changes that make a site as its configuration says.
///
/// `{config, apps, siteId?}` → `{format, version, siteId, fingerprint, state, config, changes, summary, steps,
/// warnings}`
///
/// `plan --json` prints `changes` and `summary`, `--out` writes the whole. `steps[i]` is `{app, calls}` for
/// `changes[i]`: the position in the file (`null` for a delete), and the calls to make in order. A call is `{call:
/// "createOAuthApp", draft}`, `{call: "updateOAuthApp", id, patch}`, `{call: "allowRedirects" | "disallowRedirects",
/// id, entries}` or `{call: "deleteOAuthApp", id}`.
pub fn make_plan(text: &str, platform: &Platform<'_>) -> Result<Value> {
    let PlanArguments { config, apps, site_id } = arguments(text)?;
    let config = config::read_literal(&config, platform)?;
    Ok(plan::plan(&config, &apps, site_id.as_deref(), platform)?.to_value(platform))
}

/// Reads a plan file, before anything is sent.
///
/// `{plan}` → `{siteId, changes, summary}`
///
/// Fails with `CONFIG` for another file or version.
pub fn check_plan(text: &str, platform: &Platform<'_>) -> Result<Value> {
    #[derive(Deserialize)]
    struct PlanFile {
        plan: Value,
    }
    let PlanFile { plan } = arguments(text)?;
    Ok(plan::read(&plan, platform)?.report(&plan))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApplyArguments {
    plan: Value,
    apps: Value,
    site_id: Option<String>,
}

/// Plans the changes of a plan file that are left.
///
/// `{plan, apps, siteId?}` → a plan, and `alreadyDone`: the changes that an earlier run has made
///
/// Fails with `CONFIG` for another file or version, and with `CONFLICT` for a site that has changed since the plan.
pub fn apply_plan(text: &str, platform: &Platform<'_>) -> Result<Value> {
    let ApplyArguments { plan, apps, site_id } = arguments(text)?;
    plan::apply(&plan::read(&plan, platform)?, &apps, site_id.as_deref(), platform)
}

#[derive(Deserialize)]
struct VerifyArguments {
    plan: Value,
    apps: Value,
    #[serde(default)]
    created: BTreeMap<usize, String>,
}

/// Compares the site with a plan after its changes.
///
/// `{plan, apps, created?: {[app]: id}}` → `{ok, failed}`
///
/// `failed` are the changes that the site does not show. `created` are the IDs that the service gave, by the `app` of
/// the step.
pub fn verify_plan(text: &str, platform: &Platform<'_>) -> Result<Value> {
    let VerifyArguments { plan, apps, created } = arguments(text)?;
    plan::verify(&plan::read(&plan, platform)?, &apps, &created, platform)
}

#[derive(Deserialize)]
struct EntryArguments {
    arguments: Vec<String>,
    #[serde(default)]
    target: Target,
    #[serde(default)]
    judge: bool,
}

/// Reads the arguments of `allow`, which are judged, and of `disallow`.
///
/// `{arguments, target?: "auto" | "uri" | "domain" | "both", judge?}` → `{uris, domains, warnings}`
pub fn read_entries(text: &str, platform: &Platform<'_>) -> Result<Value> {
    let EntryArguments { arguments: given, target, judge } = arguments(text)?;
    entry::read(&given, target, judge, platform)
}

#[derive(Deserialize)]
struct ChangeArguments {
    app: Value,
    #[serde(default)]
    add: Entries,
    #[serde(default)]
    remove: Entries,
}

/// Returns what a change of redirect entries would make of an app.
///
/// `{app, add?, remove?}` → `{oAuthApp, added, removed}`
///
/// `add` and `remove` are `{uris?, domains?}`. Fails with `CONFLICT` if a list would be too long.
pub fn change_entries(text: &str, _: &Platform<'_>) -> Result<Value> {
    let ChangeArguments { app, add, remove } = arguments(text)?;
    change::entries(&app, &add, &remove)
}

#[derive(Deserialize)]
struct ReferenceArguments {
    reference: String,
    apps: Option<Value>,
}

/// Reads an `<app>` argument.
///
/// `{reference}` → `{kind: "id" | "name" | "url", value}`
///
/// No list of apps is needed for an `id`.
pub fn parse_reference(text: &str, _: &Platform<'_>) -> Result<Value> {
    let ReferenceArguments { reference, .. } = arguments(text)?;
    Ok(json!(reference::parse(&reference)?))
}

/// Finds the app of an `<app>` argument.
///
/// `{reference, apps}` → the app
///
/// Fails with `NOT_FOUND` or `CONFLICT`, and the candidates.
pub fn resolve_reference(text: &str, platform: &Platform<'_>) -> Result<Value> {
    let ReferenceArguments { reference, apps } = arguments(text)?;
    reference::resolve(&reference::parse(&reference)?, &apps.unwrap_or_default(), platform)
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

#[derive(Deserialize)]
struct SiteArguments {
    text: String,
    shard: Option<String>,
    report: Option<String>,
    run: Option<String>,
}

/// Returns the sites of a sites file that a run takes.
///
/// `{text, shard?, report?, run?}` → `{sites: [{siteId, columns, line}], total, skipped, unreadable, needsLineFeed}`
///
/// `shard` is `3/8`. `report` is the text of the report of an earlier run of the command that `run` identifies; its
/// lines are `{siteId, ok, run?, …}`. `unreadable` are the numbers of the lines that cannot be read.
pub fn select_sites(text: &str, _: &Platform<'_>) -> Result<Value> {
    let given: SiteArguments = arguments(text)?;
    let shard = given.shard.as_deref().map(Shard::parse).transpose()?;
    let mut selected = sites::read(&given.text)?;
    let total = selected.len();
    selected.retain(|site| shard.is_none_or(|shard| shard.contains(&site.site_id)));
    let resumed =
        given.report.map(|report| sites::done(&report, given.run.as_deref())).transpose()?.unwrap_or_default();
    let in_shard = selected.len();
    let is_done = |done: &BTreeSet<String>, id: &str| done.contains(&id.to_ascii_lowercase());
    selected.retain(|site| !is_done(&resumed.done, &site.site_id));
    let skipped = in_shard.saturating_sub(selected.len());
    Ok(json!({
        "sites": selected, "total": total, "skipped": skipped,
        "unreadable": resumed.unreadable, "needsLineFeed": resumed.needs_line_feed,
    }))
}

/// Checks a site ID that was given as an option or in the environment.
///
/// `{siteId}` → `null`
pub fn check_site_id(text: &str, _: &Platform<'_>) -> Result<Value> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct SiteIdArguments {
        site_id: String,
    }
    let SiteIdArguments { site_id } = arguments(text)?;
    sites::check_id(&site_id).map(|()| Value::Null)
}

#[derive(Deserialize)]
struct LintArguments {
    apps: Vec<Value>,
    #[serde(default)]
    gone: Vec<String>,
}

/// Returns the errors and warnings of apps.
///
/// `{apps, gone?: hosts}` → `[{id, name, violations}]`
///
/// The apps are those of the service, or those of a configuration.
pub fn lint_apps(text: &str, platform: &Platform<'_>) -> Result<Value> {
    let LintArguments { apps, gone } = arguments(text)?;
    lint::lint(&apps, &gone, platform)
}

/// Returns the hosts that `lint --probe` looks up.
///
/// `{apps}` → `[host]`
pub fn lint_hosts(text: &str, _: &Platform<'_>) -> Result<Value> {
    let LintArguments { apps, .. } = arguments(text)?;
    Ok(json!(lint::hosts(&apps)?))
}

#[derive(Deserialize)]
struct AnswerArguments {
    answers: Map<String, Value>,
}

/// Returns the questions of `probe`, with the assumptions of the emulator.
///
/// `{}` → `[{name, topic, emulator}]`
pub fn probe_questions(_: &str, _: &Platform<'_>) -> Result<Value> {
    Ok(profile::questions())
}

/// Compares answers with the assumptions of the emulator.
///
/// `{answers}` → `{answers, differences: [{name, topic, answer, emulator}]}`
pub fn compare_answers(text: &str, _: &Platform<'_>) -> Result<Value> {
    let AnswerArguments { answers } = arguments(text)?;
    profile::compare(&answers)
}

/// Returns the profile file of answers.
///
/// `{answers}` → the file
pub fn write_profile(text: &str, _: &Platform<'_>) -> Result<Value> {
    let AnswerArguments { answers } = arguments(text)?;
    profile::profile(&answers)
}

/// Returns the options of the emulator that behaves as a profile says.
///
/// `{profile}` → the options
pub fn emulator_options(text: &str, _: &Platform<'_>) -> Result<Value> {
    #[derive(Deserialize)]
    struct ProfileArguments {
        profile: Value,
    }
    let ProfileArguments { profile } = arguments(text)?;
    profile::emulator_options(&profile)
}

/// Returns the SHA-256 of a text in hexadecimal digits, such as for the `run` of a report.
///
/// `{text}` → the digits
pub fn fingerprint(text: &str, _: &Platform<'_>) -> Result<Value> {
    let Text { text } = arguments(text)?;
    Ok(json!(plan::hash(&text)))
}

mod previews;
#[cfg(test)]
mod tests;
