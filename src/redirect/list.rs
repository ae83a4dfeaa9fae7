//! What redirect URIs and redirect domains have in common as lists.

use std::borrow::Cow;

use super::ToAscii;
use super::grammar::Refusal;
use super::text::{after, is_same, same_start, strip, utf16_length};
use super::words::{self, Words, words};
use crate::app::MAX_REDIRECTS;
use crate::violation::{Severity, Violation, rule};

/// From how many entries on a list deserves a look.
const NEARLY_FULL: usize = 18;

const TOO_MANY: Words = words!(rule::OUT_OF_RANGE, "takes at most 20 entries, has ");
const MANY: Words = words!(rule::NEARLY_FULL, "takes at most 20 entries, has ");
const DUPLICATE: Words = words!(rule::DUPLICATE, "is in the list already");
const NEAR_DUPLICATE: Words =
    words!(rule::NEAR_DUPLICATE, "differs from another entry only by a trailing slash or by case, which count");

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

    /// What the grammar refuses.
    pub(super) fn refuse(&mut self, text: &str, refusal: Refusal, suggestion: Option<String>) {
        let character = utf16_length(text, refusal.at).wrapping_add(1).to_string();
        let place = [" (character ", &character, ")"].concat();
        self.add(Severity::Error, refusal.reason.words(), &place, suggestion);
    }

    fn add(&mut self, severity: Severity, words: Words, more: &str, suggestion: Option<String>) {
        let field = match self.index {
            Some(index) => [self.path, "[", &index.to_string(), "]"].concat(),
            None => self.path.to_owned(),
        };
        let (rule, message) = words::split(words);
        let (rule, message) = (Cow::Borrowed(rule), [message, more].concat());
        self.violations.push(Violation { field, rule, severity, message, suggestion });
    }
}

/// What is wrong with each entry, whatever else is in its list.
pub(super) fn validate_each(
    path: &str,
    entries: &[Option<&str>],
    violations: &mut Vec<Violation>,
    to_ascii: ToAscii<'_>,
    judge: fn(&str, ToAscii<'_>, &mut Report<'_>),
) {
    let mut report = Report { path, index: None, violations };
    for (index, entry) in entries.iter().enumerate() {
        report.index = Some(index);
        if let Some(entry) = entry {
            judge(entry, to_ascii, &mut report);
        }
    }
}

/// What is wrong with a list as one (too many entries, the same twice, nearly the same twice), then with each entry.
/// `None` is an entry that is no text.
pub(super) fn validate(
    path: &str,
    entries: &[Option<&str>],
    violations: &mut Vec<Violation>,
    to_ascii: ToAscii<'_>,
    judge: fn(&str, ToAscii<'_>, &mut Report<'_>),
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
            Some(other) if other == entry => report.error(DUPLICATE, None),
            Some(other) => report.warn(NEAR_DUPLICATE, Some(other.to_owned())),
            None => {}
        }
        judge(entry, to_ascii, &mut report);
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
