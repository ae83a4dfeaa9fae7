#![expect(clippy::unwrap_used, reason = "a test")]

use super::list::{BY_NAME, BY_TOP, GENERIC, PATTERNS};
use super::{is_region, is_shared};

/// The rules of one section of the list, with the name before the top level.
fn rules(section: &str) -> Vec<String> {
    let text = include_str!("../../../tests/redirect/public-suffixes.txt");
    let (_, section) = text.split_once(&format!("// {section}\n")).unwrap();
    let lines = section.lines().take_while(|line| !line.starts_with("//"));
    let rules = lines.flat_map(|line| {
        let (top, names) = line.split_once(' ').unwrap();
        names.split(' ').map(move |name| format!("{name}.{top}"))
    });
    rules.collect()
}

/// The vendor's hosts for sites and previews, which are not in the list.
const VENDOR: [&str; 2] = ["wix-site-host.com", "wix-development-sites.org"];

/// Every rule in the tables is a rule of the list, and a host under it belongs to one site.
#[test]
fn every_rule_is_in_the_public_suffix_list() {
    let pairs = |table: &'static str| {
        table.split('\n').flat_map(|line| {
            let (key, words) = line.split_once(' ').unwrap();
            words.split(' ').map(move |word| (key, word))
        })
    };
    let by_top = pairs(BY_TOP).map(|(top, name)| format!("{name}.{top}"));
    let named: Vec<String> = by_top.chain(pairs(BY_NAME).map(|(name, top)| format!("{name}.{top}"))).collect();
    let mut private = pairs(PATTERNS).filter(|(_, pattern)| !pattern.contains('%')).count();
    for domain in &named {
        assert!(is_shared(domain) && is_shared(&domain.to_uppercase()), "{domain}");
        assert!(!is_shared(&format!("my-shop.{domain}")), "{domain}");
        if !VENDOR.contains(&domain.as_str()) {
            let suffix = psl::suffix(domain.as_bytes()).unwrap();
            assert_eq!(suffix.as_bytes(), domain.as_bytes(), "{domain}");
            private += usize::from(suffix.typ() == Some(psl::Type::Private));
        }
    }
    assert!(named.len() > 800 && private >= 400, "{} named, {private} private", named.len());
    assert_eq!(GENERIC.split(' ').count(), 8);
}

/// Measures how much of the list is known. A rule with a `*` counts as known if a host in its place does.
#[test]
fn the_tables_cover_enough_of_the_public_suffix_list() {
    let known = |rules: &[String]| {
        let known = rules.iter().filter(|rule| is_shared(&rule.replace('*', "some-host"))).count();
        println!("{known} of {} rules are known", rules.len());
        (known, rules.len())
    };
    let (private, all_private) = known(&rules("PRIVATE"));
    assert!(all_private > 3000 && private >= 900, "{private}");
    let icann = rules("ICANN");
    let two: Vec<String> =
        icann.iter().filter(|rule| rule.split('.').count() == 2 && !rule.starts_with('!')).cloned().collect();
    let (known_two, all_two) = known(&two);
    assert!(all_two > 3000 && known_two * 100 >= all_two * 40, "{known_two}");
}

/// A domain that is not a rule of the list does not count as shared, not even by a pattern.
#[test]
fn no_site_is_taken_for_a_shared_domain() {
    let mut seen = 0;
    for rule in rules("PRIVATE").into_iter().chain(rules("ICANN")) {
        if rule.starts_with('!') {
            continue;
        }
        // A site directly under the rule, and one level below it.
        let site = format!("my-shop.{}", rule.replace('*', "some-host"));
        for domain in [format!("www.{site}"), site] {
            let is_rule = psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.as_bytes() == domain.as_bytes());
            seen += 1;
            // Amazon's services have such names, and no site has.
            let is_service = domain == "my-shop.us-east-1.amazonaws.com";
            assert!(is_rule || is_service || !is_shared(&domain), "{domain}");
        }
    }
    assert!(seen > 15_000);
}

#[test]
fn hosting_domains_are_shared() {
    for domain in [
        "wix-site-host.com",
        "wixsite.com",
        "wixstudio.com",
        "wixstudio.io",
        "editorx.io",
        "wix.run",
        "base44.app",
        "vercel.app",
        "Vercel.App",
        "netlify.app",
        "github.io",
        "myshopify.com",
        "co.uk",
        "com.au",
        "org.nz",
        "gov.br",
        "co.jp",
        "ac.uk",
        "us-east-1.elasticbeanstalk.com",
        "eu-central-1.compute.amazonaws.com",
        "compute.amazonaws.com",
        "s3.eu-west-1.amazonaws.com",
        "a.run.app",
        "run.app",
        "anything.ck",
        "ck",
        "rm.it",
        "ca.us",
    ] {
        assert_eq!(is_shared(domain), domain != "ck", "{domain}");
    }
}

#[test]
fn domains_of_one_owner_are_not_shared() {
    for domain in [
        "example.com",
        "vercel.com",
        "com",
        "app",
        "",
        ".",
        ".app",
        "vercel.app.",
        "notvercel.app",
        "up.app",
        "example.de",
        "shop.co.uk",
        "myshop.vercel.app",
        "service-abc.a.run.app",
        "bucket.s3.eu-west-1.amazonaws.com",
        "ec2-1-2-3-4.eu-central-1.compute.amazonaws.com",
        "us-east-1.example.com",
        "www.example.ck",
        "amazon.it",
    ] {
        assert!(!is_shared(domain), "{domain}");
    }
}

#[test]
fn aws_regions() {
    for region in ["us-east-1", "eu-central-1", "ap-southeast-2", "us-gov-west-1", "cn-northwest-1"] {
        assert!(is_region(region), "{region}");
    }
    for label in ["", "us", "us-1", "us-east", "s3-us-east-1", "us-east-10", "us-east-1a", "eu2-west-1", "usa-east-1"] {
        assert!(!is_region(label), "{label}");
    }
}
