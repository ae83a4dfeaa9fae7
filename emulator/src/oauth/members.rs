//! The members of a site: those that the options name, and those who registered.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::host::port::{Host, guid, guid_of};
use crate::options::{Options, TestMember};
use crate::store::app::sha256;
use crate::store::grants::Grants;
use crate::store::table::Row;

/// Somebody who registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RegisteredMember {
    pub(crate) site_id: String,
    pub(crate) email: String,
    /// Of the ID and the password together, so that equal passwords do not look alike.
    pub(crate) password_sha256: String,
}

impl Row for RegisteredMember {
    const KIND: &'static str = "member";

    fn is_alive(&self, _now: u64) -> bool {
        true
    }
}

/// A member, wherever they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) email: String,
}

/// The member whom the options name first.
pub(crate) fn first(options: &Options) -> Option<Member> {
    options.members.first().map(found)
}

/// The member of this e-mail address. Upper and lower case make no difference.
pub(crate) fn by_email(email: &str, site_id: &str, options: &Options, grants: &Grants) -> Option<Member> {
    let named = options.members.iter().find(|member| member.email.eq_ignore_ascii_case(email)).map(found);
    named.or_else(|| {
        let registered = grants.members.iter();
        let mut of_site = registered.filter(|(_, member)| member.site_id == site_id);
        let (id, member) = of_site.find(|(_, member)| member.email.eq_ignore_ascii_case(email))?;
        Some(Member { id: id.clone(), email: member.email.clone() })
    })
}

/// Whether this is the member's password.
pub(crate) fn is_password(member: &Member, password: &str, options: &Options, grants: &Grants) -> bool {
    let named = options.members.iter().find(|named| named.id() == member.id);
    let registered = || grants.members.get(&member.id, 0).map(|known| known.password_sha256.as_str());
    match named {
        Some(named) => named.password == password,
        None => registered() == Some(&hash(&member.id, password)),
    }
}

/// Adds a member.
pub(crate) fn register(site_id: &str, email: &str, password: &str, grants: &mut Grants, host: &mut dyn Host) -> Member {
    let id = guid(host);
    let password_sha256 = hash(&id, password);
    let member = RegisteredMember { site_id: site_id.to_owned(), email: email.to_owned(), password_sha256 };
    grants.members.put(id.clone(), member, host.now());
    Member { id, email: email.to_owned() }
}

impl TestMember {
    /// The member's ID: of the same e-mail address always the same.
    pub(crate) fn id(&self) -> String {
        let digest = Sha256::digest(format!("member {}", self.email.to_ascii_lowercase()));
        guid_of(digest.first_chunk().copied().unwrap_or_default())
    }
}

fn found(member: &TestMember) -> Member {
    Member { id: member.id(), email: member.email.clone() }
}

fn hash(id: &str, password: &str) -> String {
    sha256(&format!("{id} {password}"))
}
