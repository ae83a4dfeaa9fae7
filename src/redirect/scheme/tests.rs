use super::{acts, is_misspelt, is_shared};

#[test]
fn schemes_that_act() {
    for scheme in
        ["javascript", "JavaScript", "file", "intent", "jar", "chrome", "view-source", "ms-word", "MS-settings", "ws"]
    {
        assert!(acts(scheme), "{scheme}");
    }
    for scheme in ["http", "https", "com.example.app", "myapp", "ms", "msal", "exp", "urn", "x"] {
        assert!(!acts(scheme), "{scheme}");
    }
    assert!(is_shared("exp") && is_shared("Capacitor") && !is_shared("com.example.app"));
}

#[test]
fn typing_errors() {
    for scheme in [
        "htps", "htttps", "hhtps", "hhttps", "ttps", "httpss", "httos", "htpps", "htp", "ttp", "htpt", "hhtp", "HTPS",
        "shttp", "xhttps", "http-", "httpd", "thtps",
    ] {
        assert!(is_misspelt(scheme), "{scheme}");
    }
    for scheme in ["http", "https", "HTTPS", "ftp", "h", "myapp", "com.example.app", "htxxs", "spdy", "tp", "httpsx.y"]
    {
        assert!(!is_misspelt(scheme), "{scheme}");
    }
}

/// Every single edit of the two schemes is a typing error.
#[test]
fn every_single_edit_is_a_typing_error() {
    for meant in ["http", "https"] {
        for at in 0..=meant.len() {
            for letter in 'a'..='z' {
                let (start, end) = meant.split_at(at);
                let inserted = format!("{start}{letter}{end}");
                let replaced = format!("{start}{letter}{}", end.get(1..).unwrap_or_default());
                let removed = format!("{start}{}", end.get(1..).unwrap_or_default());
                for scheme in [inserted, replaced, removed] {
                    assert_eq!(is_misspelt(&scheme), !["http", "https"].contains(&scheme.as_str()), "{scheme}");
                }
            }
        }
    }
}
