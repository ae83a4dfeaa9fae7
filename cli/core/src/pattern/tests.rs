use super::*;

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap()
}

#[test]
fn a_preview_is_known_by_scheme_and_host() {
    use EntryKind::{Domain, Uri};
    for (text, kind, entry, expected) in [
        ("https://*-team.vercel.app", Uri, "https://shop-team.vercel.app/api/auth/callback", true),
        ("https://*-team.vercel.app", Uri, "https://shop-team.vercel.app", true),
        ("https://*-team.vercel.app/**", Uri, "https://shop-team.vercel.app/cb?x=1", true),
        ("*-team.vercel.app", Uri, "https://shop-team.vercel.app/cb", true),
        ("*-team.vercel.app", Uri, "http://shop-team.vercel.app/cb", true),
        ("https://*-team.vercel.app", Uri, "HTTPS://Shop-Team.Vercel.app/cb", true),
        ("https://*-team.vercel.app", Uri, "https://shop-team.vercel.app:443/cb", true),
        ("https://*-team.vercel.app", Domain, "shop-team.vercel.app", true),
        ("https://*-team.vercel.app", Domain, "https://shop-team.vercel.app", true),
        ("https://*-team.vercel.app", Domain, "http://shop-team.vercel.app", true),
        ("http://localhost:3000", Uri, "http://localhost:3000/cb", true),
        ("https://*-team.vercel.app", Uri, "http://shop-team.vercel.app/cb", false),
        ("https://*-team.vercel.app", Uri, "https://shop-team.vercel.app:8443/cb", false),
        ("https://*-team.vercel.app", Uri, "https://shop-team.vercel.app.evil.example/cb", false),
        ("https://*-team.vercel.app", Uri, "https://a.b-team.vercel.app/cb", false),
        ("https://*-team.vercel.app", Uri, "https://evil.example/https://x-team.vercel.app", false),
        ("https://*-team.vercel.app", Uri, "https://x-team.vercel.app@evil.example/", false),
        ("https://*-team.vercel.app", Uri, r"https://evil.example\@x-team.vercel.app/", false),
        ("https://*-team.vercel.app", Uri, "https://*-team.vercel.app/cb", false),
        ("https://*-team.vercel.app", Domain, "vercel.app", false),
        ("https://*-team.vercel.app", Domain, "shop-team.vercel.app:8443", false),
        ("https://*-team.vercel.app", Domain, "https://shop-team.vercel.app/path", false),
        ("https://*-team.vercel.app", Uri, "com.example.app://x-team.vercel.app/cb", false),
    ] {
        assert_eq!(Pattern::parse_previews(text).unwrap().covers(kind, entry), expected, "{text} {entry}");
    }
}

#[test]
fn an_ignored_entry_matches_by_its_path_too() {
    use EntryKind::{Domain, Uri};
    for (text, kind, entry, expected) in [
        ("https://*-team.vercel.app/**", Uri, "https://shop-team.vercel.app/api/auth/callback", true),
        ("https://*-team.vercel.app/**", Uri, "https://shop-team.vercel.app", true),
        ("https://*-team.vercel.app/**", Domain, "shop-team.vercel.app", false),
        ("*-team.vercel.app", Domain, "shop-team.vercel.app", true),
        ("*-team.vercel.app", Uri, "https://shop-team.vercel.app/cb", true),
        ("https://*-team.vercel.app", Domain, "shop-team.vercel.app", true),
        ("https://*-team.vercel.app", Domain, "http://shop-team.vercel.app", false),
        ("https://*-team.vercel.app", Uri, "https://shop-team.vercel.app/cb", true),
        ("https://*-team.vercel.app/cb", Uri, "https://shop-team.vercel.app/cb", true),
        ("https://*-team.vercel.app/cb", Uri, "https://shop-team.vercel.app/cb2", false),
        ("https://*-team.vercel.app/*/cb", Uri, "https://shop-team.vercel.app/a/cb", true),
        ("https://*-team.vercel.app/**", Uri, "https://*-team.vercel.app/cb", true),
        ("http://localhost:*", Uri, "http://localhost:3000/cb", false),
        ("com.example.app:/cb", Uri, "com.example.app:/cb", true),
        ("com.example.app:/cb", Uri, "com.example.app:/other", false),
    ] {
        let is_ignored = Pattern::parse(text).is_ok_and(|pattern| pattern.ignores(kind, entry));
        assert_eq!(is_ignored, expected, "{text} {entry}");
    }
}

#[test]
fn a_text_that_is_no_pattern_is_refused_with_the_remedy() {
    for (text, part) in [
        ("", "is no pattern"),
        ("https://", "is no pattern"),
        ("ftp://*-team.vercel.app", "is no pattern"),
        ("*-team.vercel.app/cb", "is no pattern"),
        ("https://*-team.vercel.app?x", "is no pattern"),
        ("https://*-té.vercel.app", "is no pattern"),
        ("https://user@*-team.vercel.app", "is no pattern"),
        ("https://**.vercel.app", "has ** in its host"),
        ("**", "has ** in its host"),
        ("*", "last two labels"),
        ("*.app", "last two labels"),
        ("https://*.com/**", "last two labels"),
        ("shop.*.app", "last two labels"),
    ] {
        let fault = Pattern::parse(text).unwrap_err();
        assert!(fault.contains(part), "{text}: {fault}");
    }
    let error = Pattern::parse_previews("https://*-team.vercel.app/cb").unwrap_err();
    assert!(error.message.contains("leave the path out"), "{error}");
    assert!(Pattern::parse_previews("com.example.app:/cb").is_err());
    assert_eq!(pattern("*.localhost").as_str(), "*.localhost");
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    /// Entries that resemble those of the pattern.
    fn near_misses() -> impl Strategy<Value = String> {
        let scheme = prop::sample::select(vec!["https://", "http://", "HTTPS://", "https:/", "//", "", "myapp://"]);
        let host = prop::collection::vec(
            prop::sample::select(vec![
                "shop",
                "-team",
                "*",
                "vercel.app",
                ".",
                "@",
                ":443",
                ":8443",
                "evil.example",
                "/",
                "\\",
                "%2e",
                "é",
                "\u{200b}",
                "#",
                "?",
                " ",
                "..",
                "[::1]",
                "VERCEL.APP",
            ]),
            0..7,
        );
        (scheme, host, "[a-z/?#.*]{0,8}").prop_map(|(scheme, host, tail)| format!("{scheme}{}{tail}", host.concat()))
    }

    /// Checks whether another reader sees a host of the pattern `https://*-team.vercel.app` in the entry.
    fn is_of_team(host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        host.strip_suffix("-team.vercel.app").is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
    }

    fn host_of(entry: &str) -> &str {
        let rest = entry.split_once("://").map_or(entry, |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        host.split(':').next().unwrap_or_default()
    }

    proptest! {
        #[test]
        fn an_entry_outside_the_pattern_never_matches(entry in prop_oneof![near_misses(), any::<String>()]) {
            let pattern = Pattern::parse_previews("https://*-team.vercel.app").unwrap();
            for kind in [EntryKind::Uri, EntryKind::Domain] {
                if pattern.covers(kind, &entry) || pattern.ignores(kind, &entry) {
                    prop_assert!(is_of_team(host_of(&entry)) || entry.contains("*-team.vercel.app"), "{entry:?}");
                }
                if pattern.covers(kind, &entry) {
                    prop_assert!(is_of_team(host_of(&entry)), "{entry:?}");
                    prop_assert!(kind == EntryKind::Domain || entry.to_ascii_lowercase().starts_with("https://"));
                }
            }
        }

        #[test]
        fn a_label_with_a_dot_never_matches(label in "[a-z0-9-]{1,10}\\.[a-z0-9-]{1,10}") {
            let entry = format!("https://{label}-team.vercel.app/cb");
            prop_assert!(!Pattern::parse_previews("*-team.vercel.app").unwrap().covers(EntryKind::Uri, &entry));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = Pattern::parse(&text).map(|pattern| pattern.ignores(EntryKind::Uri, &text));
        }
    }
}
