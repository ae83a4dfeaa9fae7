//! Domains under which anyone can register a host.
//!
//! The source is the [Public Suffix List]. The whole list has about ten thousand rules, half the size of this package;
//! [`list`] contains a part of it, which `suffix/generate.mjs` generates. Tests compare it with the whole list, and
//! measure how much is covered.
//!
//! Covered: of the private section, the hosting, preview, tunnel and site-building services that a shop's front end is
//! likely to run on, and Amazon's regional names by pattern; of the ICANN section, second levels that several countries
//! have in common (`co.uk`, `com.au`, `gov.br`). Not covered: other services, municipal names (`oslo.no`), and second
//! levels that one country alone has.
//!
//! [Public Suffix List]: https://publicsuffix.org/

use std::cmp::Ordering;

use crate::text::{after, all, before, has, is_one_of, is_same, trim_start, until, until_last};

#[rustfmt::skip]
mod list;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

/// Returns whether anyone can register a host directly under this domain.
pub(super) fn is_shared(domain: &str) -> bool {
    let (name, top) = until_last(domain, b'.');
    let top = after(top, 1);
    if top.is_empty() || name.is_empty() {
        return false;
    }
    // Italy's provinces have two letters each, and no other names there are as short.
    let is_generic = top.len() == 2 && (is_one_of(list::GENERIC, name) || (is_same(top, "it") && name.len() == 2));
    is_generic
        || is_listed(list::BY_TOP, top, name)
        || (!has(name, b'.') && is_listed(list::BY_NAME, name, top))
        || matches_any(top, name)
}

/// Returns whether a word is in the line of a key.
fn is_listed(table: &str, key: &str, word: &str) -> bool {
    is_one_of(line(table, key), word)
}

/// Returns the words in the line of a key, in a table whose lines are sorted by their keys.
///
/// A binary search reads eight lines of the 160.
fn line<'a>(table: &'a str, key: &str) -> &'a str {
    let key = key.to_ascii_lowercase();
    let (mut low, mut high) = (0, table.len());
    while low < high {
        let start = until_last(before(table, low.midpoint(high)), b'\n').0.len().max(low);
        let line = trim_start(after(table, start), b'\n');
        let (found, words) = until(line, " ");
        match found.cmp(key.as_str()) {
            Ordering::Equal => return until(after(words, 1), "\n").0,
            Ordering::Less => low = start.wrapping_add(until(line, "\n").0.len()).wrapping_add(1),
            Ordering::Greater => high = start,
        }
    }
    ""
}

/// Returns whether the part of a domain before its top level matches a pattern of the top level.
fn matches_any(top: &str, name: &str) -> bool {
    let mut rest = line(list::PATTERNS, top);
    while !rest.is_empty() {
        let (pattern, next) = until(rest, " ");
        if matches(pattern, name) {
            return true;
        }
        rest = after(next, 1);
    }
    false
}

/// Returns whether a name matches a pattern label by label, or equals the part after the pattern's `*`.
fn matches(pattern: &str, name: &str) -> bool {
    let (mut pattern_rest, mut name_rest) = (pattern, name);
    loop {
        let (start, wanted) = last_label(pattern_rest);
        let (head, label) = last_label(name_rest);
        let fits = match wanted {
            "*" => !label.is_empty() || start.is_empty(),
            "%" => is_region(label),
            wanted => is_same(wanted, label),
        };
        if !fits || start.is_empty() {
            return fits && head.is_empty();
        }
        (pattern_rest, name_rest) = (start, head);
    }
}

/// Splits a text at the last dot, which is dropped.
fn last_label(text: &str) -> (&str, &str) {
    let (start, end) = until_last(text, b'.');
    (start, trim_start(end, b'.'))
}

/// Returns whether a label is the name of an AWS region, such as `eu-central-1`.
fn is_region(label: &str) -> bool {
    let (start, number) = until_last(label, b'-');
    let (country, _) = until(start, "-");
    country.len() == 2
        && start.len() > 3
        && matches!(number.as_bytes(), [b'-', b'1'..=b'9'])
        && all(start, |byte| byte.is_ascii_alphabetic() || byte == b'-')
}
