//! The hosted pages: checkout, login and logout. Each acts at once, and redirects to the URL that the client named, if the
//! app's lists allow it.

use std::sync::Arc;

use wix_oauth_apps::redirect::check::After;

use crate::allowlist;
use crate::context::Context;
use crate::http::error::Result;
use crate::http::html;
use crate::http::response::Response;
use crate::http::uri::host_of;
use crate::oauth::login_page::{self, Answer};
use crate::oauth::members;
use crate::oauth::visitor::{Visitor, log_in};
use crate::options::{Login, LogoutRedirects, Options};
use crate::refused_redirect::explain;
use crate::route::HostedPage;
use crate::store::app::App;

/// The callback URLs of a redirect session, and their parameters at the pages.
pub(crate) const CALLBACKS: [(&str, &str); 6] = [
    ("thankYouPageUrl", "thank_you_page_url"),
    ("postFlowUrl", "post_flow_url"),
    ("loginUrl", "login_url"),
    ("bookingsServiceListUrl", "bookings_service_list_url"),
    ("cartPageUrl", "cart_page_url"),
    ("planListUrl", "plan_list_url"),
];

/// Responds to a visitor of a page.
pub(crate) fn respond(page: HostedPage, context: &mut Context<'_>) -> Result<Response> {
    let request = context.request;
    let client_id = request.query_param("client_id").unwrap_or_default();
    let Some(app) = context.apps.find(&client_id).map(Arc::clone) else {
        return Ok(html::page(400, "Invalid client", &format!("There is no OAuth app {client_id:?}.")));
    };
    // The URLs are checked first, so that nobody pays who cannot return to the client.
    for (_, parameter) in CALLBACKS {
        if let Some(url) = request.query_param(parameter).filter(|url| !allows(page, &app, url, context.options)) {
            let text = format!("{url} isn't listed as an allowed redirect domain.");
            return Ok(html::refusal(403, "Forbidden", &text, &explain(&app, &url, After::Other)));
        }
    }
    match page {
        HostedPage::Checkout => Ok(checkout(&app, context)),
        HostedPage::Login => login(&app, context),
        HostedPage::Logout => Ok(logout(&app, context)),
    }
}

fn checkout(app: &App, context: &Context<'_>) -> Response {
    if let Some(domain) = dead_domain(app, context.options) {
        let text = format!("FAILED_TO_FETCH_METASITE_ID_BY_DOMAIN: {domain}, the host of redirectUrlWixPages.");
        return html::page(404, "FAILED_TO_FETCH_METASITE_ID_BY_DOMAIN", &text);
    }
    let thank_you_page_url = context.request.query_param("thank_you_page_url");
    let target = thank_you_page_url.or_else(|| context.request.query_param("post_flow_url"));
    redirect_or_page(target.as_deref(), "Thank you", "The order was placed.")
}

fn login(app: &App, context: &mut Context<'_>) -> Result<Response> {
    let post_flow_url = context.request.query_param("post_flow_url");
    if Visitor::new(app.site_id(), context).member(app.id()).is_some() {
        return Ok(redirect_or_page(post_flow_url.as_deref(), "Logged in", "You are logged in already."));
    }
    let app_login_url = app.text("loginUrl").filter(|_| context.options.honor_login_url).map(str::to_owned);
    if let Some(url) = context.request.query_param("login_url").or(app_login_url) {
        return Ok(Response::redirect(&with_return_url(&url, post_flow_url.as_deref())));
    }
    let member = match context.options.login {
        Login::Automatic => members::default_member(context.options),
        Login::Interactive if context.request.method == "GET" => return Ok(login_page::ask(app, "", context)),
        Login::Interactive => match login_page::read(app, context)? {
            Answer::Member(member) => Some(member),
            Answer::Page(page) => return Ok(page),
        },
    };
    let Some(member) = member else {
        return Ok(html::page(403, "Forbidden", "The emulator has no member to log in."));
    };
    let (_, cookie) = log_in(&member, app.id(), context.grants, context.host);
    let response = redirect_or_page(post_flow_url.as_deref(), "Logged in", &member.email);
    Ok(response.with_header("set-cookie", cookie).after_form(context.request))
}

fn logout(app: &App, context: &mut Context<'_>) -> Response {
    let post_flow_url = context.request.query_param("post_flow_url");
    let cookie = Visitor::new(app.site_id(), context).log_out(context.grants);
    let target = match app.text("logoutUrl").filter(|_| context.options.honor_logout_url) {
        Some(url) => Some(with_return_url(url, post_flow_url.as_deref())),
        None => post_flow_url,
    };
    redirect_or_page(target.as_deref(), "Logged out", "See you soon.").with_header("set-cookie", cookie)
}

/// Checks whether a page may redirect visitors of the app to the URL.
fn allows(page: HostedPage, app: &App, url: &str, options: &Options) -> bool {
    let uris_count = page == HostedPage::Logout && options.logout_redirects == LogoutRedirects::Either;
    allowlist::allows_domain(app, url, options) || (uris_count && allowlist::allows_uri(app, url, options))
}

/// Returns the host of the app's `redirectUrlWixPages`, if it belongs to no site.
fn dead_domain(app: &App, options: &Options) -> Option<String> {
    let host = host_of(app.text("redirectUrlWixPages")?)?;
    Some(host).filter(|host| options.dead_domains.iter().any(|dead| dead.eq_ignore_ascii_case(host)))
}

/// Adds the URL to return to as a query parameter, with the name that the vendor's own `/api/auth/login` expects.
fn with_return_url(url: &str, return_url: Option<&str>) -> String {
    let Some(return_url) = return_url else { return url.to_owned() };
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("returnUrl", return_url).finish();
    let fragment_start = url.find('#').unwrap_or(url.len());
    let (before, fragment) = url.split_at_checked(fragment_start).unwrap_or((url, ""));
    let separator = if before.contains('?') { "&" } else { "?" };
    format!("{before}{separator}{query}{fragment}")
}

/// Redirects to the URL, or returns a page if there is none.
fn redirect_or_page(url: Option<&str>, title: &str, text: &str) -> Response {
    url.map_or_else(|| html::page(200, title, text), Response::redirect)
}

#[cfg(test)]
mod tests;
