//! Plans as files: refused when stale, finished after an interruption, verified.

use super::*;

fn wanted() -> Config {
    config_of(&json!({ "unlisted": "delete", "apps": [
        { "name": "New", "allowedRedirectUris": ["https://new.example.com/cb"] },
        { "name": "Shop", "description": "x", "allowedRedirectUris": [CB], "ignore": ["*-team.vercel.app"] },
        { "name": "Side", "redirects": "include", "allowedRedirectUris": ["https://side.example.com/cb"] },
    ] }))
}

fn site() -> Value {
    json!([app(1, "Old", &[], &[]), app(2, "Shop", &[CB], &[]), app(3, "Side", &[], &[])])
}

fn stored(plan: &Value) -> stored::StoredPlan {
    // The plan as it is read from a file.
    read(&serde_json::from_str(&plan.to_string()).unwrap(), &Platform::PLAIN).unwrap()
}

fn applied(plan: &Value, apps: &Value) -> Result<Value> {
    apply(&stored(plan), apps, Some(&id(99)), &Platform::PLAIN)
}

#[test]
fn a_plan_is_applied_to_the_site_that_it_was_made_from() {
    let plan = planned(&wanted(), &site());
    let again = applied(&plan, &site()).unwrap();
    for part in ["changes", "steps", "summary", "fingerprint"] {
        assert_eq!(again[part], plan[part]);
    }
    assert_eq!(again["alreadyDone"], json!([]));
}

/// A change of the site by another writer.
type Edit<'a> = &'a dyn Fn(&mut Value);

#[test]
fn a_plan_is_refused_once_the_site_has_changed() {
    let plan = planned(&wanted(), &site());
    let changed = |change: Edit<'_>| {
        let mut apps = site();
        change(&mut apps);
        applied(&plan, &apps).map_err(|error| (error.code, error.message))
    };
    let cases: [(Edit<'_>, &str); 8] = [
        (&|apps: &mut Value| apps[1]["description"] = json!("other"), "Shop (00000002"),
        (&|apps: &mut Value| apps[1]["allowedRedirectUris"] = json!([CB, "https://b.example.com/cb"]), "has changed"),
        (&|apps: &mut Value| apps[1]["loginUrl"] = json!("https://b.example.com/"), "has changed"),
        (&|apps: &mut Value| apps[0]["allowedRedirectDomains"] = json!(["b.example.com"]), "Old (00000001"),
        (&|apps: &mut Value| apps[2]["name"] = json!("Other"), "Other (00000003"),
        (
            &|apps: &mut Value| apps.as_array_mut().unwrap().push(app(4, "Fresh", &[], &[])),
            "Fresh (00000004-0000-4000-8000-000000000000) is new",
        ),
        (
            &|apps: &mut Value| drop(apps.as_array_mut().unwrap().remove(1)),
            "Shop (00000002-0000-4000-8000-000000000000) is gone",
        ),
        (&|apps: &mut Value| apps.as_array_mut().unwrap().push(app(4, "Shop", &[CB], &[])), "several apps"),
    ];
    for (change, part) in cases {
        let (code, message) = changed(change).unwrap_err();
        assert_eq!(code, Code::Conflict);
        assert!(
            message.starts_with("the site has changed since the plan was made") && message.contains(part),
            "{message}"
        );
    }
}

#[test]
fn entries_that_others_manage_do_not_make_a_plan_stale() {
    let plan = planned(&wanted(), &site());
    let mut apps = site();
    apps[1]["allowedRedirectUris"] = json!(["https://x-team.vercel.app/cb", CB]);
    apps[1]["allowSecretGeneration"] = json!(false);
    apps[2]["allowedRedirectUris"] = json!(["https://other.example.com/cb"]);
    let again = applied(&plan, &apps).unwrap();
    assert_eq!(again["summary"], plan["summary"]);
    // The update includes the entries that others have added meanwhile.
    let patch = &again["steps"][2]["calls"][0]["patch"];
    assert_eq!(patch["allowedRedirectUris"], json!(["https://other.example.com/cb", "https://side.example.com/cb"]));
    // An unlisted app that is kept counts by its ID and name alone.
    let keep = config(&json!([{ "name": "Shop", "description": "x" }]));
    let plan = planned(&keep, &site());
    let mut apps = site();
    apps[0]["description"] = json!("other");
    assert!(applied(&plan, &apps).is_ok());
}

#[test]
fn a_plan_that_was_applied_in_part_is_finished() {
    let plan = planned(&wanted(), &site());
    let calls: Vec<Value> =
        plan["steps"].as_array().unwrap().iter().flat_map(|step| step["calls"].as_array().unwrap().clone()).collect();
    for count in 0..=calls.len() {
        let mut apps = site().as_array().unwrap().clone();
        for call in calls.iter().take(count) {
            make(&mut apps, call);
        }
        let apps = Value::Array(apps);
        let rest = applied(&plan, &apps).unwrap();
        assert_eq!(rest["changes"].as_array().unwrap().len(), calls.len() - count);
        assert_eq!(rest["alreadyDone"].as_array().unwrap().len(), count);
        let apps = made(&apps, &rest);
        assert_eq!(planned(&wanted(), &apps)["changes"], json!([]));
        // A run after the last one changes nothing.
        assert_eq!(applied(&plan, &apps).unwrap()["changes"], json!([]));
    }
}

#[test]
fn the_result_is_verified_by_what_the_service_stored() {
    let plan = planned(&wanted(), &site());
    let stored = stored(&plan);
    let check = |apps: &Value, created: &[(usize, String)]| {
        let created: BTreeMap<usize, String> = created.iter().cloned().collect();
        verify(&stored, apps, &created, &Platform::PLAIN).unwrap()
    };
    let mut apps = made(&site(), &plan);
    assert_eq!(check(&apps, &[]), json!({ "ok": true, "failed": [] }));
    apps[0]["allowedRedirectUris"] = json!(["https://shop.example.com:443/cb"]);
    assert_eq!(check(&apps, &[])["ok"], json!(true));
    apps[0]["description"] = json!("other");
    let found = check(&apps, &[]);
    assert_eq!((&found["ok"], &found["failed"][0]["id"]), (&json!(false), &json!(id(2))));
    assert_eq!(found["failed"][0]["fields"][0]["before"], "other");
    // A created app is known by the ID that the service gave it, whatever has become of it.
    let created = apps.as_array().unwrap().len() - 1;
    apps[created]["name"] = json!("Stolen");
    apps[created]["allowedRedirectUris"] = json!([]);
    let new_id = apps[created]["id"].as_str().unwrap().to_owned();
    assert_eq!(check(&apps, &[(0, new_id.clone())])["failed"][0]["id"], json!(new_id));
}

#[test]
fn another_file_than_a_plan_is_refused() {
    let plan = planned(&wanted(), &site());
    let with = |name: &str, value: Value| {
        let mut plan = plan.clone();
        plan[name] = value;
        read(&plan, &Platform::PLAIN).map(|_| ()).map_err(|error| (error.code, error.message))
    };
    assert_eq!(with("warnings", json!([])), Ok(()));
    for (name, value, part) in [
        ("format", json!("x"), "is no plan"),
        ("version", json!(2), "has version 2, and this program reads version 1; make a new one"),
        ("version", json!(null), "has version null"),
        ("siteId", json!("x"), "siteId"),
        ("config", json!({ "apps": [{ "nam": "x" }] }), "config"),
        ("state", json!([{}]), "state"),
        ("state", json!([]), "fingerprint"),
        ("changes", json!(5), "changes"),
        ("steps", json!([]), "steps"),
    ] {
        let (code, message) = with(name, value).unwrap_err();
        assert!(code == Code::Config && message.contains(part), "{message}");
    }
    assert!(read(&json!([]), &Platform::PLAIN).is_err());
    let error = apply(&stored(&plan), &site(), Some(&id(98)), &Platform::PLAIN).unwrap_err();
    assert!(error.message.contains("the plan is for the site"), "{error}");
}
