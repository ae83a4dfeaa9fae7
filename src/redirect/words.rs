//! What is said where a rule is broken: the rule's code and the message in one text, which takes half the room of two.

use super::text::{after, until};

/// A code, a space, a message.
pub(super) type Words = &'static str;

/// Words for a code of a module of codes, each of which is named as it reads.
macro_rules! words {
    ($codes:ident::$code:ident, $message:literal) => {{
        const _: &str = $codes::$code;
        concat!(stringify!($code), " ", $message)
    }};
}
pub(super) use words;

/// The code and the message.
pub(super) fn split(words: Words) -> (&'static str, &'static str) {
    let (code, message) = until(words, " ");
    (code, after(message, 1))
}
