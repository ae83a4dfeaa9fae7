//! The entry that would allow a URL, or why none is offered.

use super::super::embedded::embeds_url;
use super::super::grammar::{self, Uri};
use super::super::text::{after, is_one_of, percent_decode, split_scheme, strip, until};
use super::super::{ToAscii, domain, uri};
use super::nearest::is_loopback_entry;
use super::{List, matching_entries};
use crate::app::MAX_REDIRECTS;
use crate::violation::Violation;

/// Finds the entry that `allowRedirects` would accept and that would allow the URL. Adds to the message how to use it, or
/// what to do instead.
pub(super) fn find<'a>(
    list: &List,
    uri: &Uri<'a>,
    is_domain: bool,
    to_ascii: ToAscii<'_>,
    message: &mut String,
) -> Option<&'a str> {
    let mut say = |parts: &[&str]| parts.iter().for_each(|part| message.push_str(part));
    if is_domain && uri::is_plain_http(uri) {
        say(&["; plain http is for loopback hosts only: use https"]);
    }
    let entry = if is_domain { needed_domain(uri)? } else { uri.text };
    let remarks = list.remarks.get_or_init(|| Remarks::on(&list.entries, is_domain));
    let get = |at: usize| list.entries.get(at).map_or("", String::as_str);
    if let Some(what) = unintended(uri) {
        say(&["; ", what]);
    } else if let Some(violation) = violation(entry, is_domain, to_ascii) {
        say(&["; it cannot simply be listed: ", entry, " ", &violation.message]);
    } else if let Some(same) = remarks.same_entry(entry) {
        say(&["; to allow it, first remove ", get(same), " with disallowRedirects, then add ", entry]);
    } else if let Some(refused) = remarks.refused {
        say(&[
            "; to allow it, first remove ",
            get(refused),
            " with disallowRedirects: the service takes no list with it",
        ]);
    } else if list.entries.len() >= MAX_REDIRECTS {
        let spare = remarks.spare.map_or("an entry that is no longer used", get);
        say(&["; the list is full: to allow it, first remove ", spare, " with disallowRedirects"]);
    } else {
        say(&["; to allow it, pass `fix` to allowRedirects"]);
        return Some(entry);
    }
    None
}

/// Adds to the message that a URL which is refused for its form is in the list.
pub(super) fn name_bad_entry(entries: &[String], url: &str, message: &mut String) {
    if entries.iter().any(|entry| entry == url) {
        message.push_str("; it is in the list nevertheless: remove it with disallowRedirects");
    }
}

/// The domain that would allow the URL after other processes.
fn needed_domain<'a>(uri: &Uri<'a>) -> Option<&'a str> {
    // The authority of a loopback host, whose port counts; else the host.
    let [host, authority, ..] = matching_entries(uri);
    if embeds_url(uri.path) { None } else { host.or(authority) }
}

/// Why somebody who asks about the URL is not likely to mean it as an entry.
fn unintended(uri: &Uri<'_>) -> Option<&'static str> {
    if has_login_parameter(uri.query.unwrap_or_default()) {
        return Some("it has a parameter of a login, such as code or state: list the URL without it");
    }
    let path = percent_decode(uri.path.as_bytes());
    if path.split(|byte| *byte == b'/').any(|segment| is_one_of_bytes("authorize _api", segment)) {
        return Some("it is an authorize URL, where a login begins: list the URL where it ends");
    }
    let mut labels = uri.host.unwrap_or_default().as_bytes().split(|byte| *byte == b'.');
    labels.any(is_placeholder).then_some("its host looks like a placeholder: put in the real one")
}

/// Whether a query or fragment has a parameter of an authorization request or response (RFC 6749 §4.1), percent-encoded
/// ones included.
fn has_login_parameter(query: &str) -> bool {
    const NAMES: &str = "code state error access_token id_token client_id response_type redirect_uri code_challenge";
    let mut rest = query;
    while !rest.is_empty() {
        let (parameter, tail) = until(rest, "&;?#");
        if is_one_of_bytes(NAMES, &percent_decode(until(parameter, "=").0.as_bytes())) {
            return true;
        }
        rest = after(tail, 1);
    }
    false
}

/// Whether a host's label is what a template or a manual has in place of a name.
fn is_placeholder(label: &[u8]) -> bool {
    const NAMES: &str = "undefined null nan none placeholder changeme domain mydomain my-domain";
    is_one_of_bytes(NAMES, label) || label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"your"))
}

fn is_one_of_bytes(words: &str, word: &[u8]) -> bool {
    words.as_bytes().split(|byte| *byte == b' ').any(|one| one.eq_ignore_ascii_case(word))
}

/// The first violation that the entry has, a warning included.
fn violation(entry: &str, is_domain: bool, to_ascii: ToAscii<'_>) -> Option<Violation> {
    let judge = if is_domain { domain::entries } else { uri::entries };
    let mut violations = Vec::new();
    judge("", &[Some(entry)], to_ascii, &mut violations);
    violations.into_iter().next()
}

/// What a list says about the entries that can be added to it.
#[derive(Debug, Clone)]
pub(super) struct Remarks {
    /// Each entry in the form in which `allowRedirects` may take it for another, and then change nothing.
    forms: Vec<String>,
    /// An entry that is not of the API's format, with which the service refuses the list.
    refused: Option<usize>,
    /// An entry that serves no visitor: one that is not valid, a repetition, else one for a loopback host.
    spare: Option<usize>,
}

impl Remarks {
    fn on(entries: &[String], is_domain: bool) -> Self {
        let is_valid = if is_domain { domain::is_valid } else { uri::is_valid };
        let form = |entry: &String| {
            if is_domain {
                let authority = split_scheme(entry).map_or(entry.as_str(), |(_, rest)| rest);
                until(authority, "/?#").0.to_ascii_lowercase()
            } else {
                grammar::parse(entry).map_or_else(|_| String::new(), |listed| listed.canonical())
            }
        };
        let is_repeated = |at: usize, entry: &String| entries.iter().take(at).any(|earlier| earlier == entry);
        let useless = entries.iter().enumerate().position(|(at, entry)| !is_valid(entry) || is_repeated(at, entry));
        Self {
            forms: entries.iter().map(form).collect(),
            refused: entries.iter().position(|entry| !is_domain && !is_api_uri(entry)),
            spare: useless.or_else(|| entries.iter().position(|entry| is_loopback_entry(entry))),
        }
    }

    fn same_entry(&self, entry: &str) -> Option<usize> {
        self.forms.iter().position(|form| form == entry)
    }
}

/// Whether an entry is of the API's format URI, as every entry must be in a list that is sent.
fn is_api_uri(entry: &str) -> bool {
    let (scheme, rest) = until(entry, ":");
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let is_uri_byte = |byte: u8| !matches!(byte, 0..=b' ' | 0x7F) && !br#""<>\^`{|}"#.contains(&byte);
    let has_host = strip(rest, "://").is_some_and(|rest| !until(rest, "/?#:").0.is_empty());
    let is_web = is_one_of("http https", scheme);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(is_scheme)
        && entry.bytes().all(is_uri_byte)
        && if is_web { has_host } else { rest.len() > 1 }
}
