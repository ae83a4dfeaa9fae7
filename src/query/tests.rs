//! Queries and their violations, as tables. A violation is written `field RULE`, with ` -> suggestion` if there is one.

use serde_json::{Value as Json, json};

use super::OAuthAppQuery;
use crate::validate::tests::lines;
use crate::value::tests::{KINDS, object, value};
use crate::value::{FUNCTION, Value};

const ID: &str = "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11";

fn found(given: &Value) -> Vec<String> {
    match OAuthAppQuery::read(given) {
        Ok(query) => {
            assert_eq!(query.to_value(), *given, "a query is sent as it was given");
            Vec::new()
        }
        Err(violations) => lines(&violations),
    }
}

fn each(rows: Vec<(Json, &[&str])>) {
    for (given, expected) in rows {
        assert_eq!(found(&value(given.clone())), expected, "{given}");
    }
}

#[test]
fn members_of_a_query() {
    each(vec![
        (json!({}), &[]),
        (
            json!({
                "sort": [{"fieldName": "createdDate", "order": "DESC"}, {"order": "ASC", "fieldName": "name"}],
                "filter": {"id": {"$eq": ID}},
                "paging": {"limit": 50, "offset": 100},
            }),
            &[],
        ),
        (json!({"filter": {"id": ID}, "cursorPaging": {"limit": 100}}), &[]),
        (json!({"cursorPaging": {"limit": 20, "cursor": "abc"}}), &[]),
        (
            json!({"Filter": {}, "fields": [], "pageing": {}, "cursorpaging": {}}),
            &[
                "Filter UNKNOWN_FIELD -> filter",
                "fields UNKNOWN_FIELD",
                "pageing UNKNOWN_FIELD -> paging",
                "cursorpaging UNKNOWN_FIELD -> cursorPaging",
            ],
        ),
        (
            json!({"sort": {}, "paging": {"limit": 0}, "filter": {"name": "x"}}),
            &["sort TYPE", "paging.limit OUT_OF_RANGE", "filter.name UNKNOWN_FIELD"],
        ),
    ]);
}

#[test]
fn filter() {
    each(vec![
        (json!({"filter": {}}), &[]),
        (json!({"filter": {"id": ID}}), &[]),
        (json!({"filter": {"id": {"$eq": ID}}}), &[]),
        (json!({"filter": {"id": "query"}}), &["filter.id FORMAT"]),
        (json!({"filter": {"id": ""}}), &["filter.id FORMAT"]),
        (json!({"filter": {"id": 7}}), &["filter.id TYPE"]),
        (json!({"filter": {"id": null}}), &["filter.id TYPE"]),
        (json!({"filter": {"id": [ID]}}), &["filter.id TYPE"]),
        (json!({"filter": {"id": {}}}), &["filter.id REQUIRED_FIELD"]),
        (json!({"filter": {"id": {"$eq": "x"}}}), &["filter.id.$eq FORMAT"]),
        (json!({"filter": {"id": {"$eq": {}}}}), &["filter.id.$eq TYPE"]),
        (json!({"filter": {"id": {"$in": [ID]}}}), &["filter.id.$in UNKNOWN_VALUE"]),
        (json!({"filter": {"id": {"$eq": ID, "$ne": ID}}}), &["filter.id.$ne UNKNOWN_VALUE"]),
        (json!({"filter": {"name": "Shop"}}), &["filter.name UNKNOWN_FIELD"]),
        (json!({"filter": {"ID": ID}}), &["filter.ID UNKNOWN_FIELD"]),
        (json!({"filter": {"$and": [{"id": ID}]}}), &["filter.$and UNKNOWN_FIELD"]),
    ]);
}

#[test]
fn sort() {
    let by = |name: &str| json!({"fieldName": name});
    each(vec![
        (json!({"sort": []}), &[]),
        (json!({"sort": [by("createdDate"), by("name"), by("name")]}), &[]),
        (json!({"sort": vec![by("name"); 4]}), &["sort OUT_OF_RANGE"]),
        (json!({"sort": by("name")}), &["sort TYPE"]),
        (json!({"sort": ["name"]}), &["sort[0] TYPE"]),
        (json!({"sort": [{}]}), &["sort[0].fieldName REQUIRED_FIELD"]),
        (json!({"sort": [by("name"), {"order": "ASC"}]}), &["sort[1].fieldName REQUIRED_FIELD"]),
        (json!({"sort": [by("createddate")]}), &["sort[0].fieldName UNKNOWN_VALUE -> createdDate"]),
        (json!({"sort": [by("id")]}), &["sort[0].fieldName UNKNOWN_VALUE"]),
        (json!({"sort": [{"fieldName": null}]}), &["sort[0].fieldName TYPE"]),
        (json!({"sort": [{"fieldName": "name", "order": "desc"}]}), &["sort[0].order UNKNOWN_VALUE -> DESC"]),
        (json!({"sort": [{"fieldName": "name", "order": 1}]}), &["sort[0].order TYPE"]),
        (
            json!({"sort": [{"fieldname": "name", "nulls": "LAST"}]}),
            &[
                "sort[0].fieldname UNKNOWN_FIELD -> fieldName",
                "sort[0].nulls UNKNOWN_FIELD",
                "sort[0].fieldName REQUIRED_FIELD",
            ],
        ),
    ]);
}

#[test]
fn paging() {
    each(vec![
        (json!({"paging": {}}), &[]),
        (json!({"paging": {"limit": 1, "offset": 0}}), &[]),
        // The largest page is the service's to say.
        (json!({"paging": {"limit": 4_294_967_295_u32, "offset": 4_294_967_295_u32}}), &[]),
        (json!({"paging": {"limit": 0}}), &["paging.limit OUT_OF_RANGE"]),
        (json!({"paging": {"limit": -1}}), &["paging.limit OUT_OF_RANGE"]),
        (json!({"paging": {"limit": 1.5}}), &["paging.limit OUT_OF_RANGE"]),
        (json!({"paging": {"limit": 4_294_967_296_u64}}), &["paging.limit OUT_OF_RANGE"]),
        (json!({"paging": {"limit": "50"}}), &["paging.limit TYPE"]),
        (json!({"paging": {"limit": null}}), &["paging.limit TYPE"]),
        (json!({"paging": {"offset": -1}}), &["paging.offset OUT_OF_RANGE"]),
        (
            json!({"paging": {"Offset": 0, "cursor": "x"}}),
            &["paging.Offset UNKNOWN_FIELD -> offset", "paging.cursor UNKNOWN_FIELD"],
        ),
        (json!({"paging": 50}), &["paging TYPE"]),
        (json!({"paging": null}), &["paging TYPE"]),
    ]);
}

#[test]
fn cursor_paging() {
    each(vec![
        (json!({"cursorPaging": {}}), &[]),
        (json!({"cursorPaging": {"limit": 1}}), &[]),
        (json!({"cursorPaging": {"limit": 100}}), &[]),
        (json!({"cursorPaging": {"limit": 101}}), &["cursorPaging.limit OUT_OF_RANGE"]),
        (json!({"cursorPaging": {"limit": 0}}), &["cursorPaging.limit OUT_OF_RANGE"]),
        (json!({"cursorPaging": {"cursor": ""}}), &["cursorPaging.cursor OUT_OF_RANGE"]),
        (json!({"cursorPaging": {"cursor": null}}), &["cursorPaging.cursor TYPE"]),
        (json!({"cursorPaging": {"offset": 0}}), &["cursorPaging.offset UNKNOWN_FIELD"]),
        (json!({"cursorPaging": []}), &["cursorPaging TYPE"]),
    ]);
}

#[test]
fn contradictions() {
    let sort = json!([{"fieldName": "name"}]);
    each(vec![
        (json!({"paging": {}, "cursorPaging": {}}), &["paging CONFLICT"]),
        (json!({"filter": {"id": ID}, "cursorPaging": {"cursor": "x"}}), &["filter CONFLICT"]),
        (json!({"sort": sort, "cursorPaging": {"cursor": "x"}}), &["sort CONFLICT"]),
        (
            json!({"cursorPaging": {"cursor": "x"}, "sort": sort, "paging": {"limit": 5}, "filter": {}}),
            &["paging CONFLICT", "filter CONFLICT", "sort CONFLICT"],
        ),
        // The first page, without a cursor, takes both.
        (json!({"cursorPaging": {"limit": 5}, "sort": sort, "filter": {"id": ID}}), &[]),
    ]);
}

#[test]
fn values_of_another_type() {
    for (content, kind) in KINDS.into_iter().filter(|(_, kind)| *kind != "an object") {
        assert_eq!(found(&content), [" TYPE"], "{kind}");
        for part in ["filter", "paging", "cursorPaging"] {
            assert_eq!(found(&object([(part, content.clone())])), [format!("{part} TYPE")], "{kind}");
        }
    }
    let not_finite = object([("limit", Value::Foreign("not a finite number"))]);
    assert_eq!(found(&object([("paging", not_finite)])), ["paging.limit TYPE"]);
    let cursor = object([("cursor", Value::Foreign(FUNCTION))]);
    assert_eq!(found(&object([("cursorPaging", cursor)])), ["cursorPaging.cursor TYPE"]);
}
