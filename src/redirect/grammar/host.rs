//! Reading a host.

use super::class::{HEXADECIMAL, LABEL, UNRESERVED};
use super::reader::Reader;
use super::reason::Reason;
use crate::text::{after, all, before, is_same, split, strip, until_last};

/// The kind of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKind {
    /// No host.
    Absent,
    /// A domain name, or the name of a machine.
    Name,
    /// A name with one `*` in its first label. It is not a host; as an entry it may stand for many hosts.
    Wildcard,
    /// An IPv4 address: four decimal numbers.
    Ipv4,
    /// An IPv6 address in brackets.
    Ipv6,
    /// The host of a custom scheme, which only the app with that scheme reads.
    Opaque,
}

/// Returns whether a host is loopback: `localhost` and every name under it (RFC 6761 §6.3), `127.0.0.0/8` and `[::1]`
/// (RFC 8252 §7.3).
pub fn is_loopback(host: &str, kind: HostKind) -> bool {
    match kind {
        HostKind::Name => {
            let (start, name) = split(host, host.len().saturating_sub("localhost".len()));
            is_same(name, "localhost") && (start.is_empty() || start.ends_with('.'))
        }
        HostKind::Ipv4 => host.starts_with("127."),
        HostKind::Ipv6 => host == "[::1]",
        _ => false,
    }
}

/// The longest host name and the longest label of one (RFC 1034 §3.1).
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

impl Reader<'_> {
    /// Reads a host. The URL standard calls that of a custom scheme opaque: no case folding, no IPv4, no IDNA.
    pub(super) fn host(&mut self, is_web: bool, is_secure: bool) -> Result<HostKind, Reason> {
        let from = self.at;
        if is_web && self.peek() == b'[' {
            while !self.is_at_end_of_authority() && !self.eat(b']') {
                self.at = self.at.wrapping_add(1);
            }
            return if is_ipv6(self.since(from)) { Ok(HostKind::Ipv6) } else { self.fail(from, Reason::Ipv6) };
        }
        // The URL standard refuses a port without a host.
        if self.peek() == b':' || (is_web && self.is_at_end_of_authority()) {
            return Err(Reason::NoHost);
        }
        if is_web {
            return self.name(is_secure);
        }
        self.skip(UNRESERVED);
        Ok(HostKind::Opaque)
    }

    /// Reads a host name or an IPv4 address. RFC 1123 §2.1 allows letters, digits and hyphens; `_` is accepted too, because
    /// names with it are in use and every reader accepts them.
    fn name(&mut self, is_secure: bool) -> Result<HostKind, Reason> {
        let start = self.at;
        let mut kind = HostKind::Name;
        let (mut numbers, mut labels) = (0_usize, 0_usize);
        loop {
            let from = self.at;
            self.skip(LABEL);
            let label = self.since(from);
            if !self.is_at_end_of_authority() && !matches!(self.peek(), b'.' | b':') {
                return Err(Reason::Host);
            }
            if label.is_empty() || label.len() > MAX_LABEL {
                return self.fail(from, Reason::Label);
            }
            if label.starts_with('-') || label.ends_with('-') || is_broken_a_label(label) {
                return self.fail(from, Reason::Host);
            }
            let wildcards = label.bytes().filter(|byte| *byte == b'*').count();
            if wildcards > 0 {
                // A `*` without a parent domain would stand for every host.
                if wildcards > 1 || from > start || !is_secure || self.peek() != b'.' {
                    return self.fail(from, Reason::Wildcard);
                }
                kind = HostKind::Wildcard;
            }
            numbers = numbers.wrapping_add(usize::from(decimal(label).is_some_and(|number| number <= 255)));
            labels = labels.wrapping_add(1);
            if self.eat(b'.') {
                continue;
            }
            if is_number(label) {
                let is_ipv4 = (numbers, labels) == (4, 4);
                return if is_ipv4 { Ok(HostKind::Ipv4) } else { self.fail(start, Reason::Ipv4) };
            }
            return if self.since(start).len() > MAX_NAME { Err(Reason::Host) } else { Ok(kind) };
        }
    }
}

/// Returns the value of a decimal number without leading zeros.
pub(super) fn decimal(digits: &str) -> Option<u32> {
    let is_plain = matches!(digits.as_bytes(), [b'0'] | [b'1'..=b'9', ..]);
    let add = |sum: u32, byte: u8| {
        let digit = byte.is_ascii_digit().then_some(byte & 15)?;
        Some(sum.saturating_mul(10).saturating_add(u32::from(digit)))
    };
    digits.bytes().try_fold(0, add).filter(|_| is_plain)
}

/// Returns whether a label makes a browser read the host as an IPv4 address (WHATWG "ends in a number checker").
fn is_number(label: &str) -> bool {
    if is_same(before(label, 2), "0x") {
        all(after(label, 2), |byte| byte.is_ascii_hexdigit())
    } else {
        all(label, |byte| byte.is_ascii_digit())
    }
}

/// Returns whether a host is an IPv6 address in brackets (RFC 3986 `IPv6address`) in the form that browsers do not change:
/// its hexadecimal groups have no leading zeros, and `::` is the first longest run of two or more zeros (RFC 5952 §4).
fn is_ipv6(host: &str) -> bool {
    let Some(text) = strip(host, "[").and_then(|text| text.strip_suffix(']')) else {
        return false;
    };
    let mut reader = Reader::new(text);
    // The number of groups, of zero groups at the end, and of groups in the longest run of zeros.
    let (mut groups, mut run, mut longest) = (0_usize, 0_usize, 0_usize);
    // The longest run before `::`, after that was read.
    let mut before = None;
    loop {
        let is_first = reader.at == 0;
        let is_colon = reader.eat(b':');
        let is_gap = is_colon && reader.eat(b':');
        if is_gap {
            if before.is_some() || run > 0 {
                return false;
            }
            (before, longest) = (Some(longest), 0);
            if reader.at == text.len() {
                break;
            }
        } else if is_colon == is_first {
            return false;
        }
        let from = reader.at;
        reader.skip(HEXADECIMAL);
        let digits = reader.since(from);
        let is_zero = digits == "0";
        if !matches!(digits.len(), 1..=4) || (digits.starts_with('0') && (!is_zero || is_gap)) {
            return false;
        }
        groups = groups.wrapping_add(1);
        run = if is_zero { run.wrapping_add(1) } else { 0 };
        longest = longest.max(run);
        if reader.at == text.len() {
            break;
        }
    }
    let missing = 8_usize.saturating_sub(groups);
    match before {
        Some(before) => missing > 1 && before < missing && longest <= missing,
        None => groups == 8 && longest < 2,
    }
}

/// Returns whether a label begins with `xn--` and is not an IDNA label.
fn is_broken_a_label(label: &str) -> bool {
    let (prefix, code) = split(label, 4);
    is_same(prefix, "xn--") && !is_punycode(code)
}

/// Returns whether a text is Punycode of a label that is not ASCII. This is the decoder of RFC 3492 §6.2 without its output.
///
/// A label has at most 63 characters, so an index above 32 bits gives no code point, and 64 bits hold every weight and
/// every index that is checked.
fn is_punycode(code: &str) -> bool {
    const BASE: u64 = 36;
    // The ASCII characters come before the last hyphen.
    let (basic, deltas) = until_last(code, b'-');
    // A hyphen at the start is neither a delimiter nor a digit (RFC 3492 §6.2).
    let deltas = if basic.is_empty() { deltas } else { after(deltas, 1) };
    let (mut code_point, mut index, mut bias) = (128_u64, 0_u64, 72_u64);
    // The number of decoded characters.
    let mut length = basic.len() as u64;
    let mut digits = deltas.bytes();
    while digits.len() > 0 {
        let before = index;
        let (mut weight, mut k) = (1_u64, BASE);
        loop {
            let digit = match digits.next() {
                Some(letter @ (b'a'..=b'z' | b'A'..=b'Z')) => u64::from(letter & 31).wrapping_sub(1),
                Some(digit @ b'0'..=b'9') => u64::from(digit & 15).wrapping_add(26),
                _ => return false,
            };
            index = index.wrapping_add(digit.wrapping_mul(weight));
            if index > u64::from(u32::MAX) {
                return false;
            }
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.wrapping_mul(BASE.wrapping_sub(threshold));
            k = k.wrapping_add(BASE);
        }
        length = length.wrapping_add(1);
        // RFC 3492 §6.1.
        let delta = index.wrapping_sub(before);
        let mut delta = if before == 0 { delta / 700 } else { delta / 2 };
        delta = delta.wrapping_add(delta.checked_div(length).unwrap_or(0));
        bias = 0;
        while delta > 455 {
            delta /= 35;
            bias = bias.wrapping_add(BASE);
        }
        bias = bias.wrapping_add(delta.wrapping_mul(36).checked_div(delta.wrapping_add(38)).unwrap_or(0));

        code_point = code_point.wrapping_add(index.checked_div(length).unwrap_or(0));
        index = index.checked_rem(length).unwrap_or(0).wrapping_add(1);
        // Below U+00A0 there are only control characters, which no version of IDNA allows.
        if !matches!(code_point, 0xA0..=0xD7FF | 0xE000..=0x10_FFFF) {
            return false;
        }
    }
    !deltas.is_empty()
}
