//! Removes credentials from what the log shows.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::http::body::Body;

/// The text that replaces a credential.
const REDACTED: &str = "[redacted]";

/// Words in the names of credentials, in lower case and without punctuation.
const SECRET_WORDS: [&str; 7] = ["secret", "token", "password", "apikey", "authorization", "cookie", "credential"];

/// Names of credentials without such a word, in the same form.
const SECRET_NAMES: [&str; 2] = ["code", "codeverifier"];

/// Returns the value of a header or a query parameter, without its credential.
pub(crate) fn value(name: &str, value: &str) -> String {
    if !is_secret(name) {
        return value.to_owned();
    }
    match value.split_once(' ') {
        // After an unknown first word, the word itself may be the credential.
        Some((scheme, _)) if ["bearer", "basic"].contains(&scheme.to_ascii_lowercase().as_str()) => {
            format!("{scheme} {REDACTED}")
        }
        _ => REDACTED.to_owned(),
    }
}

/// Returns a body without its credentials: JSON without the members that are credentials, or a text that names none.
pub(crate) fn body(body: Body<'_>) -> Option<Value> {
    match body {
        Body::Absent => None,
        Body::Json { value: Value::String(string), .. } => Some(Value::String(text(&string))),
        Body::Json { value, .. } => Some(json(value)),
        Body::Other { bytes, .. } => Some(Value::String(text(&String::from_utf8_lossy(bytes)))),
    }
}

/// Returns a message without the credentials in it, such as the code in a URL that it quotes. The value of each `name=value`
/// with the name of a credential is replaced.
pub(crate) fn message(text: String) -> String {
    if !text.contains('=') {
        return text;
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('=') {
        let start = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || "_-.%".contains(c))).map_or(0, |at| at);
        let name = before.get(start..).unwrap_or_default();
        shown.extend([before, "="]);
        rest = after;
        if is_secret(&percent_decode_str(name).decode_utf8_lossy()) {
            let end = after.find(|c: char| c.is_whitespace() || "&;#\"',)".contains(c)).unwrap_or(after.len());
            shown.push_str(REDACTED);
            rest = after.get(end..).unwrap_or_default();
        }
    }
    shown.push_str(rest);
    shown
}

fn json(value: Value) -> Value {
    match value {
        Value::Array(elements) => elements.into_iter().map(json).collect(),
        Value::Object(members) => {
            let redacted = members.into_iter().map(|(name, value)| {
                // A boolean or null reveals nothing. `allowSecretGeneration`, for example, contains the word "secret".
                let harmless = matches!(value, Value::Bool(_) | Value::Null);
                let value = if is_secret(&name) && !harmless { Value::from(REDACTED) } else { json(value) };
                (name, value)
            });
            redacted.collect()
        }
        value => value,
    }
}

/// Returns a text that is not JSON, or its replacement if it names a credential.
fn text(text: &str) -> String {
    let names_credential = is_secret(text) || form_urlencoded::parse(text.as_bytes()).any(|(name, _)| is_secret(&name));
    if names_credential { REDACTED.to_owned() } else { text.to_owned() }
}

/// Checks whether the name is that of a credential.
fn is_secret(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    SECRET_NAMES.contains(&letters.as_str()) || SECRET_WORDS.iter().any(|word| letters.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::request::Request;
    use serde_json::json;

    #[test]
    fn credentials_in_headers_and_queries_are_redacted() {
        for (name, value, shown) in [
            ("authorization", "IST.key", "[redacted]"),
            ("authorization", "Bearer IST.key", "Bearer [redacted]"),
            ("Authorization", "basic dTpw", "basic [redacted]"),
            ("authorization", "IST.key with spaces", "[redacted]"),
            ("Cookie", "a=b", "[redacted]"),
            ("x-api-key", "k", "[redacted]"),
            ("client_secret", "s", "[redacted]"),
            ("accessToken", "t", "[redacted]"),
            ("wix-site-id", "site", "site"),
            ("oAuthAppId", "id", "id"),
            ("code", "c", "[redacted]"),
            ("code_verifier", "v", "[redacted]"),
            ("code_challenge", "c", "c"),
        ] {
            assert_eq!(super::value(name, value), shown, "{name}: {value}");
        }
    }

    #[test]
    fn credentials_in_messages_are_redacted() {
        for (message, shown) in [
            ("There is no such member", "There is no such member"),
            ("https://a.example/cb?code=c&x=1 isn't listed", "https://a.example/cb?code=[redacted]&x=1 isn't listed"),
            (
                "https://a.example/#access_token=t; https://b/?y=2",
                "https://a.example/#access_token=[redacted]; https://b/?y=2",
            ),
            ("https://a.example/?cl%69ent_secret=s", "https://a.example/?cl%69ent_secret=[redacted]"),
            ("response_type must be code", "response_type must be code"),
            ("a=b=c&=d", "a=b=c&=d"),
            ("code=é token=", "code=[redacted] token=[redacted]"),
        ] {
            assert_eq!(super::message(message.to_owned()), shown);
        }
    }

    #[test]
    fn credentials_in_bodies_are_redacted() {
        for (text, shown) in [
            (r#"{"clientSecret":"s","client_id":"c"}"#, json!({ "clientSecret": "[redacted]", "client_id": "c" })),
            (r#"{"a":[{"refresh_token":{"value":"s"}}]}"#, json!({ "a": [{ "refresh_token": "[redacted]" }] })),
            (
                r#"{"oAuthApp":{"allowSecretGeneration":true}}"#,
                json!({ "oAuthApp": { "allowSecretGeneration": true } }),
            ),
            (r#"{"token":5,"secret":null}"#, json!({ "token": "[redacted]", "secret": null })),
            ("hello", json!("hello")),
            ("5", json!(5)),
            ("grant_type=authorization_code&code=c", json!("[redacted]")),
            ("a=b&client_secret=s", json!("[redacted]")),
            ("a=b&client_%73ecret=s", json!("[redacted]")),
            (r#"{"clientSecret":"s""#, json!("[redacted]")),
            (r#""client_secret=s""#, json!("[redacted]")),
        ] {
            let body = Some(text.as_bytes());
            let request = Request { method: "POST", url: "/", headers: Vec::new(), body };
            assert_eq!(super::body(Body::parse(&request)), Some(shown), "{text}");
        }
    }
}
