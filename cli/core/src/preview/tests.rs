use super::*;
use serde_json::json;

const PATTERN: &str = "https://*-team.vercel.app";

fn pattern() -> Pattern {
    Pattern::parse_previews(PATTERN).unwrap()
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Returns an app with a production site and this number of previews, the oldest first.
fn app(previews: usize) -> Value {
    let uris: Vec<String> = std::iter::once("https://shop.example.com/api/auth/callback".to_owned())
        .chain((0..previews).map(|at| format!("https://p{at}-team.vercel.app/api/auth/callback")))
        .collect();
    let domains: Vec<String> = std::iter::once("shop.example.com".to_owned())
        .chain((0..previews).map(|at| format!("p{at}-team.vercel.app")))
        .collect();
    json!({ "id": "a", "name": "Shop", "allowedRedirectUris": uris, "allowedRedirectDomains": domains })
}

#[test]
fn a_preview_is_its_callback_and_its_host() {
    for (url, callback, uri, domain) in [
        ("https://x-team.vercel.app", "/cb", "https://x-team.vercel.app/cb", "x-team.vercel.app"),
        ("https://x-team.vercel.app/", "/cb", "https://x-team.vercel.app/cb", "x-team.vercel.app"),
        ("x-team.vercel.app", DEFAULT_CALLBACK, "https://x-team.vercel.app/api/auth/callback", "x-team.vercel.app"),
        ("http://localhost:3000", "/cb", "http://localhost:3000/cb", "localhost:3000"),
        ("localhost:3000", "/cb", "http://localhost:3000/cb", "localhost:3000"),
    ] {
        let found = entries(url, callback, &Platform::PLAIN).unwrap();
        assert_eq!(found, Entries { uris: strings(&[uri]), domains: strings(&[domain]) }, "{url}");
    }
    for (url, callback, part) in [
        ("https://x-team.vercel.app/api/auth/callback", "/cb", "has a path"),
        ("https://*-team.vercel.app", "/cb", "no URL of a deployment"),
        ("not a url", "/cb", "no URL of a deployment"),
        ("https://a@x-team.vercel.app", "/cb", "no URL of a deployment"),
        ("https://x-team.vercel.app", "cb", "begins with a slash"),
        ("https://x-team.vercel.app", "//evil.example/cb", "begins with a slash"),
        ("https://x-team.vercel.app", "/../cb", "uris[0]"),
        ("http://x-team.vercel.app", "/cb", "plain http"),
    ] {
        let error = entries(url, callback, &Platform::PLAIN).unwrap_err();
        assert!(error.code == Code::InvalidArgument && error.message.contains(part), "{url} {callback}: {error}");
    }
}

#[test]
fn a_preview_is_added_once() {
    let change = add(&app(2), "x-team.vercel.app", "/cb", None, &Platform::PLAIN).unwrap();
    let expected =
        Entries { uris: strings(&["https://x-team.vercel.app/cb"]), domains: strings(&["x-team.vercel.app"]) };
    assert_eq!((change.add, change.remove), (expected, Entries::default()));
    let again = add(&app(20), "p3-team.vercel.app", DEFAULT_CALLBACK, None, &Platform::PLAIN).unwrap();
    assert_eq!(again, PreviewChange::default());
}

#[test]
fn a_full_list_says_how_to_make_room_or_loses_its_oldest_preview() {
    let full = app(19);
    let error = add(&full, "x-team.vercel.app", "/cb", None, &Platform::PLAIN).unwrap_err();
    assert_eq!(error.code, Code::Conflict);
    assert!(error.message.contains("--evict-oldest") && error.message.contains("preview prune"), "{error}");
    let change = add(&full, "x-team.vercel.app", "/cb", Some(&pattern()), &Platform::PLAIN).unwrap();
    assert_eq!(
        change.remove,
        Entries {
            uris: strings(&["https://p0-team.vercel.app/api/auth/callback"]),
            domains: strings(&["p0-team.vercel.app"]),
        }
    );
    let other = Pattern::parse_previews("https://*-other.vercel.app").unwrap();
    let error = add(&full, "x-team.vercel.app", "/cb", Some(&other), &Platform::PLAIN).unwrap_err();
    assert!(error.message.contains("none of the entries is a preview of https://*-other.vercel.app"), "{error}");
}

#[test]
fn a_preview_does_not_evict_itself() {
    let mut full = app(19);
    full["allowedRedirectDomains"] = json!(["p0-team.vercel.app"]);
    let change = add(&full, "p0-team.vercel.app", "/other", Some(&pattern()), &Platform::PLAIN).unwrap();
    assert_eq!(change.remove.uris, ["https://p1-team.vercel.app/api/auth/callback"]);
    assert_eq!(change.remove.domains, [""; 0]);
}

#[test]
fn a_removed_preview_loses_its_callback_and_its_host() {
    let mut app = app(2);
    app["allowedRedirectUris"].as_array_mut().unwrap().push(json!("https://p0-team.vercel.app/other"));
    app["allowedRedirectDomains"].as_array_mut().unwrap().push(json!("https://p0-team.vercel.app"));
    let change = remove(&app, "P0-team.vercel.app", DEFAULT_CALLBACK, &Platform::PLAIN).unwrap();
    assert_eq!(change.remove.uris, ["https://p0-team.vercel.app/api/auth/callback"]);
    assert_eq!(change.remove.domains, ["p0-team.vercel.app", "https://p0-team.vercel.app"]);
    assert_eq!((change.left, change.add), (strings(&["https://p0-team.vercel.app/other"]), Entries::default()));
    let gone = remove(&app, "x-team.vercel.app", "/cb", &Platform::PLAIN).unwrap();
    assert_eq!(gone, PreviewChange::default());
}

#[test]
fn previews_are_pruned_by_those_that_stay_or_are_gone() {
    let app = app(3);
    let kept = keep_list("\u{feff}# deployments\nhttps://p1-team.vercel.app/\r\n\nP2-team.vercel.app\n").unwrap();
    assert_eq!(kept, ["p1-team.vercel.app", "p2-team.vercel.app"]);
    let change = prune(&app, &pattern(), Kept::Hosts(&kept)).unwrap();
    let expected = Entries {
        uris: strings(&["https://p0-team.vercel.app/api/auth/callback"]),
        domains: strings(&["p0-team.vercel.app"]),
    };
    assert_eq!(change.remove, expected);
    assert_eq!(hosts(&app, &pattern()).unwrap().len(), 3);
    let gone = strings(&["p0-team.vercel.app", "shop.example.com"]);
    assert_eq!(prune(&app, &pattern(), Kept::AllBut(&gone)).unwrap().remove, expected);
    assert_eq!(prune(&app, &pattern(), Kept::Hosts(&[])).unwrap().remove.uris.len(), 3);
}

#[test]
fn a_keep_list_with_other_text_is_refused_at_its_lines() {
    let error = keep_list("p1-team.vercel.app\nVercel CLI 39.0\nhttps://\n").unwrap_err();
    let lines: Vec<_> = error.violations.iter().map(|fault| fault.line).collect();
    assert_eq!((error.code, lines), (Code::Config, vec![Some(2), Some(3)]));
}

#[cfg(not(target_arch = "wasm32"))]
proptest::proptest! {
    #[test]
    fn an_entry_outside_the_pattern_is_never_removed(
        entries in proptest::collection::vec(
            proptest::prop_oneof![
                "https://[a-z]{1,3}-team\\.vercel\\.app/cb",
                "https://[a-z*@.]{1,6}-team\\.vercel\\.app(\\.evil\\.example)?/cb",
                "http://[a-z]{1,3}-team\\.vercel\\.app/cb",
                "\\PC{0,20}",
            ],
            0..25,
        ),
        url in "[a-z]{1,3}",
    ) {
        let app = json!({ "id": "a", "allowedRedirectUris": entries, "allowedRedirectDomains": entries });
        let changes = [
            prune(&app, &pattern(), Kept::Hosts(&[])),
            add(&app, &format!("{url}-team.vercel.app"), "/cb", Some(&pattern()), &Platform::PLAIN),
        ];
        for change in changes.into_iter().flatten() {
            for uri in &change.remove.uris {
                let host = uri.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
                let label = host.and_then(|host| host.strip_suffix("-team.vercel.app"));
                let is_label_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
                let is_label = |text: &str| text.bytes().all(is_label_byte);
                proptest::prop_assert!(label.is_some_and(is_label), "{uri}");
            }
            proptest::prop_assert!(change.remove.uris.iter().all(|uri| entries.contains(uri)));
        }
    }
}
