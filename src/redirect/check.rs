//! Checks whether Wix would send a visitor to a URL, and explains a refusal.
//!
//! [`RedirectChecker::check`] is the only place that decides. `checkRedirect` and `createRedirectChecker` in JavaScript,
//! the tests, the oracle and the fuzz target all call it.
//!
//! - After **authentication** the URL must be an entry of `allowedRedirectUris`, byte for byte, or match an entry with a
//!   wildcard (see `matching`).
//! - After **other** processes, such as a checkout, an entry of `allowedRedirectDomains` must name the URL's host, and
//!   its port and scheme where the entry has them.
//!
//! Comparison is on bytes. Scheme and authority are read by the strict grammar, so a URL that two readers could take to
//! two hosts is never allowed. What follows the authority does not move the host and is read leniently.
//!
//! # Choices where the service's behaviour is unknown
//! The emulator makes the same ones; its README lists them, and its test `redirects/rules/agreement.rs` compares the two.
//! - A listed URL is refused when two readers could take it to two places: user names, backslashes, spaces and control
//!   characters, schemes that run code, malformed hosts and ports.
//! - After other processes plain `http` is for loopback hosts only, whatever is listed: the service answers 403.
//! - After other processes an upper-case scheme, or a host in another case than the entry's, is refused. A port is
//!   compared as text; an entry without one allows every port, except for loopback hosts.
//! - After other processes a URL whose path carries another URL (`https://shop.example.com/https://evil.example`) is
//!   refused: it has the shape of a misused redirector.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::ToAscii;
use super::embedded::embeds_url;
use super::finding::Finding;
use super::grammar;
use crate::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::fields::{object, one_of, string, strings};
use crate::text::fill;
use crate::value::{Object, Value};
use crate::violation::{Violation, Violations};
pub use fix::Fix;
use fix::Remarks;
use matching::{Entry, Match, match_domain, match_uri};
use nearest::NOT_LISTED;
pub use nearest::Nearest;

mod fix;
mod matching;
mod nearest;
pub mod reason;
#[cfg(test)]
mod tests;

/// The process after which Wix redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Logging in.
    Authentication,
    /// Anything else, such as a checkout or logging out.
    Other,
}

impl After {
    /// The processes, in the order of their names.
    pub const ALL: [After; 2] = [After::Authentication, After::Other];
    /// The names of the processes in JavaScript.
    pub const NAMES: [&str; 2] = ["authentication", "other"];

    /// Returns the process of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "authentication" => Some(After::Authentication),
            "other" => Some(After::Other),
            _ => None,
        }
    }
}

/// The answer to the question whether Wix would send a visitor to a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectVerdict<'a> {
    /// True if Wix would send a visitor there.
    pub allowed: bool,
    /// The entry that allows the URL.
    pub matched: Option<&'a str>,
    /// The reason of a refusal, a code of [`reason`].
    pub reason: Option<&'static str>,
    /// The verdict in a sentence, with the remedy if no fix is given.
    pub message: Cow<'static, str>,
    /// The entry that comes nearest.
    pub nearest: Option<Nearest<'a>>,
    /// The entry to add, if adding it is accepted and allows the URL. Never apply it to a URL that came from a request.
    pub fix: Option<Fix<'a>>,
}

impl RedirectVerdict<'_> {
    /// Returns the verdict as JavaScript sees it, without the members that do not apply.
    pub fn to_value(&self) -> Value {
        let mut verdict = Object::default();
        verdict.set("allowed", Value::Bool(self.allowed));
        for (name, text) in [("matched", self.matched), ("reason", self.reason), ("message", Some(&*self.message))] {
            if let Some(text) = text {
                verdict.text(name, text);
            }
        }
        if let Some(Nearest { entry, at }) = self.nearest {
            let mut nearest = Object::default();
            nearest.text("entry", entry);
            nearest.set("at", Value::Number(u32::try_from(at).unwrap_or(u32::MAX).into()));
            verdict.set("nearest", nearest.into());
        }
        if let Some(Fix { list, entry }) = self.fix {
            let mut fix = Object::default();
            fix.set(list, Value::Array(vec![Value::from(entry)]));
            verdict.set("fix", fix.into());
        }
        verdict.into()
    }
}

/// An app's redirect lists, read once, for verdicts on many URLs.
#[derive(Debug, Clone, Default)]
pub struct RedirectChecker {
    uris: List,
    domains: List,
}

/// One list of an app.
#[derive(Debug, Clone, Default)]
struct List {
    entries: Vec<Entry>,
    /// Facts that only a refusal needs.
    remarks: OnceCell<Remarks>,
}

impl RedirectChecker {
    /// Reads both lists of an app. A missing list is empty.
    ///
    /// # Errors
    /// The violations, if the app, a list or an entry has another type.
    pub fn new(app: &Value) -> Result<Self, Vec<Violation>> {
        let mut violations = Violations::default();
        let checker = Self::read(app, &mut violations);
        if violations.0.is_empty() { Ok(checker) } else { Err(violations.0) }
    }

    fn read(app: &Value, violations: &mut Violations) -> Self {
        object("app", app, violations);
        let mut checker = Self::default();
        for (name, list) in [(REDIRECT_URIS, &mut checker.uris), (REDIRECT_DOMAINS, &mut checker.domains)] {
            let Some(given) = app.get(name) else { continue };
            if !matches!(given, Value::Null) {
                for text in strings(name, given, usize::MAX, violations) {
                    list.entries.push(Entry::new(text.unwrap_or_default()));
                }
            }
        }
        checker
    }

    /// Makes a checker of two lists.
    pub fn from_lists(uris: &[&str], domains: &[&str]) -> Self {
        let list = |texts: &[&str]| List {
            entries: texts.iter().map(|text| Entry::new(text)).collect(),
            remarks: OnceCell::new(),
        };
        Self { uris: list(uris), domains: list(domains) }
    }

    /// Checks whether Wix would send a visitor to the URL. `to_ascii` judges the entry of a fix as `allowRedirects`
    /// would.
    pub fn check<'a>(&'a self, url: &'a str, after: After, to_ascii: ToAscii<'_>) -> RedirectVerdict<'a> {
        match self.find(url, after).and_then(|number| self.allowed(number)) {
            Some(verdict) => verdict,
            None => self.explain(url, after, to_ascii),
        }
    }

    /// Returns one of the verdicts that allow a URL, by its number. There is one for each entry, and a second one for each
    /// redirect URI as a wildcard.
    pub fn allowed(&self, mut number: usize) -> Option<RedirectVerdict<'_>> {
        let (uris, domains) = (&self.uris.entries, &self.domains.entries);
        for (entries, message) in [(uris, EQUAL), (uris, WILDCARD), (domains, DOMAIN)] {
            if let Some(entry) = entries.get(number) {
                return Some(RedirectVerdict {
                    allowed: true,
                    matched: Some(&entry.text),
                    reason: None,
                    message: Cow::Borrowed(message),
                    nearest: None,
                    fix: None,
                });
            }
            number = number.wrapping_sub(entries.len());
        }
        None
    }

    /// Decides whether Wix would send a visitor to the URL. Returns the number of the verdict for [`Self::allowed`], or
    /// `None` if the URL is refused.
    pub fn find(&self, url: &str, after: After) -> Option<usize> {
        let uris = &self.uris.entries;
        match after {
            After::Authentication => match_uri(uris, url),
            After::Other => match_domain(&self.domains.entries, url),
        }
        .map(|found| match found {
            Match::Equal(index) => index,
            Match::Wildcard(index) => uris.len().wrapping_add(index),
            Match::Domain(index) => uris.len().wrapping_mul(2).wrapping_add(index),
        })
    }

    /// Checks a URL and a process as a caller gave them, and returns the verdict as JavaScript sees it.
    ///
    /// # Errors
    /// The violations, if the URL or the process has another type, or if the process is unknown.
    pub fn check_values(&self, url: &Value, after: &Value, to_ascii: ToAscii<'_>) -> Result<Value, Vec<Violation>> {
        self.check_arguments(url, after, to_ascii, Violations::default())
    }

    fn check_arguments(
        &self,
        url: &Value,
        after: &Value,
        to_ascii: ToAscii<'_>,
        mut violations: Violations,
    ) -> Result<Value, Vec<Violation>> {
        let url = string("url", url, &mut violations);
        one_of("after", after, &After::NAMES, &mut violations);
        match (url, after.as_str().and_then(After::named)) {
            (Some(url), Some(after)) if violations.0.is_empty() => Ok(self.check(url, after, to_ascii).to_value()),
            _ => Err(violations.0),
        }
    }

    /// Returns the verdict on a URL that is refused.
    fn explain<'a>(&'a self, url: &'a str, after: After, to_ascii: ToAscii<'_>) -> RedirectVerdict<'a> {
        let is_domain = after == After::Other;
        let list = if is_domain { &self.domains } else { &self.uris };
        // A redirect URI is the whole URL, so every part of it must be well-formed.
        let parsed = if is_domain { grammar::parse_destination(url) } else { grammar::parse(url) };
        let nearest = nearest::find(&list.entries, url, is_domain);
        let (reason, text) = match &parsed {
            Err(refusal) => (reason::INVALID, refusal.message(url)),
            Ok(uri) => {
                let difference = match &nearest {
                    _ if is_domain && embeds_url(uri.path) => &EMBEDDED_URL,
                    _ if is_domain && !uri.is_web() => &nearest::NOT_WEB,
                    None => &NOT_LISTED,
                    Some(nearest) if is_domain => nearest::compare_domain(uri, nearest.entry),
                    Some(nearest) => nearest::compare_uri(uri, nearest.entry),
                };
                (difference.rule, difference.message(""))
            }
        };
        let mut message = match &nearest {
            Some(Nearest { entry, at }) => fill(REFUSED, &[&text, entry, &at.wrapping_add(1).to_string()]),
            None => fill("not allowed: the URL {}; the list is empty", &[&text]),
        };
        let fix = if let Ok(uri) = &parsed {
            fix::find(&list.entries, &list.remarks, uri, is_domain, to_ascii, &mut message)
        } else {
            fix::name_bad_entry(&list.entries, url, &mut message);
            None
        };
        RedirectVerdict {
            allowed: false,
            matched: None,
            reason: Some(reason),
            message: Cow::Owned(message),
            nearest,
            fix,
        }
    }
}

/// Checks one URL: `checkRedirect` with its arguments as a caller gave them.
///
/// # Errors
/// Every violation of the arguments.
pub fn check_redirect(app: &Value, url: &Value, after: &Value, to_ascii: ToAscii<'_>) -> Result<Value, Vec<Violation>> {
    let mut violations = Violations::default();
    RedirectChecker::read(app, &mut violations).check_arguments(url, after, to_ascii, violations)
}

const REFUSED: &str = "not allowed: the URL {}; the nearest entry is {}, from which it differs at character {}";
const EQUAL: &str = "allowed: the URL is in allowedRedirectUris, byte for byte";
const WILDCARD: &str = "allowed: an entry with a wildcard in allowedRedirectUris matches the URL. Wix's own tools rely on this \
    form, but the documentation promises exact matches only";
const DOMAIN: &str = "allowed: the URL's host is in allowedRedirectDomains";

static EMBEDDED_URL: Finding =
    Finding::new(reason::EMBEDDED_URL, "carries another URL in its path, as when a redirector is misused");
