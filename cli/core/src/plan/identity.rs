//! Matching the apps of the configuration with those of the site.
//!
//! An app is found by its ID, else by a redirect entry that both list, else by its name. A shared redirect URI counts
//! more than a shared domain, which several apps of one shop can have in common, and of two alike the one with the
//! same name counts more. The surest matches are made first, and an app of the site that is taken is no longer looked
//! at.

use serde_json::Value;

use crate::client_entry::{ClientEntry, ClientIndex};
use crate::config::{Config, ConfigApp, app_path};
use crate::error::{Candidate, Code, Error, Fault, Result};
use crate::library::{EntryKind, Platform};
use crate::site;

/// The reason why an app of the site is taken for one of the configuration. Later ones count more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Match {
    Name,
    Domain,
    DomainAndName,
    Uri,
    UriAndName,
    Id,
}

impl Match {
    const DESCENDING: [Match; 6] =
        [Match::Id, Match::UriAndName, Match::Uri, Match::DomainAndName, Match::Domain, Match::Name];

    /// Returns what both have in common, for a message.
    fn describe(self) -> &'static str {
        match self {
            Match::Id => "its ID",
            Match::UriAndName | Match::Uri => "a redirect URI",
            Match::DomainAndName | Match::Domain => "a redirect domain",
            Match::Name => "its name",
        }
    }

    /// Checks whether the names may differ.
    pub(crate) fn is_by_entry(self) -> bool {
        !matches!(self, Match::Id | Match::Name)
    }
}

/// Returns, for each app of the configuration, the position of the site's app that it is.
///
/// # Errors
/// If several apps of the site match one of the file, or several of the file match one of the site.
pub(crate) fn identify(
    config: &Config,
    apps: &[Value],
    platform: &Platform<'_>,
) -> Result<Vec<Option<(usize, Match)>>> {
    let mut index = ClientIndex::default();
    for (at, app) in apps.iter().enumerate() {
        index.add(at, ClientEntry::of_site(app)?);
    }
    let strengths: Vec<Vec<Option<Match>>> =
        config.apps.iter().map(|wanted| strengths(wanted, apps, &index, platform)).collect();
    let mut found: Vec<Option<(usize, Match)>> = vec![None; config.apps.len()];
    let mut problems = Problems::default();
    for level in Match::DESCENDING {
        let claims = claims(level, &strengths, &found);
        for (at, candidates) in &claims {
            let rivals: Vec<usize> = claims
                .iter()
                .filter(|(other, theirs)| other != at && candidates.iter().any(|app| theirs.contains(app)))
                .map(|(other, _)| *other)
                .collect();
            match candidates.as_slice() {
                [_, _, ..] => problems.ambiguous(*at, candidates.iter().filter_map(|app| apps.get(*app)), level),
                [app] if rivals.is_empty() => {
                    if let Some(slot) = found.get_mut(*at) {
                        *slot = Some((*app, level));
                    }
                }
                [app] => problems.claimed_twice(*at, apps.get(*app), level, &rivals),
                [] => {}
            }
        }
    }
    let is_new = |at: usize| found.get(at).is_some_and(Option::is_none);
    for (at, wanted) in config.apps.iter().enumerate().filter(|(at, _)| is_new(*at)) {
        let Some(name) = wanted.name() else { continue };
        if let Some(owner) = name_owner(name, config, apps, &found, platform) {
            problems.claimed_by_name(at, owner, apps);
        }
        let is_twin = |other: &ConfigApp| other.name().is_some_and(|other| platform.is_same_name(name, other));
        let twin = config.apps.iter().enumerate().take(at).find(|(other, app)| is_new(*other) && is_twin(app));
        if let Some((twin, _)) = twin {
            problems.created_twice(at, twin);
        }
    }
    problems.into_result(found)
}

/// Returns the apps of the configuration that are not found yet, each with the free apps of the site that match it.
fn claims(
    level: Match,
    strengths: &[Vec<Option<Match>>],
    found: &[Option<(usize, Match)>],
) -> Vec<(usize, Vec<usize>)> {
    let is_free = |app: &usize| !found.iter().flatten().any(|(taken, _)| taken == app);
    let open = strengths.iter().enumerate().filter(|(at, _)| found.get(*at).is_some_and(Option::is_none));
    open.map(|(at, row)| {
        let matching = row.iter().enumerate().filter(|(_, strength)| **strength == Some(level));
        (at, matching.map(|(app, _)| app).filter(is_free).collect())
    })
    .collect()
}

/// Returns the app of the configuration that has taken an app of the site which has that name after the plan, and the
/// position of the site's app.
fn name_owner(
    name: &str,
    config: &Config,
    apps: &[Value],
    found: &[Option<(usize, Match)>],
    platform: &Platform<'_>,
) -> Option<(usize, usize)> {
    found.iter().enumerate().find_map(|(owner, found)| {
        let (app, _) = (*found)?;
        let planned = config.apps.get(owner)?.name().unwrap_or(site::name(apps.get(app)?));
        platform.is_same_name(name, planned).then_some((owner, app))
    })
}

/// Returns how surely each app of the site is the app of the configuration.
fn strengths(wanted: &ConfigApp, apps: &[Value], index: &ClientIndex, platform: &Platform<'_>) -> Vec<Option<Match>> {
    if apps.iter().any(|app| wanted.has_id_of(app)) {
        return apps.iter().map(|app| wanted.has_id_of(app).then_some(Match::Id)).collect();
    }
    let mut shared: Vec<Option<EntryKind>> = vec![None; apps.len()];
    // Redirect URIs are the first.
    for entry in ClientEntry::of_config(wanted) {
        for app in index.apps_with(&entry) {
            if let Some(slot) = shared.get_mut(app) {
                slot.get_or_insert(entry.list.kind());
            }
        }
    }
    let strength = |(app, shared): (&Value, Option<EntryKind>)| {
        let is_same_name = wanted.name().is_some_and(|name| platform.is_same_name(name, site::name(app)));
        match (shared, is_same_name) {
            (Some(EntryKind::Uri), true) => Some(Match::UriAndName),
            (Some(EntryKind::Uri), false) => Some(Match::Uri),
            (Some(EntryKind::Domain), true) => Some(Match::DomainAndName),
            (Some(EntryKind::Domain), false) => Some(Match::Domain),
            (None, true) => Some(Match::Name),
            (None, false) => None,
        }
    };
    apps.iter().zip(shared).map(strength).collect()
}

/// The faults of apps that cannot be told apart.
#[derive(Default)]
struct Problems {
    faults: Vec<Fault>,
    candidates: Vec<Candidate>,
}

impl Problems {
    fn ambiguous<'a>(&mut self, at: usize, apps: impl Iterator<Item = &'a Value> + Clone, level: Match) {
        let message = format!(
            "may be any of several apps of the site, which have {} in common with it: {}. Give it the id of the one \
             that is meant",
            level.describe(),
            site::describe(apps.clone())
        );
        self.add(at, message, apps);
    }

    fn claimed_twice(&mut self, at: usize, app: Option<&Value>, level: Match, rivals: &[usize]) {
        let others: Vec<String> = rivals.iter().map(|rival| app_path(*rival).to_string()).collect();
        let message = format!(
            "has {} in common with the site's app {}, and so has {}. Give each its id",
            level.describe(),
            site::describe(app),
            others.join(", ")
        );
        self.add(at, message, app);
    }

    fn claimed_by_name(&mut self, at: usize, (owner, app): (usize, usize), apps: &[Value]) {
        let app = apps.get(app);
        let message = format!(
            "has the name of {}, which is the site's app {}. Give it another name, or take one of the two out",
            app_path(owner),
            site::describe(app)
        );
        self.add(at, message, app);
    }

    fn created_twice(&mut self, at: usize, twin: usize) {
        let message = format!(
            "has the name of {}, and the site has neither of their IDs: once both are created, nothing tells them \
             apart. Give it another name",
            app_path(twin)
        );
        self.add(at, message, None);
    }

    fn add<'a>(&mut self, at: usize, message: String, apps: impl IntoIterator<Item = &'a Value>) {
        self.faults.push(Fault::new(app_path(at), "IDENTITY", message));
        for candidate in apps.into_iter().map(site::candidate) {
            if !self.candidates.contains(&candidate) {
                self.candidates.push(candidate);
            }
        }
    }

    fn into_result<T>(self, found: T) -> Result<T> {
        if self.faults.is_empty() {
            return Ok(found);
        }
        Err(Error { candidates: self.candidates, ..Error::of_faults(Code::Conflict, self.faults) })
    }
}
