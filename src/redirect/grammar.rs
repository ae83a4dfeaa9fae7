//! The strict grammar: the only parser that accepts URLs.
//!
//! It accepts a text only if [RFC 3986] and the [WHATWG URL standard] both parse it, to the same scheme, host, port, path
//! and query. The parts may be spelled differently if they mean the same: an upper-case scheme or host, a default port, an
//! empty path before a query or the end (`/` to a browser). [`Uri::canonical`] returns the browser's spelling, and
//! [`Uri::is_canonical`] whether the text has it.
//!
//! A refusal has a [`Reason`] and the byte index of the fault. It names one fault if a text has several.
//!
//! Parsing takes time in proportion to the length of the text, and accepting a text allocates nothing.
//!
//! # The language
//!
//! ```text
//! web      = ( "http" / "https" ) "://" host [ ":" port ] *( "/" segment ) [ "?" query ]     ; scheme in any case
//! custom   = scheme ":" ( "//" opaque [ ":" port ] *( "/" segment )  /  path ) [ "?" query ]
//! host     = name / four-decimal IPv4 / "[" IPv6 in its shortest form "]"
//! ```
//!
//! `segment`, `path` and `query` are RFC 3986's, less dot segments (plain, escaped, or beside an escaped slash) and,
//! in the query of a web URL, less `'`, which browsers rewrite to `%27` there. `opaque` is a custom scheme's host: RFC
//! 3986's unreserved characters, or nothing.
//!
//! A name's labels hold 1 to 63 letters, digits, `-` (not at an end) and `_`; a name has at most 253 characters. An `xn--`
//! label must be Punycode (RFC 3492) of text that is not ASCII. IDNA's tables are not consulted: the current URL standard
//! does not consult them either, and an older browser refuses such a host rather than reading another.
//!
//! [RFC 3986]: https://www.rfc-editor.org/rfc/rfc3986
//! [WHATWG URL standard]: https://url.spec.whatwg.org/

mod authority;
mod class;
mod destination;
mod host;
mod normal;
mod reader;
mod reason;
#[cfg(test)]
mod tests;
mod uri;

pub use authority::{Authority, parse_authority};
pub(super) use class::is_uri_byte;
pub use destination::{parse_destination, tail};
pub use host::{HostKind, is_loopback};
pub use normal::normal_form;
pub(super) use reader::{query_refusal, scheme_length};
pub use reason::{Reason, Refusal};
pub(super) use uri::is_upper;
pub use uri::{Uri, parse};
