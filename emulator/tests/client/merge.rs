//! Changes of redirect lists that lose no entry.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::service::{Apps, Net, Reply, Sent, status, thrown};
use super::sim::{Signal, Task};
use super::{ID, answer, lines, value};
use crate::api::{Body, Code, Error, Operation};
use crate::client::{Client, Failure};
use crate::value::Value;

const ALLOW: Operation = Operation::AllowRedirects;
const DISALLOW: Operation = Operation::DisallowRedirects;

fn uri(number: usize) -> String {
    format!("https://shop.example.com/{number}")
}

fn shop(uris: &[&str]) -> Rc<RefCell<Apps>> {
    Apps::of([
        json!({"id": ID, "name": "Shop", "allowedRedirectUris": uris, "allowedRedirectDomains": ["a.example.com"]}),
    ])
}

fn uris(apps: &Rc<RefCell<Apps>>) -> Json {
    apps.borrow().apps[0]["allowedRedirectUris"].clone()
}

fn net(apps: &Rc<RefCell<Apps>>) -> Rc<Net> {
    let apps = Rc::clone(apps);
    Net::new(move |sent: &Sent| apps.borrow_mut().answer(sent))
}

fn client() -> Client<Value> {
    Client::new(&value(json!({"auth": {"apiKey": "key"}, "siteId": super::SITE, "rateLimit": false})), None).unwrap()
}

type Outcome = Result<Value, Box<Error<Value>>>;

fn change(net: &Rc<Net>, operation: Operation, entries: Json) -> Result<Json, Box<Error<Value>>> {
    let client = client();
    let host = net.host();
    let call = client.call(operation, &Value::from(ID), &value(entries), &value(json!({})))?;
    let outcome = net.sim.run(vec![Box::pin(client.perform(&host, call)) as Task<'_, Outcome>]).remove(0);
    outcome.expect("the promise settles").map(|given| serde_json::to_value(given).unwrap())
}

fn both(list: Json) -> Json {
    json!({"uris": list, "domains": []})
}

#[test]
fn an_entry_is_added_and_none_is_lost() {
    let apps = shop(&["https://b.example.com/cb"]);
    let net = net(&apps);
    let entries = json!({"uris": ["https://a.example.com/cb", "https://a.example.com/cb", "https://b.example.com/cb"]});
    let given = change(&net, ALLOW, entries).unwrap();
    let held = json!(["https://b.example.com/cb", "https://a.example.com/cb"]);
    assert_eq!(uris(&apps), held);
    assert_eq!(given["added"], both(json!(["https://a.example.com/cb"])));
    assert_eq!(given["removed"], both(json!([])));
    assert_eq!((&given["oAuthApp"]["allowedRedirectUris"], &given["oAuthApp"]["name"]), (&held, &json!("Shop")));
    // Only the list that changes is sent. It is read back, and verified a moment later.
    let get = || format!("GET /{ID}");
    assert_eq!(net.lines(), [get(), format!("PATCH /{ID}"), get(), get()]);
    let times = net.times();
    assert!((500..=1_600).contains(&(times[3] - times[2])), "{times:?}");
    assert_eq!(net.sent.borrow()[1].body["mask"], json!({"paths": ["allowedRedirectUris"]}));
}

#[test]
fn an_entry_is_removed_and_no_other() {
    let apps = shop(&["https://a.example.com/cb", "https://b.example.com/cb", "not what we would take"]);
    let net = net(&apps);
    let entries = json!({"uris": ["https://a.example.com/cb", "not what we would take", "not there"], "domains": ["a.example.com"]});
    let given = change(&net, DISALLOW, entries).unwrap();
    assert_eq!(uris(&apps), json!(["https://b.example.com/cb"]));
    let removed = json!({"uris": ["https://a.example.com/cb", "not what we would take"], "domains": ["a.example.com"]});
    assert_eq!((&given["removed"], &given["added"]), (&removed, &both(json!([]))));
}

#[test]
fn no_update_is_sent_if_nothing_changes() {
    for (operation, entries) in [
        (ALLOW, json!({})),
        (ALLOW, json!({"uris": [], "domains": []})),
        (ALLOW, json!({"uris": [uri(1)], "domains": ["a.example.com"]})),
        (DISALLOW, json!({"uris": [uri(2)]})),
    ] {
        let apps = shop(&[&uri(1)]);
        let net = net(&apps);
        let given = change(&net, operation, entries).unwrap();
        assert_eq!(net.lines(), [format!("GET /{ID}")]);
        assert_eq!((&given["added"], &given["removed"]), (&both(json!([])), &both(json!([]))));
    }
}

#[test]
fn an_invalid_entry_is_refused_before_anything_is_sent() {
    for (operation, entries, expected) in [
        (
            ALLOW,
            json!({"uris": ["https://ok.example.com/cb", "http://shop.example.com/cb"]}),
            vec!["uris[1] PLAIN_HTTP -> https://shop.example.com/cb"],
        ),
        (ALLOW, json!({"domains": ["vercel.app"], "uris": "x"}), vec!["domains[0] SHARED_DOMAIN", "uris TYPE"]),
        (ALLOW, json!({"URIs": []}), vec!["URIs UNKNOWN_FIELD -> uris"]),
        (DISALLOW, json!({"uris": [5]}), vec!["uris[0] TYPE"]),
        (DISALLOW, json!([]), vec!["entries TYPE"]),
    ] {
        let net = net(&shop(&[]));
        let error = change(&net, operation, entries).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (Code::InvalidArgument, operation.as_str(), 0));
        assert_eq!(lines(&error.violations), expected);
        assert!(net.lines().is_empty());
    }
}

#[test]
fn a_doubtful_entry_is_added_with_one_warning() {
    let apps = shop(&[]);
    let net = net(&apps);
    change(&net, ALLOW, json!({"uris": ["https://shop.example.com"]})).unwrap();
    assert_eq!(net.event_types().iter().filter(|kind| *kind == "warning").count(), 1);
    // An entry that is there already sends nothing and emits nothing.
    change(&net, ALLOW, json!({"uris": ["https://shop.example.com"]})).unwrap();
    assert_eq!(net.event_types().iter().filter(|kind| *kind == "warning").count(), 1);
}

#[test]
fn a_list_that_would_be_too_long_is_refused_with_its_content() {
    let held: Vec<String> = (0..19).map(uri).collect();
    let held: Vec<&str> = held.iter().map(String::as_str).collect();
    let apps = shop(&held);
    let net = net(&apps);
    let error = change(&net, ALLOW, json!({"uris": [uri(0), uri(20), uri(21)]})).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::InvalidArgument, "allowRedirects"));
    assert_eq!(lines(&error.violations), ["uris OUT_OF_RANGE"]);
    assert!(
        error
            .message
            .starts_with("uris takes at most 20 entries and would have 21; present are https://shop.example.com/0, ")
    );
    assert!(error.message.ends_with("https://shop.example.com/18"), "{}", error.message);
    assert_eq!(net.lines(), [format!("GET /{ID}")]);
    // The twentieth fits.
    change(&net, ALLOW, json!({"uris": [uri(20)]})).unwrap();
    assert_eq!(uris(&apps).as_array().unwrap().len(), 20);
}

#[test]
fn a_full_list_with_a_duplicate_has_room() {
    let mut held: Vec<String> = (0..19).map(uri).collect();
    held.push(uri(0));
    let held: Vec<&str> = held.iter().map(String::as_str).collect();
    let apps = shop(&held);
    change(&net(&apps), ALLOW, json!({"uris": [uri(30)]})).unwrap();
    assert_eq!(uris(&apps).as_array().unwrap().len(), 20);
}

/// Returns a service where another writer writes after each of the first updates.
fn with_another_writer(apps: &Rc<RefCell<Apps>>, times: usize, write: impl Fn(&mut Json) + 'static) -> Rc<Net> {
    let (apps, left) = (Rc::clone(apps), Cell::new(times));
    Net::new(move |sent: &Sent| {
        let answer = apps.borrow_mut().answer(sent);
        if sent.line.starts_with("PATCH") && left.get() > 0 {
            left.set(left.get() - 1);
            write(&mut apps.borrow_mut().apps[0]["allowedRedirectUris"]);
        }
        answer
    })
}

#[test]
fn an_overwritten_update_is_merged_again() {
    for times in 0..=4 {
        let apps = shop(&[&uri(1)]);
        let net = with_another_writer(&apps, times, |list| *list = json!([uri(1), uri(7)]));
        let given = change(&net, ALLOW, json!({"uris": [uri(2)]})).unwrap();
        let held = if times == 0 { json!([uri(1), uri(2)]) } else { json!([uri(1), uri(7), uri(2)]) };
        assert_eq!(uris(&apps), held);
        assert_eq!((&given["oAuthApp"]["allowedRedirectUris"], &given["added"]), (&held, &both(json!([uri(2)]))));

        let apps = shop(&[&uri(1), &uri(2)]);
        let net = with_another_writer(&apps, times, |list| *list = json!([uri(1), uri(2), uri(7)]));
        change(&net, DISALLOW, json!({"uris": [uri(2)]})).unwrap();
        assert_eq!(uris(&apps), if times == 0 { json!([uri(1)]) } else { json!([uri(1), uri(7)]) });
    }
}

#[test]
fn a_writer_that_never_stops_is_a_conflict() {
    let apps = shop(&[&uri(1)]);
    let net = with_another_writer(&apps, usize::MAX, |list| *list = json!([uri(1)]));
    let error = change(&net, ALLOW, json!({"uris": [uri(2)]})).unwrap_err();
    assert_eq!((error.code, error.operation, error.attempts), (Code::Conflict, "allowRedirects", 8));
    assert_eq!(net.lines().iter().filter(|line| line.starts_with("PATCH")).count(), 8);
}

#[test]
fn a_service_that_stores_another_form_is_not_another_writer() {
    let apps = shop(&[]);
    let net = with_another_writer(&apps, 1, |list| *list = json!(["https://shop.example.com/"]));
    let given = change(&net, ALLOW, json!({"uris": ["HTTPS://Shop.example.com:443"]})).unwrap();
    assert_eq!(given["oAuthApp"]["allowedRedirectUris"], json!(["https://shop.example.com/"]));
    assert_eq!(net.lines().len(), 4);
}

#[test]
fn the_app_is_read_again_before_an_update_is_repeated() {
    type Fail = fn() -> Reply;
    let fails: [Fail; 4] =
        [|| status(503).into(), || thrown("ECONNRESET").into(), || Reply::Never, || status(429).into()];
    for fail in fails {
        for takes_effect in [false, true] {
            let apps = shop(&[&uri(1)]);
            let (service, first) = (Rc::clone(&apps), Cell::new(true));
            let net = Net::new(move |sent: &Sent| {
                if sent.line.starts_with("PATCH") && first.take() {
                    if takes_effect {
                        service.borrow_mut().answer(sent);
                    }
                    // During the wait another writer adds an entry.
                    service.borrow_mut().apps[0]["allowedRedirectUris"].as_array_mut().unwrap().push(json!(uri(7)));
                    return fail();
                }
                service.borrow_mut().answer(sent).into()
            });
            let given = change(&net, ALLOW, json!({"uris": [uri(2)]})).unwrap();
            let mut held: Vec<_> = uris(&apps).as_array().unwrap().clone();
            held.sort_by_key(ToString::to_string);
            assert_eq!(held, [json!(uri(1)), json!(uri(2)), json!(uri(7))]);
            assert_eq!(given["added"], both(json!([uri(2)])));
            let updates = net.lines().iter().filter(|line| line.starts_with("PATCH")).count();
            assert_eq!(updates, if takes_effect { 1 } else { 2 });
        }
    }
}

#[test]
fn an_update_that_fails_for_good_counts_its_attempts() {
    for (fail, code, attempts) in [(500, Code::ServerError, 3), (403, Code::PermissionDenied, 1)] {
        let apps = shop(&[]);
        let net = Net::new(
            move |sent: &Sent| {
                if sent.line.starts_with("PATCH") { status(fail) } else { apps.borrow_mut().answer(sent) }
            },
        );
        let error = change(&net, ALLOW, json!({"uris": [uri(2)]})).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (code, "allowRedirects", attempts));
    }
    let net = net(&Apps::of([]));
    assert_eq!(change(&net, ALLOW, json!({"uris": [uri(2)]})).unwrap_err().code, Code::NotFound);
}

#[test]
fn an_app_with_a_malformed_list_is_not_changed() {
    for list in [json!("x"), json!([5]), json!({})] {
        let net = Net::new(move |_: &Sent| answer(200, json!({"oAuthApp": {"id": ID, "allowedRedirectUris": list}})));
        let error = change(&net, ALLOW, json!({"uris": [uri(2)]})).unwrap_err();
        assert_eq!((error.code, net.lines().len()), (Code::BadResponse, 1));
    }
    // An absent list is empty.
    let apps = Apps::of([json!({"id": ID})]);
    change(&net(&apps), ALLOW, json!({"uris": [uri(2)]})).unwrap();
    assert_eq!(uris(&apps), json!([uri(2)]));
}

#[test]
fn calls_on_the_same_app_run_in_sequence() {
    let apps = shop(&[]);
    let net = net(&apps);
    let client = client();
    let hosts: Vec<_> = (0..12).map(|_| net.host()).collect();
    let options = value(json!({}));
    let tasks = hosts.iter().enumerate().map(|(at, host)| {
        // One of them is an update of the list, which waits in the queue too.
        let call = if at == 5 {
            let patch = value(json!({"allowedRedirectUris": [uri(0), uri(1), uri(2), uri(3), uri(4), uri(5)]}));
            client.call(Operation::Update, &Value::from(ID), &patch, &options).unwrap()
        } else {
            client.call(ALLOW, &Value::from(ID), &value(json!({"uris": [uri(at)]})), &options).unwrap()
        };
        Box::pin(client.perform(host, call)) as Task<'_, Outcome>
    });
    assert!(net.sim.run(tasks.collect()).into_iter().all(|outcome| outcome.unwrap().is_ok()));
    assert_eq!(uris(&apps), json!((0..12).map(uri).collect::<Vec<_>>()));
}

#[test]
fn an_aborted_call_leaves_the_queue() {
    let apps = shop(&[]);
    let net = net(&apps);
    let client = client();
    let signal: Rc<Signal<Value>> = Rc::default();
    // The call at the front, and one that waits.
    for aborted in [0, 1] {
        let hosts: Vec<_> = (0..3).map(|at| if at == aborted { net.host_until(&signal) } else { net.host() }).collect();
        let options = value(json!({}));
        let mut tasks: Vec<Task<'_, Outcome>> = Vec::new();
        for (at, host) in hosts.iter().enumerate() {
            let entries = value(json!({"uris": [uri(at)]}));
            let call = client.call(ALLOW, &Value::from(ID), &entries, &options).unwrap();
            tasks.push(Box::pin(client.perform(host, call)));
        }
        tasks.push(Box::pin(async {
            net.sim.sleep(5).await;
            signal.set(Value::from("enough"));
            Ok(Value::Null)
        }));
        for (at, outcome) in net.sim.run(tasks).into_iter().enumerate().take(3) {
            let code = outcome.expect("the promise settles").err().map(|error| error.code);
            assert_eq!(code, (at == aborted).then_some(Code::Aborted));
        }
    }
    assert_eq!(uris(&apps), json!([uri(1), uri(2), uri(0)]));
}

#[test]
fn a_failed_read_back_is_reported() {
    let apps = shop(&[]);
    let reads = Cell::new(0);
    let net = Net::new(move |sent: &Sent| -> Reply {
        if sent.line.starts_with("GET") {
            reads.set(reads.get() + 1);
            if reads.get() > 1 {
                return Failure::NoResponse.into();
            }
        }
        apps.borrow_mut().answer(sent).into()
    });
    let error = change(&net, ALLOW, json!({"uris": [uri(2)]})).unwrap_err();
    assert_eq!((error.code, error.operation), (Code::BadResponse, "allowRedirects"));
    // A response that is no app, for any step.
    let net = Net::new(|_: &Sent| crate::api::HttpResponse { body: Body::Empty, ..status(200) });
    assert_eq!(change(&net, DISALLOW, json!({"uris": [uri(2)]})).unwrap_err().code, Code::BadResponse);
}
