//! The members of a site: those of the option `members`, and those who registered.

use serde::Serialize;

use crate::host::digest::{derived_guid, sha256};
use crate::host::port::Host;
use crate::host::random::guid;
use crate::options::{Options, TestMember};
use crate::store::grants::{Grants, Identity, SubjectType};
use crate::store::member::RegisteredMember;

/// A member, for a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedMember {
    /// The ID.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The site at which the member has registered. Absent for a member of the options, who belongs to every site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_id: Option<String>,
}

/// Returns every member: those of the options, then those who registered.
pub(crate) fn all(options: &Options, grants: &Grants) -> Vec<ListedMember> {
    let test_members = options.members.iter().map(|member| ListedMember {
        id: test_member_id(member),
        email: member.email.clone(),
        site_id: None,
    });
    let registered = grants.members.iter().map(|(id, member)| ListedMember {
        id: id.clone(),
        email: member.email.clone(),
        site_id: Some(member.site_id.clone()),
    });
    test_members.chain(registered).collect()
}

/// A member of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) email: String,
}

/// Returns the first member of the options, who is logged in by default.
pub(crate) fn default_member(options: &Options) -> Option<Member> {
    options.members.first().map(Member::from)
}

/// Finds the member of an e-mail address. The case of the address does not matter.
pub(crate) fn find(email: &str, site_id: &str, options: &Options, grants: &Grants) -> Option<Member> {
    let test_member = options.members.iter().find(|member| member.email.eq_ignore_ascii_case(email));
    test_member.map(Member::from).or_else(|| {
        let mut of_site = grants.members.iter().filter(|(_, member)| member.site_id == site_id);
        let (id, member) = of_site.find(|(_, member)| member.email.eq_ignore_ascii_case(email))?;
        Some(Member { id: id.clone(), email: member.email.clone() })
    })
}

/// Checks the password of a member.
pub(crate) fn has_password(member: &Member, password: &str, options: &Options, grants: &Grants) -> bool {
    let test_member = options.members.iter().find(|test_member| test_member_id(test_member) == member.id);
    if let Some(test_member) = test_member {
        return test_member.password == password;
    }
    let registered = grants.members.get(&member.id, 0);
    registered.is_some_and(|registered| registered.password_sha256 == password_digest(&member.id, password))
}

/// Registers a member at a site.
pub(crate) fn register(site_id: &str, email: &str, password: &str, grants: &mut Grants, host: &mut dyn Host) -> Member {
    let id = guid(host);
    let password_sha256 = password_digest(&id, password);
    let member = RegisteredMember { site_id: site_id.to_owned(), email: email.to_owned(), password_sha256 };
    grants.members.put(id.clone(), member, host.now());
    Member { id, email: email.to_owned() }
}

impl Member {
    /// Returns the identity of the member in a new login at an app.
    pub(crate) fn new_identity(&self, client_id: &str, host: &mut dyn Host) -> Identity {
        Identity {
            client_id: client_id.to_owned(),
            subject_type: SubjectType::Member,
            subject_id: self.id.clone(),
            login: guid(host),
        }
    }
}

impl From<&TestMember> for Member {
    fn from(member: &TestMember) -> Self {
        Self { id: test_member_id(member), email: member.email.clone() }
    }
}

/// Returns the ID of a member of the options, which depends on the e-mail address alone.
fn test_member_id(member: &TestMember) -> String {
    derived_guid(&format!("member {}", member.email.to_ascii_lowercase()))
}

fn password_digest(id: &str, password: &str) -> String {
    sha256(&format!("{id} {password}"))
}
