//! The name of an app, by which people and `ensureOAuthApp` find it.

use crate::text::{is_invisible, name_character};
use crate::violation::{Severity, Violation, Violations, rule};

/// Reports what makes a name look like another one: control and invisible characters, and white space at its ends.
pub(crate) fn judge(name: &str, violations: &mut Violations) {
    let mut shapes = false;
    for (at, character) in name.char_indices() {
        // A joiner or a variation selector belongs to the character before it, of an emoji or of a script that needs it.
        let is_shaped = shapes && matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
        shapes = !character.is_ascii();
        if !is_shaped && (is_invisible(character) || character.is_ascii_control()) {
            let character = name_character(name, at, character);
            let message = ["has the control or invisible character ", &character, "; remove it"];
            return violations.error("name", rule::CHARACTER, &message);
        }
    }
    let trimmed = name.trim();
    if trimmed.is_empty() && !name.is_empty() {
        return violations.error("name", rule::CHARACTER, &["consists of white space; give a name"]);
    }
    if trimmed.len() != name.len() {
        let message = "has white space at its start or end".to_owned();
        let mut fault = Violation::new(Severity::Warning, "name".to_owned(), rule::WHITE_SPACE, message);
        fault.suggest(trimmed.to_owned());
        violations.0.push(fault);
    }
}

/// Returns whether two names are the same except for white space at their ends and for how Unicode composes a character.
/// `normalize` returns normalization form C.
pub fn is_same(one: &str, other: &str, normalize: impl Fn(&str) -> String) -> bool {
    let (one, other) = (one.trim(), other.trim());
    // ASCII is in that form already, and most names are ASCII.
    one == other || (!one.is_ascii() && !other.is_ascii() && normalize(one) == normalize(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::tests::lines;

    fn faults(name: &str) -> Vec<String> {
        let mut violations = Violations::default();
        judge(name, &mut violations);
        lines(&violations.0)
    }

    #[test]
    fn control_and_invisible_characters_are_refused() {
        for hidden in [
            '\0',
            '\t',
            '\n',
            '\r',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{180e}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{e0041}',
            '\u{e0100}',
        ] {
            for name in [format!("Sh{hidden}op"), format!("{hidden}Shop"), format!("Shop{hidden}")] {
                assert_eq!(faults(&name), ["name CHARACTER"], "{name:?}");
            }
        }
        let mut violations = Violations::default();
        judge("Sho\u{200b}p", &mut violations);
        assert!(violations.0[0].message.contains("U+200B (character 4)"), "{}", violations.0[0].message);
    }

    #[test]
    fn visible_names_of_any_script_pass() {
        for name in [
            "Shop",
            "Shop 2",
            "Müller & Söhne",
            "店舗",
            "متجر",
            "فروشگاه\u{200c}ها",
            "क्\u{200d}ष",
            "❤\u{fe0f} Shop",
            "👩\u{200d}👩\u{200d}👧 Toys",
            "cafe\u{301}",
        ] {
            assert_eq!(faults(name), [""; 0], "{name:?}");
        }
    }

    #[test]
    fn white_space_at_an_end_is_a_warning() {
        for name in [" Shop", "Shop ", "\u{a0}Shop", "Shop\u{3000}"] {
            assert_eq!(faults(name), ["name WHITE_SPACE -> Shop (warning)"], "{name:?}");
        }
        assert_eq!(faults("   "), ["name CHARACTER"]);
    }

    #[test]
    fn names_are_compared_trimmed_and_composed() {
        // The host's normalization, for one character.
        let normalize = |name: &str| name.replace("e\u{301}", "é");
        for (one, other, expected) in [
            ("Shop", "Shop", true),
            ("Shop", " Shop\u{a0}", true),
            ("Shop", "shop", false),
            ("Café", "Cafe\u{301}", true),
            ("Café", "Cafe", false),
        ] {
            assert_eq!(is_same(one, other, normalize), expected, "{one:?} {other:?}");
        }
    }
}
