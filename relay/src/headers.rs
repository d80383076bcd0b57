//! The headers of every answer, and of the page where another server serves it. They let the page load
//! nothing but its own files, and no other page hold it, look into it or use its files.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::config::Origin;
use crate::nodes::NodeConfig;

const FIXED: [(&str, &str); 7] = [
    ("integrity-policy", "blocked-destinations=(script)"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("x-robots-tag", "noindex"),
    ("x-frame-options", "DENY"),
    (
        "permissions-policy",
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), \
         display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), \
         gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), local-fonts=(), \
         magnetometer=(), microphone=(self), midi=(), payment=(), picture-in-picture=(), \
         publickey-credentials-get=(), screen-wake-lock=(), serial=(), storage-access=(), usb=(), \
         xr-spatial-tracking=()",
    ),
];

/// The headers for a relay known under these origins, and as one of several or not.
pub(crate) fn strict_headers(origins: &[Origin], node: Option<&NodeConfig>) -> HeaderMap {
    // Older browsers do not count `WebSocket` among `'self'`, hence the origins by name.
    let own = origins.iter().map(Origin::websocket);
    headers(own, node)
}

/// The headers for a web server apart that serves this relay's page. They differ in what the page may
/// speak to, and in nothing else.
pub(crate) fn apart_headers(origins: &[Origin], node: Option<&NodeConfig>) -> HeaderMap {
    let relay = origins.iter().flat_map(|origin| [origin.to_string(), origin.websocket()]);
    headers(relay, node)
}

fn headers(of_relay: impl Iterator<Item = String>, node: Option<&NodeConfig>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy = HeaderValue::try_from(content_security_policy(of_relay, node));
    headers.insert(CONTENT_SECURITY_POLICY, policy.expect("origins are ASCII"));
    headers
}

/// Besides what its own server has: the words of a language, and whatever else is fetched of it.
fn content_security_policy(
    of_relay: impl Iterator<Item = String>,
    node: Option<&NodeConfig>,
) -> String {
    let of_nodes = node.map(|node| node.addresses.connect_sources()).unwrap_or_default();
    let connect_sources = of_relay.chain(of_nodes).collect::<Vec<_>>().join(" ");
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self' {connect_sources}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
}
