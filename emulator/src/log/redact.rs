//! Keeps credentials out of the log.

use serde_json::Value;

/// What stands in the place of a credential.
const REDACTED: &str = "[redacted]";

/// What the name of a credential holds, in lower case and without punctuation.
const SECRET_WORDS: [&str; 7] = ["secret", "token", "password", "apikey", "authorization", "cookie", "credential"];

/// Names of credentials that hold no such word, in the same form.
const SECRET_NAMES: [&str; 2] = ["code", "codeverifier"];

/// A header's or a query member's value, as the log may show it.
pub(crate) fn member(name: &str, value: &str) -> String {
    if !is_secret(name) {
        return value.to_owned();
    }
    match value.split_once(' ') {
        // Only a known scheme: the first word of anything else may be the credential.
        Some((scheme, _)) if ["bearer", "basic"].contains(&scheme.to_ascii_lowercase().as_str()) => {
            format!("{scheme} {REDACTED}")
        }
        _ => REDACTED.to_owned(),
    }
}

/// A body as the log may show it: the JSON it holds without the members that are credentials, else its text, unless
/// that speaks of any.
pub(crate) fn body(bytes: &[u8]) -> Value {
    match serde_json::from_slice(bytes) {
        Ok(Value::String(text)) => Value::String(plain(&text)),
        Ok(value) => json(value),
        Err(_) => Value::String(plain(&String::from_utf8_lossy(bytes))),
    }
}

fn json(value: Value) -> Value {
    match value {
        Value::Array(elements) => elements.into_iter().map(json).collect(),
        Value::Object(members) => {
            let redacted = members.into_iter().map(|(name, value)| {
                // `allowSecretGeneration` has the word in its name; a boolean or a null gives nothing away.
                let harmless = matches!(value, Value::Bool(_) | Value::Null);
                let value = if is_secret(&name) && !harmless { Value::from(REDACTED) } else { json(value) };
                (name, value)
            });
            redacted.collect()
        }
        value => value,
    }
}

/// Text of no known form: wholly kept or wholly left out.
fn plain(text: &str) -> String {
    let names_one = is_secret(text) || form_urlencoded::parse(text.as_bytes()).any(|(name, _)| is_secret(&name));
    if names_one { REDACTED.to_owned() } else { text.to_owned() }
}

fn is_secret(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    SECRET_NAMES.contains(&letters.as_str()) || SECRET_WORDS.iter().any(|word| letters.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn headers_and_query_members() {
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
            assert_eq!(member(name, value), shown, "{name}: {value}");
        }
    }

    #[test]
    fn bodies() {
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
            assert_eq!(body(text.as_bytes()), shown, "{text}");
        }
    }
}
