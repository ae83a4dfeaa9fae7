//! An answer's body, as far as the core needs to see it.

use crate::value::Value;

/// Parsed JSON that belongs to the host.
///
/// It stays what the host's own parser made of it: the core reads single members and hands the rest on untouched, so
/// that nothing is rebuilt on the way and fields that nobody here knows survive.
pub trait Json: Clone {
    /// The member of an object; nothing where this is no object or has no such member.
    fn get(&self, name: &str) -> Option<Self>;

    /// Whether it is text.
    fn is_string(&self) -> bool;

    /// Whether it is a list.
    fn is_array(&self) -> bool;

    /// Whether it is an object: neither a list nor `null`.
    fn is_object(&self) -> bool;

    /// The elements of a list; none of anything else.
    fn elements(&self) -> Vec<Self>;

    /// The whole as a [`Value`].
    fn to_value(&self) -> Value;

    /// JSON of the host's that holds the value.
    fn from_value(value: &Value) -> Self;

    /// An object with one member more.
    #[must_use]
    fn with(self, name: &str, member: Self) -> Self;
}

impl Json for Value {
    fn get(&self, name: &str) -> Option<Self> {
        Value::get(self, name).cloned()
    }

    fn is_string(&self) -> bool {
        matches!(self, Value::String(_))
    }

    fn is_array(&self) -> bool {
        matches!(self, Value::Array(_))
    }

    fn is_object(&self) -> bool {
        matches!(self, Value::Object(_))
    }

    fn elements(&self) -> Vec<Self> {
        Value::elements(self).to_vec()
    }

    fn to_value(&self) -> Value {
        self.clone()
    }

    fn from_value(value: &Value) -> Self {
        value.clone()
    }

    fn with(mut self, name: &str, member: Self) -> Self {
        if let Value::Object(members) = &mut self {
            members.push((name.to_owned(), member));
        }
        self
    }
}

/// The body of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Body<J> {
    /// No byte of it, or white space alone.
    Empty,
    /// JSON.
    Json(J),
    /// The beginning of text that is no JSON, such as a gateway's HTML page or JSON cut short.
    Other(String),
    /// More than the client reads.
    TooLong,
}

impl<J> Body<J> {
    /// The body that is no JSON.
    pub fn of_text(text: String) -> Self {
        if text.trim().is_empty() { Body::Empty } else { Body::Other(text) }
    }

    /// What came instead of the JSON that was expected, for a message.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Body::Empty => "an empty body",
            Body::Json(_) => "JSON of another shape",
            _ if self.is_html() => "an HTML page",
            Body::Other(_) => "text that is no JSON",
            Body::TooLong => "more than 16 MB",
        }
    }

    pub(super) fn is_html(&self) -> bool {
        matches!(self, Body::Other(text) if text.trim_start().starts_with('<'))
    }
}
