//! Who comes to one of the service's own pages: told by a session token in the URL, or by a cookie.

use crate::host::port::{Host, guid};
use crate::http::request::Request;
use crate::oauth::members::Member;
use crate::store::app::Store;
use crate::store::grants::{Grants, Identity, SubjectType};

const COOKIE: &str = "emulatorSession";

/// Somebody in a browser. Who has a session token and a cookie is two at once: the visitor of a client, and the member who
/// logged in at the service before.
pub(crate) struct Visitor {
    by_token: Option<Identity>,
    by_cookie: Option<Identity>,
}

impl Visitor {
    /// The visitor of a site who sends this request.
    pub(crate) fn of(request: &Request, store: &Store, site_id: &str, grants: &Grants, now: u64) -> Self {
        let of_site = |identity: &&Identity| store.find(&identity.client_id).is_some_and(|(id, _)| id == site_id);
        let find = |text: &str| grants.find_session(text, now).filter(of_site).cloned();
        let cookies = request.header("cookie").unwrap_or_default();
        let cookie = cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='));
        Self {
            by_token: request.query_member("session_token").and_then(|text| find(&text)),
            by_cookie: cookie.and_then(find),
        }
    }

    /// The member they are, in the eyes of an app of the site; nothing where they are none.
    pub(crate) fn member(&self, client_id: &str) -> Option<Identity> {
        let both = [&self.by_token, &self.by_cookie].into_iter().flatten();
        let member = both.into_iter().find(|identity| identity.subject_type == SubjectType::Member)?;
        Some(Identity { client_id: client_id.to_owned(), ..member.clone() })
    }

    /// Ends the logins that they come with. The text is what removes the cookie.
    pub(crate) fn log_out(&self, grants: &mut Grants) -> String {
        for identity in [&self.by_token, &self.by_cookie].into_iter().flatten() {
            grants.end_login(&identity.login);
        }
        format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
    }
}

impl Member {
    /// Logs the member in at the service, in a browser. The text is the cookie that says so.
    pub(crate) fn log_in(&self, client_id: &str, grants: &mut Grants, host: &mut dyn Host) -> (Identity, String) {
        let identity = self.identity(client_id, host);
        let session = grants.session(identity.clone(), host);
        (identity, format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax"))
    }

    /// The member in a new login at an app.
    pub(crate) fn identity(&self, client_id: &str, host: &mut dyn Host) -> Identity {
        Identity {
            client_id: client_id.to_owned(),
            subject_type: SubjectType::Member,
            subject_id: self.id.clone(),
            login: guid(host),
        }
    }
}
