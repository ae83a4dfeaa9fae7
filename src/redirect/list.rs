//! What redirect URIs and redirect domains have in common as lists.

use std::borrow::Cow;

use super::ToAscii;
use super::grammar::Refusal;
use super::text::{after, is_same, same_start, strip, utf16_length};
use super::words::{self, Words, words};
use crate::app::MAX_REDIRECTS;
use crate::concat::Concat as _;
use crate::violation::{Severity, Violation, rule};

/// From how many entries on a list deserves a look.
const NEARLY_FULL: usize = 18;

const TOO_MANY: Words = words!(rule::OUT_OF_RANGE, "takes at most 20 entries, has ");
const MANY: Words = words!(rule::NEARLY_FULL, "takes at most 20 entries, has ");
const DUPLICATE: Words = words!(rule::DUPLICATE, "is in the list already; remove it");
const NEAR_DUPLICATE: Words =
    words!(rule::NEAR_DUPLICATE, "differs only by a trailing slash or case, which count, from ");

/// Judges one value of a kind.
pub(super) type Judge = fn(&str, ToAscii<'_>, &mut Report<'_>);

/// The violations of one field, an entry of a list or one that stands alone.
pub(super) struct Report<'a> {
    pub(super) path: &'a str,
    pub(super) index: Option<usize>,
    pub(super) violations: &'a mut Vec<Violation>,
}

impl Report<'_> {
    pub(super) fn error(&mut self, words: Words, suggestion: Option<String>) {
        self.add(Severity::Error, words, "", suggestion);
    }

    pub(super) fn warn(&mut self, words: Words, suggestion: Option<String>) {
        self.add(Severity::Warning, words, "", suggestion);
    }

    /// Adds an error whose message ends with the offending part.
    pub(super) fn add_error(&mut self, words: Words, detail: &str) {
        self.add(Severity::Error, words, detail, None);
    }

    /// Adds a warning whose message ends with the offending part.
    pub(super) fn add_warning(&mut self, words: Words, detail: &str) {
        self.add(Severity::Warning, words, detail, None);
    }

    /// Adds the error that the grammar refuses a text.
    pub(super) fn refuse(&mut self, text: &str, refusal: Refusal, suggestion: Option<String>) {
        let character = utf16_length(text, refusal.at).wrapping_add(1).to_string();
        let place = [" (character ", &character, ")"].concat();
        self.add(Severity::Error, refusal.reason.words(), &place, suggestion);
    }

    /// Adds what `judge` finds, without its suggestions.
    pub(super) fn without_suggestions(&mut self, judge: impl FnOnce(&mut Self)) {
        let from = self.violations.len();
        judge(self);
        for violation in self.violations.iter_mut().skip(from) {
            violation.suggestion = None;
        }
    }

    pub(super) fn add(&mut self, severity: Severity, words: Words, more: &str, suggestion: Option<String>) {
        let field = match self.index {
            Some(index) => [self.path, "[", &index.to_string(), "]"].concat(),
            None => self.path.to_owned(),
        };
        let (rule, message) = words::split(words);
        let (rule, message) = (Cow::Borrowed(rule), [message, more].concat());
        self.violations.push(Violation { field, rule, severity, message, suggestion });
    }

    /// Adds what is wrong with one value. A suggestion is kept in its final form, in which nothing remains to be suggested.
    fn judge(&mut self, text: &str, to_ascii: ToAscii<'_>, judge: Judge) {
        let from = self.violations.len();
        judge(text, to_ascii, self);
        for violation in self.violations.iter_mut().skip(from) {
            violation.suggestion = violation.suggestion.take().and_then(|meant| settled(meant, to_ascii, judge));
        }
    }
}

/// A suggestion after its own suggestions, where it then has no error and no host that is likely not meant.
fn settled(mut text: String, to_ascii: ToAscii<'_>, judge: Judge) -> Option<String> {
    // A text may have several faults; one with more is not worth a suggestion.
    for _ in 0..5 {
        let mut found = Vec::new();
        judge(&text, to_ascii, &mut Report { path: "", index: None, violations: &mut found });
        let Some(meant) = found.iter_mut().find_map(|violation| violation.suggestion.take()) else {
            let is_bad = |found: &Violation| found.is_error() || found.rule == rule::PLACEHOLDER;
            return (!found.iter().any(is_bad)).then_some(text);
        };
        text = meant;
    }
    None
}

/// Whether a value has no error, as far as can be told without the platform's URL parser.
pub(super) fn is_valid(text: &str, judge: Judge) -> bool {
    let mut found = Vec::new();
    judge(text, None, &mut Report { path: "", index: None, violations: &mut found });
    !found.iter().any(Violation::is_error)
}

/// Reports on a value that stands alone.
pub(super) fn validate_one(
    path: &str,
    text: &str,
    violations: &mut Vec<Violation>,
    to_ascii: ToAscii<'_>,
    judge: Judge,
) {
    Report { path, index: None, violations }.judge(text, to_ascii, judge);
}

/// Reports on each entry, whatever else is in its list.
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

/// Reports on a list as one (too many entries, the same twice, nearly the same twice), then on each entry. `None` is an
/// entry that is no text.
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
        report.add(Severity::Error, TOO_MANY, &count.to_string(), None);
    } else if count >= NEARLY_FULL {
        report.add(Severity::Warning, MANY, &count.to_string(), None);
    }
    let marks: Vec<u32> = entries.iter().map(|entry| entry.map_or(0, mark)).collect();
    for (index, entry) in entries.iter().enumerate() {
        let Some(entry) = *entry else { continue };
        report.index = Some(index);
        let mark = marks.get(index);
        let mut alike = None;
        // A list is told that it is too long; that must not take time by the square of it.
        let earlier = entries.iter().zip(&marks).take(index.min(MAX_REDIRECTS));
        for (other, _) in earlier.filter(|(_, other)| Some(*other) == mark) {
            // The same counts more than the like.
            if let Some(other) = other.filter(|other| are_alike(other, entry))
                && (alike.is_none() || other == entry)
            {
                alike = Some(other);
            }
        }
        match alike {
            Some(other) if other == entry => report.add_error(DUPLICATE, ""),
            Some(other) => report.add_warning(NEAR_DUPLICATE, other),
            None => {}
        }
        report.judge(entry, to_ascii, judge);
    }
}

/// A number that entries which are alike have in common, so that most pairs need no comparison: FNV-1a of the text,
/// without its case and its slashes.
fn mark(text: &str) -> u32 {
    text.bytes()
        .filter(|byte| *byte != b'/')
        .fold(0x811c_9dc5, |mark, byte| (mark ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193))
}

/// Whether two entries differ at most by a slash at the end of the path or by case.
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
