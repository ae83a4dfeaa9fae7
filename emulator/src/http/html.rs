//! The pages that a browser shows.

use serde_json::Value;

use crate::http::response::Response;

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:44rem;padding:0 1rem;\
                     overflow-wrap:anywhere}pre{overflow-x:auto}aside{border:1px solid;border-radius:.5rem;\
                     padding:0 1rem}code{white-space:pre-wrap}ul{list-style:none;padding:0}button,input{font:inherit;min-height:2.25rem;\
                     margin:.25rem 0}label{display:block}";

/// A note that the emulator adds to a page of the service, in its own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) text: String,
    pub(crate) comparison: Option<Comparison>,
    /// The remedy: a sentence, and a call of the client.
    pub(crate) remedy: Option<(String, String)>,
}

/// A URL, and the entry of a list that comes nearest to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comparison {
    pub(crate) url: String,
    pub(crate) entry: String,
    /// The number of characters of the URL that the entry does not have: the scheme, for a domain.
    pub(crate) offset: usize,
    /// The index of the first character of the URL that differs.
    pub(crate) at: usize,
}

/// Returns a page with a title and one paragraph. The reason of an error page is its text.
pub(crate) fn page(status: u16, title: &str, text: &str) -> Response {
    let response = titled(status, title, &paragraph(text));
    if status < 400 { response } else { response.with_reason(format!("{title}: {text}")) }
}

/// Returns the page of a refusal, with a note by the emulator.
pub(crate) fn refusal(status: u16, title: &str, text: &str, note: &Note) -> Response {
    let content = [paragraph(text), note.to_html()].concat();
    titled(status, title, &content).with_reason(format!("{title}: {text} {}", note.text))
}

/// Returns a page with a title and any content, which is HTML.
pub(crate) fn titled(status: u16, title: &str, content: &str) -> Response {
    let title = escape(title);
    document(
        status,
        &format!("<title>{title}</title>\n<style>{STYLE}</style>\n<main>\n<h1>{title}</h1>\n{content}</main>\n"),
    )
}

/// Returns a page that posts a message to the window that opened it or frames it, if the origin of that window is listed.
pub(crate) fn message_page(message: &Value, origins: &[String]) -> Response {
    // A `<` could end the script element.
    let script = |value: &Value| value.to_string().replace('<', "\\u003c");
    let (message, origins) = (script(message), script(&Value::from(origins)));
    // Browsers report an error for each target origin that is not the window's, so the referrer's is used alone if it is
    // listed.
    document(
        200,
        &format!(
            "<title>Signing in</title>\n<script>\nconst message = {message};\nconst origins = {origins};\n\
             const from = document.referrer && new URL(document.referrer).origin;\n\
             for (const origin of origins.includes(from) ? [from] : origins) {{\n  \
             (window.opener ?? window.parent).postMessage(message, origin);\n}}\n</script>\n"
        ),
    )
}

/// Returns a paragraph of text.
pub(crate) fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

/// Escapes a text for the content of an element and for an attribute in double quotes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Note {
    fn to_html(&self) -> String {
        let comparison = self.comparison.as_ref().map(Comparison::to_html).unwrap_or_default();
        let remedy = self.remedy.as_ref().map(|(sentence, call)| {
            format!("{}<pre tabindex=\"0\"><code>{}</code></pre>\n", paragraph(sentence), escape(call))
        });
        format!(
            "<aside aria-labelledby=\"note\">\n<h2 id=\"note\">Note by the emulator</h2>\n\
             <p>These are the emulator\u{2019}s own words. Wix shows only the text above.</p>\n{}{comparison}{}</aside>\n",
            paragraph(&self.text),
            remedy.unwrap_or_default()
        )
    }
}

impl Comparison {
    /// Returns the URL above the entry, with the first difference marked in both and a caret below.
    fn to_html(&self) -> String {
        let indent = " ".repeat(self.offset);
        let url = marked(&self.url, Some(self.at));
        let entry = marked(&self.entry, self.at.checked_sub(self.offset));
        let caret = " ".repeat(self.at);
        format!(
            "<pre tabindex=\"0\">URL            {url}\nnearest entry  {indent}{entry}\n               {caret}^</pre>\n"
        )
    }
}

/// Returns a text with the character at an index marked. Nothing is marked beyond its end.
fn marked(text: &str, at: Option<usize>) -> String {
    let Some((start, character)) = at.and_then(|at| text.char_indices().nth(at)) else { return escape(text) };
    let rest = text.get(start..).unwrap_or_default();
    let after = rest.strip_prefix(character).unwrap_or_default();
    let before = text.get(..start).unwrap_or_default();
    format!("{}<mark>{}</mark>{}", escape(before), escape(&character.to_string()), escape(after))
}

fn document(status: u16, content: &str) -> Response {
    let document = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         {content}</html>\n"
    );
    Response::new(status, HTML, document)
        .with_header("cache-control", "no-store")
        .with_header("referrer-policy", "no-referrer")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_escaped() {
        let body = page(400, "It isn't", "https://x/<script>alert(1)</script>&y").body;
        assert!(body.contains("It isn't") && body.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;y"), "{body}");
        let message = json!({ "state": "</script><script>alert(1)</script>\u{2028}" });
        let body = message_page(&message, &["https://a.example".to_owned()]).body;
        assert_eq!(body.matches("</script>").count(), 1, "{body}");
        assert!(body.contains(r#""state":"\u003c/script>"#), "{body}");
    }

    #[test]
    fn the_first_difference_is_marked_in_the_url_and_in_the_entry() {
        for (url, entry, offset, at, lines) in [
            (
                "https://a/cb",
                "https://a/<>",
                0,
                10,
                ["https://a/<mark>c</mark>b", "https://a/<mark>&lt;</mark>&gt;", "          ^"],
            ),
            ("https://a/é/x", "https://a/é", 0, 11, ["https://a/é<mark>/</mark>x", "https://a/é", "           ^"]),
            ("https://a", "b", 8, 8, ["https://<mark>a</mark>", "        <mark>b</mark>", "        ^"]),
            ("ftp://a", "a", 6, 0, ["<mark>f</mark>tp://a", "      a", "^"]),
            ("", "a", 0, 0, ["", "<mark>a</mark>", "^"]),
        ] {
            let comparison = Comparison { url: url.to_owned(), entry: entry.to_owned(), offset, at };
            let [url, entry, caret] = lines;
            let expected = format!(
                "<pre tabindex=\"0\">URL            {url}\nnearest entry  {entry}\n               {caret}</pre>\n"
            );
            assert_eq!(comparison.to_html(), expected);
        }
    }
}
