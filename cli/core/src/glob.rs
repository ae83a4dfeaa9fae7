//! Texts with wildcards.

/// Checks whether a host label matches a pattern, in which each `*` is one or more letters, digits, `-` and `_`. With
/// `is_star_literal`, a `*` of the label counts as such a character: the label is a pattern itself.
pub(crate) fn matches_label(pattern: &str, label: &str, is_star_literal: bool) -> bool {
    let is_covered =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || (is_star_literal && byte == b'*');
    matches(pattern.as_bytes(), label.as_bytes(), Wildcards { single: &is_covered, least: 1 })
}

/// Checks whether a path with its query matches a pattern, in which `*` is any text within a segment, and `**` any
/// text.
pub(crate) fn matches_path(pattern: &str, path: &str) -> bool {
    let is_covered = |byte: u8| !matches!(byte, b'/' | b'?' | b'#');
    matches(pattern.as_bytes(), path.as_bytes(), Wildcards { single: &is_covered, least: 0 })
}

/// The meaning of `*`. A `**` is any text.
#[derive(Clone, Copy)]
struct Wildcards<'a> {
    /// The bytes that a `*` stands for.
    single: &'a dyn Fn(u8) -> bool,
    /// The least number of them.
    least: usize,
}

/// Matches a text with a pattern, in time of one length multiplied by the other.
fn matches(mut pattern: &[u8], text: &[u8], wildcards: Wildcards<'_>) -> bool {
    // `reached[n]`: the pattern so far matches the first `n` bytes of the text.
    let mut reached = vec![false; text.len().saturating_add(1)];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    while let Some((first, rest)) = pattern.split_first() {
        pattern = rest;
        let is_any = *first == b'*' && pattern.first() == Some(&b'*');
        if is_any {
            pattern = pattern.split_first().map_or(pattern, |(_, rest)| rest);
        }
        let mut next = vec![false; reached.len()];
        let mut run = false;
        for (at, (cell, is_reached)) in next.iter_mut().zip(&reached).enumerate() {
            let before = at.checked_sub(1);
            let byte = before.and_then(|at| text.get(at).copied());
            let was_reached = before.is_some_and(|at| reached.get(at) == Some(&true));
            *cell = if *first != b'*' {
                was_reached && byte == Some(*first)
            } else if is_any {
                run |= *is_reached;
                run
            } else {
                run = (run || was_reached) && byte.is_some_and(wildcards.single);
                run || (wildcards.least == 0 && *is_reached)
            };
        }
        reached = next;
    }
    reached.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_of_a_label_is_one_or_more_characters() {
        for (pattern, label, expected) in [
            ("shop", "shop", true),
            ("shop", "shops", false),
            ("*-team", "x-team", true),
            ("*-team", "a-b_c9-team", true),
            ("*-team", "-team", false),
            ("*-team", "x-team2", false),
            ("*-git-*-team", "shop-git-main-team", true),
            ("*-git-*-team", "shop-git--team", false),
            ("*", "x", true),
            ("*", "", false),
            ("*-team", "é-team", false),
            ("*-team", "*-team", false),
        ] {
            assert_eq!(matches_label(pattern, label, false), expected, "{pattern} {label}");
        }
        assert!(matches_label("*-team", "*-team", true));
    }

    #[test]
    fn a_star_of_a_path_stays_in_its_segment() {
        for (pattern, path, expected) in [
            ("/**", "/", true),
            ("/**", "/api/auth/callback?x=1", true),
            ("/cb", "/cb", true),
            ("/cb", "/cb/", false),
            ("/cb", "/Cb", false),
            ("/*/cb", "/a/cb", true),
            ("/*/cb", "/a/b/cb", false),
            ("/**/cb", "/a/b/cb", true),
            ("/*", "/a?b", false),
            ("/a*", "/a", true),
            ("/a***", "/a/b", true),
        ] {
            assert_eq!(matches_path(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_hostile_pattern_takes_no_exponential_time() {
        assert!(!matches_path(&"*a".repeat(200), &format!("{}b", "a".repeat(2_000))));
        assert!(!matches_label(&"*a".repeat(20), &"b".repeat(63), false));
    }
}
