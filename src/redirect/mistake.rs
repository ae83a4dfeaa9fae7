//! Texts that are not one URI or one host, whatever a parser would make of them: an unfilled template, two URIs in one
//! string, quotes that came along, characters that nobody sees.
//!
//! They are looked for before the grammar reads a text, since the grammar would name a symptom (a brace, an empty port),
//! and a repair of the symptom would suggest nonsense.

use super::grammar::{parse_authority, scheme_length};
use super::list::Report;
use super::text::{
    after, before, find, has, hexadecimal, is_one_of, next_character, percent_decode, split_scheme, strip,
    strip_any_case, trim, trim_start, until, until_last, utf16_length,
};
use super::words::{Words, words};
use crate::concat::Concat as _;
use crate::violation::{Severity, rule};

const EMPTY: Words = words!(rule::NOT_ABSOLUTE, "is empty; give a value, such as https://shop.example.com/");
const INVISIBLE: Words = words!(rule::CHARACTER, "has an invisible character; remove it: ");
const QUOTES: Words = words!(rule::CHARACTER, "is in quotes or angle brackets; give the text between them");
const PLACEHOLDER: Words = words!(rule::PLACEHOLDER, "has a placeholder; is a variable missing? It is ");
const TWICE: Words = words!(rule::NOT_ABSOLUTE, "has its scheme twice; remove one");
const SEVERAL: Words = words!(rule::SEVERAL_ENTRIES, "holds several values; give each alone. The second is ");
const ENCODED: Words = words!(rule::NOT_ABSOLUTE, "is percent-encoded as a whole; decode it");

/// Reports what makes a text no single URI or host, with the text that was meant where there is no doubt; it may have other
/// faults. Returns whether there was something: where there was nothing, the grammar is to judge the text.
pub(super) fn is_mistaken(text: &str, report: &mut Report<'_>) -> bool {
    let trimmed = trim(text);
    if trimmed.is_empty() {
        report.error(EMPTY, None);
    } else if let Some((at, character)) = invisible(text) {
        let code = hexadecimal(u32::from(character), 4);
        let place = utf16_length(text, at).wrapping_add(1).to_string();
        let detail = ["U+", &code, " (character ", &place, ")"].concat();
        report.add(Severity::Error, INVISIBLE, &detail, without_invisible(text));
    } else if is_quoted(trimmed) {
        report.error(QUOTES, None);
    } else if let Some(placeholder) = template(text) {
        report.add_error(PLACEHOLDER, placeholder);
    } else if has_scheme_twice(trimmed) {
        report.error(TWICE, None);
    } else if let Some(second) = second_value(trimmed) {
        report.add_error(SEVERAL, second);
    } else if let Some(meant) = decoded(trimmed) {
        report.error(ENCODED, Some(meant));
    } else {
        return false;
    }
    true
}

/// The place of the first character that has no shape of its own, such as U+200B, a byte order mark or a bidirectional
/// control, or that looks like a space and is another. ASCII's own are the grammar's matter.
fn invisible(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|(_, character)| is_invisible(*character))
}

pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{80}'..='\u{A0}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{1680}' | '\u{17B4}'
            | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{2000}'..='\u{200F}' | '\u{2028}'..='\u{202F}'
            | '\u{205F}'..='\u{206F}' | '\u{2800}' | '\u{3000}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// The text without its invisible characters. Joiners are letters of some scripts: without them a name beyond ASCII can
/// be another name.
fn without_invisible(text: &str) -> Option<String> {
    let (mut meant, mut has_joiner) = (String::new(), false);
    for character in text.chars() {
        has_joiner |= matches!(character, '\u{200C}' | '\u{200D}');
        if !is_invisible(character) {
            meant.push(character);
        }
    }
    (!has_joiner || meant.is_ascii()).then_some(meant)
}

/// Whether a quote begins the text or is left at its end, or angle brackets surround it (RFC 3986 appendix C).
fn is_quoted(text: &str) -> bool {
    match text.chars().next() {
        Some('"' | '\'' | '`' | '\u{AB}' | '\u{BB}' | '\u{2018}'..='\u{201F}') => true,
        Some('<') => text.ends_with('>') && has(text, b':'),
        _ => find(text, "\"").is_some_and(|at| at.wrapping_add(1) == text.len()),
    }
}

/// The marks of template languages that no URI has, each with the end of what it begins.
const MARKS: [(&str, &str); 5] = [("${", "}"), ("{{", "}}"), ("<%", "%>"), ("#{", "}"), ("[object ", "]")];

/// The part of a text that is a template's, such as `${HOST}`, `{{host}}`, `%HOST%` or `<host>`.
fn template(text: &str) -> Option<&str> {
    for (mark, end) in MARKS {
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
    // `%HOST%`, unlike escapes, of which the second begins two characters after the first.
    let (_, rest) = until(host, "%");
    let (name, end) = until(after(rest, 1), "%");
    if name.len() > 2 && !end.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_') {
        return Some(before(rest, name.len().wrapping_add(2)));
    }
    let name = until(host, ":").0;
    (is_stand_in(name) && !has(name, b'.') && name.len() == host.len() && !has(text, b':')).then_some(name)
}

/// Whether a label of a host is what a program writes for a value that it lacks, or what a guide asks to replace.
pub(super) fn is_stand_in(label: &str) -> bool {
    is_one_of(
        "undefined null nan none nil placeholder changeme yourdomain yoursite yourapp yourstore yourshop yourcompany",
        label,
    ) || strip_any_case(label, "your-").is_some()
        || strip_any_case(label, "your_").is_some()
}

/// The text between the scheme, if there is one, and the path.
fn host_part(text: &str) -> &str {
    let rest = split_scheme(text).map_or(text, |(_, rest)| rest);
    until(rest, "/?#").0
}

/// Whether another `http:` follows the first one at once. In `https://http:8080/` and `https://http/` it is a host.
fn has_scheme_twice(text: &str) -> bool {
    let without_scheme = |text| strip_any_case(text, "http").map(|rest| strip_any_case(rest, "s").unwrap_or(rest));
    let Some(rest) = without_scheme(text) else { return false };
    // One of the colons may be missing: `https//https://`.
    let next = trim_start(trim_start(rest, b':'), b'/');
    next.len() < rest.len() && without_scheme(next).is_some_and(|rest| rest.starts_with("//") || rest.starts_with(":/"))
}

/// The second value of a text that lists several, with a separator or without. Linear in the length of the text.
fn second_value(text: &str) -> Option<&str> {
    let start = find(text, "://").map_or(0, |at| at.wrapping_add(3));
    let last_slash = until_last(text, b'/').0.len();
    let host_end = text.len().wrapping_sub(until(after(text, start), "/?#").1.len());
    let is_host_first = begins_with_host(after(text, start));
    let (mut previous, mut in_query, mut has_url) = (b'/', false, false);
    for at in start..text.len() {
        let rest = after(text, at);
        let byte = text.as_bytes().get(at).copied().unwrap_or_default();
        if is_separator(byte) && !is_separator(previous) {
            let mut next = rest;
            while next.bytes().next().is_some_and(is_separator) {
                next = after(next, 1);
            }
            // In a query a comma can be between two URLs that both belong to it.
            if begins_with_scheme(next) && !(in_query && has_url) {
                return Some(next);
            }
            // A comma in the path of a URL needs no second thought: `/a,b.html`. A space does: `/my file.html` is one.
            let is_illegal = !matches!(byte, b',' | b';') && last_slash > at;
            if (at <= host_end || is_illegal || start == 0) && is_host_first && begins_with_host(next) {
                return Some(next);
            }
        }
        let is_url = |scheme| strip_any_case(rest, scheme).is_some();
        if start > 0 && !in_query && previous.is_ascii_alphanumeric() && (is_url("http://") || is_url("https://")) {
            return Some(rest);
        }
        in_query |= byte == b'?';
        has_url |= strip(rest, "://").is_some();
        previous = byte;
    }
    None
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b',' | b';' | b'|' | 0..=b' ')
}

/// Whether a text begins as a URL with `//` does.
fn begins_with_scheme(text: &str) -> bool {
    strip(after(text, scheme_length(text)), "://").is_some()
}

/// Whether a text begins with `localhost` or a name that has a dot.
fn begins_with_host(text: &str) -> bool {
    let host = until(text, "/:?#,;| \t\n\r").0;
    is_one_of("localhost", host) || (has(host, b'.') && parse_authority(host).is_ok())
}

/// The URI that a text is when its percent escapes, of which one hides the end of the scheme, are decoded; `None` where
/// none does.
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
