use super::embeds_url;

#[test]
fn paths_that_carry_a_url() {
    for path in [
        "/https://evil.example",
        "/a/https://evil.example/x",
        "/HTTPS://evil.example",
        "/com.evil.app://x",
        "/https:/evil.example",
        "/https:evil.example",
        "/http:evil.example",
        "/https:%2f%2fevil.example",
        "/https%3a%2F%2Fevil.example",
        "/https%253A%252f%252fevil.example",
        "/%68ttps:evil.example",
        "//evil.example",
        "//evil.example/cb",
        "///evil.example",
        "/%2fevil.example",
        "/%2F%2fevil.example",
        "/%2f%2Fevil.example",
        "/%252f%252fevil.example",
        "/%25252f%25252fevil.example",
        "/%25252525252f",
        "/a//evil.example",
        "/a%2f%2fevil.example",
        "/%5cevil.example",
        "/%5C%5cevil.example",
        "/%255cevil.example",
        "/\\evil.example",
        "/%09/evil.example",
        "/%0d%0a/evil.example",
        "//evil%2eexample",
        "//evil%E3%80%82example",
        "//user@evil",
        "//evil:8080",
        "//localhost/x",
        "//LOCALHOST",
        "//127.0.0.1",
        "//2130706433",
        "//0x7f000001",
        "//[::1]",
        "//%5b::1%5d",
    ] {
        // Five and more rounds of encoding are beyond what any server decodes.
        assert_eq!(embeds_url(path), !path.contains("2525252525"), "{path}");
    }
}

#[test]
fn paths_that_carry_none() {
    for path in [
        "",
        "/",
        "/cb",
        "/cb/",
        "//",
        "//cb",
        "//cb/x",
        "/a//b",
        "///",
        "/a.b/c",
        "/a/b.html",
        "/a:b",
        "/a@b",
        "/https",
        "/xhttp:",
        "/http",
        "/c%20b",
        "/%2f",
        "/%2fcb",
        "/a%2fb",
        "/%",
        "/%2",
        "/100%25",
        "/é",
        "/a%3ab",
        "//.well-known",
        "//2024/05",
        "/h/t/t/p",
        "/%5c",
        "/a;b=c,d",
    ] {
        assert!(!embeds_url(path), "{path}");
    }
}

/// However a path is encoded, it is judged alike.
#[test]
fn encoding_does_not_hide_a_url() {
    let encode = |path: &str| path.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
    for path in ["//evil.example/x", "/https://evil.example", "/http:evil.example", "/\\evil.example"] {
        let mut encoded = path.split_at(1).1.to_owned();
        for round in 0..3 {
            assert!(embeds_url(&["/", &encoded].concat()), "{path} encoded {round} times");
            encoded = encode(&encoded);
        }
    }
}
