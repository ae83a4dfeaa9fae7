//! The parameters of a token request: JSON or a form, with names in camel case or snake case.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::http::body::Body;
use crate::http::json;
use crate::http::request::Request;
use crate::oauth::failure::TokenError;

/// The parameters that a grant type reads. Others are ignored, as RFC 6749 requires.
const NAMES: [&str; 8] = [
    "grant_type",
    "client_id",
    "client_secret",
    "instance_id",
    "refresh_token",
    "code",
    "code_verifier",
    "redirect_uri",
];

/// The parameters of a request, by their names in snake case. An empty value counts as absent.
#[derive(Debug)]
pub(crate) struct Params(BTreeMap<&'static str, String>);

impl Params {
    /// Reads the parameters from the body of a request.
    pub(crate) fn read(request: &Request<'_>, body: &Body<'_>) -> Result<Self, TokenError> {
        if request.header("authorization").is_some_and(is_basic) {
            return Err(TokenError::basic_authentication());
        }
        let media_type = request.media_type().unwrap_or("application/json");
        if media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Self::from_form(request.body.unwrap_or_default());
        }
        if media_type.eq_ignore_ascii_case("application/json") {
            return Self::from_json(body);
        }
        if request.body.is_some_and(|body| !body.is_empty()) {
            let forms = "application/json or application/x-www-form-urlencoded";
            return Err(TokenError::invalid_request(format!("The body must be {forms}")));
        }
        Ok(Self(BTreeMap::new()))
    }

    fn from_form(form: &[u8]) -> Result<Self, TokenError> {
        let pairs: Vec<_> = form_urlencoded::parse(form).collect();
        if let Some(name) = repeated(pairs.iter().map(|(name, _)| name.as_ref())) {
            return Err(TokenError::invalid_request(format!("{name} is given twice")));
        }
        let mut params = Self(BTreeMap::new());
        for (name, value) in &pairs {
            params.add(name, value)?;
        }
        Ok(params)
    }

    fn from_json(body: &Body<'_>) -> Result<Self, TokenError> {
        let message = body.object().map_err(|error| TokenError::invalid_request(error.into_message()))?;
        if let Body::Json { repeated_name: Some(name), .. } = body {
            return Err(TokenError::invalid_request(format!("{name} is given twice")));
        }
        let mut params = Self(BTreeMap::new());
        let is_param = |name: &str, value: &Value| snake_case_name(name).is_some() && !value.is_null();
        for (name, value) in message.iter().filter(|(name, value)| is_param(name, value)) {
            let text = json::text(value, name);
            params.add(name, text.map_err(|error| TokenError::invalid_request(error.into_message()))?)?;
        }
        Ok(params)
    }

    /// Returns a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns a parameter that the grant type requires.
    pub(crate) fn require(&self, name: &str) -> Result<&str, TokenError> {
        self.get(name).ok_or_else(|| TokenError::invalid_request(format!("{name} is missing")))
    }

    fn add(&mut self, name: &str, value: &str) -> Result<(), TokenError> {
        let Some(name) = snake_case_name(name) else { return Ok(()) };
        if value.is_empty() {
            return Ok(());
        }
        match self.0.insert(name, value.to_owned()) {
            Some(earlier) if earlier != value => {
                Err(TokenError::invalid_request(format!("{name} is given twice, with two values")))
            }
            _ => Ok(()),
        }
    }
}

/// Returns the first name that occurs more than once. RFC 6749 §3.1 forbids repeated parameters.
pub(crate) fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}

fn is_basic(authorization: &str) -> bool {
    authorization.split(' ').next().is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"))
}

/// Returns the name of a parameter in snake case, if a grant type reads it.
fn snake_case_name(name: &str) -> Option<&'static str> {
    NAMES.into_iter().find(|known| *known == name || is_camel_case_of(name, known))
}

/// Checks whether the name is the other one in camel case.
fn is_camel_case_of(name: &str, snake_case: &str) -> bool {
    let mut words = snake_case.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let camel_case = words.fold(first, |mut camel_case, word| {
        let mut letters = word.chars();
        camel_case.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel_case.push_str(letters.as_str());
        camel_case
    });
    name == camel_case
}
