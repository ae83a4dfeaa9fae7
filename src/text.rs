//! Cuts and comparisons of text.
//!
//! The functions of the standard library are compiled for each type of pattern. These are compiled once, which keeps the
//! package small.

/// Splits a text at a byte index. The first part is the whole text if the index is not one.
pub(crate) fn split(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Returns the text before a byte index, or all of it if the index is not one.
pub(crate) fn before(text: &str, at: usize) -> &str {
    split(text, at).0
}

/// Returns the text from a byte index, or no text if the index is not one.
pub(crate) fn after(text: &str, at: usize) -> &str {
    split(text, at).1
}

/// Returns a template with each `{}` replaced by the next argument.
pub(crate) fn fill(template: &str, arguments: &[&str]) -> String {
    let (start, mut rest) = until(template, "{");
    let mut text = start.to_owned();
    for argument in arguments {
        let (part, next) = until(after(rest, 2), "{");
        text.push_str(argument);
        text.push_str(part);
        rest = next;
    }
    text
}

/// Splits a text before the first of some ASCII characters.
pub(crate) fn until<'a>(text: &'a str, ends: &str) -> (&'a str, &'a str) {
    let mut is_end = [0_u64; 2];
    for end in ends.bytes() {
        if let Some(bits) = is_end.get_mut(usize::from(end >> 6)) {
            *bits |= 1 << (end & 63);
        }
    }
    let mut at = 0_usize;
    for byte in text.bytes() {
        if is_end.get(usize::from(byte >> 6)).is_some_and(|bits| bits >> (byte & 63) & 1 == 1) {
            break;
        }
        at = at.wrapping_add(1);
    }
    split(text, at)
}

/// Splits a text before the last occurrence of an ASCII character. The first part is empty if there is none.
pub(crate) fn until_last(text: &str, character: u8) -> (&str, &str) {
    let mut at = text.len();
    while at > 0 {
        at = at.wrapping_sub(1);
        if text.as_bytes().get(at) == Some(&character) {
            break;
        }
    }
    split(text, at)
}

/// Returns the text after a prefix.
pub(crate) fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.strip_prefix(prefix)
}

/// Returns the text after a prefix in any case.
pub(crate) fn strip_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    is_same(start, prefix).then_some(rest)
}

/// Returns the text without the leading occurrences of an ASCII character.
pub(crate) fn trim_start(mut text: &str, character: u8) -> &str {
    while text.as_bytes().first() == Some(&character) {
        text = after(text, 1);
    }
    text
}

/// Returns the text without white space and control characters at its ends.
pub(crate) fn trim(mut text: &str) -> &str {
    while let Some(0..=b' ') = text.as_bytes().first() {
        text = after(text, 1);
    }
    while let Some(0..=b' ') = text.as_bytes().last() {
        text = before(text, text.len().wrapping_sub(1));
    }
    text
}

/// Returns whether the text has an ASCII character.
pub(crate) fn has(text: &str, character: u8) -> bool {
    for byte in text.as_bytes() {
        if *byte == character {
            return true;
        }
    }
    false
}

/// Returns whether every byte of the text passes a test; an empty text passes.
pub(crate) fn all(text: &str, is_allowed: fn(u8) -> bool) -> bool {
    for byte in text.as_bytes() {
        if !is_allowed(*byte) {
            return false;
        }
    }
    true
}

/// Returns whether two texts are equal except for ASCII case.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Returns whether a word, in any case, is in a list whose words are separated by spaces.
pub(crate) fn is_one_of(words: &str, word: &str) -> bool {
    has_word(words, word.as_bytes())
}

/// Returns whether a word, in any case, is in a list whose words are separated by spaces. The word need not be UTF-8.
pub(crate) fn has_word(words: &str, word: &[u8]) -> bool {
    words.as_bytes().split(|byte| *byte == b' ').any(|one| one.eq_ignore_ascii_case(word))
}

/// Returns the byte index of the first occurrence of a text in any case.
pub(crate) fn find(text: &str, sought: &str) -> Option<usize> {
    let mut at = 0_usize;
    for part in text.as_bytes().windows(sought.len().max(1)) {
        // Most parts differ in the first byte. `| 32` makes a letter lower case.
        let is_alike = part.first().zip(sought.as_bytes().first()).is_some_and(|(one, other)| one | 32 == other | 32);
        if is_alike && part.eq_ignore_ascii_case(sought.as_bytes()) {
            return Some(at);
        }
        at = at.wrapping_add(1);
    }
    None
}

/// Returns how many leading bytes two texts have in common, except for case.
pub(crate) fn same_start(one: &str, other: &str) -> usize {
    let mut at = 0_usize;
    while let (Some(one), Some(other)) = (one.as_bytes().get(at), other.as_bytes().get(at))
        && (one == other || one.eq_ignore_ascii_case(other))
    {
        at = at.wrapping_add(1);
    }
    at
}

/// Splits a URL into its scheme and what follows `://`.
pub(crate) fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = until(text, ":");
    Some((scheme, strip(rest, "://")?))
}

/// Returns the length of the text before a byte index in UTF-16 code units, in which JavaScript counts.
pub(crate) fn utf16_length(text: &str, at: usize) -> usize {
    let mut length = 0_usize;
    for byte in before(text, at).bytes() {
        // A character is one unit, or two if it takes four bytes.
        let units = usize::from(byte & 0xC0 != 0x80).wrapping_add(usize::from(byte >= 0xF0));
        length = length.wrapping_add(units);
    }
    length
}

/// Returns the beginning of a text for a message: at most 40 characters, and no control characters.
pub(crate) fn excerpt(text: &str) -> String {
    let mut excerpt = String::new();
    let mut length = 0_u8;
    for character in text.chars() {
        if character >= ' ' {
            length = length.wrapping_add(1);
            if length > 40 {
                excerpt.push('…');
                break;
            }
            excerpt.push(character);
        }
    }
    excerpt
}

/// Names a character by its code point and its position: `U+200B (character 4)`. Positions count UTF-16 code units from 1.
pub(crate) fn name_character(text: &str, at: usize, character: char) -> String {
    let position = utf16_length(text, at).wrapping_add(1).to_string();
    crate::concat::concat(&["U+", &hexadecimal(character.into(), 4), " (character ", &position, ")"])
}

/// Returns whether a character shows nothing: the categories Cc, Zl and Zp of Unicode beyond ASCII, the characters of Cf
/// that fonts do not show, letters that are fillers, and variation selectors.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{80}'..='\u{9F}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Decodes percent escapes once (RFC 3986 §2.1). A malformed escape stays as it is.
pub(crate) fn percent_decode(mut text: &[u8]) -> Vec<u8> {
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

/// Formats a number in upper-case hexadecimal, with leading zeros up to a least number of digits.
pub(crate) fn hexadecimal(value: u32, least: u32) -> String {
    let mut digits = String::new();
    for place in (0..8_u32).rev() {
        let rest = value.checked_shr(place.wrapping_mul(4)).unwrap_or(0);
        if place < least || rest > 0 {
            digits.push(char::from_digit(rest & 15, 16).unwrap_or_default().to_ascii_uppercase());
        }
    }
    digits
}

/// Decodes the first character of UTF-8 text, in its shortest form only (RFC 3629), and returns the rest. The standard
/// library's decoder is three times as large.
pub(crate) fn next_character(bytes: &[u8]) -> Option<(char, &[u8])> {
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
