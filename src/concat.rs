//! Texts joined into one. The standard library's `concat` and `join` hold a loop for each length of separator, for each
//! kind of text; a package that is downloaded cannot afford a kilobyte for each.

/// Texts in an array. Where this trait is in scope, its method goes before that of slices.
pub(crate) trait Concat {
    /// Returns the texts in one.
    fn concat(&self) -> String;
}

impl<const N: usize> Concat for [&str; N] {
    fn concat(&self) -> String {
        concat(self)
    }
}

/// Returns the texts in one.
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Returns the texts in one, with a separator between two.
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
