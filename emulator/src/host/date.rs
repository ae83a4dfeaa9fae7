//! Dates as the API writes them: RFC 3339 in UTC, with milliseconds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The last millisecond of the year 9999. The texts of later dates have more digits and would not sort by time.
pub(crate) const LATEST: u64 = 253_402_300_799_999;

/// Writes a time, given in milliseconds since 1970, such as `2026-03-01T09:05:00.042Z`.
pub(crate) fn to_text(milliseconds: u64) -> String {
    // `SystemTime` is only a number here. Reading the clock through it would panic in wasm.
    let time = UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds.min(LATEST))).unwrap_or(UNIX_EPOCH);
    humantime::format_rfc3339_millis(time).to_string()
}

/// Reads a date in UTC, such as `2026-03-01` or `2026-03-01T09:05:00Z`, as milliseconds since 1970. The seconds may have a
/// fraction, which is cut to milliseconds. Returns `None` for any other text and for dates before 1970.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let milliseconds = |text: &str| {
        let time: SystemTime = humantime::parse_rfc3339(text).ok()?;
        u64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
    };
    if text.len() == "2026-03-01".len() {
        return milliseconds(&format!("{text}T00:00:00Z"));
    }
    // `humantime` also reads `+00:00`, an empty fraction, and the second 60.
    let (whole, fraction) = text.strip_suffix('Z')?.split_at_checked("2026-03-01T09:05:00".len())?;
    if fraction == "." || whole.ends_with(":60") {
        return None;
    }
    milliseconds(text)
}

/// Checks whether the text is a date in the form that [`to_text`] writes.
pub(crate) fn is_date(text: &str) -> bool {
    parse(text).is_some_and(|milliseconds| to_text(milliseconds) == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_and_read() {
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
    fn dates_without_time_or_milliseconds_are_read() {
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
            "2026-01-01T00:00:00+00:00",
            "2026-01-01T00:00:00.5+00:00",
            "2026-01-01T00:00:60Z",
            "2026-01-01 00:00:00Z",
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
    fn only_the_form_of_the_api_is_a_date() {
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
