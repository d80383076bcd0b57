//! Figures for the operator's programs (Prometheus text, version 0.0.4), on an address of their own: that
//! the relay is up, of which version, whether its file was written, and about how often it refused what.
//!
//! Nothing here follows one consultation. Refusals are gathered for six hours in cells that begin with
//! noise, get noise again when they are told, and are told as one of few numbers: like the indicators,
//! and for the same reason. What ends a consultation is no refusal and is not counted at all.

mod refusals;

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{MissedTickBehavior, interval};

use crate::relay::Shared;
use crate::server::Front;
use crate::stop::Stop;
pub(crate) use refusals::Refusals;

/// The one form that every version of Prometheus reads.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Answers at the operator's address until the relay stops.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: Stop) {
    let limits = shared.limits.clone();
    let router = Router::new().route("/metrics", get(metrics)).with_state(shared);
    let places = Arc::new(Semaphore::new(limits.health_connections_max));
    Front { router, places, limits, stop }.accept(listener, None).await;
}

/// Tells refusals anew every few hours, until the relay stops.
pub(crate) async fn keep_up(shared: Arc<Shared>, mut stop: Stop) {
    let mut snapshots = interval(shared.limits.health_snapshot_interval);
    snapshots.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first is at once, and tells of no time.
    snapshots.tick().await;
    loop {
        tokio::select! {
            _ = snapshots.tick() => shared.refusals.tell(),
            () = stop.requested_at_all() => return,
        }
    }
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    ([(CONTENT_TYPE, TEXT)], text(&shared)).into_response()
}

fn text(shared: &Shared) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let written = u8::from(shared.indicators.is_written());
    let mut text = format!(
        "# HELP vestibule_up The relay serves.\n\
         # TYPE vestibule_up gauge\n\
         vestibule_up 1\n\
         # HELP vestibule_build_info Which version it is.\n\
         # TYPE vestibule_build_info gauge\n\
         vestibule_build_info{{version=\"{version}\"}} 1\n\
         # HELP vestibule_indicators_written Whether the file of indicators was written when it was to be \
         last.\n\
         # TYPE vestibule_indicators_written gauge\n\
         vestibule_indicators_written {written}\n\
         # HELP vestibule_refusals About how often sockets were refused in the last whole six hours; below \
         20 it is not told.\n\
         # TYPE vestibule_refusals gauge\n"
    );
    for (close, count) in shared.refusals.told() {
        writeln!(text, "vestibule_refusals{{code=\"{}\"}} {count}", close.name())
            .expect("a string takes what is written");
    }
    if let Some(claims) = &shared.claims {
        let answers = u8::from(claims.store().answers());
        write!(
            text,
            "# HELP vestibule_redis_answers The Redis that nodes share can be used.\n\
             # TYPE vestibule_redis_answers gauge\n\
             vestibule_redis_answers {answers}\n"
        )
        .expect("a string takes what is written");
    }
    text
}
