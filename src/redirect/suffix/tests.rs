use super::{HOSTING, OTHERS, is_shared};

/// Every name is a rule of the list's private section, and a host under it belongs to one site.
#[test]
fn the_public_suffix_list_agrees() {
    let names: Vec<String> = HOSTING
        .iter()
        .flat_map(|(top, names)| names.split(' ').map(move |name| format!("{name}.{top}")))
        .chain(OTHERS.split(' ').map(str::to_owned))
        .collect();
    assert!(names.len() >= 60);
    for name in names {
        let suffix = psl::suffix(name.as_bytes()).unwrap();
        assert_eq!(suffix.as_bytes(), name.as_bytes(), "{name}");
        assert_eq!(suffix.typ(), Some(psl::Type::Private), "{name}");
        assert!(is_shared(&name) && is_shared(&name.to_uppercase()), "{name}");
        assert!(!is_shared(&format!("shop.{name}")), "{name}");
    }
}

/// The rule of thumb covers every such second level of the list's public section.
#[test]
fn generic_second_levels() {
    let letters = || 'a'..='z';
    let mut covered = 0;
    for country in letters().flat_map(|one| letters().map(move |other| format!("{one}{other}"))) {
        for second in ["com", "co", "net", "org"] {
            let domain = format!("{second}.{country}");
            let suffix = psl::suffix(domain.as_bytes()).unwrap();
            if suffix.typ() == Some(psl::Type::Icann) && suffix.as_bytes() == domain.as_bytes() {
                covered += 1;
                assert!(is_shared(&domain), "{domain}");
            }
            assert!(!is_shared(&format!("shop.{domain}")));
        }
    }
    assert!(covered > 500, "{covered}");
}

#[test]
fn sites_of_their_own() {
    for domain in ["example.com", "vercel.com", "com", "app", "", ".", ".app", "vercel.app.", "notvercel.app", "up.app"]
    {
        assert!(!is_shared(domain), "{domain}");
    }
}
