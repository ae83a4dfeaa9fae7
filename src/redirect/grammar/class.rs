//! Classes of ASCII characters.
//!
//! Each character belongs to one set, and a class is a union of sets.

const DIGITS: u16 = 1;
/// The letters of hexadecimal digits, in any case.
const A_TO_F: u16 = 1 << 1;
const G_TO_Z: u16 = 1 << 2;
const HYPHEN: u16 = 1 << 3;
const DOT: u16 = 1 << 4;
const UNDERSCORE: u16 = 1 << 5;
const TILDE: u16 = 1 << 6;
const PLUS: u16 = 1 << 7;
const STAR: u16 = 1 << 8;
/// RFC 3986 `sub-delims` except `+`, `*` and `'`, with `:`, `@` and `/`.
const DELIMITERS: u16 = 1 << 9;
const QUESTION_MARK: u16 = 1 << 10;
const APOSTROPHE: u16 = 1 << 11;
/// `#`, `[`, `]` and `%`.
const OTHERS: u16 = 1 << 12;
const LETTERS: u16 = A_TO_F | G_TO_Z;

/// RFC 3986 `scheme`, after its first character.
pub(super) const SCHEME: u16 = LETTERS | DIGITS | PLUS | HYPHEN | DOT;
/// RFC 3986 `pchar` and `/`, except percent escapes.
pub(super) const PATH: u16 = UNRESERVED | PLUS | STAR | DELIMITERS | APOSTROPHE;
/// RFC 3986 `query`, except percent escapes.
pub(super) const QUERY: u16 = PATH | QUESTION_MARK;
/// The same, without what the URL standard's "special-query percent-encode set" adds.
pub(super) const WEB_QUERY: u16 = QUERY & !APOSTROPHE;
/// The characters of a host name's label, and `*`, which the reader of hosts checks.
pub(super) const LABEL: u16 = LETTERS | DIGITS | HYPHEN | UNDERSCORE | STAR;
/// RFC 3986 `unreserved`.
pub(super) const UNRESERVED: u16 = LETTERS | DIGITS | HYPHEN | DOT | UNDERSCORE | TILDE;
/// Every character that is allowed somewhere in a URI (RFC 3986 §2).
pub(super) const ANYWHERE: u16 = QUERY | OTHERS;
/// RFC 5234 `DIGIT`.
pub(super) const DIGIT: u16 = DIGITS;
/// RFC 5234 `HEXDIG`, in any case.
pub(super) const HEXADECIMAL: u16 = DIGITS | A_TO_F;

/// Returns whether a byte is of a class.
pub(super) fn is(byte: u8, class: u16) -> bool {
    SETS.get(usize::from(byte)).is_some_and(|set| set & class != 0)
}

/// Returns whether a byte is allowed somewhere in a URI.
pub(in crate::redirect) fn is_uri_byte(byte: u8) -> bool {
    is(byte, ANYWHERE)
}

/// The set of each ASCII character; 0 for those that are in no class.
static SETS: [u16; 128] = {
    let mut table = [0; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        {
            table[byte as usize] = set_of(byte);
        }
        byte = byte.saturating_add(1);
    }
    table
};

const fn set_of(byte: u8) -> u16 {
    match byte {
        b'0'..=b'9' => DIGITS,
        b'a'..=b'f' | b'A'..=b'F' => A_TO_F,
        b'g'..=b'z' | b'G'..=b'Z' => G_TO_Z,
        b'-' => HYPHEN,
        b'.' => DOT,
        b'_' => UNDERSCORE,
        b'~' => TILDE,
        b'+' => PLUS,
        b'*' => STAR,
        b'!' | b'$' | b'&' | b'(' | b')' | b',' | b';' | b'=' | b':' | b'@' | b'/' => DELIMITERS,
        b'?' => QUESTION_MARK,
        b'\'' => APOSTROPHE,
        b'#' | b'[' | b']' | b'%' => OTHERS,
        _ => 0,
    }
}
