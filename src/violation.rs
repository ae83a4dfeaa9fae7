//! Errors and warnings about one field of a value that a caller gave.

use std::borrow::Cow;

use crate::concat::concat;
use crate::value::{Object, Value};

/// The severity of a violation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Stops a write: nothing is sent.
    Error,
    /// Does not stop a write; the caller receives the warning.
    Warning,
}

/// One fault of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The path of the field, such as `allowedRedirectUris[3]`; empty for the value as a whole.
    pub field: String,
    /// A stable code from [`rule`], or the service's own code if the service found the fault.
    pub rule: Cow<'static, str>,
    /// An error stops a write, and a warning does not.
    pub severity: Severity,
    /// The fault and its remedy in a sentence whose subject is the field.
    pub message: String,
    /// A value that would be valid, if one is known.
    pub suggestion: Option<String>,
}

impl Violation {
    /// Makes a violation that stops a write.
    pub fn error(field: impl Into<String>, rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, field.into(), rule, message.into())
    }

    /// Makes a violation.
    pub(crate) fn new(severity: Severity, field: String, rule: &'static str, message: String) -> Self {
        Self { field, rule: Cow::Borrowed(rule), severity, message, suggestion: None }
    }

    /// Adds a value that would be valid, to the message too unless it is very long.
    pub(crate) fn suggest(&mut self, value: String) {
        if value.len() <= 200 {
            for part in [". Use ", &value, "."] {
                self.message.push_str(part);
            }
        }
        self.suggestion = Some(value);
    }

    /// Returns whether the violation stops a write.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Returns violations as JavaScript sees them.
    pub fn list_to_value(violations: &[Violation]) -> Value {
        let mut list = Vec::new();
        for Violation { field, rule, severity, message, suggestion } in violations {
            let mut object = Object::default();
            object.text("field", field);
            object.text("rule", rule);
            object.text("severity", if *severity == Severity::Error { "error" } else { "warning" });
            object.text("message", message);
            if let Some(suggestion) = suggestion {
                object.text("suggestion", suggestion);
            }
            list.push(object.into());
        }
        Value::Array(list)
    }
}

/// The violations found so far.
///
/// The methods take references and are not inlined, because faults are found in many places and each would contain the
/// code that makes a violation.
#[derive(Debug, Default)]
pub struct Violations(pub Vec<Violation>);

impl Violations {
    /// Adds an error whose message consists of some parts.
    #[inline(never)]
    pub fn error(&mut self, field: &str, rule: &'static str, message: &[&str]) {
        self.0.push(Violation::error(field, rule, concat(message)));
    }

    /// Adds an error with a value that would be valid, if one is known. The message does not repeat the value.
    #[inline(never)]
    pub fn error_suggesting(&mut self, field: &str, rule: &'static str, message: &[&str], suggestion: Option<&str>) {
        let suggestion = suggestion.map(str::to_owned);
        self.0.push(Violation { suggestion, ..Violation::error(field, rule, concat(message)) });
    }

    /// Adds a warning whose message consists of some parts.
    #[inline(never)]
    pub(crate) fn warn(&mut self, field: &str, rule: &'static str, message: &[&str]) {
        self.0.push(Violation::new(Severity::Warning, field.to_owned(), rule, concat(message)));
    }

    /// Returns whether one of the violations stops a write.
    pub fn has_error(&self) -> bool {
        has_error(&self.0)
    }
}

/// Returns whether one of some violations stops a write.
pub(crate) fn has_error(violations: &[Violation]) -> bool {
    for violation in violations {
        if violation.is_error() {
            return true;
        }
    }
    false
}

/// The codes of the rules. The first ones are the API's own codes, so that a fault has the same code wherever it is found.
pub mod rule {
    /// A value that does not have the format of the field.
    pub const FORMAT: &str = "FORMAT";
    /// A length, a count or a number outside its range.
    pub const OUT_OF_RANGE: &str = "OUT_OF_RANGE";
    /// A required field is missing.
    pub const REQUIRED_FIELD: &str = "REQUIRED_FIELD";
    /// A value of the wrong type.
    pub const TYPE: &str = "TYPE";
    /// A field that only the service sets.
    pub const READ_ONLY: &str = "READ_ONLY";
    /// An unknown field name.
    pub const UNKNOWN_FIELD: &str = "UNKNOWN_FIELD";
    /// A value outside an enumeration.
    pub const UNKNOWN_VALUE: &str = "UNKNOWN_VALUE";
    /// A field that others have replaced.
    pub const DEPRECATED: &str = "DEPRECATED";
    /// White space at an end.
    pub const WHITE_SPACE: &str = "WHITE_SPACE";
    /// Two values that exclude each other.
    pub const CONFLICT: &str = "CONFLICT";
    /// An update without a field.
    pub const EMPTY_PATCH: &str = "EMPTY_PATCH";

    // The rules of URLs: redirect entries, login and logout URLs.

    /// A URL without a scheme, or without a host that its scheme needs.
    pub const NOT_ABSOLUTE: &str = "NOT_ABSOLUTE";
    /// A scheme that is not allowed, or (a warning) that other apps share.
    pub const SCHEME: &str = "SCHEME";
    /// A user name or password before the host.
    pub const USERINFO: &str = "USERINFO";
    /// A character or a percent escape that is not allowed there.
    pub const CHARACTER: &str = "CHARACTER";
    /// A malformed host name.
    pub const HOST: &str = "HOST";
    /// A malformed IP address, or (a warning) an IP address in place of a name.
    pub const IP_ADDRESS: &str = "IP_ADDRESS";
    /// An invalid port, or (a warning) a port of a domain.
    pub const PORT: &str = "PORT";
    /// `.` or `..` in the path.
    pub const DOT_SEGMENT: &str = "DOT_SEGMENT";
    /// Plain `http` to a host that is not loopback.
    pub const PLAIN_HTTP: &str = "PLAIN_HTTP";
    /// A spelling that browsers change.
    pub const NOT_CANONICAL: &str = "NOT_CANONICAL";

    /// A fragment.
    pub const FRAGMENT: &str = "FRAGMENT";
    /// An entry that is in the list twice.
    pub const DUPLICATE: &str = "DUPLICATE";
    /// An entry that differs from another only in a trailing slash or case.
    pub const NEAR_DUPLICATE: &str = "NEAR_DUPLICATE";
    /// A URL without a path.
    pub const NO_PATH: &str = "NO_PATH";
    /// A custom scheme that is not a domain name in reverse.
    pub const SCHEME_WITHOUT_DOT: &str = "SCHEME_WITHOUT_DOT";
    /// A query parameter that the authorization response uses.
    pub const RESERVED_PARAMETER: &str = "RESERVED_PARAMETER";
    /// A `*`.
    pub const WILDCARD: &str = "WILDCARD";
    /// A `*` for hosts that anyone can register.
    pub const OPEN_WILDCARD: &str = "OPEN_WILDCARD";
    /// A part that a template or a program did not fill in.
    pub const PLACEHOLDER: &str = "PLACEHOLDER";
    /// Several values in one text.
    pub const SEVERAL_ENTRIES: &str = "SEVERAL_ENTRIES";
    /// An update that empties a redirect list.
    pub const LIST_EMPTIED: &str = "LIST_EMPTIED";
    /// Redirect URIs without a redirect domain.
    pub const NO_DOMAINS: &str = "NO_DOMAINS";
    /// A list that is nearly full.
    pub const NEARLY_FULL: &str = "NEARLY_FULL";
    /// A path or query after what must be a bare host.
    pub const PATH: &str = "PATH";
    /// A scheme before what should be a bare host.
    pub const ORIGIN: &str = "ORIGIN";
    /// A domain under which anyone can register a host.
    pub const SHARED_DOMAIN: &str = "SHARED_DOMAIN";
}
