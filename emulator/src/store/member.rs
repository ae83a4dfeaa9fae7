//! Members who registered. The members of the option `members` are not stored.

use serde::{Deserialize, Serialize};

use crate::store::table::Row;

/// A member who registered at a site. The row's ID is the member's ID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RegisteredMember {
    pub(crate) site_id: String,
    pub(crate) email: String,
    /// The SHA-256 of the ID and the password, so that equal passwords have different digests.
    pub(crate) password_sha256: String,
}

impl Row for RegisteredMember {
    const KIND: &'static str = "member";

    fn is_valid_at(&self, _now: u64) -> bool {
        true
    }
}
