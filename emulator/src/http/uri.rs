//! The URL formats that the API declares, read leniently because nothing more is known about them. The code is
//! independent of the client's validator, so that neither hides the other's faults.

/// Checks whether the text has the API's format `URI`: a scheme and something after it. Custom schemes and a wildcard in
/// the host are allowed.
pub(crate) fn is_uri(text: &str) -> bool {
    UriParts::parse(text).is_some_and(|parts| !parts.is_web() || parts.host().is_some())
}

/// Checks whether the text has the API's format `WEB_URL`: `http` or `https`, with a host.
pub(crate) fn is_web_url(text: &str) -> bool {
    UriParts::parse(text).is_some_and(|parts| parts.is_web() && parts.host().is_some())
}

/// Checks whether the text is a host: a name, an IPv4 address, or an IPv6 address in brackets.
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

/// Checks whether the text is a host with an optional port, as in the header `Host` (RFC 9110 §7.2).
pub(crate) fn is_host_and_port(text: &str) -> bool {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => {
            is_host(host) && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => is_host(text),
    }
}

/// Returns the host of a web URL, in lower case.
pub(crate) fn host_of(url: &str) -> Option<String> {
    UriParts::parse(url).filter(UriParts::is_web)?.host().map(str::to_ascii_lowercase)
}

/// Writes a URI with scheme and host in lower case, without a default port and with a path.
pub(crate) fn normalize(text: &str) -> String {
    let Some(parts) = UriParts::parse(text) else { return text.to_owned() };
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

/// The parts of a URI.
struct UriParts<'a> {
    scheme: &'a str,
    /// The text between `//` and the path.
    authority: Option<&'a str>,
    /// Path, query and fragment.
    rest: &'a str,
}

impl<'a> UriParts<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
        let (scheme, after) = text.split_once(':')?;
        let well_formed = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        if !well_formed || after.is_empty() || text.contains(forbidden) {
            return None;
        }
        let Some(after_slashes) = after.strip_prefix("//") else {
            return Some(Self { scheme, authority: None, rest: after });
        };
        let end = after_slashes.find(['/', '?', '#']).unwrap_or(after_slashes.len());
        let (authority, rest) = after_slashes.split_at_checked(end)?;
        Some(Self { scheme, authority: Some(authority), rest })
    }

    fn is_web(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("http") || self.scheme.eq_ignore_ascii_case("https")
    }

    fn host(&self) -> Option<&'a str> {
        let authority = self.authority?;
        let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, after_user)| after_user);
        let host = if host_and_port.starts_with('[') { host_and_port } else { host_and_port.split(':').next()? };
        Some(host).filter(|host| !host.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_and_web_urls_are_told_apart() {
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
    fn hosts_may_have_a_port_in_the_host_header_only() {
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
    fn uris_are_normalized_once() {
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
