//! Warnings about the percent escapes of a path or query that the grammar accepts.

use super::finding::Finding;
use super::report::Report;
use crate::text::{has, hexadecimal, is_invisible, next_character, percent_decode};
use crate::violation::rule;

static CONTROL: Finding =
    Finding::new(rule::CHARACTER, "has the encoded control character %{}, where some servers cut the text; remove it");
static NOT_UTF_8: Finding =
    Finding::new(rule::CHARACTER, "has percent escapes that are not UTF-8 ({}), which servers read differently");
static INVISIBLE: Finding = Finding::new(rule::CHARACTER, "has the encoded invisible character U+{}; remove it");

/// Warns of the first escape of a control character, of an invisible character, or of bytes that are not UTF-8, which
/// overlong forms such as `%C0%AF` are.
pub(super) fn warn(tail: &str, report: &mut Report<'_>) {
    if !has(tail, b'%') {
        return;
    }
    let decoded = percent_decode(tail.as_bytes());
    let mut rest = decoded.as_slice();
    while !rest.is_empty() {
        let Some((character, next)) = next_character(rest) else { return report.warn(&NOT_UTF_8, tail) };
        let code = u32::from(character);
        if code < 0x20 || code == 0x7F {
            return report.warn(&CONTROL, &hexadecimal(code, 2));
        }
        if is_odd(character) {
            return report.warn(&INVISIBLE, &hexadecimal(code, 4));
        }
        rest = next;
    }
}

/// Returns whether a character shows nothing, or looks like a space and is another.
pub(super) fn is_odd(character: char) -> bool {
    is_invisible(character)
        || matches!(character, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}
