//! Patterns of redirect entries, such as `https://*-team.vercel.app/**`.
//!
//! A pattern is a host, an origin or a URL. Each `*` in its host is one or more letters, digits, `-` and `_` of one
//! label, never a dot. In its path `*` stays in its segment, and `**` is any text.
//!
//! [`ignores`](Pattern::ignores) decides for `ignore` of a configuration, [`covers`](Pattern::covers) for previews. An
//! entry that two readers could take to two hosts matches no pattern.

use serde_json::Value;

use crate::error::{Code, Error, Result};
use crate::glob::{matches_label, matches_path};
use crate::library::{Address, EntryKind, is_custom_scheme};

/// A pattern of redirect entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    /// `None` for a URI with a custom scheme, which stands for itself alone.
    hosts: Option<Hosts>,
}

/// The hosts, and perhaps the paths, that a pattern stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hosts {
    /// `http` or `https`; `None` for a bare host.
    scheme: Option<String>,
    labels: Vec<String>,
    port: Option<u16>,
    /// The path and the query, where the pattern has them.
    tail: Option<String>,
}

/// The predicate of a message about a text that is no pattern.
type Fault = &'static str;

const NOT_A_PATTERN: Fault = "is no pattern: write a host such as *-team.vercel.app, an origin such as \
    https://*-team.vercel.app, or a URL such as https://*-team.vercel.app/**";
const DOUBLE_STAR: Fault = "has ** in its host: a * in a host is part of one label, such as *-team.vercel.app";
const TOO_WIDE: Fault = "has a * in the last two labels of its host, and would stand for hosts of strangers: write the \
    domain out, such as *-team.vercel.app";

impl Pattern {
    /// Reads an `ignore` pattern. The error is the predicate of a message.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        if is_custom_scheme(text) {
            return Ok(Self { text: text.to_owned(), hosts: None });
        }
        let hosts = Hosts::parse(text).map_err(str::to_owned)?;
        Ok(Self { text: text.to_owned(), hosts: Some(hosts) })
    }

    /// Reads a pattern of previews, whose path is not compared: only `/`, `/*` and `/**` are accepted as one.
    pub fn parse_previews(text: &str) -> Result<Self> {
        let refuse = |fault: &str| Error::new(Code::InvalidArgument, format!("--pattern {text}: {fault}"));
        let pattern = Self::parse(text).map_err(|fault| refuse(&fault))?;
        match &pattern.hosts {
            None => Err(refuse(NOT_A_PATTERN)),
            Some(Hosts { tail: Some(tail), .. }) if !matches!(tail.as_str(), "/" | "/*" | "/**") => {
                Err(refuse("has a path, which is not compared: scheme and host decide; leave the path out"))
            }
            Some(_) => Ok(pattern),
        }
    }

    /// Returns the pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Checks whether an entry belongs to others, by `ignore`: a pattern without a path matches whatever the entry's
    /// path is, a pattern with a path matches redirect URIs alone.
    pub(crate) fn ignores(&self, kind: EntryKind, entry: &str) -> bool {
        if self.text == entry {
            return true;
        }
        let (Some(hosts), Some(address)) = (&self.hosts, Address::of(kind, entry)) else { return false };
        let is_path_match = match &hosts.tail {
            None => true,
            Some(_) if kind == EntryKind::Domain => false,
            Some(tail) => {
                let is_rooted = address.tail.starts_with('/');
                let path = if is_rooted { address.tail.to_owned() } else { format!("/{}", address.tail) };
                matches_path(tail, &path)
            }
        };
        let is_scheme_match = hosts.scheme.as_ref().is_none_or(|scheme| *scheme == address.scheme());
        is_path_match && is_scheme_match && hosts.matches(&address, true)
    }

    /// Checks whether an entry is a preview's: scheme and host are compared with a redirect URI, whatever its path,
    /// and the host with a domain. An entry with a `*` of its own stands for many hosts and is no preview's.
    pub(crate) fn covers(&self, kind: EntryKind, entry: &str) -> bool {
        let (Some(hosts), Some(address)) = (&self.hosts, Address::of(kind, entry)) else { return false };
        let is_scheme_match =
            kind == EntryKind::Domain || hosts.scheme.as_ref().is_none_or(|scheme| *scheme == address.scheme());
        is_scheme_match && !address.is_wildcard && hosts.matches(&address, false)
    }
}

impl Hosts {
    fn parse(text: &str) -> std::result::Result<Self, Fault> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, text),
        };
        if scheme.as_ref().is_some_and(|scheme| scheme != "https" && scheme != "http") {
            return Err(NOT_A_PATTERN);
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let has_bad_tail = !tail.is_empty() && (!tail.starts_with('/') || scheme.is_none());
        if has_bad_tail || tail.chars().any(|character| character.is_control() || character == ' ') {
            return Err(NOT_A_PATTERN);
        }
        if authority.contains("**") {
            return Err(DOUBLE_STAR);
        }
        // The grammar reads a host; a letter stands in for each `*`.
        let sample = authority.replace('*', "x");
        let address = Address::of_host(&sample).ok_or(NOT_A_PATTERN)?;
        let host = authority.get(..address.host.len()).unwrap_or(authority).to_ascii_lowercase();
        let labels: Vec<String> = host.split('.').map(str::to_owned).collect();
        let fixed = if labels.last().is_some_and(|label| label == "localhost") { 1 } else { 2 };
        let has_star = |label: &String| label.contains('*');
        if labels.iter().any(has_star) {
            if !address.is_name || authority.len() < sample.len() {
                return Err(NOT_A_PATTERN);
            }
            if labels.len() <= fixed || labels.iter().rev().take(fixed).any(has_star) {
                return Err(TOO_WIDE);
            }
        }
        let tail = (!tail.is_empty()).then(|| tail.to_owned());
        Ok(Self { scheme, labels, port: address.port, tail })
    }

    /// Compares host and port. A port that is not spelled out is the scheme's own.
    fn matches(&self, address: &Address<'_>, is_star_literal: bool) -> bool {
        let port = Address { port: self.port, ..*address }.port();
        let host = address.host.to_ascii_lowercase();
        let labels: Vec<&str> = host.split('.').collect();
        port == address.port()
            && labels.len() == self.labels.len()
            && self.labels.iter().zip(labels).all(|(pattern, label)| matches_label(pattern, label, is_star_literal))
    }
}

/// Reads the patterns of a list.
pub(crate) fn parse_all(texts: &[Value]) -> Vec<(usize, std::result::Result<Pattern, String>)> {
    let parse = |text: &Value| match text.as_str() {
        Some(text) => Pattern::parse(text),
        None => Err("must be a string".to_owned()),
    };
    texts.iter().map(parse).enumerate().collect()
}

#[cfg(test)]
mod tests;
