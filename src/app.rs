//! The OAuth app: its fields, what each may hold, and the forms in which it is sent.
//!
//! Source: the OAuth Apps API reference and the types that the vendor's SDK publishes for it.

use crate::concat::Concat as _;
use crate::text::{excerpt, is_same};
use crate::value::Value;
use crate::violation::{Violation, rule};

/// The values that a field of an OAuth app may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A GUID.
    Guid,
    /// An ISO 8601 date-time.
    DateTime,
    /// Text with a minimum and a maximum number of characters.
    Text(usize, usize),
    /// An absolute `http` or `https` URL (the API's format `WEB_URL`).
    WebUrl,
    /// `true` or `false`.
    Flag,
    /// One of these names.
    OneOf(&'static [&'static str]),
    /// Redirect URIs (the API's format `URI`), at most [`MAX_REDIRECTS`].
    RedirectUris,
    /// Redirect domains, at most [`MAX_REDIRECTS`].
    RedirectDomains,
    /// Entries of the older list `allowedDomains`, at most [`MAX_REDIRECTS`]; they may be regular expressions.
    LegacyDomains,
    /// A web URL with a maximum number of characters. The API declares no format for it.
    BaseUrl(usize),
    /// `{origin, destination}` pairs, at most [`MAX_MAPPINGS`].
    DomainMappings,
}

/// One field of an OAuth app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The name in JSON.
    pub name: &'static str,
    /// The values that the field may hold.
    pub kind: Kind,
    /// True if only the service sets the field.
    pub read_only: bool,
}

/// The maximum number of entries in `allowedRedirectUris` and in `allowedRedirectDomains`.
pub const MAX_REDIRECTS: usize = 20;
/// The maximum number of pairs in `wixPagesDomainsMappings`.
pub const MAX_MAPPINGS: usize = 200;
/// The maximum number of characters in the `origin` and in the `destination` of a mapping.
pub const MAX_MAPPING_CHARACTERS: usize = 2048;
/// The member names of a mapping.
pub const MAPPING_FIELDS: [&str; 2] = ["origin", "destination"];

/// The values of `applicationType`.
pub const APPLICATION_TYPES: &[&str] = &["OAUTH_APP_TYPE_UNSPECIFIED", "WEB_APP", "MOBILE", "OTHER"];

/// The values of `technology`.
pub const TECHNOLOGIES: &[&str] = &[
    "OAUTH_TECHNOLOGY_UNSPECIFIED",
    "JAVASCRIPT",
    "ANGULAR",
    "VUE",
    "REACT",
    "REACT_NATIVE",
    "IOS",
    "ANDROID",
    "OTHER_TECHNOLOGY",
];

/// The name of the redirect URI list.
pub const REDIRECT_URIS: &str = "allowedRedirectUris";
/// The name of the redirect domain list.
pub const REDIRECT_DOMAINS: &str = "allowedRedirectDomains";
/// The name of the older domain list, which [`REDIRECT_DOMAINS`] and [`REDIRECT_URIS`] have replaced.
pub const LEGACY_DOMAINS: &str = "allowedDomains";

/// All fields, in the order of the API reference.
pub const FIELDS: &[Field] = &[
    read_only("id", Kind::Guid),
    read_only("createdDate", Kind::DateTime),
    writable("name", Kind::Text(2, 256)),
    writable("description", Kind::Text(0, usize::MAX)),
    read_only("secret", Kind::Text(0, usize::MAX)),
    writable("loginUrl", Kind::WebUrl),
    writable(REDIRECT_URIS, Kind::RedirectUris),
    writable(REDIRECT_DOMAINS, Kind::RedirectDomains),
    writable(LEGACY_DOMAINS, Kind::LegacyDomains),
    writable("origin", Kind::Text(0, 256)),
    writable("allowSecretGeneration", Kind::Flag),
    writable("logoutUrl", Kind::WebUrl),
    writable("applicationType", Kind::OneOf(APPLICATION_TYPES)),
    writable("technology", Kind::OneOf(TECHNOLOGIES)),
    writable("wixPagesDomainsMappings", Kind::DomainMappings),
    writable("redirectUrlWixPages", Kind::BaseUrl(1024)),
];

/// Returns the field of that name.
pub fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// The ID of an OAuth app, which is also the client ID with which its client authenticates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthAppId(String);

const FORMAT: &str =
    "must be a GUID such as 13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11: the app's ID, which is its client ID; is \"";

impl OAuthAppId {
    /// Reads an ID. It must be a GUID, since it becomes a segment of a path.
    ///
    /// # Errors
    /// A violation, for any other value.
    pub fn read(given: &Value) -> Result<Self, Violation> {
        match given {
            Value::String(text) if is_guid(text) => Ok(Self(text.clone())),
            Value::String(text) => Err(Violation::error("id", rule::FORMAT, [FORMAT, &excerpt(text), "\""].concat())),
            other => Err(Violation::error("id", rule::TYPE, ["must be a string, is ", other.kind()].concat())),
        }
    }

    /// Returns whether two IDs are the same. GUIDs are the same in any case.
    pub fn is_same(&self, other: &Self) -> bool {
        is_same(&self.0, &other.0)
    }

    /// Returns the GUID.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A valid draft, which a create sends. `validate::draft` makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct OAuthAppDraft(pub(crate) Vec<(String, Value)>);

impl OAuthAppDraft {
    /// Returns the fields.
    pub fn members(&self) -> &[(String, Value)] {
        &self.0
    }

    /// Returns the draft as a request carries it.
    pub fn to_value(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

/// A valid patch, which an update sends; `null` clears a field. `validate::patch` makes one, and so does the merge of
/// checked entries into the lists of an app.
#[derive(Debug, Clone, PartialEq)]
pub struct OAuthAppPatch(pub(crate) Vec<(String, Value)>);

impl OAuthAppPatch {
    /// Returns whether the patch changes nothing.
    pub fn is_empty(&self) -> bool {
        self.paths().next().is_none()
    }

    /// Returns the names of the changed fields, which are the update's mask. An unknown field is sent but not named: the
    /// service refuses a mask with a name that cannot be written.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str()).filter(|name| field(name).is_some())
    }

    /// Returns the patch as a request for that app carries it.
    pub fn to_value(&self, id: &OAuthAppId) -> Value {
        let mut members = vec![("id".to_owned(), Value::from(id.as_str()))];
        members.extend(self.0.iter().cloned());
        Value::Object(members)
    }
}

/// Returns whether a text is a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
pub fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

const fn writable(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, read_only: false }
}

const fn read_only(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, read_only: true }
}

#[cfg(test)]
mod tests;
