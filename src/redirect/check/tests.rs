//! The verdicts of both kinds, and the fixes.

use super::{After, Fix, RedirectChecker, RedirectVerdict, reason};
use crate::app::MAX_REDIRECTS;

mod checker;

const AFTERS: [After; 2] = [After::Authentication, After::Other];

/// Passes on the verdict after authentication, for an app with these redirect URIs.
fn with_verdict<T>(uris: &[&str], url: &str, read: impl FnOnce(RedirectVerdict<'_>) -> T) -> T {
    read(RedirectChecker::from_lists(uris, &[]).check(url, After::Authentication, None))
}

/// Passes on the verdict after other processes, for an app with these redirect domains.
fn with_domain_verdict<T>(domains: &[&str], url: &str, read: impl FnOnce(RedirectVerdict<'_>) -> T) -> T {
    read(RedirectChecker::from_lists(&[], domains).check(url, After::Other, None))
}

#[test]
fn the_position_is_counted_in_utf16_code_units() {
    let at = |entry, url| with_verdict(&[entry], url, |verdict| verdict.nearest.unwrap().at);
    assert_eq!(at("https://a/x", "https://a/y"), 10);
    // The URL ends too early.
    assert_eq!(at("https://a/xy", "https://a/x"), 11);
    // One unit, two units, and two characters that begin with the same unit and the same bytes.
    assert_eq!(at("https://a/éx", "https://a/éy"), 11);
    assert_eq!(at("https://a/😀x", "https://a/😀y"), 12);
    assert_eq!(at("https://a/😀", "https://a/😁"), 10);
    assert_eq!(at("https://a/é", "https://a/è"), 10);
}

#[test]
fn the_same_host_is_nearer_than_the_same_path() {
    let uris = ["https://other.example/callback", "https://shop.example/auth/login/callback"];
    with_verdict(&uris, "https://shop.example/callback", |verdict| {
        assert_eq!(verdict.nearest.unwrap().entry, uris[1]);
    });
}

#[test]
fn a_listed_url_that_readers_parse_differently_is_refused() {
    for url in [
        "https://a@b/cb",
        "https://a:b@c/cb",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a\\@b/",
        "//b/cb",
        "/\\b/cb",
        "https://a/\tb",
        "https://a/ b",
        "https://a.example/cb\n",
        " https://a.example/cb",
        "http://127.1/",
        "https://0x7f.1/",
        "https://a.example:080/",
        "https://a.example:0/",
        "https://a.example./",
        "https://a.example?@b/",
        "https://a.example#@b/",
        "https://[::1%25eth0]/",
        "https:a.example",
        "https:///a.example",
        "localhost:3000/cb",
        "https://ex%61mple.com/",
        "https://exämple.com/",
        "https://xn--example-.com/",
        "https://*/",
        "http://*.example.com/",
        "",
    ] {
        with_verdict(&[url], url, |verdict| {
            assert_eq!((verdict.allowed, verdict.reason, verdict.fix), (false, Some(reason::INVALID), None), "{url}");
            assert!(verdict.message.ends_with("remove it with disallowRedirects"), "{url}: {}", verdict.message);
        });
    }
}

#[test]
fn a_listed_url_is_allowed_whatever_follows_the_authority() {
    for url in [
        "https://a.example/cb#done",
        "https://a.example/café",
        "https://a.example/[x]|{y}^`",
        "https://a.example/%zz",
        "https://a.example/../b",
        "https://a.example/x?'",
        "http://a.example/cb",
        "HTTPS://A.example:443/cb",
        "com.example.app:/cb#x",
        "com.example.app://é".get(..18).unwrap(),
        "/device/callback",
    ] {
        with_verdict(&[url], url, |verdict| {
            assert_eq!((verdict.allowed, verdict.matched), (true, Some(url)), "{url}: {}", verdict.message);
        });
    }
}

#[test]
fn a_wildcard_stands_for_a_part_of_the_first_label() {
    for (entry, url, is_allowed) in [
        ("https://*-shop.example.com/cb", "https://pr-7-shop.example.com/cb", true),
        ("https://*-shop.example.com/cb", "https://A_b-shop.example.com/cb", true),
        ("https://shop-*.example.com/cb", "https://shop-7.example.com/cb", true),
        ("https://shop-*-x.example.com/cb?a=1", "https://shop-7-x.example.com/cb?a=1", true),
        ("https://*.example.com:8443/cb", "https://a.example.com:8443/cb", true),
        ("https://*-shop.example.com/cb", "https://*-shop.example.com/cb", true),
        ("https://*-shop.example.com/cb", "https://-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://--shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://a.b-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://evil.example/x-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://evil#-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://evil\\-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://evil:1@a-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://é-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://pr-shop.example.com/cb/", false),
        ("https://*-shop.example.com/cb", "https://pr-shop.example.com/CB", false),
        ("https://*-shop.example.com/cb", "http://pr-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "HTTPS://pr-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://pr-shop.example.com:8443/cb", false),
        ("http://*-shop.example.com/cb", "http://pr-shop.example.com/cb", false),
        ("http://*.localhost/cb", "http://a.localhost/cb", false),
        ("https://*.example.com/cb", "https://.example.com/cb", false),
        ("https://a*b*.example.com/", "https://axbby.example.com/", false),
        ("https://shop.*.com/cb", "https://shop.example.com/cb", false),
        ("https://shop.example.com/*", "https://shop.example.com/cb", false),
        ("https://*/cb", "https://localhost/cb", false),
        ("https://*:3000/cb", "https://localhost:3000/cb", false),
        ("https://*.0.0.1/cb", "https://127.0.0.1/cb", false),
        ("https://*.example.com@evil.example/", "https://a.example.com@evil.example/", false),
        ("*", "https://a.example.com/", false),
    ] {
        with_verdict(&[entry], url, |verdict| {
            assert_eq!(verdict.allowed, is_allowed, "{entry}: {url}");
            assert_eq!(verdict.matched, is_allowed.then_some(entry), "{entry}: {url}");
            let names_wildcard = verdict.message.contains("Wix's own tools");
            assert_eq!(names_wildcard, is_allowed && entry != url, "{}", verdict.message);
        });
    }
}

#[test]
fn a_domain_allows_every_url_on_it() {
    for (entry, url, is_allowed) in [
        ("shop.example.com", "https://shop.example.com", true),
        ("shop.example.com", "https://shop.example.com/thanks?order=7#x", true),
        ("shop.example.com", "https://shop.example.com#x", true),
        ("shop.example.com", "https://shop.example.com/café/[a]|b", true),
        ("shop.example.com", "https://shop.example.com/a/../b", true),
        ("shop.example.com", "https://shop.example.com/%zz", true),
        ("shop.example.com", "https://shop.example.com:8443/", true),
        ("shop.example.com", "https://shop.example.com:443/", true),
        ("shop.example.com", "https://shop.example.com/?@evil.example/", true),
        ("shop.example.com:8443", "https://shop.example.com:8443/", true),
        ("https://shop.example.com", "https://shop.example.com:8443/x", true),
        ("https://shop.example.com:8443", "https://shop.example.com:8443/x", true),
        ("localhost:4321", "http://localhost:4321/thanks", true),
        ("localhost:4321", "https://localhost:4321/thanks", true),
        ("http://localhost:4321", "http://localhost:4321/thanks", true),
        ("localhost", "http://localhost/", true),
        ("[::1]:3000", "http://[::1]:3000/", true),
        ("shop.example.com:8443", "https://shop.example.com:8444/", false),
        ("shop.example.com:8443", "https://shop.example.com/", false),
        ("shop.example.com:443", "https://shop.example.com/", false),
        ("https://shop.example.com", "http://shop.example.com/x", false),
        ("http://shop.example.com", "http://shop.example.com/x", false),
        ("http://localhost:4321", "https://localhost:4321/", false),
        ("localhost", "http://localhost:4321/", false),
        ("http://localhost", "http://localhost:4321/", false),
        ("localhost", "http://localhost:80/", false),
        ("https://shop.example.com/", "https://shop.example.com/x", false),
        ("shop.example.com", "http://shop.example.com/", false),
        ("shop.example.com", "HTTPS://shop.example.com/", false),
        ("shop.example.com", "https://SHOP.example.com/", false),
        ("shop.example.com", "https://shop.example.com?@evil.example/", false),
        ("shop.example.com", "https://shop.example.com/\\evil.example", false),
        ("shop.example.com", "https://shop.example.com/a b", false),
        ("shop.example.com", "https://shop.example.com/\r\nx: y", false),
        ("shop.example.com", "https://shop.example.com./", false),
        ("shop.example.com", "https://shop.example.com:0443/", false),
        ("shop.example.com", "com.example.app://shop.example.com/", false),
        ("*.example.com", "https://shop.example.com/", false),
        ("*.example.com", "https://*.example.com/", false),
        ("127.1", "https://127.1/", false),
        ("", "https://shop.example.com/", false),
    ] {
        with_domain_verdict(&[entry], url, |verdict| {
            assert_eq!(verdict.allowed, is_allowed, "{entry}: {url}: {}", verdict.message);
            assert_eq!(verdict.matched, is_allowed.then_some(entry));
        });
    }
}

/// Returns the fix, or the message, which says why there is none. The tests look for a part of it.
#[test]
fn a_fix_is_given_only_for_an_entry_that_is_likely_meant() {
    let uri = |list: &[&str], url: &str| with_verdict(list, url, |verdict| text_of(&verdict));
    let domain = |list: &[&str], url: &str| with_domain_verdict(list, url, |verdict| text_of(&verdict));
    let good = "https://shop.example.com/cb";
    assert_eq!(uri(&[], good), format!("fix uris {good}"));
    assert_eq!(domain(&[], good), "fix domains shop.example.com");
    assert_eq!(domain(&[], "http://localhost:3000/cb"), "fix domains localhost:3000");
    assert_eq!(domain(&[], "https://localhost:3000/cb"), "fix domains localhost:3000");
    assert_eq!(domain(&[], "https://shop.example.com:8443/cb#x"), "fix domains shop.example.com");

    for url in [
        "https://shop.example.com/cb?code=1",
        "https://shop.example.com/cb?a=1&state=x",
        "https://shop.example.com/cb?%63ode=1",
        "https://shop.example.com/cb?STATE",
        "https://shop.example.com/cb?a;code=1",
        "https://shop.example.com/x?client_id=1&response_type=code",
        "https://shop.example.com/x?redirect%5furi=https://a.example/",
    ] {
        for (list, said) in [("uri", uri(&[], url)), ("domain", domain(&[], url))] {
            assert!(said.contains("parameter of a login"), "{list} {url}: {said}");
        }
    }
    for url in ["https://shop.example.com/cb#access_token=1", "https://shop.example.com/#/cb?code=1"] {
        assert!(domain(&[], url).contains("parameter of a login"), "{url}");
    }
    for url in [
        "https://www.wix.example/_api/oauth2/authorize",
        "https://shop.example.com/oauth2/authorize",
        "https://shop.example.com/oauth2%2Fauthorize/",
        "https://shop.example.com/Authorize",
    ] {
        for said in [uri(&[], url), domain(&[], url)] {
            assert!(said.contains("authorize URL"), "{url}: {said}");
        }
    }
    for url in [
        "https://undefined.example.com/cb",
        "https://null/cb",
        "https://shop.undefined/cb",
        "https://your-domain.com/cb",
        "https://YOURSHOP.example.com/cb",
        "https://mydomain.com/cb",
    ] {
        for said in [uri(&[], url), domain(&[], url)] {
            assert!(said.contains("placeholder"), "{url}: {said}");
        }
    }
    // These look like a placeholder or a login parameter and are neither.
    for url in ["https://example.com/cb", "https://myapp.vercel.app/codes?scope=a"] {
        assert!(uri(&[], url).starts_with("fix uris "), "{url}");
        assert!(domain(&[], url).starts_with("fix domains "), "{url}");
    }
    for (url, part) in [
        ("https://192.0.2.1/cb", "address"),
        ("https://*.example.com/cb", "*"),
        ("https://shop.example.com", "no path"),
        ("https://SHOP.example.com/cb", "browsers"),
        ("http://shop.example.com/cb", "plain http"),
        ("myapp:/cb", "scheme"),
    ] {
        let said = uri(&[], url);
        assert!(!said.starts_with("fix ") && said.contains(part), "{url}: {said}");
    }
    for (url, part) in [
        ("https://192.0.2.1/cb", "address"),
        ("https://vercel.app/cb", "anyone"),
        ("https://shop/cb", "full domain name"),
        ("https://shop.example.com/https://evil.example", "carries another URL"),
        ("http://shop.example.com/cb", "plain http"),
    ] {
        let said = domain(&[], url);
        assert!(!said.starts_with("fix ") && said.contains(part), "{url}: {said}");
    }
}

#[test]
fn a_fix_is_given_only_if_the_list_accepts_it() {
    let good = "https://shop.example.com/cb";
    let uri = |list: &[&str]| with_verdict(list, good, |verdict| text_of(&verdict));
    let domain = |list: &[&str]| with_domain_verdict(list, good, |verdict| text_of(&verdict));
    // An old entry with an error in a draft does not matter: allowRedirects judges only the new ones.
    for old in ["https://user@a.example/cb", "http://a.example/cb", "https://a.example/cb#x", "https://é.example/"] {
        assert!(uri(&[old]).starts_with("fix uris "), "{old}: {}", uri(&[old]));
    }
    for bad in ["/cb", "a.example", "https://a.example/a b", "https:///cb", "x:", "https://a.example/<b>"] {
        let said = uri(&["https://a.example/", bad]);
        assert!(said.contains(&format!("first remove {bad} with disallowRedirects")), "{said}");
    }
    for same in ["https://shop.example.com:443/cb", "HTTPS://shop.example.com/cb"] {
        assert!(uri(&[same]).contains(&format!("first remove {same} with disallowRedirects, then add {good}")));
    }
    for same in ["SHOP.example.com", "http://shop.example.com", "https://shop.example.com/"] {
        let said = domain(&[same]);
        assert!(said.contains(&format!("first remove {same} with disallowRedirects, then add shop")), "{said}");
    }

    let entries: Vec<String> = (0..MAX_REDIRECTS).map(|n| format!("https://example.com/{n}")).collect();
    let mut full: Vec<&str> = entries.iter().map(String::as_str).collect();
    assert!(uri(&full[1..]).starts_with("fix uris "));
    assert!(uri(&full).contains("full: to allow it, first remove an entry that is no longer used"), "{}", uri(&full));
    full[7] = "http://localhost:3000/cb";
    assert!(uri(&full).contains("first remove http://localhost:3000/cb"), "{}", uri(&full));
    full[9] = full[8];
    assert!(uri(&full).contains("first remove https://example.com/8"), "{}", uri(&full));
    full[3] = "http://a.example/cb";
    assert!(uri(&full).contains("first remove http://a.example/cb"), "{}", uri(&full));
}

fn text_of(verdict: &RedirectVerdict<'_>) -> String {
    assert!(verdict.fix.is_none() || !verdict.message.contains("to allow it"), "{}", verdict.message);
    verdict.fix.map_or_else(|| verdict.message.to_string(), |Fix { list, entry }| format!("fix {list} {entry}"))
}
