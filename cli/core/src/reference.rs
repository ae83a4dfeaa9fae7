//! Arguments that stand for an app: a client ID, `name:Storefront`, or `url:https://shop.example.com/cb`.

use serde_json::Value;

use crate::error::{Code, Error, Result};
use crate::library::{
    List, Platform, Storage, allows_after_checkout, allows_after_login, is_guid, is_same_entry, nearest_name,
};
use crate::site;

/// An argument that stands for an app.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase", tag = "kind", content = "value")]
pub enum Reference {
    /// A client ID. No list of apps is needed.
    Id(String),
    /// The name of one app.
    Name(String),
    /// A URL that one app lists.
    Url(String),
}

/// Reads the argument.
///
/// # Errors
/// If it is none of the three forms.
pub fn parse(argument: &str) -> Result<Reference> {
    let text = argument.trim();
    let refuse = |message: String| Err(Error::new(Code::InvalidArgument, message));
    if is_guid(text) {
        return Ok(Reference::Id(text.to_owned()));
    }
    match text.split_once(':') {
        Some(("id", id)) if is_guid(id) => Ok(Reference::Id(id.to_owned())),
        Some(("name" | "url", "")) => refuse(format!("{text} has nothing after its colon; write a value there")),
        Some(("name", name)) => Ok(Reference::Name(name.to_owned())),
        Some(("url", url)) => Ok(Reference::Url(url.to_owned())),
        _ if text.contains("://") => {
            refuse(format!("{text} is no client ID; write url:{text} for the app that lists it"))
        }
        _ => refuse(format!(
            "{text} is no client ID, which is a GUID such as 13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11; write name:{text} \
             for the app of that name"
        )),
    }
}

/// Finds the app among those of the site.
///
/// # Errors
/// If no app matches, or several do, with the candidates.
pub fn resolve(reference: &Reference, apps: &Value, platform: &Platform<'_>) -> Result<Value> {
    let apps = site::apps(apps)?;
    let found: Vec<&Value> = match reference {
        Reference::Id(id) => apps.iter().filter(|app| site::id(app).eq_ignore_ascii_case(id)).collect(),
        Reference::Name(name) => apps.iter().filter(|app| platform.is_same_name(site::name(app), name)).collect(),
        Reference::Url(url) => listing(url, apps)?,
    };
    match found.as_slice() {
        [app] => Ok((*app).clone()),
        [] => Err(not_found(reference, apps)),
        several => Err(Error {
            candidates: several.iter().map(|app| site::candidate(app)).collect(),
            ..Error::new(
                Code::Conflict,
                format!(
                    "{} stands for {} apps; give the client ID of one: {}",
                    describe(reference),
                    several.len(),
                    site::describe(several.iter().copied())
                ),
            )
        }),
    }
}

/// Returns the apps that list a URL: as an entry, else by a wildcard, else by its host.
fn listing<'a>(url: &str, apps: &'a [Value]) -> Result<Vec<&'a Value>> {
    type Lists = [Vec<String>; 2];
    let is_entry = |[uris, domains]: &Lists| {
        List::REDIRECTS.into_iter().zip([uris, domains]).any(|(list, entries)| {
            let is_meant = |entry: &String| is_same_entry(list.kind(), Storage::NormalForm, entry, url);
            entries.iter().any(is_meant)
        })
    };
    let by_wildcard = |[uris, _]: &Lists| allows_after_login(uris, url);
    let by_host = |[_, domains]: &Lists| allows_after_checkout(domains, url);
    let mut with_lists = Vec::with_capacity(apps.len());
    for app in apps {
        let [uris, domains] = List::REDIRECTS;
        with_lists.push((app, [site::entries(app, uris)?, site::entries(app, domains)?]));
    }
    let tests: [&dyn Fn(&Lists) -> bool; 3] = [&is_entry, &by_wildcard, &by_host];
    let matching = |is_listed: &dyn Fn(&Lists) -> bool| -> Vec<&'a Value> {
        with_lists.iter().filter(|(_, lists)| is_listed(lists)).map(|(app, _)| *app).collect()
    };
    Ok(tests.into_iter().map(matching).find(|found| !found.is_empty()).unwrap_or_default())
}

fn not_found(reference: &Reference, apps: &[Value]) -> Error {
    let nearest = match reference {
        Reference::Name(name) => nearest_name(name, apps.iter().map(site::name)),
        _ => None,
    };
    let question = nearest.map(|name| format!("; did you mean name:{name}?")).unwrap_or_default();
    let present = if apps.is_empty() {
        "the site has no apps".to_owned()
    } else {
        format!("the site has {}", site::describe(apps))
    };
    Error {
        candidates: apps.iter().map(site::candidate).collect(),
        ..Error::new(Code::NotFound, format!("no app of the site is {}{question}; {present}", describe(reference)))
    }
}

fn describe(reference: &Reference) -> String {
    match reference {
        Reference::Id(id) => id.clone(),
        Reference::Name(name) => format!("name:{name}"),
        Reference::Url(url) => format!("url:{url}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ID: &str = "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11";

    fn apps() -> Value {
        json!([
            { "id": ID, "name": "Shop", "allowedRedirectUris": ["https://shop.example.com/cb"],
              "allowedRedirectDomains": ["shop.example.com"] },
            { "id": "b", "name": "Admin", "allowedRedirectUris": ["https://*-admin.example.com/cb"],
              "allowedRedirectDomains": ["shop.example.com"] },
            { "id": "c", "name": "Twin" },
            { "id": "d", "name": "Twin ", "allowedRedirectUris": null },
        ])
    }

    fn find(argument: &str) -> Result<String> {
        let app = resolve(&parse(argument)?, &apps(), &Platform::PLAIN)?;
        Ok(site::id(&app).to_owned())
    }

    #[test]
    fn an_app_is_found_by_id_name_or_url() {
        for (argument, id) in [
            (ID, ID),
            ("13F5E2AB-8E4F-4A0B-9C64-0D2C1C0E8F11", ID),
            ("name:Shop", ID),
            ("name: Shop ", ID),
            ("url:https://shop.example.com/cb", ID),
            ("url:HTTPS://SHOP.example.com/cb", ID),
            ("url:https://preview-admin.example.com/cb", "b"),
        ] {
            assert_eq!(find(argument).as_deref(), Ok(id), "{argument}");
        }
    }

    #[test]
    fn an_unknown_app_and_an_ambiguous_one_list_the_candidates() {
        let error = find("name:Shopp").unwrap_err();
        assert_eq!((error.code, error.candidates.len()), (Code::NotFound, 4));
        assert!(error.message.contains("did you mean name:Shop?") && error.message.contains("Admin (b)"), "{error}");
        assert_eq!(find("00000000-0000-4000-8000-000000000000").unwrap_err().code, Code::NotFound);
        let error = find("name:Twin").unwrap_err();
        assert_eq!((error.code, error.candidates.len()), (Code::Conflict, 2));
        assert!(error.message.contains("Twin (c), Twin  (d)"), "{error}");
        // Two apps list the host, and none the URL.
        assert_eq!(find("url:https://shop.example.com/other").unwrap_err().candidates.len(), 2);
        let error = resolve(&Reference::Name("x".into()), &json!([]), &Platform::PLAIN).unwrap_err();
        assert!(error.message.contains("the site has no apps"), "{error}");
    }

    #[test]
    fn another_argument_is_refused_with_the_form_that_was_meant() {
        for (argument, part) in [
            ("Shop", "write name:Shop"),
            ("https://shop.example.com/cb", "write url:https://shop.example.com/cb"),
            ("name:", "nothing after its colon"),
            ("url:", "nothing after its colon"),
            ("", "is no client ID"),
        ] {
            let error = parse(argument).unwrap_err();
            assert!(error.code == Code::InvalidArgument && error.message.contains(part), "{argument}: {error}");
        }
        assert_eq!(
            serde_json::to_value(parse("name:a:b").unwrap()).unwrap(),
            json!({ "kind": "name", "value": "a:b" })
        );
    }
}
