//! Warnings about the redirect lists of a draft or a patch as a whole.

use crate::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::redirect::grammar;
use crate::value::Value;
use crate::violation::{Violations, rule};

const LISTS: [&str; 2] = [REDIRECT_URIS, REDIRECT_DOMAINS];
const WITHOUT_DOMAINS: &str = "is empty: buyers cannot return from a checkout, nor visitors from a logout; add your site's \
    host, such as ";
const WITHOUT_URIS: &str = "is emptied: nobody can log in through the app; leave the field out to keep the list";
const EMPTIED_DOMAINS: &str =
    "is emptied: nobody can return from a checkout or a logout; leave the field out to keep the list";

/// Warns of a list that a patch empties, and of redirect URIs without a redirect domain.
///
/// Loopback URIs and URIs of custom schemes need no domain: a checkout returns to neither. A patch without the domains
/// keeps those that the app has.
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
        return violations.warn(REDIRECT_DOMAINS, rule::NO_DOMAINS, &[WITHOUT_DOMAINS, host]);
    }
    for ((list, message), is_emptied) in LISTS.into_iter().zip([WITHOUT_URIS, EMPTIED_DOMAINS]).zip(emptied) {
        if is_emptied {
            violations.warn(list, rule::LIST_EMPTIED, &[message]);
        }
    }
}

/// Returns the host of the first URI of a web site.
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

#[cfg(test)]
mod tests;
