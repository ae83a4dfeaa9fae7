use super::*;
use serde_json::json;

const A: &str = "11111111-1111-4111-8111-111111111111";
const B: &str = "22222222-2222-4222-8222-222222222222";

fn ids(text: &str) -> Vec<(String, usize)> {
    read(text).unwrap().into_iter().map(|site| (site.site_id, site.line)).collect()
}

fn faults(text: &str) -> Vec<(Option<usize>, String)> {
    read(text).unwrap_err().violations.into_iter().map(|fault| (fault.line, fault.message)).collect()
}

#[test]
fn every_form_is_read_with_its_lines() {
    for (text, lines) in [
        (format!("{A}\n{B}\n"), [1, 2]),
        (format!("\u{feff}# agency\r\n\r\n {A} \r\n{B}"), [3, 4]),
        (format!("siteId\n{A}\n{B}"), [2, 3]),
        (format!("siteId,host\n{A},one.example.com\n\n{B},two.example.com\n"), [2, 4]),
        (format!("host,siteId\n\"one, \"\"1\"\"\n.example.com\",{A}\ntwo,{B}\n"), [2, 4]),
        (format!(r#"["{A}","{B}"]"#), [1, 1]),
        (format!("[\n  {{\"siteId\": \"{A}\", \"tags\": \"a,]\\\"\"}},\n\n  {{\"siteId\": \"{B}\"}}\n]"), [2, 4]),
    ] {
        let expected: Vec<_> = [A, B].map(str::to_owned).into_iter().zip(lines).collect();
        assert_eq!(ids(&text), expected, "{text}");
    }
}

#[test]
fn further_columns_are_texts() {
    let csv = read(&format!("siteId, host ,plan\n{A},  one.example.com ,\"a \"\"b\"\"\"\n")).unwrap();
    assert_eq!(csv[0].columns["host"], "one.example.com");
    assert_eq!(csv[0].columns["plan"], "a \"b\"");
    let list = read(&format!(r#"[{{"siteId":"{A}","port":3000,"live":true,"none":null}}]"#)).unwrap();
    assert_eq!(
        serde_json::to_value(&list[0]).unwrap(),
        json!({ "siteId": A, "columns": { "siteId": A, "port": "3000", "live": "true" }, "line": 1 })
    );
}

#[test]
fn every_fault_has_its_line() {
    let found = faults(&format!("{A}\nnot-an-id\nhttps://shop.example.com\nshop.example.com\n{}\n", A.to_uppercase()));
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5].map(Some));
    assert!(found[0].1.contains("is no site ID") && found[0].1.contains("manage.wix.com/dashboard/"), "{}", found[0].1);
    assert!(found[1].1.contains("is the address of a site, not its ID"), "{}", found[1].1);
    assert!(found[3].1.contains("is in line 1 already"), "{}", found[3].1);
    for (text, line, part) in [
        ("", None, "has no site"),
        ("# nothing\n", None, "has no site"),
        ("[]", None, "has no site"),
        ("siteId,host\n", None, "has no site"),
        ("site_id,host\nx,y", Some(1), "has the column siteId; rename site_id"),
        ("siteId;host\nx;y", Some(1), "separated by commas"),
        ("siteId,siteId\na,b", Some(1), "twice"),
        ("siteId,host\na", Some(2), "the row has 1 columns, and the header 2"),
        ("siteId,host\n\"a,b", Some(2), "does not end"),
        ("[1]", Some(1), "an element must be"),
        ("[\n{\"siteId\": []}]", Some(2), "the column siteId must be"),
        ("[\n{\"siteID\": \"x\"}]", Some(2), "the row has no siteId (it has siteID)"),
        ("{\"siteId\": \"x\"}", Some(1), "must be a list"),
        ("[\n\"x\",\n", Some(3), "is no JSON"),
    ] {
        let found = faults(text);
        assert!(found[0].0 == line && found[0].1.contains(part), "{text:?}: {found:?}");
    }
    assert!(check_id(A).is_ok());
    assert!(check_id("https://shop.example.com").unwrap_err().message.contains("address of a site"));
}

#[test]
fn a_shard_is_one_of_its_parts() {
    for text in ["1/1", "3/8", "8/8", "10000/10000"] {
        assert!(Shard::parse(text).is_ok(), "{text}");
    }
    for (text, part) in [
        ("9/8", "there is no part 9 of 8; give 1/8 to 8/8"),
        ("0/8", "there is no part 0 of 8"),
        ("1/0", "such as 3/8"),
        ("3", "such as 3/8"),
        ("a/b", "such as 3/8"),
        ("+1/8", "such as 3/8"),
        ("1/10001", "at most 10000"),
        ("1/99999999999", "such as 3/8"),
    ] {
        let error = Shard::parse(text).unwrap_err();
        assert!(error.code == Code::InvalidArgument && error.message.contains(part), "{text}: {error}");
    }
}

#[test]
fn every_site_belongs_to_one_shard_of_about_the_same_size() {
    let shards: Vec<Shard> = (1..=8).map(|number| Shard::parse(&format!("{number}/8")).unwrap()).collect();
    let mut sizes = [0_usize; 8];
    for number in 0..4_000 {
        let id = format!("{number:08x}-0000-4000-8000-000000000000");
        let holding: Vec<usize> = (0..8).filter(|at| shards[*at].contains(&id)).collect();
        assert_eq!(holding.len(), 1);
        assert!(shards[holding[0]].contains(&id.to_uppercase()));
        sizes[holding[0]] += 1;
    }
    assert!(sizes.iter().all(|size| (400..600).contains(size)), "{sizes:?}");
    // The assignment stays the same from version to version: a matrix may run with several.
    assert_eq!([A, B].map(|id| shards.iter().position(|shard| shard.contains(id))), [Some(4), Some(3)]);
}

#[test]
fn a_report_says_what_is_done() {
    let text = format!(
        "{{\"siteId\":\"{A}\",\"ok\":false,\"run\":\"x\"}}\n{{\"siteId\":\"{A}\",\"ok\":true,\"run\":\"x\"}}\n\n\
         {{\"siteId\":\"{B}\",\"ok\":true}}\n{{\"siteId\":\"{B}\",\"ok\":false}}\n{{\"siteId\":\"3333"
    );
    let resumed = done(&text, Some("x")).unwrap();
    assert_eq!(resumed, Resumed { done: [A.to_owned()].into(), unreadable: vec![6], needs_line_feed: true });
    assert_eq!(done("", Some("x")).unwrap(), Resumed::default());
    assert!(done(&text, None).is_ok());
    let error = done(&text, Some("y")).unwrap_err();
    assert!(error.code == Code::Config && error.message.contains("line 1 of the report"), "{error}");
}

#[cfg(not(target_arch = "wasm32"))]
proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[\\[\\]\\{\\}\",;\\na-f0-9:siteId -]{0,80}") {
        let _ = read(&text);
        let _ = done(&text, Some("x"));
        let _ = Shard::parse(&text);
    }
}
