//! Joins and splits text. The standard library's `concat`, `join` and `split` are generic and are compiled anew for each
//! kind of text and of separator, at up to a kilobyte each.

/// Joins the texts of an array. Where this trait is in scope, its method takes precedence over that of slices.
pub(crate) trait Concat {
    /// Returns the texts as one.
    fn concat(&self) -> String;
}

impl<const N: usize> Concat for [&str; N] {
    fn concat(&self) -> String {
        concat(self)
    }
}

/// Returns the texts as one.
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Returns the texts as one, with a separator between two.
pub(crate) fn join(texts: &[impl AsRef<str>], separator: &str) -> String {
    let mut joined = String::new();
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            joined.push_str(separator);
        }
        joined.push_str(text.as_ref());
    }
    joined
}

/// Returns the parts of a text between an ASCII separator; one part if the text has none.
pub(crate) fn split(text: &str, separator: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0_usize, 0_usize);
    for byte in text.bytes() {
        if byte == separator {
            parts.push(text.get(start..at).unwrap_or_default());
            start = at.wrapping_add(1);
        }
        at = at.wrapping_add(1);
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}
