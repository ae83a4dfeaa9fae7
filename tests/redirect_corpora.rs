//! The redirect rules against test data from elsewhere: the web platform's URL tests, the verdicts of
//! real OAuth servers, and lists of payloads that confuse URL parsers.
//!
//! The data is beside the checkout, in `../shared/corpora`, or in the folder that the variable `CORPORA` names. Without it,
//! these tests print a reason and pass.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a test")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wix_oauth_apps::redirect::check::{After, RedirectChecker};
use wix_oauth_apps::redirect::{domain, grammar, uri};

#[test]
fn whatwg_an_accepted_text_parses_and_equals_its_href() {
    let Some(cases) = read_json("whatwg-url/urltestdata.json") else { return };
    let (mut seen, mut absolute, mut accepted) = (0, 0, 0);
    for case in cases.as_array().unwrap().iter().filter(|case| case.is_object()) {
        let input = case["input"].as_str().unwrap();
        seen += 1;
        absolute += u32::from(case["base"].is_null() && is_http(input));
        // The base does not matter: an accepted text is absolute.
        let Ok(parsed) = grammar::parse(input) else { continue };
        assert_ne!(case["failure"], true, "{input:?}");
        accepted += 1;

        let text = |name: &str| case[name].as_str().unwrap();
        assert_eq!(parsed.canonical(), text("href"), "{input:?}");
        assert_eq!(parsed.is_canonical(), input == text("href"), "{input:?}");
        assert_eq!(format!("{}:", parsed.scheme.to_ascii_lowercase()), text("protocol"), "{input:?}");
        assert_eq!((text("username"), text("password"), text("hash")), ("", "", ""), "{input:?}");
        assert_eq!(parsed.host.unwrap_or_default().to_ascii_lowercase(), text("hostname"), "{input:?}");
        let port = parsed.port.filter(|_| !parsed.has_default_port()).map(|port| port.to_string());
        assert_eq!(port.unwrap_or_default(), text("port"), "{input:?}");
        assert_eq!(if parsed.lacks_path() { "/" } else { parsed.path }, text("pathname"), "{input:?}");
        let search = parsed.query.filter(|query| !query.is_empty()).map(|query| format!("?{query}"));
        assert_eq!(search.unwrap_or_default(), text("search"), "{input:?}");
    }
    println!("{accepted} of {seen} cases accepted; {absolute} are absolute http(s) without a base");
    assert!(absolute >= 280, "{absolute}");
    assert!(accepted >= 50, "{accepted}");
}

/// A host that the standard refuses is not a valid entry of either list. The standard's test data serves as the platform's
/// parser.
#[test]
fn whatwg_a_host_that_the_platform_refuses_is_not_valid() {
    let Some(cases) = read_json("whatwg-url/toascii.json") else { return };
    let cases: Vec<&Value> = cases.as_array().unwrap().iter().filter(|case| case.is_object()).collect();
    let to_ascii = |host: &str| {
        let case = cases.iter().find(|case| case["input"].as_str().unwrap().eq_ignore_ascii_case(host))?;
        case["output"].as_str().map(str::to_owned)
    };
    let (mut refused, mut taken) = (0, 0);
    for case in &cases {
        let input = case["input"].as_str().unwrap();
        let is_read = case["output"].as_str().is_some_and(|output| output.eq_ignore_ascii_case(input));
        let mut found = Vec::new();
        uri::list("", &[Some(&format!("https://{input}/cb"))], Some(&to_ascii), &mut found);
        domain::list("", &[Some(input)], Some(&to_ascii), &mut found);
        let is_taken = found.iter().filter(|found| found.is_error()).count() < 2;
        assert!(is_read || !is_taken, "{input:?}");
        (refused, taken) = (refused + usize::from(!is_taken), taken + usize::from(is_taken));
    }
    println!("{refused} hosts refused, {taken} taken");
    assert!(refused > 20 && taken > 5, "{refused} {taken}");
}

/// A grammar that refuses everything would pass the tests above.
#[test]
fn whatwg_every_canonical_http_success_is_accepted_without_an_error() {
    let Some(cases) = read_json("whatwg-url/urltestdata.json") else { return };
    let mut accepted = 0;
    for case in cases.as_array().unwrap().iter().filter(|case| case.is_object() && case["failure"] != true) {
        let (input, href) = (case["input"].as_str().unwrap(), case["href"].as_str().unwrap());
        let is_canonical = input == href && matches!(case["protocol"].as_str(), Some("http:" | "https:"));
        let text = |name: &str| case[name].as_str().unwrap();
        let is_plain = text("hash").is_empty() && !href.ends_with('#') && !href.contains('@')
            || input == "https://localhost:3000/jqueryui@1.2.3"
            || input == "http://example.com/@asdf%40";
        // RFC 3986 has to parse it as well, which leaves out malformed percent escapes.
        if !is_canonical || !is_plain || is_exotic(text("hostname")) || text("port") == "0" || !is_rfc3986(input) {
            continue;
        }
        accepted += 1;
        assert!(grammar::parse(input).is_ok_and(|parsed| parsed.is_canonical()), "{input:?}");
        // Plain http is an error of its own; the rest of the URL is not to blame.
        let secure = format!("https:{}", input.split_once(':').unwrap().1);
        assert!(uri::is_valid(&secure), "{input:?}");
    }
    println!("{accepted} canonical http(s) URLs accepted");
    assert!(accepted >= 15, "{accepted}");
}

/// Returns whether the grammar refuses a host that the standard accepts: a name with other characters than letters, digits
/// and hyphens, or an `xn--` label, on which engines differ.
fn is_exotic(host: &str) -> bool {
    host.contains("xn--")
        || host.split('.').any(str::is_empty)
        || !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'[' | b']' | b':'))
}

fn is_rfc3986(text: &str) -> bool {
    fluent_uri::Uri::parse(text).is_ok()
}

fn is_http(input: &str) -> bool {
    let plain: String = input
        .trim_start_matches(|char: char| char <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect();
    let lower = plain.to_ascii_lowercase();
    lower.starts_with("http:") || lower.starts_with("https:")
}

#[test]
fn the_exact_matchers_verdicts_hold() {
    let Some(file) = read_json("redirect-match/cases.json") else { return };
    let mut held = 0;
    for case in file["cases"].as_array().unwrap() {
        let is_exact = case["agrees_with"].as_array().is_some_and(|policies| policies.contains(&Value::from("exact")));
        if case["kind"] != "match" || !is_exact {
            continue;
        }
        let registered: Vec<&str> = case["registered"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let url = case["requested"].as_str().unwrap();
        let checker = RedirectChecker::from_lists(&registered, &[]);
        let verdict = checker.check(url, After::Authentication, None);
        assert_eq!(verdict.allowed, case["allowed"], "{case}");
        assert_eq!(verdict.matched.is_some(), verdict.allowed, "{case}");
        held += 1;
    }
    println!("{held} verdicts hold");
    assert!(held >= 117, "{held}");
}

/// The lists of payloads, each with the hosts that its lines imitate.
const PAYLOADS: [(&str, &[&str]); 7] = [
    ("orangetw/samples.txt", &["127.0.0.1", "foo", "google.com"]),
    ("orangetw/urls.txt", &["127.0.0.1", "foo", "google.com"]),
    ("payloadsallthethings/Open-Redirect-payloads.txt", &["www.whitelisteddomain.tld"]),
    ("payloadsallthethings/open-redirect-fenced-urls.txt", &["www.theirsite.com", "b.com", "example.com"]),
    ("payloadsallthethings/open_redirect_wordlist.txt", &["www.whitelisteddomain.tld", "example.com"]),
    ("payloadsallthethings/openredirects.txt", &["www.whitelisteddomain.tld", "example.com", "google.com"]),
    ("payloadsallthethings/ssrf-fenced-urls.txt", &["www.whitelisteddomain.tld", "example.com", "localhost"]),
];

/// Two lines are URLs of a page that redirects to its parameter. They confuse no parser, and lead to the listed host.
const PAGES_AT_FAULT: [&str; 2] = [
    "https://example.com/redirect?url=https://userpreferredsite.com",
    "https://example.com/ssrf.php?url=http://brutelogic.com.br/poc.svg",
];

#[test]
fn no_payload_is_allowed() {
    for (list, hosts) in PAYLOADS {
        let Some(text) = read(&format!("url-confusion/{list}")) else { return };
        let mut lines = 0;
        for payload in text.lines().filter(|line| !line.is_empty()) {
            lines += 1;
            for host in hosts {
                assert!(!is_allowed(host, payload, After::Authentication), "{host}: {payload:?}");
                let on_host = PAGES_AT_FAULT.contains(&payload) && *host == "example.com";
                assert_eq!(is_allowed(host, payload, After::Other), on_host, "{host}: {payload:?}");
            }
        }
        println!("{lines} payloads of {list} refused");
        assert!(lines >= 15, "{list}");
    }
}

/// Vectors that are ordinary URLs on `https://example.com`, which the domain allows.
const ON_EXAMPLE_COM: [&str; 16] = [
    "https://example.com/cb/",
    "https://example.com",
    "https://example.com/",
    "https://example.com/cb?",
    "https://example.com//cb",
    "https://example.com/*",
    "https://example.com/cb?code=x&state=y",
    "https://example.com/c%20b",
    "https://example.com:443/cb",
    "https://example.com/a/../cb",
    "https://example.com/a/%2e%2e/cb",
    "https://example.com/a/..%2fcb",
    "https://example.com/a/..;/cb",
    "https://example.com/cb#",
    "https://example.com/cb?#",
    "https://example.com/é",
];

#[test]
fn no_hostile_vector_is_allowed() {
    let Some(vectors) = read_json("url-confusion/hostile-redirects.json") else { return };
    let vectors: Vec<&str> = vectors.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(vectors.len() >= 75);
    for vector in vectors {
        assert!(!is_allowed("example.com", vector, After::Authentication), "{vector:?}");
        let allowed = is_allowed("example.com", vector, After::Other);
        assert_eq!(allowed, ON_EXAMPLE_COM.contains(&vector), "{vector:?}");
        if allowed {
            let url = url::Url::parse(vector).unwrap();
            assert_eq!(
                (url.scheme(), url.host_str(), url.username()),
                ("https", Some("example.com"), ""),
                "{vector:?}"
            );
        }
        // A valid entry parses alike by both standards.
        if uri::is_valid(vector) {
            let parsed = grammar::parse(vector).unwrap();
            assert_eq!(url::Url::parse(vector).unwrap().as_str(), parsed.canonical(), "{vector:?}");
            assert!(is_rfc3986(vector), "{vector:?}");
        }
        assert!(!domain::is_valid(vector) || vector == "https://example.com", "{vector:?}");
    }
}

/// Returns whether the URL is allowed with the host registered as a domain, as an origin and in redirect URIs.
fn is_allowed(host: &str, url: &str, after: After) -> bool {
    let origin = format!("https://{host}");
    let uris = [format!("{origin}/cb"), format!("http://{host}/cb"), format!("{origin}/"), origin.clone()];
    // A payload that is registered as it stands would be allowed.
    let uris: Vec<&str> = uris.iter().map(String::as_str).filter(|uri| *uri != url).collect();
    RedirectChecker::from_lists(&uris, &[host, &origin]).check(url, after, None).allowed
}

fn read_json(name: &str) -> Option<Value> {
    read(name).map(|text| serde_json::from_str(&text).unwrap())
}

fn read(name: &str) -> Option<String> {
    let folder = env::var_os("CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"), PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        println!("skipped: {} is not there (CORPORA names another folder)", path.display());
        return None;
    }
    Some(fs::read_to_string(path).unwrap())
}
