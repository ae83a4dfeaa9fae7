//! The options that are `false` or an object of whole numbers: `retry`, `rateLimit` and `settle`.

use super::members::{is_given, member, unknown_option};
use crate::client::settle::Settle;
use crate::concat::Concat as _;
use crate::fields::{object, whole};
use crate::value::Value;
use crate::violation::{Violations, rule};

/// The longest wait that a host's timer takes, in milliseconds; a longer one would end at once.
pub const LONGEST_WAIT: u32 = 2_147_483_647;
const MOST_REQUESTS: u32 = 1_000_000;

/// How to repeat requests that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How many times to repeat a request.
    pub max_retries: u32,
    /// The upper bound of the first wait, in milliseconds; it doubles with each further one.
    pub base_delay: u32,
    /// The longest wait, in milliseconds.
    pub max_delay: u32,
}

impl Retry {
    pub(in crate::client) const DEFAULT: Self = Self { max_retries: 2, base_delay: 500, max_delay: 60_000 };
    pub(in crate::client) const NEVER: Self = Self { max_retries: 0, base_delay: 0, max_delay: 0 };
}

/// How many requests may start within a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// The number of requests.
    pub requests: u32,
    /// The period in milliseconds.
    pub per: u32,
}

/// The name of a member with its smallest and its largest value.
type Range = (&'static str, u32, u32);

const RETRY: [Range; 3] = [("maxRetries", 0, 100), ("baseDelay", 0, LONGEST_WAIT), ("maxDelay", 0, LONGEST_WAIT)];
const RATE_LIMIT: [Range; 2] = [("requests", 1, MOST_REQUESTS), ("per", 1, LONGEST_WAIT)];
const SETTLE: [Range; 2] = [("minDelay", 0, LONGEST_WAIT / 4), ("maxDelay", 0, LONGEST_WAIT / 4)];

/// An option as it was given.
enum Given {
    /// Not given, or faulty.
    Absent,
    /// `false`.
    Off,
    /// The numbers, in the order of the ranges.
    Numbers([Option<u32>; 3]),
}

/// Returns `None` if the option is not given. An absent member is as in `standard`.
pub(super) fn retry(options: &Value, standard: Retry, faults: &mut Violations) -> Option<Retry> {
    match read("retry", options, &RETRY, faults) {
        Given::Absent => None,
        Given::Off => Some(Retry::NEVER),
        Given::Numbers([max_retries, base_delay, max_delay]) => Some(Retry {
            max_retries: max_retries.unwrap_or(standard.max_retries),
            base_delay: base_delay.unwrap_or(standard.base_delay),
            max_delay: max_delay.unwrap_or(standard.max_delay),
        }),
    }
}

/// Returns `None` for no limit. Both members are required.
pub(super) fn rate_limit(options: &Value, faults: &mut Violations) -> Option<RateLimit> {
    match read("rateLimit", options, &RATE_LIMIT, faults) {
        Given::Absent => Some(RateLimit { requests: 200, per: 60_000 }),
        Given::Off => None,
        Given::Numbers([requests, per, _]) => {
            for (path, number) in [("rateLimit.requests", requests), ("rateLimit.per", per)] {
                if number.is_none() {
                    faults.error(path, rule::REQUIRED_FIELD, &["is required"]);
                }
            }
            Some(RateLimit { requests: requests.unwrap_or(1), per: per.unwrap_or(1) })
        }
    }
}

/// Returns `None` for no second look. An absent member is as in `standard`.
pub(super) fn settle(options: &Value, standard: Option<Settle>, faults: &mut Violations) -> Option<Settle> {
    let [min, max, _] = match read("settle", options, &SETTLE, faults) {
        Given::Absent => return standard,
        Given::Off => return None,
        Given::Numbers(numbers) => numbers,
    };
    let standard = standard.unwrap_or(Settle::DEFAULT);
    if min.is_some() && max.is_some() && min > max {
        faults.error("settle.maxDelay", rule::OUT_OF_RANGE, &["must be at least minDelay"]);
    }
    // A member that is given alone moves the other one along.
    let min_delay = min.unwrap_or(standard.min_delay.min(max.unwrap_or(standard.min_delay)));
    let max_delay = max.unwrap_or(standard.max_delay.max(min_delay));
    Some(Settle { min_delay, max_delay })
}

/// Reads an option. A number that is out of range is a fault, and read as the smallest one.
fn read(name: &str, options: &Value, ranges: &[Range], faults: &mut Violations) -> Given {
    let Some(given) = member(options, name) else { return Given::Absent };
    if *given == Value::Bool(false) {
        return Given::Off;
    }
    let Some(members) = object(name, given, faults) else { return Given::Absent };
    let mut numbers = [None; 3];
    for (member, value) in members.iter().filter(|(_, value)| is_given(value)) {
        let path = [name, ".", member].concat();
        let mut is_known = false;
        for ((known, least, most), number) in ranges.iter().zip(&mut numbers) {
            if known == member {
                is_known = true;
                *number = Some(whole(&path, value, *least, *most, faults).unwrap_or(*least));
            }
        }
        if !is_known {
            let mut names = Vec::new();
            for (known, ..) in ranges {
                names.push(*known);
            }
            unknown_option(&path, &names, faults);
        }
    }
    Given::Numbers(numbers)
}
