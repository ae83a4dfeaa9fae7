//! Excerpts of bodies that did not come from the API: the text that a person would read on a gateway's page.

use super::json::{Body, Json};

/// About how many bytes of a body are shown.
const LENGTH: usize = 100;

impl<J: Json> Body<J> {
    /// Appends the first words of the body to a message, without tags, scripts, styles and control characters. The words
    /// end the message, so that a secret which is cut off there is still found and removed.
    pub(super) fn append_excerpt(&self, message: &mut String) {
        let words = match self {
            Body::Json(body) => one_line(&body.to_value().to_json(), false),
            Body::Other(text) => one_line(text, self.is_html()),
            Body::Empty | Body::TooLong => return,
        };
        if !words.is_empty() {
            message.push_str(": ");
            message.push_str(&words);
        }
    }
}

fn one_line(text: &str, is_html: bool) -> String {
    let mut words = String::new();
    let (mut is_in_tag, mut is_in_hidden_element) = (false, false);
    for (at, character) in text.char_indices() {
        if words.len() >= LENGTH {
            break;
        }
        let is_shown = match character {
            '<' if is_html => {
                let tag = text.as_bytes().get(at.saturating_add(1)..).unwrap_or_default();
                let is = |name: &[u8]| tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
                if is(b"script") || is(b"style") {
                    is_in_hidden_element = true;
                } else if is(b"/script") || is(b"/style") {
                    is_in_hidden_element = false;
                }
                is_in_tag = true;
                false
            }
            '>' if is_in_tag => {
                is_in_tag = false;
                false
            }
            ' ' | '\u{a0}' => false,
            other => !other.is_control(),
        };
        if is_in_tag || is_in_hidden_element {
            continue;
        }
        if is_shown {
            words.push(character);
        } else if !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if words.ends_with(' ') {
        words.pop();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn words_of_pages_and_of_text() {
        for (text, words) in [
            ("", ""),
            ("no healthy upstream", "no healthy upstream"),
            ("  a\r\n\tb \u{a0} c\u{1b}[31m\u{7f}\u{9b}d ", "a b c [31m d"),
            ("a < b > c", "a < b > c"),
            ("<html><body><h1>404 Not Found</h1><hr>nginx</body>", "404 Not Found nginx"),
            ("<!doctype html><title>Sign in</title><p>to \u{201c}Café\u{201d}", "Sign in to “Café”"),
            ("<html><STYLE>p > a { color: red }</STYLE><script>if (a<b) alert('x>y')</script>Hello", "Hello"),
            ("<html", ""),
            ("<p>x<script>never closed", "x"),
            (&"é".repeat(80), &"é".repeat(50)),
        ] {
            let mut message = String::from("x");
            Body::<Value>::Other(text.to_owned()).append_excerpt(&mut message);
            let expected = if words.is_empty() { "x".to_owned() } else { format!("x: {words}") };
            assert_eq!(message, expected, "{text}");
        }
    }
}
