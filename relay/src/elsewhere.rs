//! Client's pages that this relay did not serve and that may speak to it all the same: those of a web
//! server of the service's own, and the page that a person opened as a file.

use axum::extract::{Request, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HeaderName, ORIGIN, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::config::Origin;
use crate::relay::Relay;

/// Most origins of pages that an operator may name.
pub(crate) const PAGE_ORIGINS_MAX: usize = 16;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What browsers call the origin of a file, in a request and, Chromium, for a WebSocket.
const OF_FILES: [&str; 2] = ["null", "file://"];

/// Whose pages may speak to the relay besides its own.
#[derive(Default)]
pub struct Elsewhere {
    /// Under which origins web servers serve the page.
    pub page_origins: Vec<Origin>,
    /// Whether it may be a file on the person's device.
    pub offline_page: bool,
}

impl Elsewhere {
    /// Whether a page of this origin is one of them.
    pub(crate) fn allows(&self, origin: &HeaderValue) -> bool {
        self.page_origins.iter().any(|allowed| origin == allowed.as_str())
            || self.offline_page && OF_FILES.iter().any(|allowed| origin == allowed)
    }

    fn is_nowhere(&self) -> bool {
        self.page_origins.is_empty() && !self.offline_page
    }
}

/// The one origin that a request names. Two are none.
pub(crate) fn origin_of(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut named = headers.get_all(ORIGIN).iter();
    named.next().filter(|_| named.next().is_none())
}

/// Lets these pages read an answer, and nobody else's.
pub(crate) async fn let_pages_read(
    State(relay): State<Relay>,
    request: Request,
    next: Next,
) -> Response {
    let elsewhere = &relay.shared.elsewhere;
    if elsewhere.is_nowhere() {
        return next.run(request).await;
    }
    let origin = origin_of(request.headers()).filter(|origin| elsewhere.allows(origin)).cloned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // What is kept for one page is not to be given to another.
    headers.append(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    }
    response
}
