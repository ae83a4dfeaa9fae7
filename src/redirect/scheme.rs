//! The schemes that an entry may have, by one rule:
//!
//! 1. **Error `SCHEME`: the scheme acts.** A browser or an operating system that follows it runs code, reads local data,
//!    shows its own pages, starts a program, or uses another protocol than HTTP. No redirect, login page or mapping may
//!    have it ([`acts`]; every scheme that begins with `ms-` acts).
//! 2. **Error `SCHEME`: the scheme is `http` or `https` with a typing error** ([`is_misspelt`]).
//! 3. **Warning `SCHEME`: the scheme is shared.** It belongs to a framework, a browser or a registry, and every app made
//!    with it can receive the redirect ([`is_shared`]).
//! 4. **Warning `SCHEME_WITHOUT_DOT`**: any other scheme that is not a reversed domain name. RFC 8252 §7.1 requires one,
//!    because another app can claim the scheme too.

use crate::text::{after, is_one_of, same_start, strip_any_case};

/// Schemes that act. Browsers treat `ws`, `wss`, `ftp` and `file` specially (WHATWG "special scheme").
const ACTING: &str = "javascript data vbscript file blob about filesystem view-source jar resource chrome devtools edge \
    brave opera res mhtml its intent android-app content market itms itms-apps itms-services mailto tel sms mms callto sip \
    facetime skype ftp ftps sftp ssh telnet gopher ldap smb nfs rtsp irc magnet git news webcal feed geo search \
    microsoft-edge vscode shell ws wss";

/// Schemes that the apps of many developers share.
const SHARED: &str = "exp exps capacitor ionic cordova app tauri electron chrome-extension moz-extension \
    safari-web-extension extension urn tag";

/// Returns whether following the scheme does something other than to load a page; no redirect may have it.
pub fn acts(scheme: &str) -> bool {
    is_one_of(ACTING, scheme) || strip_any_case(scheme, "ms-").is_some()
}

/// Returns whether the scheme belongs to a framework, a browser or a registry.
pub(super) fn is_shared(scheme: &str) -> bool {
    is_one_of(SHARED, scheme)
}

/// Returns whether the scheme is one typing error away from `http` or `https`: one letter added, missing or wrong, or two
/// letters swapped.
pub(super) fn is_misspelt(scheme: &str) -> bool {
    !is_one_of("http https", scheme) && (is_one_off(scheme, "http") || is_one_off(scheme, "https"))
}

fn is_one_off(one: &str, other: &str) -> bool {
    let start = same_start(one, other);
    let (mut one, mut other) = (after(one, start).as_bytes(), after(other, start).as_bytes());
    while let ([one_head @ .., one_end], [other_head @ .., other_end]) = (one, other)
        && one_end.eq_ignore_ascii_case(other_end)
    {
        (one, other) = (one_head, other_head);
    }
    match (one, other) {
        ([a, b], [c, d]) => a.eq_ignore_ascii_case(d) && b.eq_ignore_ascii_case(c),
        (one, other) => one.len() < 2 && other.len() < 2,
    }
}

#[cfg(test)]
mod tests;
