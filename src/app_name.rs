//! The name of an app, by which people and `ensureOAuthApp` find it.

use crate::violation::{Severity, Violation, Violations, rule};

/// Reports what makes a name look like another one: control and invisible characters, and white space at its ends.
pub(crate) fn judge(name: &str, violations: &mut Violations) {
    let mut shapes = false;
    for (at, character) in name.chars().enumerate() {
        // A joiner or a variation selector belongs to the character before it, of an emoji or of a script that needs it.
        let is_shaped = shapes && matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
        shapes = !character.is_ascii();
        if is_shaped || !is_invisible(character) {
            continue;
        }
        let (code, place) = (code_point(character), at.saturating_add(1).to_string());
        let message =
            ["has the control or invisible character ", &code, " (character ", &place, "); write the name without it"];
        return violations.error("name", rule::CHARACTER, &message);
    }
    let trimmed = name.trim();
    if trimmed.is_empty() && !name.is_empty() {
        return violations.error("name", rule::CHARACTER, &["is nothing but white space"]);
    }
    if trimmed.len() != name.len() {
        let message = "has white space at its start or end, which nobody sees";
        let suggestion = Some(trimmed.to_owned());
        let fault = Violation::error("name", rule::WHITE_SPACE, message);
        violations.0.push(Violation { severity: Severity::Warning, suggestion, ..fault });
    }
}

/// Checks whether two names are the same but for white space at their ends and for how Unicode composes a character
/// (normalization form C, which `normalize` gives).
pub fn is_same(one: &str, other: &str, normalize: impl Fn(&str) -> String) -> bool {
    let (one, other) = (one.trim(), other.trim());
    // ASCII is in the form already; most names are, and the host's function need not be called.
    one == other || (!one.is_ascii() && !other.is_ascii() && normalize(one) == normalize(other))
}

/// Whether a character shows nothing: Unicode's categories Cc, Zl and Zp, those of Cf that a font does not show, fillers
/// that are letters by category, and variation selectors.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}'
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// `U+200B`
fn code_point(character: char) -> String {
    let code = u32::from(character);
    let mut text = String::from("U+");
    let digits: u32 = if code > 0xffff { 6 } else { 4 };
    for at in (0..digits).rev() {
        let digit = code.wrapping_shr(at.wrapping_mul(4)) & 15;
        text.push(char::from_digit(digit, 16).unwrap_or('0').to_ascii_uppercase());
    }
    text
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
        assert_eq!(code_point('\u{e0041}'), "U+0E0041");
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
