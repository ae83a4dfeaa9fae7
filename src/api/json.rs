//! JSON that belongs to the host, and JSON objects that the core makes.

use std::collections::BTreeSet;
use std::fmt::Debug;

use crate::value::Value;

/// Parsed JSON that belongs to the host.
///
/// A response stays what the host's own parser made of it: the core reads single members and passes the rest on, so
/// nothing is rebuilt and unknown fields survive.
pub trait Json: Clone {
    /// A set of IDs.
    type Ids: Default + Debug;

    /// Returns the member of an object, or the element of a list whose index is the name; `None` if there is none.
    fn get(&self, name: &str) -> Option<Self>;

    /// Returns the member of an object if it is text.
    fn text(&self, name: &str) -> Option<String>;

    /// Checks whether this is an object with text under a name.
    fn has_text(&self, name: &str) -> bool;

    /// Returns the member `oAuthApp` if it is an object with text under `id`.
    fn app(&self) -> Option<Self>;

    /// Returns the number of elements; `None` if this is not a list.
    fn length(&self) -> Option<u32>;

    /// Returns a list of the apps whose ID is not in a set, and adds it. An app without an ID is always new. With `overlaps`,
    /// returns `None` and adds nothing if the first app's ID is not in the set, unless the set is empty.
    fn take_new(&self, ids: &mut Self::Ids, overlaps: bool) -> Option<Self>;

    /// Returns the whole as a [`Value`].
    fn to_value(&self) -> Value;

    /// Returns the value as JSON of the host.
    fn from_value(value: &Value) -> Self;

    /// Sets a member of an object.
    #[must_use]
    fn with(self, name: &str, member: Self) -> Self;
}

impl Json for Value {
    type Ids = BTreeSet<String>;

    fn get(&self, name: &str) -> Option<Self> {
        match self {
            Value::Array(elements) => elements.get(name.parse::<usize>().ok()?).cloned(),
            _ => Value::get(self, name).cloned(),
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        Value::get(self, name).and_then(Value::as_str).map(str::to_owned)
    }

    fn has_text(&self, name: &str) -> bool {
        Json::text(self, name).is_some()
    }

    fn app(&self) -> Option<Self> {
        Json::get(self, "oAuthApp").filter(|app| app.has_text("id"))
    }

    fn length(&self) -> Option<u32> {
        match self {
            Value::Array(elements) => u32::try_from(elements.len()).ok(),
            _ => None,
        }
    }

    fn take_new(&self, ids: &mut Self::Ids, overlaps: bool) -> Option<Self> {
        let first = self.elements().first().and_then(|first| Json::text(first, "id"));
        if overlaps && !ids.is_empty() && !first.is_some_and(|id| ids.contains(&id)) {
            return None;
        }
        let is_new = |app: &&Value| Json::text(*app, "id").filter(|id| !id.is_empty()).is_none_or(|id| ids.insert(id));
        Some(Value::Array(self.elements().iter().filter(is_new).cloned().collect()))
    }

    fn to_value(&self) -> Value {
        self.clone()
    }

    fn from_value(value: &Value) -> Self {
        value.clone()
    }

    fn with(mut self, name: &str, member: Self) -> Self {
        if let Value::Object(members) = &mut self {
            members.retain(|(known, _)| known != name);
            members.push((name.to_owned(), member));
        }
        self
    }
}

/// The body of a response.
#[derive(Debug, Clone, PartialEq)]
pub enum Body<J> {
    /// No body, or white space alone.
    Empty,
    /// JSON.
    Json(J),
    /// The beginning of text that is not JSON, such as a gateway's HTML page or truncated JSON.
    Other(String),
    /// More bytes than the client reads.
    TooLong,
}

impl<J> Body<J> {
    /// Returns the body of a text that is not JSON.
    pub fn of_text(text: String) -> Self {
        if text.trim().is_empty() { Body::Empty } else { Body::Other(text) }
    }

    /// Describes the body for a message about an unexpected one.
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

/// Builds an object from the members that are present. A call that is not inlined is smaller than code for each member.
#[derive(Default)]
pub(crate) struct ObjectBuilder(Vec<(String, Value)>);

impl ObjectBuilder {
    #[inline(never)]
    pub(crate) fn number(&mut self, name: &str, number: Option<u64>) {
        #[expect(clippy::cast_precision_loss, reason = "far below the largest number that is exact")]
        if let Some(number) = number {
            self.value(name, Value::Number(number as f64));
        }
    }

    #[inline(never)]
    pub(crate) fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.value(name, Value::from(text));
        }
    }

    #[inline(never)]
    pub(crate) fn value(&mut self, name: &str, value: Value) {
        self.0.push((name.to_owned(), value));
    }

    pub(crate) fn build(self) -> Value {
        Value::Object(self.0)
    }
}
