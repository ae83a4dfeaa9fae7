//! The pages that a browser shows.

use serde_json::Value;

use crate::http::response::Response;

const HTML: &str = "text/html; charset=utf-8";

/// Returns a page with a title and one paragraph.
pub(crate) fn page(status: u16, title: &str, text: &str) -> Response {
    let (title, text) = (escape(title), escape(text));
    document(status, &format!("<title>{title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n"))
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

fn document(status: u16, content: &str) -> Response {
    let document = format!("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n{content}</html>\n");
    Response::new(status, HTML, document)
        .with_header("cache-control", "no-store")
        .with_header("referrer-policy", "no-referrer")
}

/// Escapes a text for the content of an element.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
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
}
