//! Domains under which anyone can get a host.
//!
//! The knowledge is the [Public Suffix List]'s. The whole list is some ten thousand rules, several times the size of
//! this package; what is carried here is a part of it, and a test holds every name against the list (in the version that
//! the `psl` crate has).
//!
//! Covered: the hosting, preview, tunnel and site-building services that a shop's front end is likely to run on, from
//! the list's private section; and the generic second levels of country domains (`co.uk`, `com.au`), from its public
//! section. Not covered: services and registries that are not named here, and names that differ by region, such as
//! `us-east-1.elasticbeanstalk.com`.
//!
//! [Public Suffix List]: https://publicsuffix.org/

use std::cmp::Ordering;

#[cfg(test)]
mod tests;

/// Whether anyone can get a host directly under this domain.
pub(super) fn is_shared(domain: &str) -> bool {
    HOSTING.binary_search_by(|name| compare(name, domain)).is_ok() || is_second_level(domain)
}

/// Whether the domain is a country's generic second level.
fn is_second_level(domain: &str) -> bool {
    let Some((second, country)) = domain.split_once('.') else {
        return false;
    };
    let countries = SECOND_LEVELS.iter().find(|(name, _)| name.eq_ignore_ascii_case(second)).map(|(_, codes)| codes);
    countries.is_some_and(|codes| codes.as_bytes().chunks(2).any(|code| code.eq_ignore_ascii_case(country.as_bytes())))
}

/// The order of a name in lower case and one in any case.
fn compare(name: &str, domain: &str) -> Ordering {
    name.bytes().cmp(domain.bytes().map(|byte| byte.to_ascii_lowercase()))
}

/// Generic second levels, and the countries that have them.
#[rustfmt::skip]
const SECOND_LEVELS: [(&str, &str); 8] = [
    ("ac", "aeatbdbebwcickcncrcyegerfjfkgnidiliminirjmjpkekrlklsmamemlmmmumwmzninpnzpapgpkprrsrwseszthtzugukvnzazmzw"),
    ("co", "aeagamaoatazbbbdbibjbwbzcickclcmcrdmerfkggglgyhuidiliminioiritjejmjpkekrlclsmamemgmmmumwmznaninpnzompgpnrsrwssstszthtjtmtttzugukusuzvevizazmzw"),
    ("com", "acafagaialamarauawazbabbbdbhbibjbmbnbobrbsbtbybzcickcmcncocucvcwcydmdodzeceeegeresetfjfkfmfrgeghgiglgngpgrgtgugyhkhnhrhtiminioiqjmjokgkhkikmkpkwkykzlalblclklrlvlymgmkmlmmmomsmtmumvmwmxmynanfngninpnrompapepfpgphpkplprpsptpyqarerosasbscsdsgshslsnsossstsvsytjtmtntotrtttwuauguyuzvcvevivnvuwsyezm"),
    ("go", "cickcrerfkiditjmjpkekrmmnppgthtjtzug"),
    ("ne", "ckerfkjmjpkekrmmnppgtzugus"),
    ("net", "acaeafagaialamarauazbabbbdbhbjbmbnbobrbsbtbwbzcickcmcncocucvcwcydmdodzecegeretfjfkfmgeggghglgngpgrgtgugyhkhnhtidiliminioiqirjejmjokgkhkiknkwkykzlalblclklrlslvlymamemkmlmmmomsmtmumvmwmxmymznanfngninpnrnzompapepgphpkplpnprpsptpyqarwsasbscsdsgshslsossstsythtjtmtntotrtttwuaukuyuzvcvevivnvuwsyezazm"),
    ("or", "atbicickcrerfkiditjmjpkekrmmmunppgthtzugus"),
    ("org", "acaeafagaialamaoarauazbabbbdbhbibjbmbnbobrbsbtbwbzcickcncocucvcwcydmdodzeceeegeresetfjfkfmgeggghgiglgngpgrgtgugyhkhnhthuiliminioiqirjejmjokgkhkikmknkpkwkykzlalblclklrlslvlymamemgmkmlmmmnmomsmtmumvmwmxmymznangninpnrnzompapepfpgphpkplpnprpsptpyqarorsrwsasbscsdsesgshskslsnsossstsvsysztjtmtntotrtttwuaugukuyuzvcvevivnvuwsyezazmzw"),
];

/// Services that give everyone a host, in byte order.
const HOSTING: &[&str] = &[
    "a.run.app",
    "amplifyapp.com",
    "appspot.com",
    "appwrite.global",
    "appwrite.network",
    "azure-api.net",
    "azureedge.net",
    "azurefd.net",
    "azurestaticapps.net",
    "azurewebsites.net",
    "base44.app",
    "bitbucket.io",
    "blob.core.windows.net",
    "blogspot.com",
    "bolt.host",
    "bubbleapps.io",
    "canva-apps.com",
    "canva.run",
    "carrd.co",
    "cleverapps.io",
    "cloudapp.net",
    "cloudfront.net",
    "cloudfunctions.net",
    "codeberg.page",
    "convex.app",
    "convex.cloud",
    "convex.site",
    "csb.app",
    "ddns.net",
    "deno.dev",
    "deno.net",
    "duckdns.org",
    "dyndns.org",
    "edgecompute.app",
    "editorx.io",
    "elasticbeanstalk.com",
    "encoreapi.com",
    "encr.app",
    "eu.org",
    "expo.app",
    "figma.site",
    "firebaseapp.com",
    "fly.dev",
    "framer.ai",
    "framer.app",
    "framer.media",
    "framer.photos",
    "framer.website",
    "framer.wiki",
    "freeddns.org",
    "freetls.fastly.net",
    "gitbook.io",
    "github.io",
    "githubpreview.dev",
    "githubusercontent.com",
    "gitlab.io",
    "global.ssl.fastly.net",
    "hasura.app",
    "herokuapp.com",
    "hf.space",
    "hopto.org",
    "icp0.io",
    "is-a.dev",
    "js.org",
    "leadpages.co",
    "leapcell.app",
    "leapcell.dev",
    "lovable.app",
    "lovableproject.com",
    "lpages.co",
    "myfritz.net",
    "myqnapcloud.com",
    "myshopify.com",
    "netlify.app",
    "ngrok-free.app",
    "ngrok-free.dev",
    "ngrok.app",
    "ngrok.dev",
    "ngrok.io",
    "ngrok.pizza",
    "ngrok.pro",
    "no-ip.org",
    "notion.site",
    "now.sh",
    "on-fleek.app",
    "ondigitalocean.app",
    "onrender.com",
    "pages.dev",
    "pantheonsite.io",
    "pp.ua",
    "preview.csb.app",
    "readthedocs-hosted.com",
    "readthedocs.io",
    "repl.co",
    "repl.run",
    "replit.app",
    "s3.amazonaws.com",
    "same-app.com",
    "square.site",
    "statichost.page",
    "streamlit.app",
    "streamlitapp.com",
    "supabase.co",
    "supabase.in",
    "supabase.net",
    "surge.sh",
    "synology.me",
    "sytes.net",
    "telebit.io",
    "trafficmanager.net",
    "translate.goog",
    "trycloudflare.com",
    "ts.net",
    "up.railway.app",
    "us.kg",
    "val.run",
    "vercel.app",
    "vercel.dev",
    "web.app",
    "web.core.windows.net",
    "web.val.run",
    "webflow.io",
    "wix.run",
    "wixsite.com",
    "wixstudio.com",
    "wixstudio.io",
    "workers.dev",
    "wpenginepowered.com",
    "zapto.org",
    "zeabur.app",
];
