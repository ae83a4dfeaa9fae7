use super::{After, Nearest, RedirectVerdict, check_redirect, reason};

fn nearest<'a>(uris: &'a [&'a str], url: &'a str) -> Option<Nearest<'a>> {
    check_redirect(uris, &[], url, After::Authentication).nearest
}

#[test]
fn the_place_is_counted_as_javascript_counts() {
    let at = |entry, url| nearest(&[entry], url).map(|nearest| nearest.at);
    assert_eq!(at("https://a/x", "https://a/y"), Some(10));
    // The URL ends too early.
    assert_eq!(at("https://a/xy", "https://a/x"), Some(11));
    // One unit, two units, and two characters that begin with the same unit and the same bytes.
    assert_eq!(at("https://a/éx", "https://a/éy"), Some(11));
    assert_eq!(at("https://a/😀x", "https://a/😀y"), Some(12));
    assert_eq!(at("https://a/😀", "https://a/😁"), Some(10));
    assert_eq!(at("https://a/é", "https://a/è"), Some(10));
}

#[test]
fn the_same_host_is_nearer_than_the_same_path() {
    let uris = ["https://other.example/callback", "https://shop.example/auth/login/callback"];
    assert_eq!(nearest(&uris, "https://shop.example/callback").unwrap().entry, uris[1]);
}

#[test]
fn a_hostile_entry_is_not_vouched_for() {
    for url in ["https://a@b/cb", "javascript:alert(1)", "https://a\\@b/", "//b/cb", "https://a/\tb", "http://127.1/"] {
        let list = [url];
        let verdict = check_redirect(&list, &[], url, After::Authentication);
        assert_eq!((verdict.allowed, verdict.reason, verdict.fix), (false, Some(reason::INVALID), None), "{url}");
    }
}

#[test]
fn what_is_allowed_needs_no_memory_of_its_own() {
    let (uris, domains) = (["https://a.example/cb"], ["a.example"]);
    for after in [After::Authentication, After::Other] {
        let verdict = check_redirect(&uris, &domains, uris[0], after);
        assert!(verdict.allowed && matches!(verdict.message, std::borrow::Cow::Borrowed(_)));
    }
}

#[test]
fn it_crosses_as_the_interface_has_it() {
    let uris = ["https://a.example/cb"];
    let to_json = |verdict: &RedirectVerdict<'_>| serde_json::to_value(verdict.to_value()).unwrap();
    let refused = to_json(&check_redirect(&uris, &[], "https://a.example/cb/", After::Authentication));
    assert_eq!(refused["nearest"], serde_json::json!({ "entry": uris[0], "at": 20 }));
    assert_eq!(refused["fix"], serde_json::json!({ "allowedRedirectUris": [uris[0], "https://a.example/cb/"] }));
    let allowed = to_json(&check_redirect(&uris, &[], uris[0], After::Authentication));
    let names: Vec<&str> = allowed.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["allowed", "matched", "message"]);
}
