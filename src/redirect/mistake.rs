//! Texts that are not one URI or one host, however a parser would read them: an unfilled template, two URIs in one
//! string, quotes around the text, invisible characters.
//!
//! They are detected before the grammar reads a text. The grammar would name a symptom, such as a brace or an empty port,
//! and the repair of a symptom would be a nonsensical suggestion.

use super::escapes::is_odd;
use super::finding::Finding;
use super::grammar::{parse_authority, scheme_length};
use super::report::Report;
use crate::text::{
    after, all, before, find, has, is_one_of, name_character, next_character, percent_decode, split_scheme, strip,
    strip_any_case, trim, trim_start, until, until_last,
};
use crate::violation::rule;

static EMPTY: Finding = Finding::new(rule::NOT_ABSOLUTE, "is empty; give a value, or leave it out");
static INVISIBLE: Finding = Finding::new(rule::CHARACTER, "has the invisible character {}; remove it");
static QUOTES: Finding = Finding::new(rule::CHARACTER, "has quotes or angle brackets around it ({}); remove them");
static PLACEHOLDER: Finding = Finding::new(rule::PLACEHOLDER, "has the placeholder {}; is a variable unset?");
static TWICE: Finding = Finding::new(rule::NOT_ABSOLUTE, "has its scheme twice ({}); remove one");
static SEVERAL: Finding =
    Finding::new(rule::SEVERAL_ENTRIES, "holds several values, of which the second is {}; give each on its own");
static ENCODED: Finding = Finding::new(rule::NOT_ABSOLUTE, "is percent-encoded as a whole ({}); decode it");

/// Reports why a text is not a single URI or host, with the text that was meant if there is no doubt. Returns whether it
/// is not; otherwise the grammar must judge the text.
pub(super) fn report_mistake(text: &str, report: &mut Report<'_>) -> bool {
    !is_plain_url(text) && report_any(text, report)
}

fn report_any(text: &str, report: &mut Report<'_>) -> bool {
    let trimmed = trim(text);
    if trimmed.is_empty() {
        report.error(&EMPTY, "");
    } else if let Some((at, character)) = first_odd(text) {
        report.error_suggesting(&INVISIBLE, &name_character(text, at, character), without_invisible(text));
    } else if is_quoted(trimmed) {
        report.error(&QUOTES, trimmed);
    } else if let Some(placeholder) = template(text) {
        report.error(&PLACEHOLDER, placeholder);
    } else if has_scheme_twice(trimmed) {
        report.error(&TWICE, trimmed);
    } else if let Some(second) = second_value(trimmed) {
        report.error(&SEVERAL, second);
    } else if let Some(meant) = decoded(trimmed) {
        report.error_suggesting(&ENCODED, trimmed, Some(meant));
    } else {
        return false;
    }
    true
}

/// Returns whether a text is a web URL of characters with which none of the mistakes can be made, as most entries are. With
/// this test first, checking a draft with 20 URIs takes 39 µs in place of 54 µs (`node bench/redirect.mjs`).
fn is_plain_url(text: &str) -> bool {
    let Some(rest) = strip(text, "https://").or_else(|| strip(text, "http://")) else { return false };
    // At the start, `h` may begin a second scheme; later, that takes `:/`.
    let mut previous = b':';
    for byte in rest.bytes() {
        let is_plain = match byte {
            b'h' | b'H' | b'/' => previous != b':',
            _ => byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':'),
        };
        if !is_plain {
            return false;
        }
        previous = byte;
    }
    true
}

/// Returns the first character that is invisible or an odd space, with its byte index.
fn first_odd(text: &str) -> Option<(usize, char)> {
    if text.is_ascii() { None } else { text.char_indices().find(|(_, character)| is_odd(*character)) }
}

/// Returns the text without its invisible characters. Joiners are letters of some scripts: without them a name that is
/// not ASCII can be another name.
fn without_invisible(text: &str) -> Option<String> {
    let (mut meant, mut has_joiner) = (String::new(), false);
    for character in text.chars() {
        has_joiner |= matches!(character, '\u{200C}' | '\u{200D}');
        if !is_odd(character) {
            meant.push(character);
        }
    }
    (!has_joiner || meant.is_ascii()).then_some(meant)
}

/// Returns whether a quote begins the text or is left at its end, or angle brackets surround it (RFC 3986 appendix C).
fn is_quoted(text: &str) -> bool {
    match text.chars().next() {
        Some('"' | '\'' | '`' | '\u{AB}' | '\u{BB}' | '\u{2018}'..='\u{201F}') => true,
        Some('<') => text.ends_with('>') && has(text, b':'),
        _ => find(text, "\"").is_some_and(|at| at.wrapping_add(1) == text.len()),
    }
}

/// The opening and closing marks of template languages. No URI has them.
const MARKS: [(&str, &str); 5] = [("${", "}"), ("{{", "}}"), ("<%", "%>"), ("#{", "}"), ("[object ", "]")];

/// Returns the placeholder in a text, such as `${HOST}`, `{{host}}`, `%HOST%` or `<host>`.
fn template(text: &str) -> Option<&str> {
    let (_, marked) = until(text, "${<#[");
    for (mark, end) in MARKS.iter().filter(|_| !marked.is_empty()) {
        if let Some(at) = find(text, mark) {
            let rest = after(text, at);
            return Some(find(rest, end).map_or(rest, |length| before(rest, length.wrapping_add(end.len()))));
        }
    }
    let host = host_part(text);
    let (_, rest) = until(host, "<{$");
    if !rest.is_empty() {
        return Some(rest);
    }
    // `%HOST%`. After an escape, the next one begins only two characters later.
    let (_, rest) = until(host, "%");
    let (name, end) = until(after(rest, 1), "%");
    if name.len() > 2 && !end.is_empty() && all(name, |byte| byte.is_ascii_alphabetic() || byte == b'_') {
        return Some(before(rest, name.len().wrapping_add(2)));
    }
    (!has(text, b':') && !has(host, b'.') && is_stand_in(host)).then_some(host)
}

/// Returns whether a label of a host is what a program writes for a missing value, or what a guide asks to replace.
pub(super) fn is_stand_in(label: &str) -> bool {
    let rest = strip_any_case(label, "your");
    is_one_of("undefined null nan none nil placeholder changeme", label)
        || rest
            .is_some_and(|rest| rest.starts_with(['-', '_']) || is_one_of("domain site app store shop company", rest))
}

/// Returns the text between the scheme, if there is one, and the path.
fn host_part(text: &str) -> &str {
    let rest = split_scheme(text).map_or(text, |(_, rest)| rest);
    until(rest, "/?#").0
}

/// Returns whether another `http:` follows directly after the first one. In `https://http:8080/` and `https://http/` it is a host.
fn has_scheme_twice(text: &str) -> bool {
    let without_scheme = |text| strip_any_case(text, "http").map(|rest| strip_any_case(rest, "s").unwrap_or(rest));
    let Some(rest) = without_scheme(text) else { return false };
    // One of the colons may be missing: `https//https://`.
    let next = trim_start(trim_start(rest, b':'), b'/');
    next.len() < rest.len() && without_scheme(next).is_some_and(|rest| rest.starts_with("//") || rest.starts_with(":/"))
}

/// Returns the second value of a text that lists several, with or without a separator. Takes time in proportion to the
/// length of the text.
fn second_value(text: &str) -> Option<&str> {
    let start = find(text, "://").map_or(0, |at| at.wrapping_add(3));
    let last_slash = until_last(text, b'/').0.len();
    let host_end = text.len().wrapping_sub(until(after(text, start), "/?#").1.len());
    let (mut previous, mut in_query, mut has_url) = (b'/', false, false);
    let mut is_host_first = None;
    for at in start..text.len() {
        let rest = || after(text, at);
        let byte = text.as_bytes().get(at).copied().unwrap_or_default();
        if is_separator(byte) && !is_separator(previous) {
            let mut next = rest();
            while next.bytes().next().is_some_and(is_separator) {
                next = after(next, 1);
            }
            // In a query, a comma may separate two URLs that are both part of it.
            if begins_with_scheme(next) && !(in_query && has_url) {
                return Some(next);
            }
            // A comma is legal in a path, as in `/a,b.html`. A space is not, and `/my file.html` is still one value.
            let is_illegal = !matches!(byte, b',' | b';') && last_slash > at;
            if (at <= host_end || is_illegal || start == 0)
                && *is_host_first.get_or_insert_with(|| begins_with_host(after(text, start)))
                && begins_with_host(next)
            {
                return Some(next);
            }
        }
        let is_url = |scheme| strip_any_case(rest(), scheme).is_some();
        let may_begin = matches!(byte, b'h' | b'H') && start > 0 && !in_query && previous.is_ascii_alphanumeric();
        if may_begin && (is_url("http://") || is_url("https://")) {
            return Some(rest());
        }
        in_query |= byte == b'?';
        has_url |= byte == b':' && strip(rest(), "://").is_some();
        previous = byte;
    }
    None
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b',' | b';' | b'|' | 0..=b' ')
}

/// Returns whether a text begins with a scheme and `://`.
fn begins_with_scheme(text: &str) -> bool {
    strip(after(text, scheme_length(text)), "://").is_some()
}

/// Returns whether a text begins with `localhost` or a host with a dot.
fn begins_with_host(text: &str) -> bool {
    let host = until(text, "/:?#,;| \t\n\r").0;
    is_one_of("localhost", host) || (has(host, b'.') && parse_authority(host).is_ok())
}

/// Returns the URI that a text becomes when its percent escapes are decoded, if an escape hides the end of its scheme.
fn decoded(text: &str) -> Option<String> {
    let rest = until(text, ":/?#%").1;
    if !strip(rest, ":").unwrap_or(rest).starts_with('%') {
        return None;
    }
    let mut decoded = text.to_owned();
    for _ in 0..3 {
        let bytes = percent_decode(decoded.as_bytes());
        decoded.clear();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (character, tail) = next_character(rest)?;
            decoded.push(character);
            rest = tail;
        }
        if begins_with_scheme(&decoded) {
            return Some(decoded);
        }
    }
    None
}

#[cfg(test)]
mod tests;
