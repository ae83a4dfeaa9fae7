use super::{is_plain_url, report_any, report_mistake};
use crate::redirect::report::Report;

/// Returns the rule, the end of the message, and the suggestion.
fn found(text: &str) -> Option<(String, String, Option<String>)> {
    let mut violations = Vec::new();
    let is_mistaken = report_mistake(text, &mut Report { path: "", index: None, violations: &mut violations });
    let found = violations.pop();
    assert_eq!(is_mistaken, found.is_some());
    found.map(|found| (found.rule.into_owned(), found.message, found.suggestion))
}

#[test]
fn a_message_has_the_part_at_fault() {
    for (text, rule, detail) in [
        ("", "NOT_ABSOLUTE", ""),
        ("\t\n", "NOT_ABSOLUTE", ""),
        ("https://example.com/\u{200B}cb", "CHARACTER", "U+200B (character 21)"),
        ("\u{FEFF}https://example.com", "CHARACTER", "U+FEFF (character 1)"),
        ("https://\u{AD}example.com", "CHARACTER", "U+00AD (character 9)"),
        ("https://example.com/\u{E0041}", "CHARACTER", "U+E0041 (character 21)"),
        ("https://${HOST}:8443/cb", "PLACEHOLDER", "${HOST}"),
        ("https://{{ host }}/cb", "PLACEHOLDER", "{{ host }}"),
        ("https://a-%BRANCH_NAME%.example.com/cb", "PLACEHOLDER", "%BRANCH_NAME%"),
        ("https://<host>/cb", "PLACEHOLDER", "<host>"),
        ("https://[object Object]/cb", "PLACEHOLDER", "[object Object]"),
        ("https://example.com/#{path}", "PLACEHOLDER", "#{path}"),
        ("undefined/cb", "PLACEHOLDER", "undefined"),
        ("https://a.example/cb, https://b.example/cb", "SEVERAL_ENTRIES", "https://b.example/cb"),
        ("https://a.example/cbhttps://b.example/cb", "SEVERAL_ENTRIES", "https://b.example/cb"),
        ("a.example,b.example", "SEVERAL_ENTRIES", "b.example"),
        ("https://a.example/é,https://b.example/", "SEVERAL_ENTRIES", "https://b.example/"),
        ("https://https:/example.com", "NOT_ABSOLUTE", ""),
    ] {
        let (found, message, _) = found(text).unwrap();
        assert_eq!(found, rule, "{text:?}");
        assert!(message.contains(detail), "{text:?}: {message}");
    }
}

/// Every invisible character, at every position.
#[test]
fn invisible_characters() {
    for code in [
        0x85, 0xA0, 0xAD, 0x34F, 0x61C, 0x200B, 0x200C, 0x200D, 0x200E, 0x202E, 0x2028, 0x2060, 0x2066, 0x3000, 0xFE0F,
        0xFEFF,
    ] {
        let character = char::from_u32(code).unwrap();
        let url = "https://example.com/cb";
        for at in 0..=url.len() {
            let (start, end) = url.split_at(at);
            let text = format!("{start}{character}{end}");
            let (rule, detail, meant) = found(&text).unwrap();
            assert_eq!((rule.as_str(), meant.as_deref()), ("CHARACTER", Some(url)), "{text:?}");
            assert!(detail.contains(&format!(" U+{code:04X} (character {})", at + 1)), "{detail}");
        }
    }
}

#[test]
fn encoded_as_a_whole() {
    let url = "https://example.com/cb?x=%41";
    let encode =
        |text: &str, also: bool| -> String {
            text.bytes()
                .map(|byte| {
                    if also || !byte.is_ascii_alphanumeric() { format!("%{byte:02X}") } else { char::from(byte).into() }
                })
                .collect()
        };
    for text in
        [encode(url, false), encode(url, true), encode(url, false).to_lowercase(), encode(&encode(url, false), false)]
    {
        let (rule, _, meant) = found(&text).unwrap();
        assert_eq!((rule.as_str(), meant.as_deref()), ("NOT_ABSOLUTE", Some(url)), "{text}");
    }
}

#[test]
fn texts_for_the_grammar_to_judge() {
    for text in [
        "https://example.com/cb",
        "example.com/cb",
        "localhost:3000",
        "/cb",
        "https://http:8080/",
        "https://https.example.com/",
        "https://example.com/a,b.html",
        "https://example.com/a;b.c/d",
        "https://example.com/my file.html",
        "https://exam ple.com/",
        "https://example.com/?next=https://a.example,https://b.example",
        "https://example.com/https://other.example",
        "https://ex%61mple.com/",
        "https://%41%42%43.example/",
        "com.example.app:/cb?next=https%3A%2F%2Fx",
        "https://example.com/it's",
        "https://münchen.example/",
        "undefined.example.com",
        "https://*.example.com/cb",
        "https://example.com/{id}",
    ] {
        assert_eq!(found(text), None, "{text}");
    }
}

/// Hostile texts take time in proportion to their length: none is read again and again.
#[test]
fn long_texts() {
    for piece in
        [",", " ", "a,", "a b", "?x=a://,", "http:", "https://", "<", "%3a", "${", "\u{200B}", "a://b|", "/,", "a."]
    {
        for start in ["", "https://example.com/", "https://example.com/?"] {
            let text = start.to_owned() + &piece.repeat(100_000 / piece.len());
            drop(found(&text));
        }
    }
}

#[test]
fn a_plain_url_has_no_mistake() {
    let parts =
        ["http", "s", ":", "/", "//", "h", "a.b", "-", "_", ",", ";", "%41", "\"", " ", "?", "undefined", "é", "*"];
    let mut texts = vec!["http://".to_owned(), "https://".to_owned(), String::new()];
    let (mut plain, mut from) = (0, 0);
    for _ in 0..4 {
        let shorter = from..texts.len();
        from = texts.len();
        for at in shorter {
            for part in parts {
                texts.push([texts[at].as_str(), part].concat());
            }
        }
    }
    for text in texts {
        if is_plain_url(&text) {
            plain += 1;
            let mut violations = Vec::new();
            let is_mistaken = report_any(&text, &mut Report { path: "", index: None, violations: &mut violations });
            assert!(!is_mistaken, "{text:?}: {violations:?}");
        }
    }
    assert!(plain > 1_000);
}
