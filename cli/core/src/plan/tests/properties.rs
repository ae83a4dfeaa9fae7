//! Plans of any file for any site.

use super::*;
use crate::config::{backup, export};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const URIS: [&str; 8] = [
    "https://a.example.com/cb",
    "HTTPS://A.example.com/cb",
    "https://b.example.com/cb",
    "https://b.example.com",
    "http://localhost:3000/cb",
    "https://x-team.vercel.app/cb",
    "https://*-c.example.com/cb",
    "com.example.app:/cb",
];
const DOMAINS: [&str; 6] =
    ["a.example.com", "https://a.example.com", "b.example.com", "localhost:3000", "x-team.vercel.app", "B.example.com"];

fn names() -> impl Strategy<Value = &'static str> {
    select(vec!["Shop", "Admin", "Mobile", "Desk"])
}

fn sites() -> impl Strategy<Value = Value> {
    let one = (names(), subsequence(URIS.to_vec(), 0..5), subsequence(DOMAINS.to_vec(), 0..4), select(vec!["", "x"]));
    proptest::collection::vec(one, 0..4).prop_map(|apps| {
        let apps = apps.into_iter().enumerate().map(|(at, (name, uris, domains, description))| {
            let mut app = app(at, name, &uris, &domains);
            app["description"] = json!(description);
            app
        });
        apps.collect()
    })
}

fn files() -> impl Strategy<Value = Value> {
    let one = (
        proptest::option::of(0_usize..5),
        names(),
        proptest::option::of(subsequence(URIS.to_vec(), 0..4)),
        proptest::option::of(subsequence(DOMAINS.to_vec(), 0..4)),
        select(vec!["exact", "include"]),
        proptest::bool::ANY,
    );
    let apps = proptest::collection::vec(one, 0..4).prop_map(|apps| {
        let apps = apps.into_iter().map(|(number, name, uris, domains, redirects, ignores)| {
            let mut app = json!({ "name": name, "redirects": redirects, "description": "x" });
            if let Some(number) = number {
                app["id"] = json!(id(number));
            }
            if let Some(uris) = uris {
                app["allowedRedirectUris"] = json!(uris);
            }
            if let Some(domains) = domains {
                app["allowedRedirectDomains"] = json!(domains);
            }
            if ignores {
                app["ignore"] = json!(["*-team.vercel.app"]);
            }
            app
        });
        apps.collect::<Vec<Value>>()
    });
    (apps, select(vec!["keep", "delete"])).prop_map(|(apps, unlisted)| json!({ "apps": apps, "unlisted": unlisted }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_plan_that_was_carried_out_leaves_nothing_to_change(file in files(), site in sites()) {
        let Ok((config, _)) = read_config(&file, &Variables::default(), &Platform::PLAIN) else { return Ok(()) };
        let Ok(plan) = plan(&config, &site, None, &Platform::PLAIN) else { return Ok(()) };
        let plan = plan.to_value(&Platform::PLAIN);
        let after = made(&site, &plan);
        prop_assert_eq!(planned(&config, &after)["changes"].clone(), json!([]));
        let stored = read(&plan, &Platform::PLAIN).unwrap();
        let fresh = apply(&stored, &site, None, &Platform::PLAIN).unwrap();
        prop_assert_eq!(&fresh["changes"], &plan["changes"]);
    }

    #[test]
    fn deletes_come_last_and_each_app_has_one_change(file in files(), site in sites()) {
        let Ok((config, _)) = read_config(&file, &Variables::default(), &Platform::PLAIN) else { return Ok(()) };
        let Ok(plan) = plan(&config, &site, None, &Platform::PLAIN) else { return Ok(()) };
        prop_assert!(plan.changes.is_sorted_by_key(|change| change.action == Action::Delete));
        let mut ids: Vec<_> = plan.changes.iter().filter_map(|change| change.id.clone()).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        prop_assert_eq!(ids.len(), count);
        if file["unlisted"] == "keep" {
            prop_assert!(plan.changes.iter().all(|change| change.action != Action::Delete));
        }
    }

    #[test]
    fn ignored_entries_are_neither_added_nor_removed(file in files(), site in sites()) {
        let Ok((config, _)) = read_config(&file, &Variables::default(), &Platform::PLAIN) else { return Ok(()) };
        let Ok(plan) = plan(&config, &site, None, &Platform::PLAIN) else { return Ok(()) };
        for change in plan.changes.iter().filter(|change| change.action != Action::Delete) {
            let wanted = &config.apps[change.app.unwrap()];
            for field in change.fields.iter().filter(|_| !wanted.ignore.is_empty()) {
                let touched = field.added.iter().chain(&field.removed);
                prop_assert!(!touched.into_iter().any(|entry| entry.contains("-team.vercel.app")));
            }
        }
    }

    #[test]
    fn an_exported_site_is_as_its_file_says(site in sites()) {
        for value in [export(site.as_array().unwrap(), &Platform::PLAIN), backup(site.as_array().unwrap(),
            &Platform::PLAIN)] {
            let config = read_config(&value, &Variables::default(), &Platform::PLAIN).unwrap().0;
            prop_assert_eq!(planned(&config, &site)["changes"].clone(), json!([]));
        }
    }

    #[test]
    fn a_backup_restores_what_was_there(file in files(), site in sites()) {
        let Ok((config, _)) = read_config(&file, &Variables::default(), &Platform::PLAIN) else { return Ok(()) };
        let Ok(plan) = plan(&config, &site, None, &Platform::PLAIN) else { return Ok(()) };
        if plan.changes.iter().any(|change| change.action != Action::Update) {
            return Ok(());
        }
        let after = made(&site, &plan.to_value(&Platform::PLAIN));
        let backup = config_of(&backup(site.as_array().unwrap(), &Platform::PLAIN));
        let restored = made(&after, &planned(&backup, &after));
        prop_assert_eq!(planned(&backup, &restored)["changes"].clone(), json!([]));
        for (app, before) in restored.as_array().unwrap().iter().zip(site.as_array().unwrap()) {
            prop_assert_eq!(&app["name"], &before["name"]);
        }
    }
}
