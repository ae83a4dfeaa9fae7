use super::*;
use crate::redirect::grammar;

#[test]
fn domains_are_the_same_if_they_allow_the_same() {
    let groups: [&[&str]; 13] = [
        &[
            "shop.example.com",
            "https://shop.example.com",
            "Shop.Example.COM",
            "HTTPS://shop.example.com",
            "https://shop.example.com/",
        ],
        &["http://shop.example.com", "HTTP://Shop.example.com"],
        &["shop.example.com:8443", "https://shop.example.com:8443", "https://SHOP.example.com:8443/"],
        &["www.shop.example.com", "https://www.shop.example.com"],
        &["localhost:3000", "http://localhost:3000", "HTTP://LocalHost:3000/"],
        &["https://localhost:3000"],
        &["localhost:3001", "http://localhost:3001"],
        &["localhost", "http://localhost"],
        &["127.0.0.1:3000", "http://127.0.0.1:3000"],
        &["[::1]:3000", "http://[::1]:3000"],
        &["*.shop.example.com", "https://*.shop.example.com"],
        &["https://(.*)-shop.example.com", "https://(.*)-SHOP.example.com"],
        &["shop.example.com/path"],
    ];
    for (at, group) in groups.iter().enumerate() {
        for (other_at, other) in groups.iter().enumerate() {
            for one in *group {
                for two in *other {
                    for storage in [Storage::Unknown, Storage::Verbatim, Storage::NormalForm] {
                        let is_same = is_same_entry(EntryKind::Domain, storage, one, two);
                        assert_eq!(is_same, at == other_at, "{one} and {two}");
                    }
                }
            }
        }
    }
}

#[test]
fn uris_are_the_same_byte_for_byte_or_in_normal_form() {
    // The result for unknown, verbatim and normal-form storage.
    for (one, other, expected) in [
        ("https://shop.example.com/cb", "https://shop.example.com/cb", [true, true, true]),
        ("HTTPS://Shop.example.com:443/cb", "https://shop.example.com/cb", [true, false, true]),
        ("https://shop.example.com", "https://shop.example.com/", [false, false, true]),
        ("https://shop.example.com?a=1", "https://shop.example.com/?a=1", [false, false, true]),
        ("http://localhost:80/cb", "http://localhost/cb", [true, false, true]),
        ("http://localhost:443/cb", "http://localhost/cb", [false, false, false]),
        ("https://shop.example.com/CB", "https://shop.example.com/cb", [false, false, false]),
        ("https://shop.example.com/cb/", "https://shop.example.com/cb", [false, false, false]),
        ("https://shop.example.com/cb", "shop.example.com/cb", [false, false, false]),
        ("Com.Example.App:/cb", "com.example.app:/cb", [true, false, true]),
        ("com.example.app://CB", "com.example.app://cb", [true, false, true]),
        // A list may hold entries that the grammar refuses.
        ("HTTPS://shop.example.com/cb#done", "https://shop.example.com/cb#done", [true, false, true]),
        ("not a URI", "Not a URI", [false, false, false]),
    ] {
        let found = [Storage::Unknown, Storage::Verbatim, Storage::NormalForm]
            .map(|storage| is_same_entry(EntryKind::Uri, storage, one, other));
        assert_eq!(found, expected, "{one} and {other}");
    }
}

#[test]
fn loopback_entries() {
    for (entry, in_uris, in_domains) in [
        ("http://localhost:3000/cb", true, true),
        ("http://127.0.0.1/cb", true, true),
        ("https://[::1]:8443/cb", true, true),
        ("localhost:3000", false, true),
        ("https://shop.example.com/cb", false, false),
        ("https://localhost.example.com", false, false),
        ("com.example.app:/cb", false, false),
        ("", false, false),
    ] {
        assert_eq!(is_loopback(EntryKind::Uri, entry), in_uris, "{entry}");
        assert_eq!(is_loopback(EntryKind::Domain, entry), in_domains, "{entry}");
    }
}

#[test]
fn the_normal_form_is_the_browsers_spelling() {
    for scheme in ["https", "HTTP", "Com.App"] {
        for host in ["shop.example", "Shop.Example", "localhost"] {
            for port in ["", ":443", ":80", ":8443"] {
                for rest in ["", "/", "/Cb", "?q=A", "/?q=A"] {
                    let text = [scheme, "://", host, port, rest].concat();
                    let normal = normal_form(&text);
                    assert_eq!(normal_form(&normal), normal);
                    if let Ok(uri) = grammar::parse(&text) {
                        assert_eq!(normal, uri.canonical());
                    }
                }
            }
        }
    }
}
