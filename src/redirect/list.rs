//! The rules that redirect URIs and redirect domains share as lists.

use super::ToAscii;
use super::finding::Finding;
use super::report::{Judge, Report};
use crate::app::MAX_REDIRECTS;
use crate::text::{after, is_same, same_start, strip};
use crate::violation::{Violation, rule};

/// The number of entries from which a list draws a warning.
const NEARLY_FULL: usize = 18;

static TOO_MANY: Finding = Finding::new(rule::OUT_OF_RANGE, "takes at most 20 entries, has {}");
static MANY: Finding = Finding::new(rule::NEARLY_FULL, "takes at most 20 entries, has {}");
static DUPLICATE: Finding = Finding::new(rule::DUPLICATE, "is in the list twice ({}); remove it");
static NEAR_DUPLICATE: Finding =
    Finding::new(rule::NEAR_DUPLICATE, "differs only in a trailing slash or case, which count, from {}");

/// Reports on each entry. `None` is an entry that is not text.
pub(super) fn validate_each(
    path: &str,
    entries: &[Option<&str>],
    violations: &mut Vec<Violation>,
    to_ascii: ToAscii<'_>,
    judge: Judge,
) {
    let mut report = Report { path, index: None, violations };
    for (index, entry) in entries.iter().enumerate() {
        report.index = Some(index);
        if let Some(entry) = entry {
            report.judge(entry, to_ascii, judge);
        }
    }
}

/// Reports on the list as a whole (too many entries, repeated and nearly repeated ones), and on each entry. `None` is an
/// entry that is not text.
pub(super) fn validate(
    path: &str,
    entries: &[Option<&str>],
    violations: &mut Vec<Violation>,
    to_ascii: ToAscii<'_>,
    judge: Judge,
) {
    let mut report = Report { path, index: None, violations };
    let count = entries.len();
    if count > MAX_REDIRECTS {
        report.index = Some(MAX_REDIRECTS);
        report.error(&TOO_MANY, &count.to_string());
    } else if count >= NEARLY_FULL {
        report.warn(&MANY, &count.to_string());
    }
    for (index, entry) in entries.iter().enumerate() {
        let Some(entry) = *entry else { continue };
        report.index = Some(index);
        let mut alike = None;
        // A list that is too long must not take time by the square of its length.
        for other in entries.iter().take(index.min(MAX_REDIRECTS)).flatten() {
            if (alike.is_none() && are_alike(other, entry)) || *other == entry {
                alike = Some(*other);
            }
        }
        match alike {
            Some(other) if other == entry => report.error(&DUPLICATE, entry),
            Some(other) => report.warn(&NEAR_DUPLICATE, other),
            None => {}
        }
        report.judge(entry, to_ascii, judge);
    }
}

/// Returns whether two entries differ at most in a slash at the end of the path or in case.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    if short.len() == long.len() {
        return is_same(short, long);
    }
    if long.len().wrapping_sub(short.len()) > 1 {
        return false;
    }
    let at = same_start(short, long);
    let Some(rest) = strip(after(long, at), "/") else {
        return false;
    };
    (rest.is_empty() || rest.starts_with('?')) && is_same(rest, after(short, at))
}
