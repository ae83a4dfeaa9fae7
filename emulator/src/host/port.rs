//! What the emulator needs of the outside: the time, and bytes that nobody can guess.

use std::fmt::Write;

/// The outside host. The wasm binding brings the host's clock and randomness; tests bring their own.
pub trait Host {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now(&mut self) -> u64;
    /// Fills the buffer with random bytes.
    fn random(&mut self, bytes: &mut [u8]);
}

/// A random (version 4) GUID.
pub(crate) fn guid(host: &mut dyn Host) -> String {
    guid_of(random(host))
}

/// The GUID that these bytes make, in the form of a random one.
pub(crate) fn guid_of(bytes: [u8; 16]) -> String {
    const VERSION: u128 = 0xf << 76;
    const VARIANT: u128 = 0b11 << 62;
    let bits = (u128::from_be_bytes(bytes) & !VERSION & !VARIANT) | (4 << 76) | (0b10 << 62);
    let group = |shift: u32, mask: u128| (bits >> shift) & mask;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        group(96, 0xffff_ffff),
        group(80, 0xffff),
        group(64, 0xffff),
        group(48, 0xffff),
        group(0, 0xffff_ffff_ffff)
    )
}

/// So many random bytes.
pub(crate) fn random<const N: usize>(host: &mut dyn Host) -> [u8; N] {
    let mut bytes = [0; N];
    host.random(&mut bytes);
    bytes
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len().saturating_mul(2)), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of hexadecimal text; nothing where it is none.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some((digit(*high)? << 4) | digit(*low)?)).collect();
    if rest.is_empty() { bytes } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestHost;

    #[test]
    fn a_guid_is_well_formed_and_of_version_4() {
        let mut host = TestHost::new();
        let id = guid(&mut host);
        assert!(wix_oauth_apps::app::is_guid(&id), "{id}");
        assert_eq!(id.as_bytes()[14], b'4');
        assert!(matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b'), "{id}");
        assert_ne!(id, guid(&mut host));
    }

    #[test]
    fn hexadecimal_there_and_back() {
        assert_eq!(hex(&[0, 15, 255]), "000fff");
        assert_eq!(unhex("000fFF"), Some(vec![0, 15, 255]));
        for bad in ["0", "0g", "é", "+1"] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
