//! Properties of every text. The differential test and the fuzz target check them on millions of texts, by the same
//! functions that `checkRedirect` and validation call.

use fluent_uri::Uri as Rfc3986;
use fluent_uri::pct_enc::EStr;
use url::{Host, Url};
use wix_oauth_apps::redirect::check::{After, RedirectChecker};
use wix_oauth_apps::redirect::grammar::{self, HostKind, Uri};
use wix_oauth_apps::redirect::{ToAscii, domain, uri, web_url};
use wix_oauth_apps::violation::Violation;

/// Soundness: what the grammar accepts, the `url` crate (WHATWG) and the `fluent-uri` crate (RFC 3986) parse to the same
/// components. Returns whether it is accepted.
pub(crate) fn accepted_alike(text: &str) -> bool {
    let Ok(uri) = grammar::parse(text) else { return false };
    assert_eq!(rebuilt(&uri), text, "the parts are not the whole");
    let lower = |text: &str| text.to_ascii_lowercase();

    let rfc = Rfc3986::parse(text).unwrap_or_else(|error| panic!("RFC 3986 refuses {text:?}: {error}"));
    assert_eq!(rfc.scheme().as_str(), uri.scheme, "scheme of {text:?}");
    let authority = rfc.authority();
    assert_eq!(authority.map(|authority| authority.host()), uri.host, "host of {text:?}");
    assert!(authority.is_none_or(|authority| authority.userinfo().is_none()), "userinfo in {text:?}");
    assert_eq!(authority.and_then(|authority| authority.port_to_u16().unwrap()), uri.port, "port of {text:?}");
    assert_eq!(rfc.path().as_str(), uri.path, "path of {text:?}");
    assert_eq!(rfc.query().map(EStr::as_str), uri.query, "query of {text:?}");
    assert!(rfc.fragment().is_none(), "fragment in {text:?}");

    let url = match Url::parse(text) {
        Ok(url) => url,
        // The standard no longer consults IDNA's tables for an ASCII host; this crate does.
        Err(url::ParseError::IdnaError) if uri.host.is_some_and(|host| lower(host).contains("xn--")) => return true,
        Err(error) => panic!("WHATWG refuses {text:?}: {error}"),
    };
    assert_eq!(url.scheme(), lower(uri.scheme), "scheme of {text:?}");
    assert_eq!((url.username(), url.password(), url.fragment()), ("", None, None), "userinfo or fragment in {text:?}");
    let host = match uri.host_kind {
        HostKind::Absent => None,
        HostKind::Opaque => uri.host.filter(|host| !host.is_empty()).map(str::to_owned),
        _ => uri.host.map(lower),
    };
    assert_eq!(url.host_str(), host.as_deref(), "host of {text:?}");
    let kind = match url.host() {
        _ if uri.host_kind == HostKind::Opaque => HostKind::Opaque,
        None => HostKind::Absent,
        Some(Host::Ipv4(_)) => HostKind::Ipv4,
        Some(Host::Ipv6(_)) => HostKind::Ipv6,
        Some(Host::Domain(name)) => {
            if name.contains('*') {
                HostKind::Wildcard
            } else {
                HostKind::Name
            }
        }
    };
    assert_eq!(kind, uri.host_kind, "kind of host of {text:?}");
    assert_eq!(url.port(), uri.port.filter(|_| !uri.has_default_port()), "port of {text:?}");
    assert_eq!(url.path(), if uri.lacks_path() { "/" } else { uri.path }, "path of {text:?}");
    assert_eq!(url.query(), uri.query, "query of {text:?}");
    assert_eq!(uri.is_canonical(), uri.canonical() == text, "canonical form of {text:?}");
    // A custom scheme's host keeps its case in a browser.
    if uri.host_kind != HostKind::Opaque {
        assert_eq!(url.as_str(), uri.canonical(), "canonical form of {text:?}");
    }
    true
}

type Judge = fn(&str, &[Option<&str>], ToAscii<'_>, &mut Vec<Violation>);

/// The fields whose values are judged: redirect URIs, redirect domains, URLs, and what may be either.
const JUDGES: [(&str, Judge); 4] = [
    ("URI", uri::list),
    ("domain", domain::list),
    ("web URL", |path, texts, to_ascii, found| {
        texts.iter().flatten().for_each(|text| web_url::web_url(path, text, to_ascii, found));
    }),
    ("URL or host", |path, texts, to_ascii, found| {
        texts.iter().flatten().for_each(|text| web_url::url_or_host(path, text, to_ascii, found));
    }),
];

/// Parses a host as the URL standard does, and JavaScript with `new URL`.
fn to_ascii(host: &str) -> Option<String> {
    Url::parse(&["https://", host].concat()).ok()?.host_str().map(str::to_owned)
}

/// Checks that every suggestion has no error and no further suggestion, and has no host that is not in the text.
pub(crate) fn suggestions_are_good(text: &str) {
    for (kind, judge) in JUDGES {
        let mut found = Vec::new();
        judge("", &[Some(text)], Some(&to_ascii), &mut found);
        for suggestion in found.into_iter().filter_map(|violation| violation.suggestion) {
            let mut found = Vec::new();
            judge("", &[Some(&suggestion)], Some(&to_ascii), &mut found);
            assert!(
                found.iter().all(|found| !found.is_error() && found.suggestion.is_none()),
                "{suggestion:?} for the {kind} {text:?} draws {found:?}"
            );
            assert!(holds_host(text, &suggestion), "{suggestion:?} for the {kind} {text:?} names another host");
        }
    }
}

/// Returns whether the host of a suggestion is in the text: as it is, decoded, or as a browser reads the text's host. An
/// address to listen on stands for `localhost`.
fn holds_host(text: &str, suggestion: &str) -> bool {
    let as_url = if suggestion.contains("://") { suggestion.to_owned() } else { format!("https://{suggestion}") };
    let Ok(Uri { host: Some(host), host_kind, .. }) = grammar::parse(&as_url) else { return true };
    let host = host.to_ascii_lowercase();
    let mut text = text.to_owned();
    for _ in 0..4 {
        let is_visible = |character: &char| !matches!(character, '\u{80}'..='\u{A0}' | '\u{AD}' | '\u{2000}'..='\u{206F}' | '\u{3000}' | '\u{FEFF}');
        text =
            text.chars().filter(is_visible).collect::<String>().trim_matches(|edge: char| edge <= ' ').to_lowercase();
        let (_, rest) = text.split_once("://").unwrap_or(("", text.trim_start_matches('/')));
        // `https:/example.com` and `https:example.com` too.
        let short = text.split_once(':').map_or("", |(_, rest)| rest.trim_start_matches('/'));
        for rest in [rest, short, &text, text.trim_start_matches('/')] {
            let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
            let read = if rest.starts_with('[') { rest.get(..=rest.find(']').unwrap_or(0)) } else { rest.get(..end) };
            let read = read.unwrap_or_default();
            let read = read.strip_suffix('.').unwrap_or(read);
            let reading = to_ascii(read).unwrap_or_default();
            let is_listening = ["0.0.0.0", "[::]"].contains(&reading.as_str()) && host == "localhost";
            if read == host || reading == host || is_listening || host_kind == HostKind::Opaque {
                return true;
            }
        }
        text = decoded(&text);
    }
    false
}

/// Decodes percent escapes once.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = escape.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = tail.get(if byte.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Checks that no rule panics, every suggestion and every fix is valid, and no allowed URL leads elsewhere in a browser.
pub(crate) fn rules_hold(text: &str) {
    let mut found = Vec::new();
    for (is_valid, judge) in [(uri::is_valid as fn(&str) -> bool, uri::list as Judge), (domain::is_valid, domain::list)]
    {
        judge("", &[Some(text)], None, &mut found);
        assert_eq!(is_valid(text), found.drain(..).all(|violation| !violation.is_error()), "{text:?}");
    }
    suggestions_are_good(text);

    let uris =
        ["https://example.com/cb", "http://localhost:3000/cb", "com.example.app:/cb", "https://*.example.com/cb"];
    let domains = ["example.com", "localhost:3000", "https://origin.example:8443"];
    let checker = RedirectChecker::from_lists(&uris, &domains);
    for after in [After::Authentication, After::Other] {
        let verdict = checker.check(text, after, Some(&to_ascii));
        if verdict.allowed {
            let url = Url::parse(text).unwrap();
            let is_there = match url.host_str() {
                Some("example.com") => url.scheme() == "https" && (after == After::Other || uris.contains(&text)),
                Some("localhost") => url.port() == Some(3000),
                Some("origin.example") => url.scheme() == "https" && url.port() == Some(8443),
                // The wildcard stands for one label.
                Some(host) if after == After::Authentication && host.ends_with(".example.com") => {
                    host.matches('.').count() == 2 && text.ends_with(".example.com/cb")
                }
                _ => uris.contains(&text) && after == After::Authentication,
            };
            assert!(is_there, "{text:?} is allowed and leads elsewhere");
        }
        if let Some(nearest) = verdict.nearest {
            assert!(nearest.at <= text.encode_utf16().count(), "{text:?}");
        }
        if let Some(fix) = verdict.fix {
            let fixed = RedirectChecker::from_lists(&[fix.entry], &[fix.entry]);
            assert!(fixed.check(text, after, None).allowed, "the fix for {text:?} does not fix it");
        }
        // A list with the text itself must not panic either.
        let listed = RedirectChecker::from_lists(&[text], &[text]);
        for url in [text, "https://example.com/c%C3%A4"] {
            listed.check(url, after, Some(&to_ascii));
        }
    }
}

/// Returns the text, reassembled from its parts.
fn rebuilt(uri: &Uri<'_>) -> String {
    let host = uri.host.map(|host| format!("//{host}")).unwrap_or_default();
    let port = uri.port.map(|port| format!(":{port}")).unwrap_or_default();
    let query = uri.query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}:{host}{port}{}{query}", uri.scheme, uri.path)
}
