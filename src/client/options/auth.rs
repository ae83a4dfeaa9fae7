//! The option `auth`: exactly one form of credential.

use super::environment;
use super::members::{is_given, member, unknown_option};
use crate::client::header;
use crate::client::secret::Secret;
use crate::concat::{Concat as _, join};
use crate::fields::wrong_type;
use crate::value::{FUNCTION, Value};
use crate::violation::{Violations, rule};

/// How the client authenticates.
#[derive(Debug, Clone, PartialEq)]
pub enum Auth {
    /// An API key, sent as it is.
    ApiKey(Secret),
    /// An access token, sent as it is.
    AccessToken(Secret),
    /// A token that the caller's callback gives for each request.
    Callback,
    /// A client ID and secret, for which the client requests a token.
    ClientCredentials(ClientCredentials),
}

/// Client credentials (RFC 6749 §4.4).
#[derive(Debug, Clone, PartialEq)]
pub struct ClientCredentials {
    /// The OAuth app's ID.
    pub client_id: String,
    /// The OAuth app's secret.
    pub client_secret: Secret,
    /// The app instance, for apps that have several.
    pub instance_id: Option<String>,
}

impl Auth {
    /// Returns the secret that the client was made with; empty if there is none.
    pub(in crate::client) fn secret(&self) -> &str {
        match self {
            Auth::ApiKey(secret) | Auth::AccessToken(secret) => secret.reveal(),
            Auth::ClientCredentials(client) => client.client_secret.reveal(),
            Auth::Callback => "",
        }
    }
}

/// The members of all forms.
pub(super) const MEMBERS: [&str; 6] =
    ["apiKey", "accessToken", "getAccessToken", "clientId", "clientSecret", "instanceId"];
const FORMS: &str = "one of {apiKey}, {clientId, clientSecret}, {accessToken}, {getAccessToken}";

/// Reads the option. `hint` ends the message if it is missing. After a fault the result has no meaning.
pub(super) fn read(given: Option<&Value>, hint: &str, faults: &mut Violations) -> Auth {
    let names = match given {
        Some(Value::Object(members)) => given_names(members),
        Some(other) => {
            wrong_type("auth", FORMS, other, faults);
            return Auth::Callback;
        }
        None => Vec::new(),
    };
    let auth = given.unwrap_or(&Value::Null);
    match names.as_slice() {
        [] => {
            let separator = if hint.is_empty() { "" } else { "; " };
            faults.error("auth", rule::REQUIRED_FIELD, &["is required: ", FORMS, separator, hint]);
        }
        ["apiKey"] => return Auth::ApiKey(credential(auth, "apiKey", faults)),
        ["accessToken"] => return Auth::AccessToken(credential(auth, "accessToken", faults)),
        ["getAccessToken"] => {
            let callback = auth.get("getAccessToken").unwrap_or(&Value::Null);
            if *callback != Value::Foreign(FUNCTION) {
                wrong_type("auth.getAccessToken", "a function", callback, faults);
            }
        }
        names if names.iter().all(|name| ["clientId", "clientSecret", "instanceId"].contains(name)) => {
            return Auth::ClientCredentials(ClientCredentials {
                client_id: text(auth, "clientId", faults),
                client_secret: credential(auth, "clientSecret", faults),
                instance_id: member(auth, "instanceId").map(|_| text(auth, "instanceId", faults)),
            });
        }
        names => contradiction(auth, names, faults),
    }
    Auth::Callback
}

/// Returns the names of the members that are given. If all are `undefined`, each of them is a fault.
fn given_names(members: &[(String, Value)]) -> Vec<&str> {
    let is_any_given = members.iter().any(|(_, value)| is_given(value));
    let mut names = Vec::new();
    for (name, value) in members {
        if if is_any_given { is_given(value) } else { name != "instanceId" } {
            names.push(name.as_str());
        }
    }
    names
}

/// Reports members that no form has, or that belong to two.
fn contradiction(auth: &Value, names: &[&str], faults: &mut Violations) {
    if let Some(unknown) = names.iter().find(|name| !MEMBERS.contains(name)) {
        unknown_option(&["auth.", unknown].concat(), &MEMBERS, faults);
    } else if names.iter().all(|name| !auth.get(name).is_some_and(is_given)) {
        for name in names {
            text(auth, name, faults);
        }
    } else {
        let message = ["holds ", &join(names, " and "), ", which contradict; give ", FORMS];
        faults.error("auth", rule::CONFLICT, &message);
    }
}

fn credential(auth: &Value, name: &str, faults: &mut Violations) -> Secret {
    Secret::new(text(auth, name, faults))
}

/// Reads a required text of `auth` that can be sent in a header.
fn text(auth: &Value, name: &str, faults: &mut Violations) -> String {
    let path = ["auth.", name].concat();
    match auth.get(name) {
        None => {
            faults.error(&path, rule::REQUIRED_FIELD, &["is required"]);
            String::new()
        }
        Some(value) => header_text(&path, value, faults),
    }
}

/// Reads a text that can be sent in a header. The message never contains the value.
pub(super) fn header_text(path: &str, value: &Value, faults: &mut Violations) -> String {
    if environment::is_absent(path, value, faults) {
        return String::new();
    }
    let Some(text) = value.as_str() else {
        let hint = if matches!(value, Value::Object(_)) { "; of a Secret, pass secret.reveal()" } else { "" };
        faults.error(path, rule::TYPE, &["must be a string, is ", value.kind(), hint]);
        return String::new();
    };
    if let Some((rule, message)) = environment::fault(text) {
        faults.error(path, rule, &[message]);
    } else if !header::is_token(text) {
        let message = "contains white space, a control or a non-ASCII character, which a header cannot carry";
        faults.error(path, rule::FORMAT, &[message]);
    }
    text.to_owned()
}

/// Returns the fault of a token that the caller's callback gave. The message never contains the token.
pub(in crate::client) fn token_fault(token: &Value) -> Option<String> {
    let Some(text) = token.as_str() else {
        return Some(["getAccessToken must give a token as a string, gave ", token.kind()].concat());
    };
    match environment::fault(text) {
        Some((_, fault)) => Some(["getAccessToken gave a token that ", fault].concat()),
        None if header::is_value(text) => None,
        None => Some("getAccessToken gave a token that a header cannot carry".to_owned()),
    }
}
