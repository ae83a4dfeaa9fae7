//! What is doubtful about the percent escapes of a path or query that the grammar takes.

use super::list::Report;
use super::mistake::is_invisible;
use super::text::{has, hexadecimal, next_character, percent_decode};
use super::words::{Words, words};
use crate::violation::rule;

const CONTROL: Words =
    words!(rule::CHARACTER, "has an encoded control character, at which some servers cut the text; remove it: %");
const NOT_UTF_8: Words = words!(
    rule::CHARACTER,
    "has percent escapes that are not UTF-8, which servers read differently; encode the text as UTF-8"
);
const INVISIBLE: Words = words!(rule::CHARACTER, "has an encoded invisible character; remove it: U+");

/// Reports the first escape of a control character, of an invisible character, or of no UTF-8 (which overlong forms such as
/// `%C0%AF` are).
pub(super) fn warn(tail: &str, report: &mut Report<'_>) {
    if !has(tail, b'%') {
        return;
    }
    let decoded = percent_decode(tail.as_bytes());
    let mut rest = decoded.as_slice();
    while !rest.is_empty() {
        let Some((character, tail)) = next_character(rest) else { return report.add_warning(NOT_UTF_8, "") };
        let code = u32::from(character);
        if code < 0x20 || code == 0x7F {
            return report.add_warning(CONTROL, &hexadecimal(code, 2));
        }
        if is_invisible(character) {
            return report.add_warning(INVISIBLE, &hexadecimal(code, 4));
        }
        rest = tail;
    }
}
