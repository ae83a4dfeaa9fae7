//! The entry that would allow a URL, or the reason why none is offered.

use std::cell::OnceCell;

use super::super::embedded::embeds_url;
use super::super::grammar::{Uri, normal_form};
use super::super::same::{EntryKind, is_loopback};
use super::super::{ToAscii, domain, uri};
use super::matching::{Entry, matching_entries};
use crate::app::MAX_REDIRECTS;
use crate::text::{after, all, fill, has_word, is_one_of, percent_decode, split_scheme, strip, until};
use crate::violation::Violation;

/// An argument for `allowRedirects`: `{ uris: [entry] }` or `{ domains: [entry] }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fix<'a> {
    /// The name of the list: `uris` or `domains`.
    pub list: &'static str,
    /// The entry to add.
    pub entry: &'a str,
}

/// Finds the entry that `allowRedirects` would accept and that would allow the URL. If there is none, adds to the message
/// what to do instead. An entry is not named there: each reader applies it in another way, by a call, a command or a button.
pub(super) fn find<'a>(
    entries: &[Entry],
    remarks: &OnceCell<Remarks>,
    uri: &Uri<'a>,
    is_domain: bool,
    to_ascii: ToAscii<'_>,
    message: &mut String,
) -> Option<Fix<'a>> {
    if is_domain && uri::is_plain_http(uri) {
        message.push_str("; plain http is for loopback hosts only: use https");
    }
    let entry = if is_domain { needed_domain(uri)? } else { uri.text };
    if remarks.get().is_none() {
        _ = remarks.set(Remarks::on(entries, is_domain));
    }
    let remarks = remarks.get()?;
    let get = |at: usize| entries.get(at).map_or("", |entry| entry.text.as_str());
    let (template, arguments) = if let Some(what) = unintended(uri) {
        ("; {}", [what, ""])
    } else if let Some(violation) = violation(entry, is_domain, to_ascii) {
        message.push_str(&fill("; it cannot be listed as it is: {} {}", &[entry, &violation.message]));
        return None;
    } else if let Some(same) = remarks.same_entry(entry) {
        ("; to allow it, first remove {} with disallowRedirects, then add {}", [get(same), entry])
    } else if let Some(refused) = remarks.refused {
        (
            "; to allow it, first remove {} with disallowRedirects: the service refuses a list with it",
            [get(refused), ""],
        )
    } else if entries.len() >= MAX_REDIRECTS {
        let spare = remarks.spare.map_or("an entry that is no longer used", get);
        ("; the list is full: to allow it, first remove {} with disallowRedirects", [spare, ""])
    } else {
        return Some(Fix { list: if is_domain { "domains" } else { "uris" }, entry });
    };
    message.push_str(&fill(template, &arguments));
    None
}

/// Adds to the message that a URL is in the list although it is not valid.
pub(super) fn name_bad_entry(entries: &[Entry], url: &str, message: &mut String) {
    if entries.iter().any(|entry| entry.text == url) {
        message.push_str("; it is in the list nevertheless: remove it with disallowRedirects");
    }
}

/// Returns the domain that would allow the URL after other processes.
fn needed_domain<'a>(uri: &Uri<'a>) -> Option<&'a str> {
    // The host, or the authority of a loopback host, whose port counts.
    let [host, authority, ..] = matching_entries(uri);
    if embeds_url(uri.path) { None } else { host.or(authority) }
}

/// Returns why the URL is likely not meant as an entry.
fn unintended(uri: &Uri<'_>) -> Option<&'static str> {
    if has_login_parameter(uri.query.unwrap_or_default()) {
        return Some("it has a parameter of a login, such as code or state: list the URL without it");
    }
    let path = percent_decode(uri.path.as_bytes());
    if path.split(|byte| *byte == b'/').any(|segment| has_word("authorize _api", segment)) {
        return Some("it is an authorize URL, where a login begins: list the URL where it ends");
    }
    let mut labels = uri.host.unwrap_or_default().as_bytes().split(|byte| *byte == b'.');
    labels.any(is_placeholder).then_some("its host looks like a placeholder: use the real one")
}

/// Returns whether a query or fragment has a parameter of an authorization request or response (RFC 6749 §4.1),
/// percent-encoded or not.
fn has_login_parameter(query: &str) -> bool {
    const NAMES: &str = "code state error access_token id_token client_id response_type redirect_uri code_challenge";
    let mut rest = query;
    while !rest.is_empty() {
        let (parameter, tail) = until(rest, "&;?#");
        if has_word(NAMES, &percent_decode(until(parameter, "=").0.as_bytes())) {
            return true;
        }
        rest = after(tail, 1);
    }
    false
}

/// Returns whether a label of a host is what a template or a guide has in place of a name.
fn is_placeholder(label: &[u8]) -> bool {
    const NAMES: &str = "undefined null nan none placeholder changeme domain mydomain my-domain";
    has_word(NAMES, label) || label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"your"))
}

/// Returns the first error or warning of an entry.
fn violation(entry: &str, is_domain: bool, to_ascii: ToAscii<'_>) -> Option<Violation> {
    let judge = if is_domain { domain::entries } else { uri::entries };
    let mut violations = Vec::new();
    judge("", &[Some(entry)], to_ascii, &mut violations);
    violations.into_iter().next()
}

/// Facts about a list that matter when an entry is added to it.
#[derive(Debug, Clone)]
pub(super) struct Remarks {
    /// The entries in the form by which `allowRedirects` recognises one that is listed already, and then changes nothing.
    forms: Vec<String>,
    /// An entry without the API's format, with which the service refuses the list.
    refused: Option<usize>,
    /// An entry that no visitor needs: one that is not valid or a repetition, else one for a loopback host.
    spare: Option<usize>,
}

impl Remarks {
    fn on(entries: &[Entry], is_domain: bool) -> Self {
        let is_valid = if is_domain { domain::is_valid } else { uri::is_valid };
        let (mut forms, mut refused, mut useless, mut loopback) = (Vec::new(), None, None, None);
        for (at, Entry { text, .. }) in entries.iter().enumerate() {
            forms.push(if is_domain {
                let authority = split_scheme(text).map_or(text.as_str(), |(_, rest)| rest);
                until(authority, "/?#").0.to_ascii_lowercase()
            } else {
                normal_form(text)
            });
            if !is_domain && !is_api_uri(text) {
                refused = refused.or(Some(at));
            }
            if !is_valid(text) || entries.iter().take(at).any(|earlier| earlier.text == *text) {
                useless = useless.or(Some(at));
            }
            if is_loopback(EntryKind::Domain, text) {
                loopback = loopback.or(Some(at));
            }
        }
        Self { forms, refused, spare: useless.or(loopback) }
    }

    fn same_entry(&self, entry: &str) -> Option<usize> {
        self.forms.iter().position(|form| form == entry)
    }
}

/// Returns whether an entry has the API's format URI, as every entry of a list that is sent must.
fn is_api_uri(entry: &str) -> bool {
    let (scheme, rest) = until(entry, ":");
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let is_uri_byte = |byte: u8| !matches!(byte, 0..=b' ' | 0x7F) && !br#""<>\^`{|}"#.contains(&byte);
    let has_host = strip(rest, "://").is_some_and(|rest| !until(rest, "/?#:").0.is_empty());
    let is_web = is_one_of("http https", scheme);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && all(scheme, is_scheme)
        && all(entry, is_uri_byte)
        && if is_web { has_host } else { rest.len() > 1 }
}
