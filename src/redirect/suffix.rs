//! Domains under which anyone can get a host.
//!
//! The knowledge is the [Public Suffix List]'s. The whole list is some ten thousand rules, half the size of this package;
//! [`list`] carries a part of it, which `suffix/generate.mjs` generates, and tests hold it against the list and
//! measure how much of it is covered.
//!
//! Covered: of the private section, the hosting, preview, tunnel and site-building services that a shop's front end is
//! likely to run on, and Amazon's regional names by pattern; of the ICANN section, second levels that several countries
//! have in common (`co.uk`, `com.au`, `gov.br`). Not covered: other services, municipal names (`oslo.no`), and second
//! levels that one country alone has.
//!
//! [Public Suffix List]: https://publicsuffix.org/

use super::text::{after, is_one_of, is_same, until, until_last};

#[rustfmt::skip]
mod list;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

/// Returns whether anyone can get a host directly under this domain.
pub(super) fn is_shared(domain: &str) -> bool {
    let (name, top) = until_last(domain, b'.');
    let top = after(top, 1);
    if top.is_empty() || name.is_empty() {
        return false;
    }
    // Registry names. Italy's provinces are two letters each, and no other names there are as short.
    let is_generic = top.len() == 2 && (is_one_of(list::GENERIC, name) || (is_same(top, "it") && name.len() == 2));
    is_generic || is_listed(list::BY_TOP, top, name) || is_listed(list::BY_NAME, name, top) || matches_any(domain)
}

/// Whether a word is in the line of a key.
fn is_listed(table: &str, key: &str, word: &str) -> bool {
    let mut rest = table;
    while !rest.is_empty() {
        let (line, next) = until(rest, "\n");
        let (start, words) = until(line, " ");
        if is_same(start, key) {
            return is_one_of(words, word);
        }
        rest = after(next, 1);
    }
    false
}

/// Whether a domain matches one of the patterns.
fn matches_any(domain: &str) -> bool {
    let mut rest = list::PATTERNS;
    while !rest.is_empty() {
        let (pattern, next) = until(rest, " ");
        if matches(pattern, domain) {
            return true;
        }
        rest = after(next, 1);
    }
    false
}

/// Whether a domain matches a pattern label by label, or is what follows the pattern's `*`.
fn matches(pattern: &str, domain: &str) -> bool {
    let (mut pattern_rest, mut domain_rest) = (pattern, domain);
    loop {
        let (start, wanted) = last_label(pattern_rest);
        let (head, label) = last_label(domain_rest);
        let fits = match wanted {
            "*" => !label.is_empty() || start.is_empty(),
            "%" => is_region(label),
            wanted => is_same(wanted, label),
        };
        if !fits || start.is_empty() {
            return fits && head.is_empty();
        }
        (pattern_rest, domain_rest) = (start, head);
    }
}

/// The text before the last dot, and the label after it.
fn last_label(text: &str) -> (&str, &str) {
    let (start, end) = until_last(text, b'.');
    (start, end.strip_prefix('.').unwrap_or(end))
}

/// Whether a label is the name of an AWS region: `eu-central-1`.
fn is_region(label: &str) -> bool {
    let (start, number) = until_last(label, b'-');
    let (country, _) = until(start, "-");
    country.len() == 2
        && start.len() > 3
        && matches!(number.as_bytes(), [b'-', b'1'..=b'9'])
        && start.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
}
