//! The service's own idea of a URL: loose, since only its declared formats are known. It shares nothing with the
//! client's validator on purpose: each would hide the other's faults.

/// Whether the text is of the API's format `URI`: a scheme and something after it. A custom scheme is one, and so is
/// a wildcard in the host.
pub(crate) fn is_uri(text: &str) -> bool {
    Parts::of(text).is_some_and(|parts| !parts.is_web() || parts.host().is_some())
}

/// Whether the text is of the API's format `WEB_URL`: `http` or `https`, with a host.
pub(crate) fn is_web_url(text: &str) -> bool {
    Parts::of(text).is_some_and(|parts| parts.is_web() && parts.host().is_some())
}

/// Whether the text is a host: a name, an IPv4 address, or an IPv6 address in brackets.
pub(crate) fn is_host(text: &str) -> bool {
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let in_address = |byte: u8| byte.is_ascii_hexdigit() || b":.".contains(&byte);
    match text.strip_prefix('[') {
        Some(rest) => {
            rest.strip_suffix(']').is_some_and(|address| !address.is_empty() && address.bytes().all(in_address))
        }
        None => !text.is_empty() && text.bytes().all(in_name),
    }
}

/// Whether the text is a host with an optional port, as the header `Host` holds (RFC 9110, section 7.2).
pub(crate) fn is_host_and_port(text: &str) -> bool {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => {
            is_host(host) && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => is_host(text),
    }
}

/// The host of a web URL, in lower case.
pub(crate) fn host_of(url: &str) -> Option<String> {
    Parts::of(url).filter(Parts::is_web)?.host().map(str::to_ascii_lowercase)
}

/// The URI with scheme and host in lower case, without a default port and with a path.
pub(crate) fn normalize(text: &str) -> String {
    let Some(parts) = Parts::of(text) else { return text.to_owned() };
    let scheme = parts.scheme.to_ascii_lowercase();
    let Some(authority) = parts.authority else { return format!("{scheme}:{}", parts.rest) };
    let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let default_port = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => "",
    };
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(default_port).unwrap_or(&host);
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    let slash = if parts.is_web() && !parts.rest.starts_with('/') { "/" } else { "" };
    format!("{scheme}://{user}{host}{slash}{}", parts.rest)
}

/// A URI, cut where its parts end.
struct Parts<'a> {
    scheme: &'a str,
    /// What stands between `//` and the path.
    authority: Option<&'a str>,
    /// Path, query and fragment.
    rest: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
        let (scheme, after) = text.split_once(':')?;
        let well_formed = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        if !well_formed || after.is_empty() || text.contains(forbidden) {
            return None;
        }
        let Some(place) = after.strip_prefix("//") else { return Some(Self { scheme, authority: None, rest: after }) };
        let end = place.find(['/', '?', '#']).unwrap_or(place.len());
        let (authority, rest) = place.split_at_checked(end)?;
        Some(Self { scheme, authority: Some(authority), rest })
    }

    fn is_web(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("http") || self.scheme.eq_ignore_ascii_case("https")
    }

    fn host(&self) -> Option<&'a str> {
        let authority = self.authority?;
        let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
        let host = if place.starts_with('[') { place } else { place.split(':').next()? };
        Some(host).filter(|host| !host.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        for (text, uri, web_url) in [
            ("https://a.example/callback?x=1#y", true, true),
            ("HTTP://a.example", true, true),
            ("http://localhost:4321", true, true),
            ("https://*-shop.vercel.app/callback", true, true),
            ("https://[::1]/", true, true),
            ("https://ü.example/", true, true),
            ("myapp://callback", true, false),
            ("com.example.app:/oauth", true, false),
            ("https:a.example", false, false),
            ("https://", false, false),
            ("https:///path", false, false),
            ("https://:80", false, false),
            ("https://user@/", false, false),
            ("/callback", false, false),
            ("a.example", false, false),
            ("localhost:4321", true, false),
            ("1a://x", false, false),
            ("x:", false, false),
            ("", false, false),
            (" https://a.example", false, false),
            ("https://a.example/a b", false, false),
            ("https://a.example/\n", false, false),
            ("https://a.example/<b>", false, false),
        ] {
            assert_eq!((is_uri(text), is_web_url(text)), (uri, web_url), "{text}");
        }
    }

    #[test]
    fn hosts() {
        for (text, host, with_port) in [
            ("shop.example.com", true, true),
            ("localhost:4000", false, true),
            ("127.0.0.1", true, true),
            ("[::1]", true, true),
            ("[::1]:80", false, true),
            ("a:", false, true),
            ("a_b-c", true, true),
            ("", false, false),
            (":80", false, false),
            ("a b", false, false),
            ("a, b", false, false),
            ("x'><script>", false, false),
            ("a/b", false, false),
            ("me@a", false, false),
            ("a:b", false, false),
            ("a:123456", false, false),
            ("::1", false, false),
            ("[]", false, false),
            ("[::1", false, false),
            ("é.example", false, false),
        ] {
            assert_eq!((is_host(text), is_host_and_port(text)), (host, with_port), "{text}");
        }
    }

    #[test]
    fn normal_forms() {
        for (text, normal) in [
            ("HTTPS://A.Example:443", "https://a.example/"),
            ("http://A.example:80?X", "http://a.example/?X"),
            ("https://a.example:80/B", "https://a.example:80/B"),
            ("https://Me:Pw@A.example/", "https://Me:Pw@a.example/"),
            ("MyApp://Callback", "myapp://callback"),
            ("Com.example:/X", "com.example:/X"),
            ("no uri", "no uri"),
        ] {
            assert_eq!(normalize(text), normal);
            assert_eq!(normalize(normal), normal);
        }
    }
}
