//! Domains under which anyone can get a host.
//!
//! The knowledge is the [Public Suffix List]'s. The whole list is some ten thousand rules, several times the size of
//! this package; what is carried here is a part of it, and a test holds it against the list (in the version that the
//! `psl` crate has).
//!
//! Covered: the hosting, preview, tunnel and site-building services that a shop's front end is likely to run on, from
//! the list's private section; and, by a rule of thumb, the generic second levels of country domains (`co.uk`,
//! `com.au`), of which the list's public section has hundreds. Not covered: services and registries that are not named
//! here, and names that differ by region, such as `us-east-1.elasticbeanstalk.com`.
//!
//! [Public Suffix List]: https://publicsuffix.org/

use super::text::{after, is_one_of, until_last};

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

/// Whether anyone can get a host directly under this domain.
pub(super) fn is_shared(domain: &str) -> bool {
    let (name, top) = until_last(domain, b'.');
    let top = after(top, 1);
    // Under a country's top level these are the registry's.
    (top.len() == 2 && is_one_of("com co net org", name))
        || is_one_of(OTHERS, domain)
        || HOSTING.iter().any(|(hosting_top, names)| is_one_of(hosting_top, top) && is_one_of(names, name))
}

/// Services that give everyone a host: by top level, what stands before it.
#[rustfmt::skip]
const HOSTING: &[(&str, &str)] = &[
    ("app", "a.run base44 csb edgecompute expo framer lovable netlify ngrok-free ngrok ondigitalocean replit streamlit up.railway vercel web zeabur"),
    ("com", "amplifyapp appspot blogspot elasticbeanstalk firebaseapp herokuapp lovableproject myshopify onrender s3.amazonaws trycloudflare wixsite wixstudio"),
    ("io", "bitbucket bubbleapps editorx gitbook github gitlab ngrok pantheonsite readthedocs webflow wixstudio"),
    ("net", "azureedge azurefd azurestaticapps azurewebsites cloudfront cloudfunctions ts web.core.windows"),
    ("dev", "deno fly ngrok-free ngrok pages workers"),
    ("site", "convex figma notion square"),
    ("co", "carrd repl supabase"),
];

/// The same, where a top level has but one or two.
const OTHERS: &str = "bolt.host codeberg.page framer.ai framer.website hf.space now.sh surge.sh wix.run";
