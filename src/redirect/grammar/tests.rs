use std::net::Ipv6Addr;

use super::{HostKind, Reason, Refusal, Uri, parse, parse_authority};

#[test]
fn the_parts_of_a_web_url() {
    let text = "HTTPS://Shop.example.com:8443/a/b?c=d";
    let uri = parse(text).unwrap();
    let expected = Uri {
        text,
        scheme: "HTTPS",
        host: Some("Shop.example.com"),
        host_kind: HostKind::Name,
        port: Some(8443),
        path: "/a/b",
        query: Some("c=d"),
    };
    assert_eq!(uri, expected);
    assert_eq!(uri.canonical(), "https://shop.example.com:8443/a/b?c=d");
}

#[test]
fn the_parts_of_a_custom_scheme() {
    let parts = |text| parse(text).map(|uri| (uri.scheme, uri.host, uri.port, uri.path, uri.query));
    assert_eq!(parts("com.example.app:/cb?x"), Ok(("com.example.app", None, None, "/cb", Some("x"))));
    assert_eq!(parts("com.example.app://cb"), Ok(("com.example.app", Some("cb"), None, "", None)));
    assert_eq!(parts("com.example.app://cb:80/x"), Ok(("com.example.app", Some("cb"), Some(80), "/x", None)));
    assert_eq!(parts("com.example.app:///cb"), Ok(("com.example.app", Some(""), None, "/cb", None)));
    assert_eq!(parts("urn:ietf:wg:oauth:2.0:oob"), Ok(("urn", None, None, "ietf:wg:oauth:2.0:oob", None)));
}

#[test]
fn the_kinds_of_hosts() {
    for (host, kind) in [
        ("localhost", HostKind::Name),
        ("1.2.3.4", HostKind::Ipv4),
        ("1.2.3.a", HostKind::Name),
        ("[::1]", HostKind::Ipv6),
        ("*.example.com", HostKind::Wildcard),
    ] {
        assert_eq!(parse_authority(host).map(|authority| authority.host_kind), Ok(kind), "{host}");
    }
}

#[test]
fn canonical_spelling() {
    for (text, canonical) in [
        ("https://example.com/", "https://example.com/"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com?q", "https://example.com/?q"),
        ("https://EXAMPLE.com:443/A", "https://example.com/A"),
        ("http://localhost:443/", "http://localhost:443/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("Com.Example.App:/A?B", "com.example.app:/A?B"),
    ] {
        let uri = parse(text).unwrap();
        assert_eq!(uri.canonical(), canonical, "{text}");
        assert_eq!(uri.is_canonical(), text == canonical, "{text}");
    }
}

#[test]
fn the_place_of_a_fault() {
    for (text, reason, at) in [
        ("", Reason::NotAbsolute, 0),
        ("example.com/ cb", Reason::Space, 12),
        ("https:/example.com", Reason::Slashes, 6),
        ("https://", Reason::NoHost, 8),
        ("https://user@example.com/", Reason::Userinfo, 12),
        ("https://exam\tple@x/", Reason::Control, 12),
        ("https://example.com\\@evil.example/", Reason::Backslash, 19),
        ("https://exämple.com/", Reason::HostNonAscii, 10),
        ("https://a%2eb/", Reason::HostEscape, 9),
        ("https://[fe80::1%25lo]/", Reason::Zone, 16),
        ("https://a.b!c/", Reason::Host, 11),
        ("https://a..b/", Reason::Label, 10),
        ("https://a.256.1/", Reason::Ipv4, 8),
        ("https://[::x]/", Reason::Ipv6, 8),
        ("https://a:0/", Reason::Port, 10),
        ("https://a.*.b/", Reason::Wildcard, 10),
        ("https://a/b/../c", Reason::DotSegment, 12),
        ("https://a?b@c", Reason::AtSign, 10),
        ("https://a/ä", Reason::NonAscii, 10),
        ("https://a/?'", Reason::Apostrophe, 11),
        ("https://a/?<", Reason::Character, 11),
        ("https://a/%4", Reason::Escape, 10),
        ("https://a/?#", Reason::Fragment, 11),
        ("javascript:x", Reason::Scheme, 0),
    ] {
        assert_eq!(parse(text), Err(Refusal { reason, at }), "{text:?}");
    }
}

/// The standard library writes addresses as RFC 5952 asks, but for those that hold an IPv4 address.
#[test]
fn ipv6_in_its_shortest_form_alone() {
    let mut seen = 0;
    for zeros in 0..=u8::MAX {
        for group in [0x1_u16, 0xA0, 0xFFFF] {
            let groups = std::array::from_fn(|at| if zeros >> at & 1 == 1 { 0 } else { group });
            let address = Ipv6Addr::from(groups);
            let long = groups.map(|group| format!("{group:x}")).join(":");
            if !address.to_string().contains('.') {
                seen += 1;
                assert!(parse(&format!("https://[{address}]/")).is_ok(), "{address}");
            }
            assert_eq!(parse(&format!("https://[{long}]/")).is_ok(), long == address.to_string(), "{long}");
        }
    }
    assert!(seen > 700);
}

#[test]
fn ipv6_malformed() {
    for address in [
        "",
        ":",
        ":::",
        "::1::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "::12345",
        "::g",
        "1:",
        ":1",
        "::01",
        "::0",
        "0::",
        "1:0::2",
        "::0:1",
        "::1.2.3.4",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
    ] {
        assert!(parse(&format!("https://[{address}]/")).is_err(), "{address:?}");
    }
}

#[test]
fn punycode() {
    // RFC 3492 §7.1: Arabic, Chinese, Czech, Hebrew, Japanese (with ASCII), Vietnamese.
    for label in [
        "xn--egbpdaj6bu4bxfgehfvwxn",
        "xn--ihqwcrb4cv8a8dqg056pqjye",
        "xn--Proprostnemluvesky-uyb24dma41a",
        "xn--4dbcagdahymbxekheh6e0a7fei0b",
        "xn--3B-ww4c5e180e575a65lsy2b",
        "xn--TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g",
        "XN--FA-HIA",
    ] {
        assert!(parse(&format!("https://{label}.example/")).is_ok(), "{label}");
    }
    for label in ["xn--", "xn--a", "xn--abc-", "xn--abc-9", "xn--99999999999", "xn--a_b", "xn--*"] {
        assert!(parse(&format!("https://{label}.example/")).is_err(), "{label}");
    }
}

#[test]
fn lengths() {
    let label = "a".repeat(63);
    let host = [&*label, &label, &label, &"a".repeat(61)].join(".");
    assert_eq!(host.len(), 253);
    assert!(parse(&format!("https://{host}/")).is_ok());
    assert!(parse(&format!("https://a{host}/")).is_err());
    // Linear: this takes no time.
    assert!(parse(&format!("https://example.com/{}", "a/".repeat(1 << 20))).is_ok());
    assert!(parse(&"https:".repeat(1 << 18)).is_err());
    assert!(parse(&format!("https://{}", "a.".repeat(1 << 20))).is_err());
}
