//! The pages that a browser is shown.

use serde_json::Value;

use crate::http::response::Reply;

const HTML: &str = "text/html; charset=utf-8";

/// A page that says one thing.
pub(crate) fn page(status: u16, title: &str, text: &str) -> Reply {
    let (title, text) = (escape(title), escape(text));
    answer(status, &format!("<title>{title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n"))
}

/// A page that posts a message to the window that opened it or frames it, if that is of one of the origins.
pub(crate) fn message_page(message: &Value, origins: &[String]) -> Reply {
    // In a script, `<` could end it.
    let script = |value: &Value| value.to_string().replace('<', "\\u003c");
    let (message, origins) = (script(message), script(&Value::from(origins)));
    // Browsers complain of each origin that is not the window's: where it is known, it is the only one.
    answer(
        200,
        &format!(
            "<title>Signing in</title>\n<script>\nconst message = {message};\nconst origins = {origins};\n\
             const from = document.referrer && new URL(document.referrer).origin;\n\
             for (const origin of origins.includes(from) ? [from] : origins) {{\n  \
             (window.opener ?? window.parent).postMessage(message, origin);\n}}\n</script>\n"
        ),
    )
}

fn answer(status: u16, content: &str) -> Reply {
    let document = format!("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n{content}</html>\n");
    Reply::new(status, HTML, document).with("cache-control", "no-store").with("referrer-policy", "no-referrer")
}

/// The text as the content of an element.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_given_becomes_markup() {
        let body = page(400, "It isn't", "https://x/<script>alert(1)</script>&y").body;
        assert!(body.contains("It isn't") && body.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;y"), "{body}");
        let message = json!({ "state": "</script><script>alert(1)</script>\u{2028}" });
        let body = message_page(&message, &["https://a.example".to_owned()]).body;
        assert_eq!(body.matches("</script>").count(), 1, "{body}");
        assert!(body.contains(r#""state":"\u003c/script>"#), "{body}");
    }
}
