//! For whoever runs the portal.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use crate::{app::App, error::Fault};

/// The process runs.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()), responses((status = 200, description = "Alive")))]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can serve: its database answers.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()),
    responses((status = 200, description = "Ready"), (status = 503, description = "The database does not answer")))]
pub(crate) async fn readyz(State(app): State<Arc<App>>) -> Result<&'static str, Fault> {
    app.db.ping().await?;
    Ok("ready\n")
}

/// Counters in the text format of OpenMetrics; only for this machine unless opened by a switch.
#[utoipa::path(get, path = "/metrics", tag = "health", security(()), responses((status = 200, description = "Counters")))]
pub(crate) async fn metrics(
    State(app): State<Arc<App>>,
    caller: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
) -> Result<Response, Fault> {
    let from_here = caller.is_none_or(|axum::Extension(ConnectInfo(address))| address.ip().is_loopback());
    // Behind a proxy on this machine every caller looks local.
    if !app.config.open_metrics && (!from_here || app.config.behind_proxy) {
        return Err(Fault::NoRoute);
    }
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    Ok(([(CONTENT_TYPE, kind)], app.metrics.text()).into_response())
}

/// This API's description.
#[utoipa::path(get, path = "/api/openapi.json", tag = "health", security(()), responses((status = 200, description = "OpenAPI 3.1")))]
pub(crate) async fn description() -> Response {
    axum::Json(crate::openapi::openapi()).into_response()
}
