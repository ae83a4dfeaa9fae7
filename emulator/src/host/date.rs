//! Dates as the API writes them: ISO 8601 in UTC, with milliseconds.

/// The last millisecond of the year 9999: with more digits in the year, dates would no longer sort as text.
pub(crate) const LATEST: u64 = 253_402_300_799_999;

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

/// Milliseconds since 1970 of a date in UTC, such as `2026-03-01` or `2026-03-01T09:05:00Z`; the seconds may have a
/// fraction, of which milliseconds count. Nothing where the text is no such date, or one before 1970.
#[expect(clippy::arithmetic_side_effects, reason = "every term is bounded by four digits of a year")]
pub(crate) fn parse(text: &str) -> Option<u64> {
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let time = time.strip_suffix('Z')?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    if hour > 23 || minute > 59 || second > 59 || fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let thousandths = fraction.bytes().chain(*b"00").take(3).fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    let of_day = ((hour * 60 + minute) * 60 + second) * 1_000 + thousandths;
    let milliseconds = days(year, month, day)? * 86_400_000 + of_day;
    // There and back: a month may have less days than that.
    to_text(milliseconds).starts_with(date).then_some(milliseconds)
}

/// Whether the text is a date of the form that [`to_text`] writes.
pub(crate) fn is_date(text: &str) -> bool {
    parse(text).is_some_and(|milliseconds| to_text(milliseconds) == text)
}

/// Days since 1970: Howard Hinnant's `days_from_civil`. Nothing before.
#[expect(clippy::arithmetic_side_effects, reason = "every term is bounded by four digits of a year")]
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = if month <= 2 { year.checked_sub(1)? } else { year };
    let march_month = if month > 2 { month - 3 } else { (month + 9) % 12 };
    let of_year = (153 * march_month + 2) / 5 + day.checked_sub(1)?;
    (year * 365 + year / 4 - year / 100 + year / 400 + of_year).checked_sub(719_468)
}

/// Three numbers of so many digits.
fn numbers(text: &str, separator: char, digits: [usize; 3]) -> Option<[u64; 3]> {
    let mut parts = text.split(separator);
    let mut number = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))?;
        part.parse().ok()
    };
    let [first, second, third] = digits;
    let numbers = [number(first)?, number(second)?, number(third)?];
    parts.next().is_none().then_some(numbers)
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
            assert_eq!(parse(text), Some(milliseconds.min(LATEST)), "{text}");
        }
    }

    #[test]
    fn other_forms_are_read() {
        for (text, milliseconds) in [
            ("1970-01-01", 0),
            ("2000-02-29", 951_782_400_000),
            ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("2000-02-29T00:00:00.5Z", 951_782_400_500),
            ("2000-02-29T00:00:00.123456789Z", 951_782_400_123),
        ] {
            assert_eq!(parse(text), Some(milliseconds), "{text}");
            assert!(!is_date(text), "{text}");
        }
        for text in [
            "1969-12-31",
            "0000-01-01",
            "2001-02-29",
            "2026-04-31T00:00:00Z",
            "2026-00-01",
            "2026-01-01T",
            "2026-01-01Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00.xZ",
            "2026-01-01T00:00:00+01:00",
            "2026-1-1",
            "2026-01-01-01",
            "+026-01-01",
            " 2026-01-01",
            "today",
            "é",
        ] {
            assert_eq!(parse(text), None, "{text}");
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
