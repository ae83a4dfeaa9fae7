//! One of several parts of the sites.

use sha2::{Digest, Sha256};

use crate::error::{Code, Error, Result};

/// The largest number of shards.
const MAX_SHARDS: u32 = 10_000;

/// A part of the sites, `3/8`. A site belongs to one part by the hash of its ID, whatever its place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// The number of the part, from 1.
    number: u32,
    count: u32,
}

impl Shard {
    /// Reads the option.
    ///
    /// # Errors
    /// If it does not name one of the parts.
    pub fn parse(text: &str) -> Result<Self> {
        let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        let found = text.split_once('/').and_then(|(one, all)| Some((number(one)?, number(all)?)));
        match found {
            Some((number, count)) if (1..=count).contains(&number) && count <= MAX_SHARDS => Ok(Self { number, count }),
            Some((number, count)) if count > 0 && count <= MAX_SHARDS => {
                let message =
                    format!("--shard {text}: there is no part {number} of {count}; give 1/{count} to {count}/{count}");
                Err(Error::new(Code::InvalidArgument, message))
            }
            _ => {
                let message = format!(
                    "--shard {text}: must be the number of a part and the number of parts, at most {MAX_SHARDS}, such \
                     as 3/8"
                );
                Err(Error::new(Code::InvalidArgument, message))
            }
        }
    }

    /// Checks whether a site belongs to this part.
    pub fn contains(self, site_id: &str) -> bool {
        let digest = Sha256::digest(site_id.to_ascii_lowercase().as_bytes());
        let mut hash = 0_u64;
        for byte in digest.iter().take(8) {
            hash = hash << 8 | u64::from(*byte);
        }
        hash.checked_rem(u64::from(self.count)) == Some(u64::from(self.number.saturating_sub(1)))
    }
}
