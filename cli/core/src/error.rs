//! Errors: a code, a message, and every fault at its path.

use std::fmt::{self, Write as _};

use serde::ser::{Serialize, SerializeMap, Serializer};

/// The kind of an error. The names are those of the client library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// A file that cannot be used: exit code 2.
    Config,
    /// An argument that cannot be used: exit code 2.
    InvalidArgument,
    /// An app that the site does not have: exit code 1.
    NotFound,
    /// A state of the site that stands in the way: exit code 1.
    Conflict,
    /// An app of the service that cannot be read: exit code 1.
    BadResponse,
}

/// An app that an error names as a possible one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Candidate {
    /// The client ID.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A refusal, with every fault.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Error {
    /// The kind.
    pub code: Code,
    /// The fault and the remedy, for a person.
    pub message: String,
    /// Every fault, at its path.
    pub violations: Vec<Fault>,
    /// The apps that may be meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), violations: Vec::new(), candidates: Vec::new() }
    }

    /// Makes an error of faults; its message has each on a line of its own.
    pub(crate) fn of_faults(code: Code, violations: Vec<Fault>) -> Self {
        let lines: Vec<String> = violations.iter().filter(|fault| !fault.is_warning).map(Fault::to_string).collect();
        Self { violations, ..Self::new(code, lines.join("\n")) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// One error or one warning about a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place of the value.
    pub path: Path,
    /// A stable code, such as `UNKNOWN_FIELD`.
    pub rule: String,
    /// True for a warning, which does not stop a command.
    pub is_warning: bool,
    /// The fault and the remedy, as the predicate of a sentence about the value: `must be a string, is a number`.
    pub message: String,
    /// A value that would be valid, if one is known.
    pub suggestion: Option<String>,
    /// The line of a text file, from 1.
    pub line: Option<usize>,
}

impl Fault {
    pub(crate) fn new(path: Path, rule: &str, message: impl Into<String>) -> Self {
        Self { path, rule: rule.to_owned(), is_warning: false, message: message.into(), suggestion: None, line: None }
    }

    pub(crate) fn warning(path: Path, rule: &str, message: impl Into<String>) -> Self {
        Self { is_warning: true, ..Self::new(path, rule, message) }
    }

    /// Moves the fault below another path.
    pub(crate) fn below(mut self, path: &Path) -> Self {
        let inner = std::mem::replace(&mut self.path, path.clone());
        self.path.0.extend(inner.0);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(formatter, "line {line}: ")?;
        }
        if !self.path.0.is_empty() {
            write!(formatter, "{} ", self.path)?;
        }
        formatter.write_str(&self.message)?;
        match &self.suggestion {
            Some(meant) if !self.message.contains(meant.as_str()) => write!(formatter, "; use {meant}"),
            _ => Ok(()),
        }
    }
}

/// `{field, path, rule, severity, message, text, suggestion?, line?}`
impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("field", &self.path.to_string())?;
        members.serialize_entry("path", &self.path.0)?;
        members.serialize_entry("rule", &self.rule)?;
        members.serialize_entry("severity", if self.is_warning { "warning" } else { "error" })?;
        members.serialize_entry("message", &self.message)?;
        members.serialize_entry("text", &self.to_string())?;
        if let Some(suggestion) = &self.suggestion {
            members.serialize_entry("suggestion", suggestion)?;
        }
        if let Some(line) = self.line {
            members.serialize_entry("line", &line)?;
        }
        members.end()
    }
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum Segment {
    /// The name of a member.
    Key(String),
    /// The position of an element, from 0.
    Index(usize),
}

/// The place of a value in a document: `apps[0].allowedRedirectUris[1]`. Empty for the document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(pub Vec<Segment>);

impl Path {
    /// Returns the path of a member.
    pub(crate) fn key(&self, name: &str) -> Self {
        self.with(Segment::Key(name.to_owned()))
    }

    /// Returns the path of an element.
    pub(crate) fn index(&self, at: usize) -> Self {
        self.with(Segment::Index(at))
    }

    fn with(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment);
        Self(segments)
    }

    /// Checks whether this is the place of the other path, or one above it.
    pub(crate) fn holds(&self, other: &Path) -> bool {
        other.0.starts_with(&self.0)
    }

    /// Reads a path as the client's core writes it: a field, perhaps an index, perhaps a member.
    pub(crate) fn parse(text: &str) -> Self {
        let mut path = Self::default();
        let Some(end) = text.find(['[', '.']) else {
            return if text.is_empty() { path } else { path.key(text) };
        };
        let (name, mut rest) = text.split_at(end);
        path = path.key(name);
        if let Some((index, tail)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
            && let Ok(index) = index.parse()
        {
            path = path.index(index);
            rest = tail;
        }
        match rest.strip_prefix('.') {
            Some(member) => path.key(member),
            None => path,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(formatter, "[{index}]")?,
                Segment::Key(name) if is_plain(name) => {
                    if at > 0 {
                        formatter.write_char('.')?;
                    }
                    formatter.write_str(name)?;
                }
                Segment::Key(name) => write!(formatter, "[{}]", serde_json::Value::from(name.as_str()))?,
            }
        }
        Ok(())
    }
}

/// Checks whether a name can stand in a path without quotes.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_of_the_core_is_read_and_written() {
        for (text, segments) in [
            ("", json!([])),
            ("name", json!(["name"])),
            ("allowedRedirectUris[3]", json!(["allowedRedirectUris", 3])),
            ("wixPagesDomainsMappings[0].origin", json!(["wixPagesDomainsMappings", 0, "origin"])),
        ] {
            let path = Path::parse(text);
            assert_eq!(serde_json::to_value(&path.0).unwrap(), segments);
            assert_eq!(path.to_string(), text);
        }
        assert_eq!(Path::default().key("apps").index(0).key("a.b").to_string(), r#"apps[0]["a.b"]"#);
    }

    #[test]
    fn a_fault_says_place_fault_and_remedy() {
        let mut fault = Fault::new(Path::parse("name"), "TYPE", "must be a string, is a number");
        assert_eq!(fault.to_string(), "name must be a string, is a number");
        fault.suggestion = Some("Shop".to_owned());
        fault.line = Some(3);
        let fault = fault.below(&Path::default().key("apps").index(1));
        assert_eq!(
            serde_json::to_value(&fault).unwrap(),
            json!({
                "field": "apps[1].name", "path": ["apps", 1, "name"], "rule": "TYPE", "severity": "error",
                "message": "must be a string, is a number",
                "text": "line 3: apps[1].name must be a string, is a number; use Shop", "suggestion": "Shop", "line": 3,
            })
        );
    }
}
