//! Variables in the texts of a configuration: `${NAME}`, `${NAME:-default}` and `${site.COLUMN}`. `$$` is a dollar
//! sign, as in Docker Compose. Keys are not interpolated.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::{Fault, Path};
use crate::library::nearest_name;

/// The variables that a configuration may name.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Variables {
    /// The environment variables.
    pub env: BTreeMap<String, String>,
    /// The columns of the site's row in the sites file; `None` without such a file.
    pub site: Option<BTreeMap<String, String>>,
}

const UNDEFINED: &str = "UNDEFINED_VARIABLE";
const SYNTAX: &str = "VARIABLE";

/// Variables that hold credentials: an app's fields are public.
const CREDENTIALS: [&str; 3] = ["WIX_API_KEY", "WIX_CLIENT_SECRET", "WIX_ACCESS_TOKEN"];
/// The largest depth of variables within the defaults of variables.
const MAX_DEPTH: usize = 8;

/// Replaces the variables in every text of a value. A text with a fault stays as it is.
pub(super) fn interpolate(value: &Value, variables: &Variables) -> (Value, Vec<Fault>) {
    let mut faults = Vec::new();
    let value = walk(value, &Path::default(), variables, &mut faults);
    (value, faults)
}

fn walk(value: &Value, path: &Path, variables: &Variables, faults: &mut Vec<Fault>) -> Value {
    match value {
        Value::String(text) => match replace(text, variables, 0) {
            Ok(replaced) => Value::String(replaced),
            Err(found) => {
                let faults_here = found.into_iter().map(|(rule, message)| Fault::new(path.clone(), rule, message));
                faults.extend(faults_here);
                value.clone()
            }
        },
        Value::Array(elements) => {
            let elements = elements.iter().enumerate();
            Value::Array(elements.map(|(at, element)| walk(element, &path.index(at), variables, faults)).collect())
        }
        Value::Object(members) => {
            let mut replaced = Map::new();
            for (name, member) in members {
                replaced.insert(name.clone(), walk(member, &path.key(name), variables, faults));
            }
            Value::Object(replaced)
        }
        _ => value.clone(),
    }
}

/// A rule and a message.
type Finding = (&'static str, String);

fn replace(text: &str, variables: &Variables, depth: usize) -> Result<String, Vec<Finding>> {
    let (mut replaced, mut faults, mut rest) = (String::with_capacity(text.len()), Vec::new(), text);
    while let Some((before, after)) = rest.split_once('$') {
        replaced.push_str(before);
        rest = after;
        match after.chars().next() {
            Some('$') => {
                replaced.push('$');
                rest = after.strip_prefix('$').unwrap_or(after);
            }
            Some('{') => {
                let Some((inner, tail)) = split_braces(after) else {
                    faults.push((SYNTAX, "has a ${ without its }; write $$ for a dollar sign".to_owned()));
                    return Err(faults);
                };
                rest = tail;
                match variable(inner, variables, depth) {
                    Ok(value) => replaced.push_str(&value),
                    Err(more) => faults.extend(more),
                }
            }
            Some(next) if next.is_ascii_alphabetic() || next == '_' => {
                let is_name = |character: &char| character.is_ascii_alphanumeric() || *character == '_';
                let name: String = after.chars().take_while(is_name).collect();
                let message = format!("has ${name} without braces; write ${{{name}}}, or $${name} for a dollar sign");
                faults.push((SYNTAX, message));
            }
            _ => replaced.push('$'),
        }
    }
    replaced.push_str(rest);
    if faults.is_empty() { Ok(replaced) } else { Err(faults) }
}

/// Returns the text between `{` and its `}`, and the text after that.
fn split_braces(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            // A brace without a dollar sign before it has no end of its own.
            b'{' if at == 0 || text.as_bytes().get(at.saturating_sub(1)) == Some(&b'$') => {
                depth = depth.saturating_add(1);
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some((text.get(1..at)?, text.get(at.saturating_add(1)..)?));
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns the value of `NAME`, `NAME:-default` or `site.COLUMN`.
fn variable(inner: &str, variables: &Variables, depth: usize) -> Result<String, Vec<Finding>> {
    let (name, default) = match inner.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inner, None),
    };
    let fault = |rule, message| Err(vec![(rule, message)]);
    let column = name.strip_prefix("site.");
    if column.is_none() && !is_name(name) {
        let message = format!(
            "has ${{{inner}}}, which is no variable; write ${{NAME}}, ${{NAME:-default}} or ${{site.COLUMN}}, and $$ \
             for a dollar sign"
        );
        return fault(SYNTAX, message);
    }
    if CREDENTIALS.contains(&name) {
        return fault(SYNTAX, format!("has ${{{name}}}, a credential, which must not get into an app"));
    }
    let known = match column {
        None => Some(&variables.env),
        Some(_) => variables.site.as_ref(),
    };
    let value = known.and_then(|known| known.get(column.unwrap_or(name)));
    if let Some(value) = value.filter(|value| default.is_none() || !value.is_empty()) {
        return Ok(value.clone());
    }
    if let Some(default) = default {
        if depth >= MAX_DEPTH {
            return fault(SYNTAX, "has variables within variables too deep".to_owned());
        }
        return replace(default, variables, depth.saturating_add(1));
    }
    let meant = known.and_then(|known| nearest_name(column.unwrap_or(name), known.keys().map(String::as_str)));
    let question = meant.map(|meant| format!(" (did you mean {meant}?)")).unwrap_or_default();
    let message = match (column, known) {
        (Some(_), None) => format!("has ${{{name}}}, which only --sites with a CSV or JSON file defines"),
        (Some(column), Some(_)) => {
            format!("has ${{{name}}}, but the sites file has no column {column}{question}; add it, or a default")
        }
        (None, _) => format!(
            "has ${{{name}}}, but the environment has no variable {name}{question}; set it, or write a default as in \
             ${{{name}:-value}}"
        ),
    };
    fault(UNDEFINED, message)
}

fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    name.bytes().next().is_some_and(is_letter) && name.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit())
}

/// Returns a text that interpolation turns back into the given one.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        escaped.push(character);
        let is_special = |next: &char| matches!(next, '$' | '{' | '_') || next.is_ascii_alphabetic();
        if character == '$' && characters.peek().is_some_and(is_special) {
            escaped.push('$');
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        serde_json::from_value(serde_json::json!({
            "env": { "HOST": "shop.example.com", "EMPTY": "", "SCHEME": "https", "WIX_API_KEY": "IST.secret" },
            "site": { "host": "one.example.com", "shop name": "One" },
        }))
        .unwrap()
    }

    #[test]
    fn variables_are_replaced() {
        for (text, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("https://${HOST}/cb", "https://shop.example.com/cb"),
            ("${SCHEME}://${HOST}", "https://shop.example.com"),
            ("${EMPTY}", ""),
            ("${EMPTY:-x}", "x"),
            ("${MISSING:-http://localhost:3000}/cb", "http://localhost:3000/cb"),
            ("${MISSING:-}", ""),
            ("${MISSING:-${HOST}}", "shop.example.com"),
            ("${MISSING:-${ALSO:-a}b}c", "abc"),
            ("${MISSING:-{a}}", "{a}"),
            ("${site.host}", "one.example.com"),
            ("${site.shop name}", "One"),
            ("${site.missing:-x}", "x"),
            ("$${HOST}", "${HOST}"),
            ("$$$$", "$$"),
            ("5 $ and 5$", "5 $ and 5$"),
            ("^(.*)$", "^(.*)$"),
        ] {
            assert_eq!(replace(text, &variables(), 0).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_variable_that_cannot_be_replaced_is_a_fault_with_the_remedy() {
        for (text, part) in [
            (
                "${MISSING}",
                "the environment has no variable MISSING; set it, or write a default as in ${MISSING:-value}",
            ),
            ("${HOSTS}", "did you mean HOST?"),
            ("${site.hosts}", "no column hosts (did you mean host?)"),
            ("${HOST", "has a ${ without its }"),
            ("${}", "is no variable"),
            ("${HOST:?message}", "is no variable"),
            ("${HOST-x}", "is no variable"),
            ("${a b}", "is no variable"),
            ("$HOST/cb", "write ${HOST}, or $$HOST for a dollar sign"),
            ("${WIX_API_KEY}", "a credential"),
            ("${WIX_API_KEY:-x}", "a credential"),
        ] {
            let faults = replace(text, &variables(), 0).unwrap_err();
            assert!(faults[0].1.contains(part), "{text}: {}", faults[0].1);
            assert!(!faults[0].1.contains("IST.secret"));
        }
        assert_eq!(replace("${A}${B}", &variables(), 0).unwrap_err().len(), 2);
        let deep = format!("{}x{}", "${A:-".repeat(1_000), "}".repeat(1_000));
        assert!(replace(&deep, &variables(), 0).unwrap_err()[0].1.contains("too deep"));
        let alone = Variables::default();
        assert!(replace("${site.host}", &alone, 0).unwrap_err()[0].1.contains("only --sites"));
    }

    #[test]
    fn a_fault_has_the_path_of_its_text() {
        let value = serde_json::json!({ "apps": [{ "name": "${A}", "uris": ["x", "${B}"], "${HOST}": 1 }] });
        let (replaced, faults) = interpolate(&value, &variables());
        let paths: Vec<_> = faults.iter().map(|fault| fault.path.to_string()).collect();
        assert_eq!(paths, ["apps[0].name", "apps[0].uris[1]"]);
        assert_eq!(replaced, value);
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest::proptest! {
        #[test]
        fn an_escaped_text_comes_back(text in "[$\\{\\}a_:. -]{0,20}") {
            proptest::prop_assert_eq!(replace(&escape(&text), &Variables::default(), 0), Ok(text));
        }

        #[test]
        fn any_text_is_replaced_or_refused(text in "[$\\{\\}AH:.-]{0,30}") {
            let _ = replace(&text, &variables(), 0);
        }
    }
}
