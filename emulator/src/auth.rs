//! Authenticates the caller of a request, and checks their site and permissions.

use crate::context::Context;
use crate::http::error::{ApiError, Result};
use crate::http::request::Request;
use crate::options::{AccountHeader, Options, Permission};
use crate::store::grants::{Identity, SubjectType, TokenKind};

/// An authenticated caller, with the site of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller<'a> {
    /// The name that the rate limit counts by: a credential or a client ID.
    pub(crate) name: &'a str,
    pub(crate) site_id: &'a str,
    /// The OAuth app whose server calls, if the credential belongs to one.
    pub(crate) client_id: Option<&'a str>,
    permissions: &'a [Permission],
}

/// Authenticates a caller of the OAuth Apps API by the request's headers: the holder of the API key, of a site's token, or
/// of an access token that the token endpoint issued.
pub(crate) fn authenticate<'a>(context: &'a Context<'_>) -> Result<Caller<'a>> {
    let (request, options, credential) = (context.request, context.options, credential(context.request));
    if credential == options.api_key {
        let site_id = site(request, options, None)?;
        return Ok(Caller { name: &options.api_key, site_id, client_id: None, permissions: &options.permissions });
    }
    if let Some((token, token_site)) = options.access_token(credential) {
        let site_id = site(request, options, Some(token_site))?;
        let permissions = token.permissions.as_deref().unwrap_or(&[Permission::ManageHeadless]);
        return Ok(Caller { name: &token.token, site_id, client_id: None, permissions });
    }
    let (identity, token_site) = identity_of_token(context, credential)?;
    let site_id = site(request, options, Some(token_site))?;
    let permissions: &[Permission] = match identity.subject_type {
        SubjectType::App => &[Permission::ManageHeadless],
        SubjectType::Member | SubjectType::Visitor => &[],
    };
    let client_id = identity.client_id.as_str();
    Ok(Caller { name: client_id, site_id, client_id: Some(client_id), permissions })
}

/// Authenticates a visitor or a member by the request's headers. Any other caller is refused with the message.
pub(crate) fn authenticate_visitor(context: &Context<'_>, refusal: &str) -> Result<Identity> {
    let credential = credential(context.request);
    if credential == context.options.api_key || context.options.access_token(credential).is_some() {
        return Err(denied(refusal));
    }
    let (identity, _) = identity_of_token(context, credential)?;
    if identity.subject_type == SubjectType::App { Err(denied(refusal)) } else { Ok(identity.clone()) }
}

/// Returns the identity and the site of an access token that the token endpoint issued.
fn identity_of_token<'a>(context: &'a Context<'_>, credential: &str) -> Result<(&'a Identity, &'a str)> {
    let token = context.grants.find_token(credential, context.now).filter(|token| token.kind == TokenKind::Access);
    let found =
        token.and_then(|token| Some((&token.identity, context.apps.find(&token.identity.client_id)?.site_id())));
    found.ok_or_else(|| {
        let fault = if credential.is_empty() { "is missing" } else { "is not valid" };
        ApiError::application(401, "UNAUTHENTICATED", format!("The Authorization header {fault}"))
    })
}

/// Returns the site of a call: that of the token, else the one in the header `wix-site-id`.
fn site<'a>(request: &Request<'_>, options: &'a Options, token_site: Option<&'a str>) -> Result<&'a str> {
    let (site_id, account_id) = (request.header("wix-site-id"), request.header("wix-account-id"));
    if site_id.is_some() && account_id.is_some() && options.account_header == AccountHeader::Refuse {
        return Err(ApiError::plain(400, "Only one of the headers wix-site-id and wix-account-id can be sent"));
    }
    let no_access = || denied("The caller has no access to this site");
    match (token_site, site_id) {
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
    /// Refuses a caller without a permission.
    pub(crate) fn require(self, needed: Permission) -> Result<()> {
        // The scope that manages apps includes reading them.
        let includes = |permission: &Permission| {
            *permission == needed
                || *permission == Permission::ManageHeadless
                || (*permission == Permission::ManageOAuthApps && needed == Permission::ReadOAuthApps)
        };
        if self.permissions.iter().any(includes) {
            return Ok(());
        }
        Err(denied("The caller lacks the permission for this call"))
    }
}

/// Returns the credential of a request, which is sent as it is or as a bearer token. It is empty if there is none.
fn credential<'a>(request: &Request<'a>) -> &'a str {
    let header = request.header("authorization").unwrap_or_default();
    match header.split_once(' ') {
        Some((scheme, credential)) if scheme.eq_ignore_ascii_case("bearer") => credential.trim_start_matches(' '),
        _ => header,
    }
}

fn denied(message: &str) -> ApiError {
    ApiError::application(403, "PERMISSION_DENIED", message)
}
