//! Checking a draft or a patch: whether each field is one that the API takes, with a value that it takes.
//!
//! All faults are reported at once, so that a caller can correct them in one go.

use crate::app::{OAuthAppDraft, OAuthAppPatch};
use crate::fields::{object, unknown_field};
use crate::redirect::{ToAscii, domain, uri};
use crate::value::Value;
use crate::violation::{Violation, Violations};
use content::entries;
pub(crate) use members::Purpose;
use members::take;

mod content;
mod lists;
mod members;

/// Checks what a create takes. Returns the draft with its warnings.
///
/// # Errors
/// Every violation, if one of them is an error.
pub fn draft(given: &Value, to_ascii: ToAscii<'_>) -> Result<(OAuthAppDraft, Vec<Violation>), Vec<Violation>> {
    accepted(take(given, Purpose::Create, to_ascii)).map(|(fields, warnings)| (OAuthAppDraft(fields), warnings))
}

/// Checks what an update takes. Returns the patch with its warnings. `null` clears a field.
///
/// # Errors
/// Every violation, if one of them is an error.
pub fn patch(given: &Value, to_ascii: ToAscii<'_>) -> Result<(OAuthAppPatch, Vec<Violation>), Vec<Violation>> {
    accepted(take(given, Purpose::Update(None), to_ascii)).map(|(fields, warnings)| (OAuthAppPatch(fields), warnings))
}

/// Checks what an operation takes, and adds the violations to `faults` or, if none is an error, to `warnings`.
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

/// Returns the errors and warnings of a draft.
pub fn violations_of_draft(given: &Value, to_ascii: ToAscii<'_>) -> Violations {
    take(given, Purpose::Create, to_ascii).1
}

/// Returns the errors and warnings of a patch.
pub fn violations_of_patch(given: &Value, to_ascii: ToAscii<'_>) -> Violations {
    take(given, Purpose::Update(None), to_ascii).1
}

/// Fields with the warnings on them.
type Accepted = (Vec<(String, Value)>, Vec<Violation>);

fn accepted((fields, violations): (Vec<(String, Value)>, Violations)) -> Result<Accepted, Vec<Violation>> {
    if violations.has_error() { Err(violations.0) } else { Ok((fields, violations.0)) }
}

/// The names of the redirect lists in an argument of `allowRedirects`, redirect URIs first.
pub const REDIRECT_LISTS: [&str; 2] = ["uris", "domains"];
/// Entries of the redirect lists, in that order, without repetitions.
pub type Entries = [Vec<String>; 2];

/// Reads the entries of `{uris, domains}`, and returns them with their warnings. If `judge` is given, which holds the
/// host's reading of domain names, each entry must be valid in its list.
///
/// # Errors
/// Every violation, if one of them is an error.
pub fn redirects(given: &Value, judge: Option<ToAscii<'_>>) -> Result<(Entries, Vec<Violation>), Vec<Violation>> {
    let mut violations = Violations::default();
    let mut found = Entries::default();
    for (name, value) in object("entries", given, &mut violations).unwrap_or_default() {
        let [uris, domains] = &mut found;
        let is_uris = name == "uris";
        if !is_uris && name != "domains" {
            unknown_field(name, &mut REDIRECT_LISTS.into_iter(), &mut violations);
            continue;
        }
        let texts = entries(name, value, &mut violations);
        if let Some(to_ascii) = judge {
            let judge = if is_uris { uri::entries } else { domain::entries };
            judge(name, &texts, to_ascii, &mut violations.0);
        }
        let list = if is_uris { uris } else { domains };
        for text in texts {
            if let Some(text) = text
                && !list.iter().any(|known| known == text)
            {
                list.push(text.to_owned());
            }
        }
    }
    if violations.has_error() { Err(violations.0) } else { Ok((found, violations.0)) }
}

#[cfg(test)]
pub(crate) mod tests;
