//! The visitor of a page, identified by a session token in the URL and by a cookie.

use crate::context::Context;
use crate::host::port::Host;
use crate::oauth::members::Member;
use crate::store::grants::{Grants, Identity, SubjectType};

const COOKIE: &str = "emulatorSession";

/// The sessions of a browser. The session token identifies a visitor of the client, and the cookie a member who has logged
/// in at the service before. A request can have both.
pub(crate) struct Visitor {
    token_identity: Option<Identity>,
    cookie_identity: Option<Identity>,
}

impl Visitor {
    /// Reads the sessions of a request. Sessions of other sites do not count.
    pub(crate) fn new(site_id: &str, context: &Context<'_>) -> Self {
        let is_of_site =
            |identity: &&Identity| context.apps.find(&identity.client_id).is_some_and(|app| app.site_id() == site_id);
        let find = |token: &str| context.grants.find_session(token, context.now).filter(is_of_site).cloned();
        let cookies = context.request.header("cookie").unwrap_or_default();
        let cookie = cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='));
        Self {
            token_identity: context.request.query_param("session_token").and_then(|token| find(&token)),
            cookie_identity: cookie.and_then(find),
        }
    }

    /// Returns the identity of the member who is logged in, for an app of the site.
    pub(crate) fn member(&self, client_id: &str) -> Option<Identity> {
        let member = self.identities().find(|identity| identity.subject_type == SubjectType::Member)?;
        Some(Identity { client_id: client_id.to_owned(), ..member.clone() })
    }

    /// Ends the logins of the browser. Returns the cookie that replaces that of the login.
    pub(crate) fn log_out(&self, grants: &mut Grants) -> String {
        for identity in self.identities() {
            grants.end_login(&identity.login);
        }
        format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
    }

    fn identities(&self) -> impl Iterator<Item = &Identity> {
        [&self.token_identity, &self.cookie_identity].into_iter().flatten()
    }
}

/// Logs a member in at the service. Returns the identity, and the cookie of the login.
pub(crate) fn log_in(member: &Member, client_id: &str, grants: &mut Grants, host: &mut dyn Host) -> (Identity, String) {
    let identity = member.new_identity(client_id, host);
    let session = grants.start_session(identity.clone(), host);
    (identity, format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax"))
}
