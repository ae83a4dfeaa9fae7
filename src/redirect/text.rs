//! Cuts of text. The standard library's are compiled anew for every pattern they are given, which a package that is
//! downloaded cannot afford; these are compiled once.

/// The text before and from a place; all of it and nothing where there is no such place.
pub(super) fn split(text: &str, at: usize) -> (&str, &str) {
    (before(text, at), after(text, at))
}

/// The text before a place; all of it where there is no such place.
pub(super) fn before(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or(text)
}

/// The text from a place; nothing where there is no such place.
pub(super) fn after(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The text before and from the first of some ASCII characters.
pub(super) fn until<'a>(text: &'a str, ends: &str) -> (&'a str, &'a str) {
    let is_end = |byte: &u8| ends.as_bytes().iter().any(|end| end == byte);
    let mut at = 0_usize;
    for byte in text.as_bytes() {
        if is_end(byte) {
            break;
        }
        at = at.wrapping_add(1);
    }
    split(text, at)
}

/// The text after a prefix.
pub(super) fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.strip_prefix(prefix)
}

/// The text without some ASCII character at its start.
pub(super) fn trim_start(mut text: &str, character: u8) -> &str {
    while text.as_bytes().first() == Some(&character) {
        text = after(text, 1);
    }
    text
}

/// Whether the text has that ASCII character.
pub(super) fn has(text: &str, character: u8) -> bool {
    for byte in text.bytes() {
        if byte == character {
            return true;
        }
    }
    false
}

/// The scheme and what follows `://`, of what may be a URL.
pub(super) fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = until(text, ":");
    Some((scheme, strip(rest, "://")?))
}

/// Whether a word, in any case, is one of those that a space parts.
pub(super) fn is_one_of(words: &str, word: &str) -> bool {
    has_word(words, word.as_bytes())
}

/// The same for a word that may not be UTF-8.
pub(super) fn has_word(words: &str, word: &[u8]) -> bool {
    words.as_bytes().split(|byte| *byte == b' ').any(|one| one.eq_ignore_ascii_case(word))
}

/// How long the text before a place is in UTF-16 code units, in which JavaScript counts.
pub(super) fn utf16_length(text: &str, at: usize) -> usize {
    // A character is one unit or, where it takes four bytes, two.
    let units = |byte: u8| usize::from(byte & 0xC0 != 0x80).wrapping_add(usize::from(byte >= 0xF0));
    before(text, at).bytes().fold(0, |sum: usize, byte| sum.wrapping_add(units(byte)))
}

/// Whether two texts are the same but for case.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The text without white space and control characters at its ends.
pub(super) fn trim(mut text: &str) -> &str {
    while let Some(0..=b' ') = text.as_bytes().first() {
        text = after(text, 1);
    }
    while let Some(0..=b' ') = text.as_bytes().last() {
        text = before(text, text.len().wrapping_sub(1));
    }
    text
}

/// The text before and from the last of some ASCII character; nothing and all of it where there is none.
pub(super) fn until_last(text: &str, character: u8) -> (&str, &str) {
    let mut at = text.len();
    while at > 0 {
        at = at.wrapping_sub(1);
        if text.as_bytes().get(at) == Some(&character) {
            break;
        }
    }
    split(text, at)
}

/// How many bytes both texts begin with, but for case.
pub(super) fn same_start(one: &str, other: &str) -> usize {
    let mut at = 0_usize;
    while let (Some(one), Some(other)) = (one.as_bytes().get(at), other.as_bytes().get(at))
        && one.eq_ignore_ascii_case(other)
    {
        at = at.wrapping_add(1);
    }
    at
}

/// The place of the first occurrence of a text, whatever its ASCII case.
pub(super) fn find(text: &str, sought: &str) -> Option<usize> {
    text.as_bytes().windows(sought.len().max(1)).position(|part| part.eq_ignore_ascii_case(sought.as_bytes()))
}

/// The text after a prefix, whatever the prefix's ASCII case.
pub(super) fn strip_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    is_same(start, prefix).then_some(rest)
}

/// One round of percent decoding (RFC 3986 §2.1). A malformed escape stays as it is.
pub(super) fn percent_decode(mut text: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut decoded = Vec::with_capacity(text.len());
    while let [first, tail @ ..] = text {
        let mut byte = *first;
        text = tail;
        if let (b'%', [high, low, tail @ ..]) = (byte, text)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            byte = high << 4 | low;
            text = tail;
        }
        decoded.push(byte);
    }
    decoded
}

/// A number in upper-case hexadecimal digits, at least so many.
pub(super) fn hexadecimal(value: u32, least: u32) -> String {
    let mut digits = String::new();
    for place in (0..8_u32).rev() {
        let rest = value.checked_shr(place.wrapping_mul(4)).unwrap_or(0);
        if place < least || rest > 0 {
            digits.push(char::from_digit(rest & 15, 16).unwrap_or_default().to_ascii_uppercase());
        }
    }
    digits
}

/// The first character of UTF-8 text, in its shortest form alone (RFC 3629), and the rest. The standard library's decoder
/// is three times as large.
pub(super) fn next_character(bytes: &[u8]) -> Option<(char, &[u8])> {
    let (first, mut rest) = bytes.split_first()?;
    let (more, least, bits) = match first {
        0..=0x7F => (0, 0, 0x7F),
        0xC0..=0xDF => (1, 0x80, 0x1F),
        0xE0..=0xEF => (2, 0x800, 0x0F),
        0xF0..=0xF7 => (3, 0x1_0000, 0x07),
        _ => return None,
    };
    let mut code = u32::from(first & bits);
    for _ in 0..more {
        let (byte, tail) = rest.split_first()?;
        if byte & 0xC0 != 0x80 {
            return None;
        }
        (code, rest) = (code << 6 | u32::from(byte & 0x3F), tail);
    }
    char::from_u32(code).filter(|_| code >= least).map(|character| (character, rest))
}
