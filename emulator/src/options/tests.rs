use super::*;
use serde_json::json;

#[test]
fn absent_options_have_defaults() {
    for value in [json!(null), json!({}), json!({ "apiKey": null, "siteIds": null })] {
        let options = Options::from_json(value).unwrap();
        assert_eq!(options.api_key, Options::default().api_key);
        assert_eq!(options.max_page_limit, 100);
    }
    assert_eq!(Options::default().check(), Ok(()));
}

#[test]
fn every_option_can_be_set() {
    let options = Options::from_json(json!({
        "apiKey": "k", "siteIds": ["00000000-0000-4000-8000-000000000001"],
        "permissions": ["SCOPE.OAUTH_APP.READ", "SCOPE.OAUTH_APP.MANAGE", "SCOPE.HEADLESS.MANAGE"],
        "maxPageLimit": 7, "secretOnCreate": true, "normalizeRedirects": true, "duplicateRedirects": "refuse",
        "requestLogSize": 0, "now": "2026-03-01", "seed": 7, "latency": 20,
        "rateLimit": { "requests": 5, "retryAfter": false }, "staleFor": 1000,
        "unknownClientStatus": 401,
        "members": [{ "email": "a@b.example", "password": "p" }], "wildcardRedirects": false,
        "subdomainRedirects": true, "domainPorts": "ignored",
        "webhooks": [{ "url": "http://127.0.0.1:1/hook", "events": ["created", "updated", "deleted"] }],
        "maskPath": "ignore", "accountHeader": "refuse",
        "accessTokens": [{ "token": "t" }, { "token": "u", "siteId": "00000000-0000-4000-8000-000000000001",
                           "permissions": ["SCOPE.OAUTH_APP.READ"] }],
        "copyAllowedDomains": "toAllowedRedirectDomains", "maxAllowedDomains": 5, "maxOriginLength": 5,
        "customSchemes": false, "logoutRedirects": "domains", "honorLoginUrl": false, "honorLogoutUrl": false,
        "wixPagesUrl": "app", "deadDomains": ["shop.example.com"], "login": "interactive", "ruleNames": { "nameTooLong": "MAX" },
        "apps": [{ "name": "Storefront" }],
    }))
    .unwrap();
    assert_eq!(options.permissions.len(), 3);
    assert_eq!(options.duplicate_redirects, Duplicates::Refuse);
    assert!(options.secret_on_create && options.normalize_redirects);
    assert_eq!((options.now, options.seed.as_deref(), options.latency), (Some(1_772_323_200_000), Some("7"), 20));
    assert_eq!(
        (options.rate_limit, options.stale_for),
        (Some(RateLimit { requests: 5, per: 60_000, retry_after: false }), 1_000)
    );
    assert_eq!(Options::from_json(json!({ "rateLimit": false })).unwrap().rate_limit, None);
}

#[test]
fn an_invalid_option_is_named() {
    for (value, name) in [
        (json!({ "apikey": "k" }), "apikey"),
        (json!({ "apiKey": 5 }), "apiKey"),
        (json!({ "apiKey": "" }), "apiKey"),
        (json!({ "apiKey": "a b" }), "apiKey"),
        (json!({ "siteIds": [] }), "siteIds"),
        (json!({ "siteIds": ["x"] }), "siteIds"),
        (json!({ "siteIds": "x" }), "siteIds"),
        (json!({ "permissions": ["SCOPE.ALL"] }), "permissions"),
        (json!({ "maxPageLimit": 0 }), "maxPageLimit"),
        (json!({ "maxPageLimit": -1 }), "maxPageLimit"),
        (json!({ "members": [{ "email": "a" }] }), "members"),
        (json!({ "members": [{ "email": "a", "password": "p" }] }), "members"),
        (json!({ "members": [{ "email": "a@b", "password": "p" }, { "email": "A@b", "password": "p" }] }), "members"),
        (json!({ "webhooks": [{}] }), "webhooks"),
        (json!({ "webhooks": [{ "url": "shop.example.com" }] }), "webhooks"),
        (json!({ "webhooks": [{ "url": "https://shop.example.com", "events": ["moved"] }] }), "webhooks"),
        (json!({ "domainPorts": "any" }), "domainPorts"),
        (json!({ "unknownClientStatus": 500 }), "unknownClientStatus"),
        (json!({ "duplicateRedirects": "merge" }), "duplicateRedirects"),
        (json!({ "now": "today" }), "now"),
        (json!({ "now": -1 }), "now"),
        (json!({ "now": 1.5 }), "now"),
        (json!({ "now": 253_402_300_800_000_u64 }), "now"),
        (json!({ "rateLimit": true }), "rateLimit"),
        (json!({ "rateLimit": 5 }), "rateLimit"),
        (json!({ "rateLimit": { "requests": 0 } }), "rateLimit"),
        (json!({ "rateLimit": { "per": 0 } }), "rateLimit"),
        (json!({ "rateLimit": { "perSecond": 1 } }), "perSecond"),
        (json!({ "staleFor": -1 }), "staleFor"),
        (json!({ "seed": true }), "seed"),
        (json!({ "latency": -1 }), "latency"),
        (json!({ "latency": 2_147_483_648_u32 }), "latency"),
        (json!({ "maskPath": "both" }), "maskPath"),
        (json!({ "accountHeader": true }), "accountHeader"),
        (json!({ "accessTokens": [{}] }), "accessTokens"),
        (json!({ "accessTokens": [{ "token": "" }] }), "accessTokens"),
        (json!({ "accessTokens": [{ "token": "a b" }] }), "accessTokens"),
        (json!({ "accessTokens": [{ "token": "a" }, { "token": "a" }] }), "accessTokens"),
        (json!({ "accessTokens": [{ "token": "k" }], "apiKey": "k" }), "accessTokens"),
        (
            json!({ "accessTokens": [{ "token": "a", "siteId": "x" }] }),
            "accessTokens[0].siteId: must be one of siteIds",
        ),
        (json!({ "copyAllowedDomains": true }), "copyAllowedDomains"),
        (json!({ "maxAllowedDomains": 0 }), "maxAllowedDomains"),
        (json!({ "maxOriginLength": 0 }), "maxOriginLength"),
        (json!({ "customSchemes": "no" }), "customSchemes"),
        (json!({ "logoutRedirects": "uris" }), "logoutRedirects"),
        (json!({ "honorLoginUrl": 1 }), "honorLoginUrl"),
        (json!({ "honorLogoutUrl": 1 }), "honorLogoutUrl"),
        (json!({ "wixPagesUrl": "https://a.example" }), "wixPagesUrl"),
        (json!({ "deadDomains": ["https://a.example"] }), "deadDomains"),
        (json!({ "login": "form" }), "login"),
        (json!({ "ruleNames": { "name": "MAX" } }), "ruleNames"),
        (json!({ "ruleNames": { "nameMissing": 5 } }), "ruleNames.nameMissing"),
        (json!({ "apps": {} }), "apps"),
        (json!({ "apps": ["Storefront"] }), "apps[0]"),
        (json!([]), "options"),
        (json!("x"), "options"),
    ] {
        let error = Options::from_json(value.clone()).err().unwrap().to_string();
        assert!(error.contains(name), "{value}: {error}");
    }
}
