//! A draft or a patch: is each of its fields one the API takes, with a value it takes?
//!
//! All faults are found at once, so that a caller mends them in one go.

use crate::app::{
    Field, Kind, MAPPING_FIELDS, MAX_MAPPING_CHARACTERS, MAX_MAPPINGS, MAX_REDIRECTS, OAuthAppDraft, OAuthAppPatch,
};
use crate::concat::{Concat as _, join};
use crate::names::nearest_name;
use crate::redirect::{ToAscii, domain, uri, web_url};
use crate::value::Value;
use crate::violation::{Severity, Violation, Violations, rule};
pub(crate) use fields::Purpose;
use fields::take;

mod fields;
mod lists;

/// What a create takes: the draft with the warnings on it, or everything that is wrong.
pub fn draft(given: &Value, to_ascii: ToAscii<'_>) -> Result<(OAuthAppDraft, Vec<Violation>), Vec<Violation>> {
    accepted(take(given, Purpose::Create, to_ascii)).map(|(fields, warnings)| (OAuthAppDraft(fields), warnings))
}

/// What an update takes: the patch with the warnings on it, or everything that is wrong. A `null` clears its field.
pub fn patch(given: &Value, to_ascii: ToAscii<'_>) -> Result<(OAuthAppPatch, Vec<Violation>), Vec<Violation>> {
    accepted(take(given, Purpose::Update(None), to_ascii)).map(|(fields, warnings)| (OAuthAppPatch(fields), warnings))
}

/// The fields that an operation takes, which a `null` clears where they may be; their warnings and faults are added to
/// the others.
#[inline(never)]
pub(crate) fn fields(
    given: &Value,
    purpose: Purpose<'_>,
    to_ascii: ToAscii<'_>,
    faults: &mut Vec<Violation>,
    warnings: &mut Vec<Violation>,
) -> Option<Vec<(String, Value)>> {
    let (fields, violations) = take(given, purpose, to_ascii);
    let is_accepted = !violations.has_error();
    let found = if is_accepted { warnings } else { faults };
    found.extend(violations.0);
    is_accepted.then_some(fields)
}

/// Everything that is wrong or doubtful with a draft.
pub fn violations_of_draft(given: &Value, to_ascii: ToAscii<'_>) -> Violations {
    take(given, Purpose::Create, to_ascii).1
}

/// Everything that is wrong or doubtful with a patch.
pub fn violations_of_patch(given: &Value, to_ascii: ToAscii<'_>) -> Violations {
    take(given, Purpose::Update(None), to_ascii).1
}

/// Fields, and the warnings on them.
type Accepted = (Vec<(String, Value)>, Vec<Violation>);

fn accepted((fields, violations): (Vec<(String, Value)>, Violations)) -> Result<Accepted, Vec<Violation>> {
    if violations.has_error() { Err(violations.0) } else { Ok((fields, violations.0)) }
}

/// What a caller calls the redirect lists of an app, redirect URIs first.
pub const REDIRECT_LISTS: [&str; 2] = ["uris", "domains"];
/// Entries of the redirect lists, in that order; none stands there twice.
pub type Entries = [Vec<String>; 2];

/// The entries of `{uris, domains}` with the warnings on them, or everything that is wrong. With `judge`, which is the
/// host's reading of domain names, each must be one that may go into its list.
pub fn redirects(given: &Value, judge: Option<ToAscii<'_>>) -> Result<(Entries, Vec<Violation>), Vec<Violation>> {
    let mut violations = Violations::default();
    let mut found = Entries::default();
    for (name, value) in object("entries", given, &mut violations).unwrap_or_default() {
        let Some(at) = REDIRECT_LISTS.iter().position(|list| list == name) else {
            unknown_field(name, &mut REDIRECT_LISTS.into_iter(), &mut violations);
            continue;
        };
        let texts = entries(name, value, &mut violations);
        if let Some(to_ascii) = judge {
            let judge = if at == 0 { uri::entries } else { domain::entries };
            judge(name, &texts, to_ascii, &mut violations.0);
        }
        if let Some(list) = found.get_mut(at) {
            for text in texts.into_iter().flatten() {
                if !list.iter().any(|known| known == text) {
                    list.push(text.to_owned());
                }
            }
        }
    }
    if violations.has_error() { Err(violations.0) } else { Ok((found, violations.0)) }
}

fn check(field: &Field, value: &Value, to_ascii: ToAscii<'_>, violations: &mut Violations) {
    let path = field.name;
    match field.kind {
        Kind::Text(least, most) => text(path, value, least, most, violations),
        // The service answers with an empty text for a URL that is not set.
        Kind::BaseUrl(_) | Kind::WebUrl if value.as_str() == Some("") => {}
        Kind::BaseUrl(_) | Kind::WebUrl => {
            text(path, value, 0, if let Kind::BaseUrl(most) = field.kind { most } else { usize::MAX }, violations);
            if let Some(url) = value.as_str() {
                web_url::web_url(path, url, to_ascii, &mut violations.0);
            }
        }
        Kind::Flag => {
            if !matches!(value, Value::Bool(_)) {
                wrong_type(path, "true or false", value, violations);
            }
        }
        Kind::OneOf(names) => one_of(path, value, names, violations),
        // A list of redirects that is too long is reported by `redirect::list`.
        Kind::RedirectUris | Kind::RedirectDomains => {
            let entries = entries(path, value, violations);
            let judge = if field.kind == Kind::RedirectUris { uri::list } else { domain::list };
            judge(path, &entries, to_ascii, &mut violations.0);
        }
        Kind::LegacyDomains => {
            if !texts(path, value, MAX_REDIRECTS, violations).is_empty() {
                let message = "is the older list; use allowedRedirectUris for URIs after a login, and \
                               allowedRedirectDomains for domains after a checkout or a logout";
                let fault = Violation::error(path, rule::DEPRECATED, message);
                violations.0.push(Violation { severity: Severity::Warning, ..fault });
            }
        }
        Kind::DomainMappings => mappings(path, value, to_ascii, violations),
        // The service alone sets these, and `fields` has dealt with them.
        Kind::Guid | Kind::DateTime => {}
    }
}

/// The entries of a redirect list of any length, `None` for one that is no text, which is a fault.
pub(crate) fn entries<'a>(path: &str, value: &'a Value, violations: &mut Violations) -> Vec<Option<&'a str>> {
    texts(path, value, usize::MAX, violations)
}

/// The texts of a list with a largest length, `None` for an element that is no text, which is a fault.
fn texts<'a>(path: &str, value: &'a Value, most: usize, violations: &mut Violations) -> Vec<Option<&'a str>> {
    let elements = list(path, value, most, violations).unwrap_or_default();
    let mut texts = Vec::with_capacity(elements.len());
    for (at, element) in elements.iter().enumerate() {
        // The path is made for a fault alone: for twenty entries it costs as much as reading them.
        if element.as_str().is_none() {
            wrong_type(&element_path(path, at), "a string", element, violations);
        }
        texts.push(element.as_str());
    }
    texts
}

fn mappings(path: &str, value: &Value, to_ascii: ToAscii<'_>, violations: &mut Violations) {
    let Some(elements) = list(path, value, MAX_MAPPINGS, violations) else { return };
    for (at, element) in elements.iter().enumerate() {
        let path = element_path(path, at);
        for (name, value) in object(&path, element, violations).unwrap_or_default() {
            let path = [&path, ".", name].concat();
            if MAPPING_FIELDS.contains(&name.as_str()) {
                text(&path, value, 0, MAX_MAPPING_CHARACTERS, violations);
                if let Some(end) = value.as_str().filter(|end| !end.is_empty()) {
                    web_url::url_or_host(&path, end, to_ascii, &mut violations.0);
                }
            } else {
                unknown_field(&path, &mut MAPPING_FIELDS.into_iter(), violations);
            }
        }
    }
}

/// The members of an object; anything else is a fault.
pub(crate) fn object<'a>(path: &str, value: &'a Value, violations: &mut Violations) -> Option<&'a [(String, Value)]> {
    if let Value::Object(members) = value {
        return Some(members);
    }
    wrong_type(path, "an object", value, violations);
    None
}

/// The elements of a list that is not too long; anything else is a fault.
pub(crate) fn list<'a>(path: &str, value: &'a Value, most: usize, violations: &mut Violations) -> Option<&'a [Value]> {
    let Value::Array(elements) = value else {
        wrong_type(path, "a list", value, violations);
        return None;
    };
    if elements.len() > most {
        let message = ["takes at most ", &most.to_string(), " entries, has ", &elements.len().to_string()];
        violations.error(path, rule::OUT_OF_RANGE, &message);
    }
    Some(elements)
}

/// The text of a string; anything else is a fault.
pub(crate) fn string<'a>(path: &str, value: &'a Value, violations: &mut Violations) -> Option<&'a str> {
    let text = value.as_str();
    if text.is_none() {
        wrong_type(path, "a string", value, violations);
    }
    text
}

/// Characters are counted as Unicode scalar values, so that no script is shorter than another.
fn text(path: &str, value: &Value, least: usize, most: usize, violations: &mut Violations) {
    let Some(text) = string(path, value, violations) else { return };
    let length = text.chars().count();
    if length < least || length > most {
        let (least, most, length) = (least.to_string(), most.to_string(), length.to_string());
        let message = ["must have ", &least, " to ", &most, " characters, has ", &length];
        violations.error(path, rule::OUT_OF_RANGE, &message);
    }
}

/// One of a set of names; a name that differs in case alone is suggested.
pub(crate) fn one_of(path: &str, value: &Value, names: &[&str], violations: &mut Violations) {
    let Some(text) = string(path, value, violations) else { return };
    if names.contains(&text) {
        return;
    }
    let meant = names.iter().find(|name| name.eq_ignore_ascii_case(text)).copied();
    let message = ["must be one of ", &join(names, ", ")];
    violations.error_suggesting(path, rule::UNKNOWN_VALUE, &message, meant);
}

/// Reports a name that no field has, with the known one that is nearest.
pub(crate) fn unknown_field(path: &str, names: &mut dyn Iterator<Item = &str>, violations: &mut Violations) {
    let meant = nearest_name(path, names);
    let question = if meant.is_some() { "; did you mean " } else { "" };
    let message = ["is no field that the API knows", question, meant.unwrap_or_default()];
    violations.error_suggesting(path, rule::UNKNOWN_FIELD, &message, meant);
}

/// A value of another type than the field's.
pub(crate) fn wrong_type(path: &str, wanted: &str, value: &Value, violations: &mut Violations) {
    violations.error(path, rule::TYPE, &["must be ", wanted, ", is ", value.kind()]);
}

/// The path of a list's element: `allowedRedirectUris[3]`.
pub(crate) fn element_path(path: &str, at: usize) -> String {
    [path, "[", &at.to_string(), "]"].concat()
}

#[cfg(test)]
pub(crate) mod tests;
