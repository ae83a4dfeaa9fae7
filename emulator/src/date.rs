//! Dates as the API writes them: ISO 8601 in UTC, with milliseconds.

/// The last millisecond of the year 9999: with more digits in the year, dates would no longer sort as text.
const LATEST: u64 = 253_402_300_799_999;

/// The time as text, such as `2026-03-01T09:05:00.042Z`.
#[expect(clippy::arithmetic_side_effects, reason = "every term is bounded by the year 9999")]
pub(crate) fn to_text(milliseconds: u64) -> String {
    let milliseconds = milliseconds.min(LATEST);
    let (days, of_day) = (milliseconds / 86_400_000, milliseconds % 86_400_000);
    // Howard Hinnant's `civil_from_days`: years that begin in March, in eras of 400.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", of_day % 1_000)
}

/// Whether the text is a date of the form that [`to_text`] writes.
pub(crate) fn is_date(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00:00:00.000Z";
    let part = |from: usize| text.get(from..from.saturating_add(2)).and_then(|digits| digits.parse::<u8>().ok());
    text.len() == FORM.len()
        && text.bytes().zip(FORM).all(|(byte, form)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form })
        && part(5).is_some_and(|month| (1..=12).contains(&month))
        && part(8).is_some_and(|day| (1..=31).contains(&day))
        && part(11).is_some_and(|hour| hour < 24)
        && part(14).is_some_and(|minute| minute < 60)
        && part(17).is_some_and(|second| second < 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_dates() {
        for (milliseconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_001, "2000-02-29T00:00:00.001Z"),
            (951_868_799_999, "2000-02-29T23:59:59.999Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_772_355_900_042, "2026-03-01T09:05:00.042Z"),
            (4_107_542_399_000, "2100-02-28T23:59:59.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (LATEST, "9999-12-31T23:59:59.999Z"),
            (u64::MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(to_text(milliseconds), text);
            assert!(is_date(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "2026-03-01",
            "2026-03-01T09:05:00Z",
            "2026-13-01T09:05:00.042Z",
            "2026-03-00T09:05:00.042Z",
            "2026-03-01T24:05:00.042Z",
            "2026-03-01T09:60:00.042Z",
            "2026-03-01T09:05:60.042Z",
            "2026-03-01t09:05:00.042Z",
            "2026-03-01T09:05:00.042+",
            "é026-03-01T09:05:00.04Z",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }
}
