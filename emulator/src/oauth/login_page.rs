//! The page that asks who logs in, with the option `login: "interactive"`. It is the emulator's own: a member of the list
//! logs in with one click, and anybody else logs in or registers with an e-mail address and a password.

use crate::context::Context;
use crate::http::error::{ApiError, Result};
use crate::http::html::{escape, paragraph, titled};
use crate::http::response::Response;
use crate::oauth::members::{self, Member};
use crate::options::is_email;
use crate::store::app::App;

const FORM: &str = "application/x-www-form-urlencoded";

/// The answer of a visitor to the page.
pub(crate) enum Answer {
    /// The member who logs in.
    Member(Member),
    /// The page again, with the fault of the answer.
    Page(Response),
}

/// Returns the page. `email` is filled in.
pub(crate) fn ask(app: &App, email: &str, context: &Context<'_>) -> Response {
    page(app, email, None, context)
}

/// Reads the form that the page has posted.
pub(crate) fn read(app: &App, context: &mut Context<'_>) -> Result<Answer> {
    let request = context.request;
    if !request.media_type().is_some_and(|media_type| media_type.eq_ignore_ascii_case(FORM)) {
        return Err(ApiError::plain(415, format!("Unsupported Media Type: the login page posts {FORM}")));
    }
    let form: Vec<_> = form_urlencoded::parse(request.body.unwrap_or_default()).into_owned().collect();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let (email, password) = (field("email"), field("password"));
    let find =
        |email: &str, context: &Context<'_>| members::find(email, app.site_id(), context.options, context.grants);
    let (chosen, is_registration) = (field("member"), field("action") == "register");
    let fault = if !chosen.is_empty() {
        match find(chosen, context) {
            Some(member) => return Ok(Answer::Member(member)),
            None => format!("There is no member {chosen}."),
        }
    } else if !is_email(email) {
        "Enter an e-mail address.".to_owned()
    } else if password.is_empty() {
        "Enter a password.".to_owned()
    } else {
        match find(email, context) {
            None if is_registration => {
                let member = members::register(app.site_id(), email, password, context.grants, context.host);
                return Ok(Answer::Member(member));
            }
            Some(_) if is_registration => format!("{email} is registered already. Log in instead."),
            None => format!("There is no member {email}. Register, or choose a member of the list."),
            Some(member) if members::has_password(&member, password, context.options, context.grants) => {
                return Ok(Answer::Member(member));
            }
            Some(_) => format!("The password is not that of {email}."),
        }
    };
    Ok(Answer::Page(page(app, email, Some(&fault), context)))
}

fn page(app: &App, email: &str, fault: Option<&str>, context: &Context<'_>) -> Response {
    let name = app.text("name").unwrap_or_default();
    let introduction =
        format!("Who logs in to {name}? This page is the emulator\u{2019}s own; Wix shows its login page.");
    let alert = fault.map(|fault| format!("<p role=\"alert\"><strong>{}</strong></p>\n", escape(fault)));
    let mut buttons = String::new();
    for member in members::all(context.options, context.grants) {
        if member.site_id.as_deref().is_none_or(|site_id| site_id == app.site_id()) {
            let email = escape(&member.email);
            buttons.extend([
                "<li><button name=\"member\" value=\"",
                &email,
                "\">Log in as ",
                &email,
                "</button></li>\n",
            ]);
        }
    }
    let list = if buttons.is_empty() {
        paragraph("There are no members yet.")
    } else {
        format!("<form method=\"post\">\n<ul>\n{buttons}</ul>\n</form>\n")
    };
    let form = format!(
        "<form method=\"post\">\n<label for=\"email\">E-mail address</label>\n\
         <input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" required value=\"{}\">\n\
         <label for=\"password\">Password</label>\n\
         <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" required>\n\
         <p><button name=\"action\" value=\"login\">Log in</button>\n\
         <button name=\"action\" value=\"register\">Register</button></p>\n</form>\n",
        escape(email)
    );
    let html = [
        &*paragraph(&introduction),
        &alert.unwrap_or_default(),
        "<h2>Members</h2>\n",
        &list,
        "<h2>E-mail address and password</h2>\n",
        &form,
    ]
    .concat();
    match fault {
        Some(fault) => titled(403, "Log in", &html).with_reason(format!("Log in: {fault}")),
        None => titled(200, "Log in", &html),
    }
}

#[cfg(test)]
mod tests;
