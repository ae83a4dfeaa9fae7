//! Who calls, for which site, and what they may do.

use crate::http::error::{ApiError, Result};
use crate::http::request::Request;
use crate::options::{AccountHeader, Options, Permission};
use crate::store::app::Store;
use crate::store::grants::{Grants, Identity, SubjectType, TokenKind};

/// An authenticated caller, with the site that the call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller<'a> {
    /// The key by which the rate limit counts requests.
    pub(crate) name: &'a str,
    pub(crate) site_id: &'a str,
    /// The OAuth app whose own server calls, where the credential is an app's.
    pub(crate) client_id: Option<&'a str>,
    permissions: &'a [Permission],
}

/// The credentials that the service knows.
pub(crate) struct Known<'a> {
    pub(crate) options: &'a Options,
    pub(crate) store: &'a Store,
    pub(crate) grants: &'a Grants,
    pub(crate) now: u64,
}

/// The caller behind the request's headers: the holder of the API key, of a site-bound token, or of an access token that
/// the token endpoint issued.
pub(crate) fn authenticate<'a>(request: &Request, known: &Known<'a>) -> Result<Caller<'a>> {
    let (options, credential) = (known.options, credential(request));
    if credential == options.api_key {
        let site_id = site(request, options, None)?;
        return Ok(Caller { name: &options.api_key, site_id, client_id: None, permissions: &options.permissions });
    }
    if let Some((token, own)) = options.access_token(credential) {
        let site_id = site(request, options, Some(own))?;
        let permissions = token.permissions.as_deref().unwrap_or(&[Permission::ManageHeadless]);
        return Ok(Caller { name: &token.token, site_id, client_id: None, permissions });
    }
    let (identity, own) = known.by_token(credential)?;
    let site_id = site(request, options, Some(own))?;
    let permissions: &[Permission] = match identity.subject_type {
        SubjectType::App => &[Permission::ManageHeadless],
        SubjectType::Member | SubjectType::Visitor => &[],
    };
    let client_id = identity.client_id.as_str();
    Ok(Caller { name: client_id, site_id, client_id: Some(client_id), permissions })
}

/// The visitor or member behind the request's headers. Everybody else is refused with the message.
pub(crate) fn identify(request: &Request, known: &Known<'_>, refusal: &str) -> Result<Identity> {
    let credential = credential(request);
    if credential == known.options.api_key || known.options.access_token(credential).is_some() {
        return Err(denied(refusal));
    }
    let (identity, _) = known.by_token(credential)?;
    if identity.subject_type == SubjectType::App { Err(denied(refusal)) } else { Ok(identity.clone()) }
}

impl<'a> Known<'a> {
    /// The identity of an access token that the token endpoint issued, with its site. Tokens of a deleted app are gone.
    fn by_token(&self, credential: &str) -> Result<(&'a Identity, &'a str)> {
        let token = self.grants.find_token(credential, self.now).filter(|token| token.usage == TokenKind::Access);
        let found = token.and_then(|token| Some((&token.identity, self.store.find(&token.identity.client_id)?.0)));
        found.ok_or_else(|| {
            let fault = if credential.is_empty() { "is missing" } else { "is not valid" };
            ApiError::application(401, "UNAUTHENTICATED", format!("The Authorization header {fault}"))
        })
    }
}

/// The site that the call is for: the credential's own, else the one in the header `wix-site-id`.
fn site<'a>(request: &Request, options: &'a Options, own: Option<&'a str>) -> Result<&'a str> {
    let (site_id, account_id) = (request.header("wix-site-id"), request.header("wix-account-id"));
    if site_id.is_some() && account_id.is_some() && options.account_header == AccountHeader::Refuse {
        return Err(ApiError::plain(400, "Only one of the headers wix-site-id and wix-account-id can be sent"));
    }
    let no_access = || denied("The caller has no access to this site");
    match (own, site_id) {
        (Some(own), Some(site_id)) => Some(own).filter(|own| *own == site_id).ok_or_else(no_access),
        (Some(_), None) if account_id.is_some() && options.account_header == AccountHeader::Refuse => {
            Err(denied("The token belongs to a site: do not send wix-account-id"))
        }
        (Some(own), None) => Ok(own),
        (None, Some(site_id)) => {
            options.site_ids.iter().find(|id| *id == site_id).map(String::as_str).ok_or_else(no_access)
        }
        (None, None) if account_id.is_some() => {
            Err(denied("OAuth apps belong to a site: send wix-site-id, not wix-account-id"))
        }
        (None, None) => Err(denied("OAuth apps belong to a site: send wix-site-id")),
    }
}

impl Caller<'_> {
    /// Refuses a caller who may not do this.
    pub(crate) fn require(self, needed: Permission) -> Result<()> {
        // The scope that manages apps covers reading them.
        let covers = |permission: &Permission| {
            *permission == needed
                || *permission == Permission::ManageHeadless
                || (*permission == Permission::ManageOAuthApps && needed == Permission::ReadOAuthApps)
        };
        if self.permissions.iter().any(covers) {
            return Ok(());
        }
        Err(denied("The caller lacks the permission for this call"))
    }
}

/// The credential of the request, sent raw or as a bearer token; empty where there is none.
fn credential(request: &Request) -> &str {
    let header = request.header("authorization").unwrap_or_default();
    match header.split_once(' ') {
        Some((scheme, credential)) if scheme.eq_ignore_ascii_case("bearer") => credential.trim_start_matches(' '),
        _ => header,
    }
}

fn denied(message: &str) -> ApiError {
    ApiError::application(403, "PERMISSION_DENIED", message)
}
