//! Compares the emulator's redirects with two independent implementations: the client's `checkRedirect`, which must give the
//! same verdicts, and the WHATWG URL standard, by which no redirect may ever leave the listed hosts.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy recognizes only functions under `#[test]` as tests"
)]

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

struct TestHost(u64);

impl Host for TestHost {
    fn now(&mut self) -> u64 {
        1_772_355_900_042
    }

    fn random(&mut self, bytes: &mut [u8]) {
        self.0 = self.0.wrapping_add(1);
        bytes.iter_mut().zip(self.0.to_le_bytes()).for_each(|(byte, counted)| *byte = counted);
    }
}

/// An emulator with one app.
struct Site {
    emulator: Emulator,
    host: TestHost,
    client_id: String,
}

impl Site {
    /// Creates the app. Returns `None` if the service refuses its lists.
    fn new(uris: &[&str], domains: &[&str]) -> Option<Self> {
        let emulator = Emulator::new(Options::default()).unwrap();
        let mut site = Self { emulator, host: TestHost(0), client_id: String::new() };
        let app = json!({ "name": "My app", "allowedRedirectUris": uris, "allowedRedirectDomains": domains });
        let credentials = site.emulator.credentials();
        let headers = [("authorization", credentials.api_key), ("wix-site-id", credentials.site_id)];
        let body = json!({ "oAuthApp": app }).to_string();
        let response = site.send("POST", "/oauth-app/v1/oauth-apps", &headers, Some(&body));
        let answer: Value = serde_json::from_str(&response.body).unwrap();
        site.client_id = answer["oAuthApp"]["id"].as_str()?.into();
        Some(site)
    }

    fn send(&mut self, method: &str, url: &str, headers: &[(&str, String)], body: Option<&str>) -> Response {
        let headers = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let request = Request { method, url, headers, body: body.map(str::as_bytes) };
        self.emulator.handle(&request, &mut self.host).response
    }

    /// Returns the target of the redirect for a requested URL, unless the request is refused.
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
            // Without a URL, the response is a page.
            200 if url.is_empty() => None,
            status => panic!("{status} for {url:?}"),
        }
    }
}

/// Returns the entries that the service accepts.
fn accepted(entries: &Value) -> Vec<&str> {
    let entries = entries.as_array().into_iter().flatten().filter_map(Value::as_str);
    entries.filter(|entry| Site::new(&[entry], &[]).is_some()).collect()
}

#[test]
fn check_redirect_gives_the_same_verdicts() {
    let tables: Value = serde_json::from_str(include_str!("../../tests/redirect/checks.json")).unwrap();
    let (mut allowed, mut refused) = (0, 0);
    for app in tables["apps"].as_array().unwrap() {
        let (uris, domains) = (accepted(&app["uris"]), app["domains"].as_array().cloned().unwrap_or_default());
        let domains: Vec<_> = domains.iter().map(|domain| domain.as_str().unwrap()).collect();
        let mut site = Site::new(&uris, &domains).unwrap();
        let checker = RedirectChecker::from_lists(&uris, &domains);
        for case in app["cases"].as_array().unwrap() {
            let url = case["url"].as_str().unwrap();
            for after in AFTERS {
                let verdict = checker.check(url, after, None);
                let location = site.location(url, after);
                assert_eq!(location.is_some(), verdict.allowed, "{url} after {after:?}: {}", verdict.message);
                *(if verdict.allowed { &mut allowed } else { &mut refused }) += 1;
            }
        }
    }
    assert!(allowed >= 12 && refused >= 70, "{allowed} allowed, {refused} refused");
}

/// Returns a site with a typical app.
fn shop() -> Site {
    Site::new(
        &["https://example.com/cb", "http://localhost:4321/cb", "https://*-pr.example.com/cb"],
        &["example.com", "localhost:4321"],
    )
    .unwrap()
}

/// Checks that a redirect for the text stays on the listed hosts.
#[track_caller]
fn assert_stays_home(site: &mut Site, text: &str) {
    for after in AFTERS {
        let Some(location) = site.location(text, after) else { continue };
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
fn no_known_payload_leads_to_another_host() {
    let mut site = shop();
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
                    assert_stays_home(&mut site, &payload.replace(host, trusted));
                }
            }
            assert_stays_home(&mut site, payload);
            assert_stays_home(&mut site, &format!("https://example.com{payload}"));
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen}");
}

/// Reads test data of others, which lies beside the repository.
fn read(name: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let path = env::var_os("CORPORA").map_or_else(beside, PathBuf::from).join(name);
    if !path.exists() {
        println!("skipped: {} is not there (CORPORA names another folder)", path.display());
        return None;
    }
    Some(fs::read_to_string(path).unwrap())
}

/// Generates texts that resemble the app's URLs, with characters between their parts that parsers read differently.
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
    fn no_text_leads_to_another_host(text in confusing()) {
        assert_stays_home(&mut shop(), &text);
    }

    #[test]
    fn check_redirect_gives_the_same_verdict_for_any_text(text in confusing()) {
        let (uris, domains) = (["https://example.com/cb"], ["example.com", "localhost:4321"]);
        let mut site = Site::new(&uris, &domains).unwrap();
        let checker = RedirectChecker::from_lists(&uris, &domains);
        for after in AFTERS {
            let allowed = checker.check(&text, after, None).allowed;
            prop_assert_eq!(site.location(&text, after).is_some(), allowed, "{:?} after {:?}", text, after);
        }
    }
}
