//! SHA-256 digests. Credentials are stored as digests only.

use sha2::{Digest, Sha256};

use crate::host::random::guid_from;

/// Returns the SHA-256 digest of a text, in hexadecimal. The secrets and tokens that are stored so are long and random: a
/// plain digest does not reveal them.
pub(crate) fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text))
}

/// Returns a GUID that depends on the text alone.
pub(crate) fn derived_guid(text: &str) -> String {
    guid_from(Sha256::digest(text).first_chunk().copied().unwrap_or_default())
}

/// Writes bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_in_lower_case_hexadecimal() {
        assert_eq!(hex(&[0, 15, 255]), "000fff");
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_derived_guid_depends_on_the_text_alone() {
        assert_eq!(derived_guid("a"), derived_guid("a"));
        assert_ne!(derived_guid("a"), derived_guid("b"));
    }
}
