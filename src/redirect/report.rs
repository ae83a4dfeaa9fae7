//! The report on a value: its violations, with suggestions that are valid themselves.

use super::ToAscii;
use super::finding::Finding;
use super::grammar::Refusal;
use crate::fields::element_path;
use crate::violation::{Severity, Violation, has_error, rule};

/// Checks a value, and reports what is wrong or doubtful with it.
pub(super) type Judge = fn(&str, ToAscii<'_>, &mut Report<'_>);

/// The violations of a field, which is an entry of a list or has one value.
pub(super) struct Report<'a> {
    pub(super) path: &'a str,
    pub(super) index: Option<usize>,
    pub(super) violations: &'a mut Vec<Violation>,
}

impl Report<'_> {
    /// Adds an error. `part` is the part of the value that is at fault.
    pub(super) fn error(&mut self, finding: &Finding, part: &str) {
        self.error_suggesting(finding, part, None);
    }

    /// Adds a warning. `part` is the part of the value that is at fault.
    pub(super) fn warn(&mut self, finding: &Finding, part: &str) {
        self.warn_suggesting(finding, part, None);
    }

    /// Adds an error with a suggestion.
    pub(super) fn error_suggesting(&mut self, finding: &Finding, part: &str, suggestion: Option<String>) {
        self.add(Severity::Error, finding.rule, finding.message(part), suggestion);
    }

    /// Adds a warning with a suggestion.
    pub(super) fn warn_suggesting(&mut self, finding: &Finding, part: &str, suggestion: Option<String>) {
        self.add(Severity::Warning, finding.rule, finding.message(part), suggestion);
    }

    /// Adds the error that the grammar refuses the value.
    pub(super) fn refuse(&mut self, text: &str, refusal: Refusal, suggestion: Option<String>) {
        self.add(Severity::Error, refusal.reason.finding().rule, refusal.message(text), suggestion);
    }

    fn add(&mut self, severity: Severity, rule: &'static str, message: String, suggestion: Option<String>) {
        let field = match self.index {
            Some(index) => element_path(self.path, index),
            None => self.path.to_owned(),
        };
        self.violations.push(Violation { suggestion, ..Violation::new(severity, field, rule, message) });
    }

    /// Adds what `judge` reports, without its suggestions.
    pub(super) fn without_suggestions(&mut self, judge: impl FnOnce(&mut Self)) {
        let from = self.violations.len();
        judge(self);
        for violation in self.violations.get_mut(from..).unwrap_or_default() {
            violation.suggestion = None;
        }
    }

    /// Adds the violations of a value. A suggestion is replaced by its own suggestion, until none is left.
    pub(super) fn judge(&mut self, text: &str, to_ascii: ToAscii<'_>, judge: Judge) {
        let from = self.violations.len();
        judge(text, to_ascii, self);
        for violation in self.violations.get_mut(from..).unwrap_or_default() {
            if let Some(meant) = violation.suggestion.take().and_then(|meant| settled(meant, to_ascii, judge)) {
                violation.suggest(meant);
            }
        }
    }
}

/// Returns the last suggestion of a chain of suggestions, if it has no error and no host that is likely not meant.
fn settled(mut text: String, to_ascii: ToAscii<'_>, judge: Judge) -> Option<String> {
    // A text with more faults than that is not worth a suggestion.
    for _ in 0..5 {
        let mut found = violations(&text, to_ascii, judge);
        let Some(meant) = found.iter_mut().find_map(|violation| violation.suggestion.take()) else {
            let is_bad = has_error(&found) || found.iter().any(|violation| violation.rule == rule::PLACEHOLDER);
            return (!is_bad).then_some(text);
        };
        text = meant;
    }
    None
}

/// Returns whether a value has no error, as far as can be decided without the platform's URL parser.
pub(super) fn is_valid(text: &str, judge: Judge) -> bool {
    !has_error(&violations(text, None, judge))
}

/// Returns the violations of a value, with suggestions that may have suggestions themselves.
fn violations(text: &str, to_ascii: ToAscii<'_>, judge: Judge) -> Vec<Violation> {
    let mut violations = Vec::new();
    judge(text, to_ascii, &mut Report { path: "", index: None, violations: &mut violations });
    violations
}

/// Reports on the value of a field that has only one.
pub(super) fn validate_one(
    path: &str,
    text: &str,
    violations: &mut Vec<Violation>,
    to_ascii: ToAscii<'_>,
    judge: Judge,
) {
    Report { path, index: None, violations }.judge(text, to_ascii, judge);
}
