//! Where the emulator sends visitors, against two readers that share no code with it: the client's `checkRedirect`, which
//! must say the same, and the WHATWG URL standard, by which no visitor may ever leave the listed hosts.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy takes only what stands under `#[test]` for a test"
)]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;
use wix_oauth_apps::redirect::check::{After, RedirectChecker};
use wix_oauth_apps_emulator::{Emulator, Host, Options, Request, Response};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const AFTERS: [After; 2] = [After::Authentication, After::Other];

struct Script(u64);

impl Host for Script {
    fn now(&mut self) -> u64 {
        1_772_355_900_042
    }

    fn random(&mut self, bytes: &mut [u8]) {
        self.0 = self.0.wrapping_add(1);
        bytes.iter_mut().zip(self.0.to_le_bytes()).for_each(|(byte, counted)| *byte = counted);
    }
}

/// An emulator with one app.
struct Bench {
    emulator: Emulator,
    host: Script,
    client_id: String,
}

impl Bench {
    /// Nothing where the service would not take the lists.
    fn new(uris: &[&str], domains: &[&str]) -> Option<Self> {
        let emulator = Emulator::new(Options::default()).unwrap();
        let mut bench = Self { emulator, host: Script(0), client_id: String::new() };
        let app = json!({ "name": "My app", "allowedRedirectUris": uris, "allowedRedirectDomains": domains });
        let credentials = bench.emulator.credentials();
        let headers = [("authorization", credentials.api_key), ("wix-site-id", credentials.site_id)];
        let body = json!({ "oAuthApp": app }).to_string();
        let response = bench.send("POST", "/oauth-app/v1/oauth-apps", &headers, Some(&body));
        let answer: Value = serde_json::from_str(&response.body).unwrap();
        bench.client_id = answer["oAuthApp"]["id"].as_str()?.into();
        Some(bench)
    }

    fn send(&mut self, method: &str, url: &str, headers: &[(&str, String)], body: Option<&str>) -> Response {
        let headers: BTreeMap<_, _> = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let request = Request { method: method.to_owned(), url: url.to_owned(), headers, body: body.map(Into::into) };
        self.emulator.handle(&request, &mut self.host).response
    }

    /// Where a visitor is sent who asks for this URL; nothing where they are refused.
    fn location(&mut self, url: &str, after: After) -> Option<String> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("client_id", &self.client_id);
        let page = match after {
            After::Authentication => {
                query.append_pair("redirect_uri", url).append_pair("response_type", "code");
                query.append_pair("code_challenge", CHALLENGE).append_pair("code_challenge_method", "S256");
                "/_api/oauth2/authorize"
            }
            After::Other => {
                query.append_pair("post_flow_url", url);
                "/_pages/checkout"
            }
        };
        let response = self.send("GET", &format!("{page}?{}", query.finish()), &[], None);
        match response.status {
            302 => Some(response.headers["location"].clone()),
            400 | 403 => None,
            // Where nothing is asked for, there is a page to stay on.
            200 if url.is_empty() => None,
            status => panic!("{status} for {url:?}"),
        }
    }
}

/// The entries that the service takes.
fn taken(entries: &Value) -> Vec<&str> {
    let entries = entries.as_array().into_iter().flatten().filter_map(Value::as_str);
    entries.filter(|entry| Bench::new(&[entry], &[]).is_some()).collect()
}

#[test]
fn check_redirect_says_the_same() {
    let tables: Value = serde_json::from_str(include_str!("../../tests/redirect/checks.json")).unwrap();
    let (mut allowed, mut refused) = (0, 0);
    for app in tables["apps"].as_array().unwrap() {
        let (uris, domains) = (taken(&app["uris"]), app["domains"].as_array().cloned().unwrap_or_default());
        let domains: Vec<_> = domains.iter().map(|domain| domain.as_str().unwrap()).collect();
        let mut bench = Bench::new(&uris, &domains).unwrap();
        let checker = RedirectChecker::from_lists(&uris, &domains);
        for case in app["cases"].as_array().unwrap() {
            let url = case["url"].as_str().unwrap();
            for after in AFTERS {
                let verdict = checker.check(url, after, None);
                let location = bench.location(url, after);
                assert_eq!(location.is_some(), verdict.allowed, "{url} after {after:?}: {}", verdict.message);
                *(if verdict.allowed { &mut allowed } else { &mut refused }) += 1;
            }
        }
    }
    assert!(allowed >= 12 && refused >= 70, "{allowed} allowed, {refused} refused");
}

/// An app as many have it, and where its visitors may find themselves.
fn shop() -> Bench {
    Bench::new(
        &["https://example.com/cb", "http://localhost:4321/cb", "https://*-pr.example.com/cb"],
        &["example.com", "localhost:4321"],
    )
    .unwrap()
}

#[track_caller]
fn stays_home(bench: &mut Bench, text: &str) {
    for after in AFTERS {
        let Some(location) = bench.location(text, after) else { continue };
        let url = Url::parse(&location).unwrap_or_else(|error| panic!("{text:?}: {location:?}: {error}"));
        let host = url.host_str().unwrap_or_default();
        let home = match after {
            After::Authentication => {
                ["https://example.com/cb", "http://localhost:4321/cb"].contains(&text)
                    || (url.scheme() == "https" && host.ends_with("-pr.example.com") && url.path() == "/cb")
            }
            After::Other => {
                (url.scheme() == "https" && host == "example.com") || (host == "localhost" && url.port() == Some(4321))
            }
        };
        assert!(home && url.username().is_empty(), "{text:?} leads to {location:?} after {after:?}");
    }
}

#[test]
fn no_known_payload_leads_elsewhere() {
    let mut bench = shop();
    let mut seen = 0;
    for name in ["hostile-redirects.json", "orangetw/urls.txt", "orangetw/samples.txt"].into_iter().chain([
        "payloadsallthethings/Open-Redirect-payloads.txt",
        "payloadsallthethings/open-redirect-fenced-urls.txt",
        "payloadsallthethings/open_redirect_wordlist.txt",
        "payloadsallthethings/openredirects.txt",
        "payloadsallthethings/ssrf-fenced-urls.txt",
    ]) {
        let Some(text) = read(&format!("url-confusion/{name}")) else { return };
        let payloads: Vec<String> =
            serde_json::from_str(&text).unwrap_or_else(|_| text.lines().map(str::to_owned).collect());
        for payload in &payloads {
            for trusted in ["example.com", "localhost:4321"] {
                for host in ["www.whitelisteddomain.tld", "google.com", "evil.com", "127.0.0.1"] {
                    stays_home(&mut bench, &payload.replace(host, trusted));
                }
            }
            stays_home(&mut bench, payload);
            stays_home(&mut bench, &format!("https://example.com{payload}"));
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen}");
}

/// Test data that nobody here wrote lies beside the repository.
fn read(name: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let path = env::var_os("CORPORA").map_or_else(beside, PathBuf::from).join(name);
    if !path.exists() {
        println!("skipped: {} is not there (CORPORA names another folder)", path.display());
        return None;
    }
    Some(fs::read_to_string(path).unwrap())
}

/// Texts that look like the app's own, with what confuses readers between their parts.
fn confusing() -> impl Strategy<Value = String> {
    let odd = r#"(|[\\/:@?#.%&;,*\[\]{}<>"'`|^~!$()+=_ -]|//|%2e|%2f|%5c|%00|\u{0}|\t|\n|\r|[\u{3002}\u{ff0e}\u{ad}\u{212a}é])"#;
    let host = "(example\\.com|example|evil\\.com|localhost|4321|x-pr|com|a)";
    let scheme = "(https|http|HTTPS|ftp|javascript)?";
    let pattern = format!("{scheme}{odd}(:|)(//|/|)({odd}{host}){{1,3}}{odd}(/cb|/|){odd}({host})?");
    proptest::string::string_regex(&pattern).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_leads_elsewhere(text in confusing()) {
        stays_home(&mut shop(), &text);
    }

    #[test]
    fn check_redirect_says_the_same_of_any_text(text in confusing()) {
        let (uris, domains) = (["https://example.com/cb"], ["example.com", "localhost:4321"]);
        let mut bench = Bench::new(&uris, &domains).unwrap();
        let checker = RedirectChecker::from_lists(&uris, &domains);
        for after in AFTERS {
            let allowed = checker.check(&text, after, None).allowed;
            prop_assert_eq!(bench.location(&text, after).is_some(), allowed, "{:?} after {:?}", text, after);
        }
    }
}
