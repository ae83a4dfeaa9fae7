//! The service's own pages: checkout, login and logout. Each does its work as the visitor arrives, and sends the visitor
//! on to the URL that the client has named, if the app's lists allow it.

use crate::allowlist;
use crate::host::port::Host;
use crate::http::html;
use crate::http::request::Request;
use crate::http::response::Reply;
use crate::http::uri::host_of;
use crate::oauth::Visitor;
use crate::oauth::members;
use crate::options::{LogoutRedirects, Options};
use crate::store::app::{App, Store};
use crate::store::grants::Grants;

/// The checkouts, and the other pages that are left like one.
pub(super) const CHECKOUTS: [&str; 7] = [
    "ecomCheckout",
    "bookingsCheckout",
    "eventsCheckout",
    "paidPlansCheckout",
    "storesProduct",
    "bookingsBook",
    "ecomOrderPaymentRequest",
];

/// Where the client says that visitors may be sent on to, and the parameters that say so at the pages.
pub(super) const CALLBACKS: [(&str, &str); 6] = [
    ("thankYouPageUrl", "thank_you_page_url"),
    ("postFlowUrl", "post_flow_url"),
    ("loginUrl", "login_url"),
    ("bookingsServiceListUrl", "bookings_service_list_url"),
    ("cartPageUrl", "cart_page_url"),
    ("planListUrl", "plan_list_url"),
];

/// One of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostedPage {
    /// The buyer pays.
    Checkout,
    /// The visitor becomes a member.
    Login,
    /// The member is one no more.
    Logout,
}

/// A visitor's arrival at a page.
pub(crate) struct PageCall<'a> {
    pub(crate) options: &'a Options,
    pub(crate) store: &'a Store,
    pub(crate) grants: &'a mut Grants,
    pub(crate) host: &'a mut dyn Host,
}

impl PageCall<'_> {
    /// The answer.
    pub(crate) fn run(&mut self, page: HostedPage, request: &Request) -> Reply {
        let client_id = request.query_member("client_id").unwrap_or_default();
        let Some((site_id, app)) = self.store.find(&client_id) else {
            return html::page(400, "Invalid client", &format!("There is no OAuth app {client_id:?}."));
        };
        // Before anything happens: a visitor who cannot come back should not have paid.
        for (_, parameter) in CALLBACKS {
            if let Some(url) = request.query_member(parameter).filter(|url| !self.allows(page, app, url)) {
                let text = format!("{url} isn't listed as an allowed redirect domain.");
                return html::page(403, "Forbidden", &text);
            }
        }
        let visitor = Visitor::of(request, self.store, site_id, self.grants, self.host.now());
        let post_flow_url = request.query_member("post_flow_url");
        match page {
            HostedPage::Checkout => {
                if let Some(domain) = self.dead_domain(app) {
                    let text =
                        format!("FAILED_TO_FETCH_METASITE_ID_BY_DOMAIN: {domain}, the host of redirectUrlWixPages.");
                    return html::page(404, "FAILED_TO_FETCH_METASITE_ID_BY_DOMAIN", &text);
                }
                let thank_you = request.query_member("thank_you_page_url");
                leave(thank_you.or(post_flow_url).as_deref(), "Thank you", "The order was placed.")
            }
            HostedPage::Login => {
                if visitor.member(app.id()).is_some() {
                    return leave(post_flow_url.as_deref(), "Logged in", "You are logged in already.");
                }
                let own = app.text("loginUrl").filter(|_| self.options.honor_login_url).map(str::to_owned);
                if let Some(url) = request.query_member("login_url").or(own) {
                    return Reply::redirect(&with_return_url(&url, post_flow_url.as_deref()));
                }
                let Some(member) = members::first(self.options) else {
                    return html::page(403, "Forbidden", "The emulator has no member to log in.");
                };
                let (_, cookie) = member.log_in(app.id(), self.grants, self.host);
                leave(post_flow_url.as_deref(), "Logged in", &member.email).with("set-cookie", cookie)
            }
            HostedPage::Logout => {
                let cookie = visitor.log_out(self.grants);
                let own = app.text("logoutUrl").filter(|_| self.options.honor_logout_url);
                let target = match own {
                    Some(url) => Some(with_return_url(url, post_flow_url.as_deref())),
                    None => post_flow_url,
                };
                leave(target.as_deref(), "Logged out", "See you soon.").with("set-cookie", cookie)
            }
        }
    }

    /// Whether a page may send visitors of the app to the URL.
    fn allows(&self, page: HostedPage, app: &App, url: &str) -> bool {
        let by_uri = page == HostedPage::Logout && self.options.logout_redirects == LogoutRedirects::Either;
        allowlist::allows_domain(app, url, self.options) || (by_uri && allowlist::allows_uri(app, url, self.options))
    }

    /// The host of the app's `redirectUrlWixPages`, where it belongs to no site.
    fn dead_domain(&self, app: &App) -> Option<String> {
        let host = host_of(app.text("redirectUrlWixPages")?)?;
        Some(host).filter(|host| self.options.dead_domains.iter().any(|dead| dead.eq_ignore_ascii_case(host)))
    }
}

/// An app's own login or logout URL, with the URL to return to, as the vendor's own `/api/auth/login` takes it.
fn with_return_url(url: &str, return_url: Option<&str>) -> String {
    let Some(return_url) = return_url else { return url.to_owned() };
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("returnUrl", return_url).finish();
    let (before, fragment) =
        url.split_once('#').map_or((url, ""), |(before, _)| (before, url.get(before.len()..).unwrap_or_default()));
    let separator = if before.contains('?') { "&" } else { "?" };
    format!("{before}{separator}{query}{fragment}")
}

/// A redirect to the URL; a page where there is none.
fn leave(url: Option<&str>, title: &str, text: &str) -> Reply {
    url.map_or_else(|| html::page(200, title, text), Reply::redirect)
}

#[cfg(test)]
mod tests;
