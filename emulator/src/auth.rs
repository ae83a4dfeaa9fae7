//! Who calls, for which site, and what they may do.

use crate::error::{Problem, Result};
use crate::http::Request;
use crate::options::{Options, Permission};

/// Somebody the service knows, with the site they speak for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller<'a> {
    /// Whose requests are counted together.
    pub(crate) name: &'a str,
    pub(crate) site_id: &'a str,
    permissions: &'a [Permission],
}

/// The caller behind the request's headers.
pub(crate) fn authenticate<'a>(request: &Request, options: &'a Options) -> Result<Caller<'a>> {
    let credential = request.header("authorization").map(without_scheme).unwrap_or_default();
    if credential != options.api_key {
        let fault = if credential.is_empty() { "is missing" } else { "is not valid" };
        return Err(Problem::application(401, "UNAUTHENTICATED", format!("The Authorization header {fault}")));
    }
    let site_id = match (request.header("wix-site-id"), request.header("wix-account-id")) {
        (Some(_), Some(_)) => {
            return Err(Problem::plain(400, "Only one of the headers wix-site-id and wix-account-id can be sent"));
        }
        (Some(site_id), None) => site_id,
        (None, Some(_)) => return Err(denied("OAuth apps belong to a site: send wix-site-id, not wix-account-id")),
        (None, None) => return Err(denied("OAuth apps belong to a site: send wix-site-id")),
    };
    let known = options.site_ids.iter().find(|id| *id == site_id);
    let site_id = known.ok_or_else(|| denied("The caller has no access to this site"))?;
    Ok(Caller { name: &options.api_key, site_id, permissions: &options.permissions })
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

fn denied(message: &str) -> Problem {
    Problem::application(403, "PERMISSION_DENIED", message)
}
