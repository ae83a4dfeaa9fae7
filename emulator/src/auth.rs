//! Who calls, for which site, and what they may do.

use crate::error::{Problem, Result};
use crate::http::Request;
use crate::oauth::vault::{Identity, SubjectType, Use, Vault};
use crate::options::{Options, Permission};
use crate::store::Store;

/// Somebody the service knows, with the site they speak for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller<'a> {
    /// Whose requests are counted together.
    pub(crate) name: &'a str,
    pub(crate) site_id: &'a str,
    /// The OAuth app whose own server calls; nothing where it is the holder of the API key.
    pub(crate) client_id: Option<&'a str>,
    permissions: &'a [Permission],
}

/// What the service knows callers by.
pub(crate) struct Known<'a> {
    pub(crate) options: &'a Options,
    pub(crate) store: &'a Store,
    pub(crate) vault: &'a Vault,
    pub(crate) now: u64,
}

/// The caller behind the request's headers: the holder of the API key, or of an access token.
pub(crate) fn authenticate<'a>(request: &Request, known: &Known<'a>) -> Result<Caller<'a>> {
    let credential = request.header("authorization").map(without_scheme).unwrap_or_default();
    if credential == known.options.api_key {
        return with_api_key(request, known.options);
    }
    let (identity, site_id) = known.by_token(credential)?;
    // A token is of one site; the header need not say which, and can't say another.
    match (request.header("wix-site-id"), request.header("wix-account-id")) {
        (Some(_), Some(_)) => return Err(both_ids()),
        (Some(other), None) if other != site_id => return Err(denied("The caller has no access to this site")),
        (None, Some(_)) => return Err(denied("The token is of a site: do not send wix-account-id")),
        _ => {}
    }
    let permissions: &[Permission] = match identity.subject_type {
        SubjectType::App => &[Permission::ManageHeadless],
        SubjectType::Member | SubjectType::Visitor => &[],
    };
    let client_id = identity.client_id.as_str();
    Ok(Caller { name: client_id, site_id, client_id: Some(client_id), permissions })
}

/// The visitor or member behind the request's headers.
pub(crate) fn identify(request: &Request, known: &Known<'_>) -> Result<Identity> {
    let credential = request.header("authorization").map(without_scheme).unwrap_or_default();
    let of_nobody = || denied("The call is a visitor's or a member's: send their access token");
    if credential == known.options.api_key {
        return Err(of_nobody());
    }
    let (identity, _) = known.by_token(credential)?;
    if identity.subject_type == SubjectType::App { Err(of_nobody()) } else { Ok(identity.clone()) }
}

impl<'a> Known<'a> {
    /// Whom an access token speaks for, and of which site. The tokens of an app that was deleted went with it.
    fn by_token(&self, credential: &str) -> Result<(&'a Identity, &'a str)> {
        let token = self.vault.find_token(credential, self.now).filter(|token| token.usage == Use::Access);
        let found = token.and_then(|token| Some((&token.identity, self.store.find(&token.identity.client_id)?.0)));
        found.ok_or_else(|| {
            let fault = if credential.is_empty() { "is missing" } else { "is not valid" };
            Problem::application(401, "UNAUTHENTICATED", format!("The Authorization header {fault}"))
        })
    }
}

fn with_api_key<'a>(request: &Request, options: &'a Options) -> Result<Caller<'a>> {
    let site_id = match (request.header("wix-site-id"), request.header("wix-account-id")) {
        (Some(_), Some(_)) => return Err(both_ids()),
        (Some(site_id), None) => site_id,
        (None, Some(_)) => return Err(denied("OAuth apps belong to a site: send wix-site-id, not wix-account-id")),
        (None, None) => return Err(denied("OAuth apps belong to a site: send wix-site-id")),
    };
    let known = options.site_ids.iter().find(|id| *id == site_id);
    let site_id = known.ok_or_else(|| denied("The caller has no access to this site"))?;
    let (name, permissions) = (&options.api_key, &options.permissions);
    Ok(Caller { name, site_id, client_id: None, permissions })
}

impl Caller<'_> {
    /// Refuses a caller who may not do this.
    pub(crate) fn require(self, needed: Permission) -> Result<()> {
        if self.permissions.contains(&needed) || self.permissions.contains(&Permission::ManageHeadless) {
            return Ok(());
        }
        Err(denied("The caller lacks the permission for this call"))
    }
}

/// The credential, sent raw or as a bearer token.
fn without_scheme(header: &str) -> &str {
    match header.split_once(' ') {
        Some((scheme, credential)) if scheme.eq_ignore_ascii_case("bearer") => credential,
        _ => header,
    }
}

fn both_ids() -> Problem {
    Problem::plain(400, "Only one of the headers wix-site-id and wix-account-id can be sent")
}

fn denied(message: &str) -> Problem {
    Problem::application(403, "PERMISSION_DENIED", message)
}
