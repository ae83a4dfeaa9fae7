//! What is wrong, or doubtful, with one field of what a caller gave.

use std::borrow::Cow;

use crate::concat::concat;
use crate::value::Value;

/// Whether a violation stops a write or only deserves a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Nothing is sent.
    Error,
    /// The write goes out; the caller is told.
    Warning,
}

/// One fault of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The path of the field in what was given: `allowedRedirectUris[3]`; empty for the whole.
    pub field: String,
    /// A stable code from [`rule`], or the server's own where the server found the fault.
    pub rule: Cow<'static, str>,
    /// Whether it stops a write.
    pub severity: Severity,
    /// What is wrong and what to do, for a person.
    pub message: String,
    /// A value that would be right, where one is known.
    pub suggestion: Option<String>,
}

impl Violation {
    /// A fault that stops a write.
    pub fn error(field: impl Into<String>, rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            rule: Cow::Borrowed(rule),
            severity: Severity::Error,
            message: message.into(),
            suggestion: None,
        }
    }

    /// Whether it stops a write.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Violations as they cross to JavaScript.
    pub fn list_to_value(violations: &[Violation]) -> Value {
        Value::Array(violations.iter().map(Violation::to_value).collect())
    }

    fn to_value(&self) -> Value {
        let severity = if self.is_error() { "error" } else { "warning" };
        let mut members = vec![
            ("field", Value::from(self.field.as_str())),
            ("rule", Value::from(&*self.rule)),
            ("severity", Value::from(severity)),
            ("message", Value::from(self.message.as_str())),
        ];
        members.extend(self.suggestion.as_deref().map(|suggestion| ("suggestion", Value::from(suggestion))));
        Value::from(members)
    }
}

/// Violations, as they are found.
///
/// Its methods take what they need by reference and are not inlined: there are many places that find a fault, and each
/// would carry the making of one.
#[derive(Debug, Default)]
pub struct Violations(pub Vec<Violation>);

impl Violations {
    /// Adds a fault that stops a write; the message is the parts in a row.
    #[inline(never)]
    pub fn error(&mut self, field: &str, rule: &'static str, message: &[&str]) {
        self.0.push(Violation::error(field, rule, concat(message)));
    }

    /// The same with a value that would be right, where one is known.
    #[inline(never)]
    pub fn error_suggesting(&mut self, field: &str, rule: &'static str, message: &[&str], suggestion: Option<&str>) {
        let suggestion = suggestion.map(str::to_owned);
        self.0.push(Violation { suggestion, ..Violation::error(field, rule, concat(message)) });
    }

    /// Whether one of them stops a write.
    pub fn has_error(&self) -> bool {
        self.0.iter().any(Violation::is_error)
    }
}

/// The codes of the rules. The first few are the API's own names, so that a fault reads alike wherever it was found.
pub mod rule {
    /// Not of the form that the field has.
    pub const FORMAT: &str = "FORMAT";
    /// Too short, too long, too many, too large or too small.
    pub const OUT_OF_RANGE: &str = "OUT_OF_RANGE";
    /// A field that must be given is not.
    pub const REQUIRED_FIELD: &str = "REQUIRED_FIELD";
    /// A value of another type than the field's.
    pub const TYPE: &str = "TYPE";
    /// Only the server sets this field.
    pub const READ_ONLY: &str = "READ_ONLY";
    /// No field has this name.
    pub const UNKNOWN_FIELD: &str = "UNKNOWN_FIELD";
    /// Not one of the values that the field knows.
    pub const UNKNOWN_VALUE: &str = "UNKNOWN_VALUE";
    /// A field that others succeed.
    pub const DEPRECATED: &str = "DEPRECATED";
    /// White space that nobody sees.
    pub const WHITE_SPACE: &str = "WHITE_SPACE";
    /// Two things were given of which only one can be.
    pub const CONFLICT: &str = "CONFLICT";
    /// An update that names no field.
    pub const EMPTY_PATCH: &str = "EMPTY_PATCH";

    // What follows is said of redirect entries, and the first block of login and logout URLs too.

    /// No scheme, or no host where the scheme needs one.
    pub const NOT_ABSOLUTE: &str = "NOT_ABSOLUTE";
    /// A scheme that no entry may have.
    pub const SCHEME: &str = "SCHEME";
    /// A user name or password before the host.
    pub const USERINFO: &str = "USERINFO";
    /// A character, or a percent escape, that may not stand there.
    pub const CHARACTER: &str = "CHARACTER";
    /// A malformed host name.
    pub const HOST: &str = "HOST";
    /// A malformed IP address, or (a warning) an IP address where a name belongs.
    pub const IP_ADDRESS: &str = "IP_ADDRESS";
    /// A port that is none, or (a warning) one where it is not known what it means.
    pub const PORT: &str = "PORT";
    /// `.` or `..` in the path.
    pub const DOT_SEGMENT: &str = "DOT_SEGMENT";
    /// Plain `http` to another machine.
    pub const PLAIN_HTTP: &str = "PLAIN_HTTP";
    /// Browsers spell it otherwise.
    pub const NOT_CANONICAL: &str = "NOT_CANONICAL";

    /// A fragment.
    pub const FRAGMENT: &str = "FRAGMENT";
    /// The same entry again.
    pub const DUPLICATE: &str = "DUPLICATE";
    /// The same entry but for a trailing slash or case.
    pub const NEAR_DUPLICATE: &str = "NEAR_DUPLICATE";
    /// No path at all.
    pub const NO_PATH: &str = "NO_PATH";
    /// A custom scheme that is not a domain name in reverse.
    pub const SCHEME_WITHOUT_DOT: &str = "SCHEME_WITHOUT_DOT";
    /// A query parameter that the authorization response uses.
    pub const RESERVED_PARAMETER: &str = "RESERVED_PARAMETER";
    /// A `*`.
    pub const WILDCARD: &str = "WILDCARD";
    /// A `*` that stands for hosts which anyone can get.
    pub const OPEN_WILDCARD: &str = "OPEN_WILDCARD";
    /// A host, or another part, that a template or a program left unfilled.
    pub const PLACEHOLDER: &str = "PLACEHOLDER";
    /// Several values in one text.
    pub const SEVERAL_ENTRIES: &str = "SEVERAL_ENTRIES";
    /// An update that leaves a redirect list without an entry.
    pub const LIST_EMPTIED: &str = "LIST_EMPTIED";
    /// Redirect URIs without a redirect domain.
    pub const NO_DOMAINS: &str = "NO_DOMAINS";
    /// Few places are left in the list.
    pub const NEARLY_FULL: &str = "NEARLY_FULL";
    /// A path or query where a bare host belongs.
    pub const PATH: &str = "PATH";
    /// A scheme before what should be a bare host.
    pub const ORIGIN: &str = "ORIGIN";
    /// A domain under which anyone can get a host.
    pub const SHARED_DOMAIN: &str = "SHARED_DOMAIN";
}
