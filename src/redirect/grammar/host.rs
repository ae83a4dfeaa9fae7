//! Hosts and ports, as the strict grammar takes them.

use super::{Authority, HostKind, LABEL, Reason, Refusal, UNRESERVED, is};

/// The longest host name and the longest label of one (RFC 1034 §3.1).
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// The host and port of an `http` or `https` URL.
pub(super) fn web(authority: &str, secure: bool) -> Result<Authority<'_>, Refusal> {
    let end = match authority.strip_prefix('[') {
        Some(_) => authority.find(']').map_or(authority.len(), |bracket| bracket.saturating_add(1)),
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, rest) = super::split(authority, end);
    web_host(host, secure)
        .and_then(|host_kind| Ok(Authority { host, host_kind, port: port(rest, end)? }))
        .map_err(|refusal| disguise(authority).unwrap_or(refusal))
}

/// The host and port of a custom scheme. The URL standard calls such a host opaque: no case folding, no IPv4, no IDNA.
pub(super) fn opaque(authority: &str) -> Result<Authority<'_>, Refusal> {
    let end = authority.find(':').unwrap_or(authority.len());
    let (host, rest) = super::split(authority, end);
    let host_kind = HostKind::Opaque;
    match host.bytes().position(|byte| !is(byte, UNRESERVED)) {
        Some(at) => Err(Refusal { reason: Reason::Host, at }),
        // The URL standard refuses a port without a host.
        None if host.is_empty() && !rest.is_empty() => Err(Refusal { reason: Reason::NoHost, at: 0 }),
        None => port(rest, end).map(|port| Authority { host, host_kind, port }),
    }
    .map_err(|refusal| disguise(authority).unwrap_or(refusal))
}

/// What, of an authority that is refused, deserves to be named before anything else: a character that some reader drops
/// or rewrites, or a user name that poses as the host.
fn disguise(authority: &str) -> Option<Refusal> {
    let found = |reason: Reason, at: Option<usize>| at.map(|at| Refusal { reason, at });
    let bytes = || authority.bytes();
    found(Reason::Control, bytes().position(|byte| byte.is_ascii_control()))
        .or_else(|| found(Reason::Space, bytes().position(|byte| byte == b' ')))
        .or_else(|| found(Reason::Backslash, bytes().position(|byte| byte == b'\\')))
        .or_else(|| found(Reason::Userinfo, bytes().position(|byte| byte == b'@')))
        .or_else(|| found(Reason::HostNonAscii, bytes().position(|byte| !byte.is_ascii())))
        .or_else(|| {
            let reason = if authority.starts_with('[') { Reason::Zone } else { Reason::HostEscape };
            found(reason, bytes().position(|byte| byte == b'%'))
        })
}

/// A port with the `:` before it, or nothing (RFC 3986 §3.2.3, narrowed to what every reader takes for a port).
fn port(text: &str, at: usize) -> Result<Option<u16>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let Some(digits) = text.strip_prefix(':') else {
        return Err(Refusal { reason: Reason::Host, at });
    };
    // `u16::from_str` takes a sign as well.
    match digits.parse::<u16>() {
        Ok(port) if digits.bytes().next().is_some_and(|first| matches!(first, b'1'..=b'9')) => Ok(Some(port)),
        _ => Err(Refusal { reason: Reason::Port, at: at.saturating_add(1) }),
    }
}

fn web_host(host: &str, secure: bool) -> Result<HostKind, Refusal> {
    if host.is_empty() {
        return Err(Refusal { reason: Reason::NoHost, at: 0 });
    }
    if host.starts_with('[') {
        return match ipv6(host) {
            Some(_) => Ok(HostKind::Ipv6),
            None => Err(Refusal { reason: Reason::Ipv6, at: 0 }),
        };
    }
    let last = host.rsplit('.').next().unwrap_or(host);
    // A number and a trailing dot is a number to a browser still; without it, the empty label would be named.
    let number = if last.is_empty() { host.rsplit('.').nth(1).unwrap_or(last) } else { last };
    if is_number(number) {
        return if is_ipv4(host) { Ok(HostKind::Ipv4) } else { Err(Refusal { reason: Reason::Ipv4, at: 0 }) };
    }
    name(host, secure)
}

/// A host name. RFC 1123 §2.1 has letters, digits and hyphens; `_` is added because names with it are served and every
/// reader takes them.
fn name(host: &str, secure: bool) -> Result<HostKind, Refusal> {
    let mut kind = HostKind::Name;
    let mut at = 0_usize;
    for label in host.split('.') {
        let refuse = |reason: Reason, within: usize| Err(Refusal { reason, at: at.saturating_add(within) });
        if label.is_empty() || label.len() > MAX_LABEL {
            return refuse(Reason::Label, 0);
        }
        for (within, byte) in label.bytes().enumerate() {
            if !is(byte, LABEL) {
                return refuse(Reason::Host, within);
            }
            if byte == b'*' {
                // Alone it would stand for every host there is.
                if at > 0 || !secure || kind == HostKind::Wildcard || host.len() == label.len() {
                    return refuse(Reason::Wildcard, within);
                }
                kind = HostKind::Wildcard;
            }
        }
        if label.starts_with('-') || label.ends_with('-') {
            return refuse(Reason::Host, 0);
        }
        if let Some((prefix, code)) = label.split_at_checked(4)
            && prefix.eq_ignore_ascii_case("xn--")
            && !is_punycode(code)
        {
            return refuse(Reason::Host, 0);
        }
        at = at.saturating_add(label.len()).saturating_add(1);
    }
    if host.len() > MAX_NAME {
        return Err(Refusal { reason: Reason::Host, at: MAX_NAME });
    }
    Ok(kind)
}

/// Whether a label makes a browser read the host as an IPv4 address (WHATWG "ends in a number checker").
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// Four decimal numbers up to 255 without leading zeros (RFC 3986 `IPv4address`), the one form that all read alike.
fn is_ipv4(host: &str) -> bool {
    let number = |part: &str| part == "0" || (part.len() <= 3 && !part.starts_with('0') && part.parse::<u8>().is_ok());
    host.split('.').count() == 4 && host.split('.').all(|part| !part.starts_with('+') && number(part))
}

/// The groups of an IPv6 address in brackets (RFC 3986 `IPv6address`, hexadecimal groups only).
pub(super) fn ipv6(host: &str) -> Option<[u16; 8]> {
    let text = host.strip_prefix('[')?.strip_suffix(']')?;
    let Some((before, after)) = text.split_once("::") else {
        let (groups, count) = ipv6_groups(text)?;
        return (count == 8).then_some(groups);
    };
    let (mut groups, head) = if before.is_empty() { ([0; 8], 0) } else { ipv6_groups(before)? };
    let (tail_groups, tail) = if after.is_empty() { ([0; 8], 0) } else { ipv6_groups(after)? };
    // `::` stands for one group at least.
    let gap = 8_usize.checked_sub(head)?.checked_sub(tail).filter(|gap| *gap > 0)?;
    for (group, value) in groups.iter_mut().skip(head).skip(gap).zip(tail_groups) {
        *group = value;
    }
    Some(groups)
}

/// Up to eight groups of one to four hexadecimal digits, and their number.
fn ipv6_groups(text: &str) -> Option<([u16; 8], usize)> {
    let mut groups = [0; 8];
    let mut count = 0_usize;
    for part in text.split(':') {
        if part.len() > 4 || !part.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        *groups.get_mut(count)? = u16::from_str_radix(part, 16).ok()?;
        count = count.saturating_add(1);
    }
    Some((groups, count))
}

/// An IPv6 address in its shortest form: lower case, no leading zeros, the first longest run of two or more zeros as
/// `::` (RFC 5952 §4).
pub(super) fn write_ipv6(groups: &[u16; 8]) -> String {
    let zeros_from = |at: usize| groups.iter().skip(at).take_while(|group| **group == 0).count();
    let (mut run_at, mut run) = (0, 1);
    for at in 0..8 {
        if zeros_from(at) > run {
            (run_at, run) = (at, zeros_from(at));
        }
    }
    let mut text = String::from("[");
    for (at, group) in groups.iter().enumerate() {
        let within = run > 1 && at >= run_at && at < run_at.saturating_add(run);
        if within {
            text.push_str(if at == run_at { "::" } else { "" });
            continue;
        }
        if !text.ends_with(['[', ':']) {
            text.push(':');
        }
        let digits = [group >> 12, group >> 8 & 15, group >> 4 & 15, group & 15];
        let significant = digits.iter().position(|digit| *digit > 0).unwrap_or(3);
        text.extend(digits.iter().skip(significant).filter_map(|digit| char::from_digit(u32::from(*digit), 16)));
    }
    text.push(']');
    text
}

/// Whether this is Punycode of a label that is not ASCII: RFC 3492 §6.2's decoder, without the text that it builds.
fn is_punycode(code: &str) -> bool {
    const BASE: u32 = 36;
    let (basic, deltas) = code.rsplit_once('-').unwrap_or(("", code));
    let Ok(mut length) = u32::try_from(basic.len()) else {
        return false;
    };
    let (mut code_point, mut index, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = deltas.bytes();
    while digits.len() > 0 {
        let before = index;
        let (mut weight, mut k) = (1_u32, BASE);
        loop {
            let digit = match digits.next() {
                Some(letter @ (b'a'..=b'z' | b'A'..=b'Z')) => {
                    u32::from(letter.to_ascii_lowercase()).saturating_sub(u32::from(b'a'))
                }
                Some(digit @ b'0'..=b'9') => u32::from(digit).saturating_sub(22),
                _ => return false,
            };
            let Some(sum) = digit.checked_mul(weight).and_then(|add| index.checked_add(add)) else {
                return false;
            };
            index = sum;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            let Some(product) = weight.checked_mul(BASE.saturating_sub(threshold)) else {
                return false;
            };
            weight = product;
            k = k.saturating_add(BASE);
        }
        length = length.saturating_add(1);
        bias = adapt(index.saturating_sub(before), length, before == 0);
        code_point = code_point.saturating_add(index.checked_div(length).unwrap_or(0));
        index = index.checked_rem(length).unwrap_or(0).saturating_add(1);
        // Below U+00A0 there are control characters only, which no version of IDNA allows.
        if code_point < 0xA0 || char::from_u32(code_point).is_none() {
            return false;
        }
    }
    !deltas.is_empty()
}

/// RFC 3492 §6.1.
fn adapt(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta = delta.saturating_add(delta.checked_div(length).unwrap_or(0));
    let mut k = 0_u32;
    while delta > 455 {
        delta /= 35;
        k = k.saturating_add(36);
    }
    k.saturating_add(delta.saturating_mul(36).checked_div(delta.saturating_add(38)).unwrap_or(0))
}
