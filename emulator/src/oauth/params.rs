//! The parameters of a token request: JSON or form-encoded, with names in camel case or snake case.

use std::collections::{BTreeMap, BTreeSet};

use crate::http::json;
use crate::http::request::Request;
use crate::oauth::failure::Failure;

/// The parameters that any grant reads. Others are ignored, as RFC 6749 asks for.
const KNOWN: [&str; 8] = [
    "grant_type",
    "client_id",
    "client_secret",
    "instance_id",
    "refresh_token",
    "code",
    "code_verifier",
    "redirect_uri",
];

/// The parameters of one request, under their names in snake case. Those without a value count as left out.
#[derive(Debug)]
pub(crate) struct Params(BTreeMap<&'static str, String>);

impl Params {
    /// The parameters in the body.
    pub(crate) fn read(request: &Request) -> Result<Self, Failure> {
        if request.header("authorization").is_some_and(is_basic) {
            return Err(Failure::basic_authentication());
        }
        let content_type = request.header("content-type").unwrap_or("application/json");
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let body = request.body.as_deref().unwrap_or_default();
        let mut params = Self(BTreeMap::new());
        if media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let pairs: Vec<_> = form_urlencoded::parse(body).collect();
            if let Some(name) = repeated(pairs.iter().map(|(name, _)| name.as_ref())) {
                return Err(Failure::invalid_request(format!("{name} is given twice")));
            }
            for (name, value) in &pairs {
                params.add(name, value)?;
            }
        } else if media_type.eq_ignore_ascii_case("application/json") {
            let members = json::body(Some(body)).map_err(|problem| Failure::invalid_request(problem.into_message()))?;
            if let Some(name) = repeated(json::names(body).iter().map(String::as_str)) {
                return Err(Failure::invalid_request(format!("{name} is given twice")));
            }
            for (name, value) in members.iter().filter(|(name, value)| known(name).is_some() && !value.is_null()) {
                let text = json::text(value, name);
                params.add(name, text.map_err(|problem| Failure::invalid_request(problem.into_message()))?)?;
            }
        } else if !body.is_empty() {
            let forms = "application/json or application/x-www-form-urlencoded";
            return Err(Failure::invalid_request(format!("The body must be {forms}")));
        }
        Ok(params)
    }

    /// A parameter, where it is given.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter that the grant cannot do without.
    pub(crate) fn require(&self, name: &str) -> Result<&str, Failure> {
        self.get(name).ok_or_else(|| Failure::invalid_request(format!("{name} is missing")))
    }

    fn add(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        let Some(name) = known(name) else { return Ok(()) };
        if value.is_empty() {
            return Ok(());
        }
        match self.0.insert(name, value.to_owned()) {
            Some(before) if before != value => {
                Err(Failure::invalid_request(format!("{name} is given twice, with two values")))
            }
            _ => Ok(()),
        }
    }
}

/// The first name that occurs more than once (RFC 6749, section 3.1: a parameter must not).
pub(super) fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}

fn is_basic(authorization: &str) -> bool {
    authorization.split(' ').next().is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"))
}

/// The name in snake case, where any grant reads it.
fn known(name: &str) -> Option<&'static str> {
    KNOWN.into_iter().find(|known| *known == name || is_camel_case_of(name, known))
}

/// Whether the name is the other with each `_x` written `X`.
fn is_camel_case_of(name: &str, snake: &str) -> bool {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let camel = words.fold(first, |mut camel, word| {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
        camel
    });
    name == camel
}
