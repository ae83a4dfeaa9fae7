//! Filter, sort and paging, through requests.

use serde_json::{Value, json};

use crate::options::Options;
use crate::testing::client::TestClient;

/// Returns a client of a site with apps of these names, created a minute apart.
fn site(names: &[&str]) -> TestClient {
    let mut client = TestClient::new();
    for name in names {
        client.create(&json!({ "name": name }));
        client.host.now = client.host.now.saturating_add(60_000);
    }
    client
}

fn ask(client: &mut TestClient, query: &Value) -> (u16, Value) {
    client.call("POST", "/query", &json!({ "query": query }))
}

/// Returns the names on a page, and the paging metadata.
#[track_caller]
fn page(client: &mut TestClient, query: &Value) -> (Vec<String>, Value) {
    let (status, body) = ask(client, query);
    assert_eq!(status, 200, "{query}: {body}");
    let names = body["oAuthApps"].as_array().unwrap().iter().map(|app| app["name"].as_str().unwrap().to_owned());
    (names.collect(), body["pagingMetadata"].clone())
}

#[track_caller]
fn names(client: &mut TestClient, query: &Value) -> Vec<String> {
    page(client, query).0
}

#[test]
fn an_empty_query_returns_the_first_fifty_apps_by_descending_id() {
    let numbered: Vec<_> = (10..70).map(|number| number.to_string()).collect();
    let mut client = site(&numbered.iter().map(String::as_str).collect::<Vec<_>>());
    let expected: Vec<_> = numbered.iter().rev().take(50).cloned().collect();
    let metadata = json!({ "count": 50, "offset": 0, "total": 60, "tooManyToCount": false, "hasNext": true });
    for body in [
        Value::Null,
        json!({}),
        json!({ "query": null }),
        json!({ "query": { "paging": {}, "filter": {}, "sort": [] } }),
    ] {
        let (status, answer) = client.call("POST", "/query", &body);
        assert_eq!((status, &answer["pagingMetadata"]), (200, &metadata));
        let found: Vec<_> = answer["oAuthApps"].as_array().unwrap().iter().map(|app| app["name"].clone()).collect();
        assert_eq!(json!(found), json!(expected));
    }
}

#[test]
fn pages_by_offset() {
    let mut client = site(&["a0", "a1", "a2", "a3", "a4"]);
    for (limit, offset, expected, has_next) in [
        (2, 0, vec!["a4", "a3"], true),
        (2, 3, vec!["a1", "a0"], false),
        (2, 4, vec!["a0"], false),
        (100, 0, vec!["a4", "a3", "a2", "a1", "a0"], false),
        (1, 5, vec![], false),
        (1, i32::MAX, vec![], false),
    ] {
        let (names, metadata) = page(&mut client, &json!({ "paging": { "limit": limit, "offset": offset } }));
        assert_eq!(names, expected);
        let count = expected.len();
        let expected =
            json!({ "count": count, "offset": offset, "total": 5, "tooManyToCount": false, "hasNext": has_next });
        assert_eq!(metadata, expected);
    }
}

#[test]
fn filter_by_id() {
    let mut client = site(&["a0", "a1"]);
    let id = client.create(&json!({ "name": "a2" }))["id"].clone();
    for filter in [json!({ "id": id }), json!({ "id": { "$eq": id } })] {
        let (names, metadata) = page(&mut client, &json!({ "filter": filter }));
        assert_eq!(
            (names, &metadata["total"], &metadata["hasNext"]),
            (vec!["a2".to_owned()], &json!(1), &json!(false))
        );
    }
    for id in ["x", "", "00000000-0000-4000-8000-00000000ffff"] {
        let (names, metadata) = page(&mut client, &json!({ "filter": { "id": id } }));
        assert_eq!((names.len(), &metadata["total"]), (0, &json!(0)));
    }
}

#[test]
fn other_filters_are_refused() {
    let mut client = site(&[]);
    let description = "Field 'name' is not declared as filterable";
    let expected = json!({
        "message": "value Field 'name' is not declared as filterable",
        "details": { "validationError": { "fieldViolations": [{ "field": "value", "description": description }] } },
    });
    for filter in [json!({ "name": "x" }), json!({ "name": { "$eq": "x" } }), json!({ "name": null })] {
        assert_eq!(ask(&mut client, &json!({ "filter": filter })), (400, expected.clone()));
    }
    for (filter, description) in [
        (json!({ "$or": [] }), "Field '$or' is not declared as filterable"),
        (json!({ "id": { "$ne": "x" } }), "Operator '$ne' is not supported for field 'id'"),
        (json!({ "id": { "$in": ["x"] } }), "Operator '$in' is not supported for field 'id'"),
        (json!({ "id": 5 }), "Value of field 'id' is not a string"),
        (json!({ "id": { "$eq": null } }), "Value of field 'id' is not a string"),
    ] {
        let (status, body) = ask(&mut client, &json!({ "filter": filter }));
        assert_eq!((status, &body["message"]), (400, &json!(format!("value {description}"))));
    }
}

#[test]
fn sort_by_name_and_by_created_date() {
    let mut client = site(&["b0", "a0", "Z0", "ä0", "a0"]);
    for (sort, expected) in [
        (json!([{ "fieldName": "name" }]), ["Z0", "a0", "a0", "b0", "ä0"]),
        (json!([{ "fieldName": "name", "order": "DESC" }]), ["ä0", "b0", "a0", "a0", "Z0"]),
        (json!([{ "fieldName": "createdDate", "order": "ASC" }]), ["b0", "a0", "Z0", "ä0", "a0"]),
        (json!([{ "fieldName": "created_date", "order": "DESC" }]), ["a0", "ä0", "Z0", "a0", "b0"]),
    ] {
        assert_eq!(names(&mut client, &json!({ "sort": sort })), expected, "{sort}");
    }
    let dates = |client: &mut TestClient, order: &str| {
        let sort =
            json!([{ "fieldName": "name" }, { "fieldName": "createdDate", "order": order }, { "fieldName": "name" }]);
        let (_, body) = ask(client, &json!({ "sort": sort }));
        [1, 2].map(|at| body["oAuthApps"][at]["createdDate"].as_str().unwrap().to_owned())
    };
    let mut ascending = dates(&mut client, "ASC");
    assert!(ascending.is_sorted());
    ascending.reverse();
    assert_eq!(dates(&mut client, "DESC"), ascending);
}

/// Follows the cursors in one direction, and returns the names of each page.
fn walk(client: &mut TestClient, mut metadata: Value, direction: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    while let Some(cursor) = metadata["cursors"][direction].as_str() {
        let (names, next) = page(client, &json!({ "cursorPaging": { "limit": 2, "cursor": cursor } }));
        pages.push(names);
        metadata = next;
    }
    pages
}

#[test]
fn cursors_lead_to_the_last_page_and_back_in_every_order() {
    let mut client = site(&["a2", "a0", "a1", "a0", "a3"]);
    for sort in [
        json!([]),
        json!([{ "fieldName": "name" }]),
        json!([{ "fieldName": "name", "order": "DESC" }]),
        json!([{ "fieldName": "createdDate" }]),
    ] {
        let all = names(&mut client, &json!({ "sort": sort }));
        let (first, metadata) = page(&mut client, &json!({ "sort": sort, "cursorPaging": { "limit": 2 } }));
        assert_eq!(first, all[..2]);
        assert_eq!((&metadata["count"], &metadata["hasNext"]), (&json!(2), &json!(true)));
        assert_eq!(metadata["cursors"].as_object().unwrap().keys().collect::<Vec<_>>(), ["next"]);
        assert_eq!(metadata.get("total"), None);
        assert_eq!(walk(&mut client, metadata.clone(), "next"), [&all[2..4], &all[4..]]);

        let to_last = json!({ "sort": sort, "cursorPaging": { "limit": 4 } });
        let (_, metadata) = page(&mut client, &to_last);
        let cursor = metadata["cursors"]["next"].clone();
        let (_, last) = page(&mut client, &json!({ "cursorPaging": { "cursor": cursor } }));
        assert_eq!(last["hasNext"], false);
        assert_eq!(walk(&mut client, last, "prev"), [&all[2..4], &all[..2]]);
    }
}

#[test]
fn a_cursor_stays_valid_after_its_app_was_deleted() {
    let mut client = site(&["a0", "a1", "a2", "a3"]);
    let (_, body) = ask(&mut client, &json!({ "cursorPaging": { "limit": 2 } }));
    for app in body["oAuthApps"].as_array().unwrap() {
        assert_eq!(client.send("DELETE", &format!("/{}", app["id"].as_str().unwrap()), None).status, 200);
    }
    assert_eq!(walk(&mut client, body["pagingMetadata"].clone(), "next"), [["a1", "a0"]]);
}

#[test]
fn an_empty_page_has_no_cursors() {
    let expected = json!({ "count": 0, "cursors": {}, "hasNext": false });
    assert_eq!(page(&mut site(&[]), &json!({ "cursorPaging": {} })), (vec![], expected));
}

#[test]
fn filter_and_sort_cannot_be_sent_with_a_cursor() {
    let mut client = site(&["a0", "a1"]);
    let (_, metadata) = page(&mut client, &json!({ "cursorPaging": { "limit": 1 } }));
    let paging = json!({ "cursor": metadata["cursors"]["next"] });
    let (status, body) = ask(&mut client, &json!({ "cursorPaging": paging, "sort": [{ "fieldName": "name" }] }));
    let violation = &body["details"]["validationError"]["fieldViolations"][0];
    assert_eq!((status, &violation["field"]), (400, &json!("query.cursorPaging.cursor")));
    let (status, _) = ask(&mut client, &json!({ "cursorPaging": paging, "filter": { "id": "x" } }));
    assert_eq!(status, 400);
    let (status, _) = ask(&mut client, &json!({ "cursorPaging": paging, "filter": {}, "sort": [] }));
    assert_eq!(status, 200);
}

#[test]
fn values_of_the_wrong_type_are_refused() {
    let mut client = site(&[]);
    for (query, message) in [
        (json!([]), "query: Expected an object"),
        (json!({ "filter": "id" }), "query.filter: Expected an object"),
        (json!({ "sort": {} }), "query.sort: Expected a list"),
        (json!({ "sort": ["name"] }), "query.sort[0]: Expected an object"),
        (json!({ "sort": [{ "fieldName": 5 }] }), "query.sort[0].fieldName: Expected a string"),
        (json!({ "paging": 5 }), "query.paging: Expected an object"),
        (json!({ "paging": { "limit": "5" } }), "query.paging.limit: Expected a whole number"),
        (json!({ "paging": { "offset": 1.5 } }), "query.paging.offset: Expected a whole number"),
        (json!({ "cursorPaging": { "cursor": 5 } }), "query.cursorPaging.cursor: Expected a string"),
        (json!({ "paging": {}, "cursorPaging": {} }), "query: Expected only one of paging and cursorPaging"),
    ] {
        assert_eq!(ask(&mut client, &query), (400, json!({ "message": message })), "{query}");
    }
}

#[test]
fn every_violation_of_a_query_is_reported_at_once() {
    let mut client = site(&[]);
    let sort = json!([{ "fieldName": "id" }, {}, { "fieldName": "name", "order": "asc" }, { "fieldName": "name" }]);
    let paging = json!({ "limit": 0, "offset": -1 });
    let (status, body) = ask(&mut client, &json!({ "filter": { "name": "x" }, "sort": sort, "paging": paging }));
    let violations = body["details"]["validationError"]["fieldViolations"].as_array().unwrap();
    let fields: Vec<_> = violations.iter().map(|violation| violation["field"].as_str().unwrap()).collect();
    let expected = [
        "value",
        "query.sort",
        "value",
        "query.sort[1].fieldName",
        "query.sort[2].order",
        "query.paging.limit",
        "query.paging.offset",
    ];
    assert_eq!((status, fields), (400, expected.to_vec()));
    let rules: Vec<_> = violations.iter().map(|violation| violation["violatedRule"].as_str()).collect();
    let expected =
        [None, Some("MAX_SIZE"), None, Some("REQUIRED_FIELD"), Some("INVALID_ENUM_VALUE"), Some("MIN"), Some("MIN")];
    assert_eq!(rules, expected);
    assert_eq!(
        (&violations[1]["data"], &violations[5]["data"]),
        (&json!({ "threshold": 3 }), &json!({ "threshold": 1 }))
    );
    // The form that was observed at the live service.
    let (_, body) = ask(&mut client, &json!({ "filter": { "name": "x" } }));
    let description = "Field 'name' is not declared as filterable";
    assert_eq!(
        body,
        json!({
            "message": format!("value {description}"),
            "details": { "validationError": { "fieldViolations": [{ "field": "value", "description": description }] } },
        })
    );
    let (_, body) = ask(&mut client, &json!({ "paging": { "limit": 1_000 } }));
    let violation = &body["details"]["validationError"]["fieldViolations"][0];
    assert_eq!((&violation["violatedRule"], &violation["data"]), (&json!("MAX"), &json!({ "threshold": 100 })));
}

#[test]
fn the_largest_limit_is_an_option_except_with_cursors() {
    let status = |max: u32, query: Value| {
        let mut client = TestClient::with(Options { max_page_limit: max, ..Options::default() });
        ask(&mut client, &query).0
    };
    assert_eq!(status(100, json!({ "paging": { "limit": 100 } })), 200);
    assert_eq!(status(100, json!({ "paging": { "limit": 101 } })), 400);
    assert_eq!(status(1000, json!({ "paging": { "limit": 1000 } })), 200);
    assert_eq!(status(10, json!({ "paging": { "limit": 11 } })), 400);
    assert_eq!(status(10, json!({})), 200);
    assert_eq!(status(1000, json!({ "cursorPaging": { "limit": 101 } })), 400);
    assert_eq!(status(10, json!({ "cursorPaging": { "limit": 100 } })), 200);
}

#[test]
fn an_invalid_cursor_is_refused() {
    let mut client = site(&["a0", "a1"]);
    let (_, metadata) = page(&mut client, &json!({ "cursorPaging": { "limit": 1 } }));
    let cursor = metadata["cursors"]["next"].as_str().unwrap().to_owned();
    // `e30` is `{}` in base64url.
    let (_, without_start) = cursor.split_at(4);
    let (without_end, _) = cursor.split_at(cursor.len() - 4);
    for text in ["", "x", "e30", "é", without_start, without_end, &format!("{cursor}AA"), &format!("{cursor}=")] {
        let (status, body) = ask(&mut client, &json!({ "cursorPaging": { "cursor": text } }));
        assert_eq!((status, &body["message"]), (400, &json!("query.cursorPaging.cursor is not a cursor of this API")));
    }
}
