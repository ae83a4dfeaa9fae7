//! Requests.

use std::borrow::Cow;

use crate::http::uri::is_host_and_port;

/// The origin of the live service.
const SERVICE: &str = "https://www.wixapis.com";

/// A request, which borrows its texts from the host.
#[derive(Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// The method in upper case, such as `GET`.
    pub method: &'a str,
    /// The whole URL, or its path and query only. Requests are routed by path, whatever the host.
    pub url: &'a str,
    /// Header names, in any case, and their values.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The body, if there is one.
    pub body: Option<&'a [u8]>,
}

impl<'a> Request<'a> {
    /// Returns the request of these parts: the method, the URL, and the name and the value of each header.
    pub(crate) fn from_parts(mut parts: impl Iterator<Item = &'a str>, body: Option<&'a [u8]>) -> Self {
        let (method, url) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let mut headers = Vec::with_capacity(16);
        while let Some(header) = parts.next().zip(parts.next()) {
            headers.push(header);
        }
        Self { method, url, headers, body }
    }

    /// Returns the path of the URL as it is written.
    pub fn path(&self) -> &'a str {
        self.target().0
    }

    /// Returns the decoded names and values of the query.
    pub fn query(&self) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> + use<'a> {
        form_urlencoded::parse(self.target().1.as_bytes())
    }

    /// Returns the value of the first query parameter of that name, unless the value is empty.
    pub(crate) fn query_param(&self, name: &str) -> Option<String> {
        let value = self.query().find(|(key, _)| key == name)?.1;
        Some(value.into_owned()).filter(|value| !value.is_empty())
    }

    /// Returns the origin that the request was sent to: that of an absolute URL, else the one of the header `Host`.
    pub(crate) fn origin(&self) -> String {
        let scheme = self.url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.zip(self.authority()) {
            Some((scheme, authority)) => format!("{scheme}://{authority}"),
            None => self.header("host").map_or_else(|| SERVICE.to_owned(), |host| format!("http://{host}")),
        }
    }

    /// Checks that the request has at most one `Host` header, and that it is a host with an optional port (RFC 9112 §3.2).
    /// The error is the message of a 400.
    pub(crate) fn check_host(&self) -> Result<(), &'static str> {
        let mut hosts = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("host"));
        match (hosts.next(), hosts.next()) {
            (_, Some(_)) => Err("Bad Request: more than one Host header"),
            (Some((_, host)), None) if !is_host_and_port(host) => Err("Bad Request: malformed Host header"),
            _ if !is_host_and_port(self.authority().unwrap_or("localhost")) => Err("Bad Request: malformed URL"),
            _ => Ok(()),
        }
    }

    /// Returns host and port of a URL in absolute form.
    fn authority(&self) -> Option<&'a str> {
        // A path may contain `://` too. Only a URL that does not begin with a slash has an origin.
        let (_, rest) = (!self.url.starts_with('/')).then(|| self.url.split_once("://")).flatten()?;
        rest.split(['/', '?', '#']).next()
    }

    /// Returns the value of a header. The case of its name does not matter.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// Returns the content type without its parameters, if there is one.
    pub(crate) fn media_type(&self) -> Option<&'a str> {
        self.header("content-type").map(|value| value.split(';').next().unwrap_or_default().trim())
    }

    /// Splits the URL into path and query, without origin and fragment.
    fn target(&self) -> (&'a str, &'a str) {
        let url = self.url.split_once('#').map_or(self.url, |(before, _)| before);
        let (before_query, query) = url.split_once('?').unwrap_or((url, ""));
        if before_query.starts_with('/') {
            return (before_query, query);
        }
        let path = before_query.split_once("://").map_or(before_query, |(_, rest)| {
            rest.find('/').and_then(|at| rest.split_at_checked(at)).map_or("/", |(_, path)| path)
        });
        (path, query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(url: &str) -> Request<'_> {
        Request { method: "GET", url, headers: Vec::new(), body: None }
    }

    #[test]
    fn the_path_and_query_of_any_url_are_found() {
        for (url, path, query) in [
            ("https://www.wixapis.com/oauth-app/v1/oauth-apps?a=1#b", "/oauth-app/v1/oauth-apps", vec![("a", "1")]),
            ("http://[::1]:80/a?x=%20+&y", "/a", vec![("x", "  "), ("y", "")]),
            ("/a/b", "/a/b", vec![]),
            ("/a?u=http://x/y", "/a", vec![("u", "http://x/y")]),
            ("/http://x/y", "/http://x/y", vec![]),
            ("https://host", "/", vec![]),
            ("https://host?a", "/", vec![("a", "")]),
            ("", "", vec![]),
            ("é", "é", vec![]),
        ] {
            let request = request(url);
            assert_eq!(request.path(), path, "{url}");
            let pairs: Vec<_> = request.query().map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
            let expected: Vec<_> = query.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            assert_eq!(pairs, expected, "{url}");
        }
    }

    #[test]
    fn the_origin_is_that_of_the_url_or_of_the_host_header() {
        for (url, host, origin) in [
            ("https://www.wixapis.com/a?u=http://x/", Some("b"), "https://www.wixapis.com"),
            ("http://127.0.0.1:80?a", None, "http://127.0.0.1:80"),
            ("/a?u=http://x/", Some("127.0.0.1:4000"), "http://127.0.0.1:4000"),
            ("/http://x/", None, "https://www.wixapis.com"),
        ] {
            let mut request = request(url);
            request.headers.extend(host.map(|host| ("Host", host)));
            assert_eq!(request.origin(), origin, "{url}");
        }
    }

    #[test]
    fn header_names_are_case_insensitive() {
        let mut request = request("/");
        request.headers.push(("Wix-Site-ID", "x"));
        assert_eq!(request.header("wix-site-id"), Some("x"));
        assert_eq!(request.header("wix-account-id"), None);
    }
}
