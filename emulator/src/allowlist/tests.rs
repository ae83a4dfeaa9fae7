//! The URLs that an entry of a list allows.

use serde_json::json;

use super::*;
use crate::http::json::Object;

fn app(list: &str, entries: &[&str]) -> App {
    App::new("", Object::from_iter([(list.to_owned(), json!(entries))]), None)
}

#[test]
fn a_redirect_uri_is_compared_byte_for_byte() {
    let entry = "https://shop.example.com/cb?a=1";
    let app = app("allowedRedirectUris", &["https://other.example.com/", entry]);
    for (uri, allowed) in [
        (entry, true),
        ("https://shop.example.com/cb", false),
        ("https://shop.example.com/cb?a=1&b", false),
        ("https://shop.example.com/cb/?a=1", false),
        ("https://shop.example.com:443/cb?a=1", false),
        ("https://SHOP.example.com/cb?a=1", false),
        ("HTTPS://shop.example.com/cb?a=1", false),
        ("http://shop.example.com/cb?a=1", false),
        ("https://shop.example.com/%63b?a=1", false),
        (" https://shop.example.com/cb?a=1", false),
        ("", false),
    ] {
        assert_eq!(allows_uri(&app, uri, &Options::default()), allowed, "{uri}");
    }
}

#[test]
fn a_wildcard_matches_a_part_of_the_first_label() {
    let off = Options { wildcard_redirects: false, ..Options::default() };
    for (entry, uri, allowed) in [
        ("https://*-shop.example.com/cb", "https://pr-7-shop.example.com/cb", true),
        ("https://*-shop.example.com/cb", "https://-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://a.b-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://evil.example/x-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://evil.example#-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://evil#-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://evil?-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://evil\\-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://evil:1@a-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://é-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://pr-shop.example.com/cb/", false),
        ("https://*-shop.example.com/cb", "http://pr-shop.example.com/cb", false),
        ("https://*-shop.example.com/cb", "https://pr-shop.example.com:8443/cb", false),
        ("https://*.example.com/cb", "https://a.example.com/cb", true),
        ("https://*.example.com/cb", "https://a.b.example.com/cb", false),
        ("https://*.example.com/cb", "https://.example.com/cb", false),
        ("https://a*b*.example.com/", "https://axbby.example.com/", false),
        ("https://a*b*.example.com/", "https://ab.example.com/", false),
        ("https://a*b*.example.com/", "https://axb.example.com/", false),
        ("https://shop.*.com/cb", "https://shop.example.com/cb", false),
        ("https://shop.example.com/*", "https://shop.example.com/cb", false),
        ("https://*.example.com:*/cb", "https://a.example.com:1/cb", false),
        ("*", "https://a.example.com/", false),
        ("https://*/cb", "https://localhost/cb", false),
        ("https://*.0.0.1/cb", "https://127.0.0.1/cb", false),
        ("http://*.example.com/cb", "http://a.example.com/cb", false),
        ("http://*.localhost:3000/cb", "http://a.localhost:3000/cb", false),
        ("HTTPS://*.example.com/cb", "HTTPS://a.example.com/cb", false),
        ("https://*.example.com@evil.example/", "https://a.example.com@evil.example/", false),
    ] {
        let app = app("allowedRedirectUris", &[entry]);
        assert_eq!(allows_uri(&app, uri, &Options::default()), allowed, "{entry}: {uri}");
        assert!(!allows_uri(&app, uri, &off), "{entry}: {uri}");
    }
    let entry = "https://*-shop.example.com/cb";
    assert!(allows_uri(&app("allowedRedirectUris", &[entry]), entry, &off));
}

#[test]
fn an_ambiguous_uri_is_refused_although_it_is_listed() {
    for (uri, allowed) in [
        ("https://a.example/cb#done", true),
        ("https://a.example/café/[x]/../y", true),
        ("http://a.example/cb", true),
        ("HTTPS://A.example:443/cb", true),
        ("com.example.app:/cb", true),
        ("com.example.app://cb", true),
        ("/device/callback", true),
        ("https://a@b/cb", false),
        ("https://a\\@b/", false),
        ("//b/cb", false),
        ("/\\b/cb", false),
        ("https://a.example/\tb", false),
        ("https://a.example/a b", false),
        ("javascript:alert(1)", false),
        ("http://127.1/", false),
        ("https://a.example./", false),
        ("https://a.example:0/", false),
        ("https://a.example?@b/", false),
        ("https:a.example", false),
        ("localhost:3000/cb", false),
        ("https://xn--example-.com/", false),
        ("https://[0:0:0:0:0:0:0:1]/", false),
        ("", false),
    ] {
        let app = app("allowedRedirectUris", &[uri]);
        assert_eq!(allows_uri(&app, uri, &Options::default()), allowed, "{uri}");
    }
}

#[test]
fn a_path_that_contains_a_url_is_refused() {
    let app = app("allowedRedirectDomains", &["shop.example.com"]);
    for (path, allowed) in [
        ("//cb", true),
        ("/a//b", true),
        ("/https", true),
        ("/a:b@c.d", true),
        ("/%", true),
        ("/https://evil.example", false),
        ("/https:%2f%2fevil.example", false),
        ("/https%253A%252f%252fevil.example", false),
        ("/http:evil", false),
        ("//evil.example", false),
        ("/%2fevil.example", false),
        ("/%5cevil.example", false),
        ("/a//localhost", false),
        ("//2130706433", false),
        ("//0x7f", false),
        ("//[::1]", false),
    ] {
        let url = format!("https://shop.example.com{path}");
        assert_eq!(allows_domain(&app, &url, &Options::default()), allowed, "{path}");
    }
}

#[test]
fn a_domain_allows_every_unambiguous_url_on_it() {
    for (entry, url, allowed) in [
        ("shop.example.com", "https://shop.example.com", true),
        ("shop.example.com", "https://shop.example.com/thanks?order=7#x", true),
        ("shop.example.com", "https://shop.example.com?x", true),
        ("shop.example.com", "https://shop.example.com#x", true),
        ("shop.example.com", "https://shop.example.com:8443/", true),
        ("shop.example.com", "http://shop.example.com/", false),
        ("shop.example.com", "com.example.app://shop.example.com/", false),
        ("shop.example.com", "https://www.shop.example.com/", false),
        ("shop.example.com", "https://example.com/", false),
        ("shop.example.com", "https://evilshop.example.com/", false),
        ("shop.example.com", "https://shop.example.com.evil.example/", false),
        ("shop.example.com", "https://shop.example.com@evil.example/", false),
        ("shop.example.com", "https://evil.example@shop.example.com/", false),
        ("shop.example.com", "https://evil.example/@shop.example.com/", false),
        ("shop.example.com", "https://shop.example.com?@evil.example/", false),
        ("shop.example.com", "https://shop.example.com/?@evil.example/", true),
        ("shop.example.com", "https://evil.example\\@shop.example.com/", false),
        ("shop.example.com", "https://shop.example.com\\.evil.example/", false),
        ("shop.example.com", "https://shop.example.com./", false),
        ("shop.example.com", "https://shop.example.com:x/", false),
        ("shop.example.com", "https://shop.example.com:/", false),
        ("shop.example.com", "https://shop.example.com:99999/", false),
        ("shop.example.com", "https://shop%2Eexample.com/", false),
        ("shop.example.com", "https:shop.example.com/", false),
        ("shop.example.com", "//shop.example.com/", false),
        ("shop.example.com", "shop.example.com", false),
        ("shop.example.com", " https://shop.example.com/", false),
        ("shop.example.com", "https://shop.example.com/\r\nx: y", false),
        ("shop.example.com:8443", "https://shop.example.com:8443/", true),
        ("shop.example.com:8443", "https://shop.example.com:8444/", false),
        ("shop.example.com:8443", "https://shop.example.com/", false),
        ("localhost:4321", "http://localhost:4321/thanks", true),
        ("localhost:4321", "https://localhost:4321/thanks", true),
        ("localhost:4321", "http://localhost:4322/thanks", false),
        ("localhost:4321", "http://localhost/thanks", false),
        ("localhost", "http://localhost:4321/", false),
        ("localhost", "http://localhost/", true),
        ("127.0.0.1:3000", "http://127.0.0.1:3000/", true),
        ("[::1]:3000", "http://[::1]:3000/", true),
        ("[::1]", "http://[::1]/", true),
        ("[::1]", "http://[::1]:3000/", false),
        ("localhost", "http://shop.localhost/", false),
        ("shop.localhost", "http://shop.localhost/", true),
        ("shop.localhost", "http://shop.localhost:3000/", false),
        ("127.0.0.2:3000", "http://127.0.0.2:3000/", true),
        ("shop.example.com", "https://shop.example.com:443/", true),
        ("shop.example.com", "HTTPS://shop.example.com/", false),
        ("shop.example.com", "https://SHOP.example.com/", false),
        ("shop.example.com", "https://shop.example.com/café/[a]", true),
        ("https://shop.example.com", "https://shop.example.com:8443/x", true),
        ("*.example.com", "https://*.example.com/", false),
        ("https://shop.example.com", "https://shop.example.com/x", true),
        ("https://shop.example.com", "http://shop.example.com/x", false),
        ("http://shop.example.com", "http://shop.example.com/x", false),
        ("https://shop.example.com:8443", "https://shop.example.com/x", false),
        ("https://shop.example.com/", "https://shop.example.com/x", false),
        ("*.example.com", "https://shop.example.com/", false),
        ("", "https:///x", false),
        ("", "https://shop.example.com/", false),
    ] {
        let app = app("allowedRedirectDomains", &[entry]);
        assert_eq!(allows_domain(&app, url, &Options::default()), allowed, "{entry}: {url}");
    }
}

#[test]
fn sub_domains_and_ignored_ports_are_options() {
    let below = Options { subdomain_redirects: true, ..Options::default() };
    let any_port = Options { domain_ports: DomainPorts::Ignored, ..Options::default() };
    for (options, entry, url, allowed) in [
        (&below, "example.com", "https://shop.example.com/", true),
        (&below, "example.com", "https://a.shop.example.com/", true),
        (&below, "example.com", "https://example.com/", true),
        (&below, "example.com", "https://evilexample.com/", false),
        (&below, "example.com", "https://.example.com/", false),
        (&below, "example.com", "http://shop.example.com/", false),
        (&below, "", "https://shop.example.com/", false),
        (&any_port, "shop.example.com:8443", "https://shop.example.com/", true),
        (&any_port, "shop.example.com:8443", "https://shop.example.com:9/", true),
        (&any_port, "localhost:4321", "http://localhost:4322/", false),
    ] {
        let app = app("allowedRedirectDomains", &[entry]);
        assert_eq!(allows_domain(&app, url, options), allowed, "{entry}: {url}");
    }
}
