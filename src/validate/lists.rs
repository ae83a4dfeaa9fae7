//! What is doubtful about the redirect lists of a draft or a patch as a whole.

use crate::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::concat::concat;
use crate::redirect::grammar;
use crate::value::Value;
use crate::violation::{Severity, Violation, Violations, rule};

/// Reports, as warnings, a list that a patch leaves without an entry, and redirect URIs that come with no redirect domain.
///
/// URIs of this machine and of custom schemes need no domain: a checkout returns to neither. A patch that does not name
/// the domains keeps those that are there.
pub(super) fn warn_of_missing(members: &[(String, Value)], is_patch: bool, violations: &mut Violations) {
    let (mut host, mut has_domains) = (None, is_patch);
    let mut emptied = [false; 2];
    for (name, value) in members {
        let Some(at) = LISTS.iter().position(|list| list == name) else { continue };
        let entries = match value {
            Value::Array(entries) => entries.as_slice(),
            Value::Null => &[],
            _ => continue,
        };
        if let Some(emptied) = emptied.get_mut(at) {
            *emptied = is_patch && entries.is_empty();
        }
        if at == 0 {
            host = site(entries);
        } else {
            has_domains = !entries.is_empty();
        }
    }
    if let Some(host) = host.filter(|_| !has_domains) {
        warn(REDIRECT_DOMAINS, rule::NO_DOMAINS, &[WITHOUT_DOMAINS, host], violations);
        emptied = [false; 2];
    }
    for (at, list) in LISTS.into_iter().enumerate() {
        if emptied.get(at) == Some(&true) {
            warn(list, rule::LIST_EMPTIED, &[if at == 0 { WITHOUT_URIS } else { EMPTIED_DOMAINS }], violations);
        }
    }
}

const LISTS: [&str; 2] = [REDIRECT_URIS, REDIRECT_DOMAINS];
const WITHOUT_DOMAINS: &str = "has no entry: buyers are stranded after the checkout and visitors after the logout; add your \
    site's host, such as ";
const WITHOUT_URIS: &str = "empties the list: nobody can log in through the app; leave the field out to keep the list";
const EMPTIED_DOMAINS: &str = "empties the list: nobody can return from a checkout or a logout; leave the field out to keep \
    the list";

/// The host of the first URI that is a site of the web.
fn site(uris: &[Value]) -> Option<&str> {
    for uri in uris {
        if let Some(Ok(uri)) = uri.as_str().map(grammar::parse)
            && uri.is_web()
            && !uri.is_loopback()
        {
            return uri.host;
        }
    }
    None
}

#[inline(never)]
fn warn(field: &str, rule: &'static str, message: &[&str], violations: &mut Violations) {
    violations.0.push(Violation { severity: Severity::Warning, ..Violation::error(field, rule, concat(message)) });
}

#[cfg(test)]
mod tests;
