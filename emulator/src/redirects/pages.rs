//! The pages where a visitor is away from the client: checkout, login and logout. They do their work as the visitor
//! arrives, and send on to where the client said, if the app lists its domain.

use crate::html;
use crate::http::Request;
use crate::oauth::Visitor;
use crate::oauth::members;
use crate::oauth::vault::Vault;
use crate::options::Options;
use crate::redirects::rules;
use crate::reply::Reply;
use crate::store::{App, Store};
use crate::world::World;

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
pub(crate) enum Page {
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
    pub(crate) vault: &'a mut Vault,
    pub(crate) world: &'a mut dyn World,
}

impl PageCall<'_> {
    /// The answer.
    pub(crate) fn run(&mut self, page: Page, request: &Request) -> Reply {
        let client_id = request.query_member("client_id").unwrap_or_default();
        let Some((site_id, app)) = self.store.find(&client_id) else {
            return html::page(400, "Invalid client", &format!("There is no OAuth app {client_id:?}."));
        };
        // Before anything happens: a visitor who cannot come back should not have paid.
        for (_, parameter) in CALLBACKS {
            if let Some(url) = request.query_member(parameter).filter(|url| !self.allows(app, url)) {
                let text = format!("{url} isn't listed as an allowed redirect domain.");
                return html::page(403, "Forbidden", &text);
            }
        }
        let visitor = Visitor::of(request, self.store, site_id, self.vault, self.world.now());
        let post_flow_url = request.query_member("post_flow_url");
        match page {
            Page::Checkout => {
                let thank_you = request.query_member("thank_you_page_url");
                leave(thank_you.or(post_flow_url).as_deref(), "Thank you", "The order was placed.")
            }
            Page::Login => {
                let Some(member) = members::first(self.options) else {
                    return html::page(403, "Forbidden", "The emulator has no member to log in.");
                };
                let (_, cookie) = member.log_in(app.id(), self.vault, self.world);
                leave(post_flow_url.as_deref(), "Logged in", &member.email).with("set-cookie", cookie)
            }
            Page::Logout => {
                let cookie = visitor.log_out(self.vault);
                leave(post_flow_url.as_deref(), "Logged out", "See you soon.").with("set-cookie", cookie)
            }
        }
    }

    fn allows(&self, app: &App, url: &str) -> bool {
        rules::allows_domain(app, url, self.options)
    }
}

/// On to the URL, or a page where there is none.
fn leave(url: Option<&str>, title: &str, text: &str) -> Reply {
    url.map_or_else(|| html::page(200, title, text), Reply::redirect)
}

#[cfg(test)]
mod tests;
