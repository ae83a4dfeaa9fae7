//! Explains why a page refuses to redirect, in the emulator's own words: with the client's `checkRedirect`.
//!
//! [`crate::allowlist`] decides. This module only describes its refusals, so that a developer sees the entry that was meant.

use serde_json::{Value, json};
use wix_oauth_apps::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use wix_oauth_apps::redirect::check::{After, Fix, RedirectChecker};

use crate::http::html::{Comparison, Note};
use crate::store::app::App;

/// Explains the refusal of a URL after a process.
pub(crate) fn explain(app: &App, url: &str, after: After) -> Note {
    let entries = |list: &str| -> Vec<&str> {
        app.entity().get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let checker = RedirectChecker::from_lists(&entries(REDIRECT_URIS), &entries(REDIRECT_DOMAINS));
    let verdict = checker.check(url, after, None);
    if let Some(entry) = verdict.matched {
        // Only an option of the emulator can refuse what `checkRedirect` allows.
        let text = format!(
            "checkRedirect allows this URL by the entry {entry}, but the options of this emulator are stricter, such as \
             wildcardRedirects: false."
        );
        return Note { text, ..Note::default() };
    }
    let comparison = verdict.nearest.map(|nearest| Comparison {
        url: url.to_owned(),
        entry: nearest.entry.to_owned(),
        offset: scheme_length(url, nearest.entry, after),
        at: character_index(url, nearest.at),
    });
    let remedy = verdict.fix.map(|Fix { list, entry }| {
        let field = if after == After::Authentication { REDIRECT_URIS } else { REDIRECT_DOMAINS };
        let sentence = format!("The fix is to add {entry} to {field} of the app {}:", app.id());
        (sentence, format!("await client.allowRedirects({}, {{ {list}: [{}] }});", json!(app.id()), json!(entry)))
    });
    let message = verdict.message.strip_prefix("not allowed: the").unwrap_or(&verdict.message);
    Note { text: format!("The{message}."), comparison, remedy }
}

/// Returns the number of characters of the URL before the part that a domain is compared with.
fn scheme_length(url: &str, entry: &str, after: After) -> usize {
    if after == After::Authentication || entry.contains("://") {
        return 0;
    }
    url.split_once("://").map_or(0, |(scheme, _)| scheme.chars().count().saturating_add("://".len()))
}

/// Converts an index in UTF-16 code units to one in characters.
fn character_index(text: &str, utf16_index: usize) -> usize {
    let starts = text.chars().scan(0_usize, |units, character| {
        let start = *units;
        *units = units.saturating_add(character.len_utf16());
        Some(start)
    });
    starts.take_while(|start| *start < utf16_index).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::json::Object;

    fn app(uris: &[&str], domains: &[&str]) -> App {
        let fields = [("id", json!("the-id")), (REDIRECT_URIS, json!(uris)), (REDIRECT_DOMAINS, json!(domains))];
        App::new("", Object::from_iter(fields.map(|(name, value)| (name.to_owned(), value))), None)
    }

    #[test]
    fn a_refused_redirect_uri_has_the_nearest_entry_and_the_fix() {
        let note =
            explain(&app(&["https://shop.example.com/cb"], &[]), "https://shop.example.com/cb/", After::Authentication);
        assert!(note.text.starts_with("The URL differs from an entry only in a slash at the end"), "{}", note.text);
        let comparison = note.comparison.unwrap();
        assert_eq!((&*comparison.entry, comparison.offset, comparison.at), ("https://shop.example.com/cb", 0, 27));
        let note =
            explain(&app(&["https://shop.example.com/cb"], &[]), "https://shop.example.com/é", After::Authentication);
        assert!(note.remedy.is_none(), "{:?}", note.remedy);
        let note = explain(&app(&[], &[]), "https://shop.example.com/cb", After::Authentication);
        assert_eq!(note.comparison, None);
        let (sentence, call) = note.remedy.unwrap();
        assert!(sentence.contains("to allowedRedirectUris of the app the-id"), "{sentence}");
        assert_eq!(call, r#"await client.allowRedirects("the-id", { uris: ["https://shop.example.com/cb"] });"#);
    }

    #[test]
    fn a_refused_domain_is_compared_after_the_scheme() {
        let note = explain(&app(&[], &["shop.example.com"]), "https://shop.example.org/cart", After::Other);
        let comparison = note.comparison.unwrap();
        assert_eq!((&*comparison.entry, comparison.offset, comparison.at), ("shop.example.com", 8, 21));
        let (_, call) = note.remedy.unwrap();
        assert_eq!(call, r#"await client.allowRedirects("the-id", { domains: ["shop.example.org"] });"#);
        let note = explain(&app(&[], &["https://shop.example.com"]), "https://shop.example.org/", After::Other);
        assert_eq!(note.comparison.unwrap().offset, 0);
    }

    #[test]
    fn a_stricter_option_is_named() {
        let entry = "https://*-shop.example.com/cb";
        let note = explain(&app(&[entry], &[]), "https://a-shop.example.com/cb", After::Authentication);
        assert!(note.text.contains(entry) && note.text.contains("wildcardRedirects: false"), "{}", note.text);
    }

    #[test]
    fn the_index_counts_characters() {
        assert_eq!(character_index("a\u{1f600}b", 3), 2);
        assert_eq!(character_index("a\u{1f600}b", 0), 0);
        assert_eq!(character_index("ab", 9), 2);
    }
}
