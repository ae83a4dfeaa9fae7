//! What redirect URIs and redirect domains have in common as lists.

use crate::app::MAX_REDIRECTS;
use crate::violation::{Violation, rule};

/// From how many entries on a list deserves a look.
const NEARLY_FULL: usize = 18;

/// The path of one entry: `allowedRedirectUris[3]`.
pub(super) fn path(list: &str, index: usize) -> String {
    [list, "[", &index.to_string(), "]"].concat()
}

/// What is wrong with a list as one: too many entries, the same twice, nearly the same twice. `None` is an entry that
/// is no text.
pub(super) fn validate(list: &str, entries: &[Option<&str>], violations: &mut Vec<Violation>) {
    let count = entries.len();
    if count > MAX_REDIRECTS {
        let message = ["there may be 20 entries, this list has ", &count.to_string()].concat();
        violations.push(Violation::error(path(list, MAX_REDIRECTS), rule::OUT_OF_RANGE, message));
    } else if count >= NEARLY_FULL {
        let message = [
            "there may be 20 entries, this list has ",
            &count.to_string(),
            "; give each environment an OAuth app of its own, or remove entries that are no longer used",
        ];
        violations.push(Violation::warning(list, rule::NEARLY_FULL, message.concat()));
    }
    for (index, entry) in entries.iter().enumerate() {
        let Some(entry) = entry else { continue };
        let earlier = || entries.iter().take(index).enumerate().filter_map(|(at, entry)| Some((at, (*entry)?)));
        if let Some((at, _)) = earlier().find(|(_, other)| other == entry) {
            let message = ["is the same as ", &path(list, at), "; remove one"].concat();
            violations.push(Violation::error(path(list, index), rule::DUPLICATE, message));
        } else if let Some((at, other)) = earlier().find(|(_, other)| are_alike(other, entry)) {
            let message = [
                "differs from ",
                &path(list, at),
                " only by a trailing slash or by case. The comparison is byte for byte: keep the one that is really used",
            ];
            let violation = Violation::warning(path(list, index), rule::NEAR_DUPLICATE, message.concat());
            violations.push(violation.suggest(other));
        }
    }
}

/// Whether two entries differ at most by a slash at the end of the path or by case.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    // Most pairs are told apart by their lengths.
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let (one, one_query) = without_slash(one);
    let (other, other_query) = without_slash(other);
    one.eq_ignore_ascii_case(other) && one_query.eq_ignore_ascii_case(other_query)
}

/// What stands before the query, without a slash at its end, and the query with its mark.
fn without_slash(text: &str) -> (&str, &str) {
    let (head, query) = text.split_at_checked(text.find('?').unwrap_or(text.len())).unwrap_or((text, ""));
    (head.strip_suffix('/').unwrap_or(head), query)
}
