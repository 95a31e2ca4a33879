//! The routes and their description in one: what is not described is not served.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use reme_sync_protocol::MAX_BODY_BYTES;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, Ref, ResponseBuilder,
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    device::requests as device,
    error::ErrorBody,
    routes::{audit, check_ins, devices, exports, games, health, log_in, me, notes, patients, plans, staff, training},
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ReMe portal",
        description = "The clinic's side of ReMe. Errors carry a stable code, the field at fault, and words in the language of Accept-Language (en, zh-CN).",
    ),
    components(schemas(ErrorBody)),
    modifiers(&Security)
)]
struct Description;

struct Security;

impl Modify for Security {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        let cookie =
            ApiKeyValue::with_description("__Host-reme", "Session; requests that change something carry X-CSRF too");
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        let signature = ApiKeyValue::with_description(
            "x-reme-signature",
            "Ed25519 over the whole request, with x-reme-device and x-reme-time",
        );
        components.add_security_scheme("device", SecurityScheme::ApiKey(ApiKey::Header(signature)));
    }
}

/// Every route.
pub(crate) fn routes() -> OpenApiRouter<Arc<App>> {
    // A device's batch is larger than anything the web app sends.
    let of_devices = OpenApiRouter::new()
        .routes(routes!(device::pair))
        .routes(routes!(device::hello))
        .routes(routes!(device::push))
        .routes(routes!(device::pull))
        .routes(routes!(device::plan_taken))
        .routes(routes!(device::digest))
        .routes(routes!(device::rows))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES));
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
        .routes(routes!(health::description))
        .routes(routes!(log_in::log_in))
        .routes(routes!(log_in::open_invite))
        .routes(routes!(log_in::take_up_invite))
        .routes(routes!(me::me))
        .routes(routes!(me::log_out))
        .routes(routes!(me::my_sessions))
        .routes(routes!(me::end_session))
        .routes(routes!(me::change_password))
        .routes(routes!(me::change_language))
        .routes(routes!(staff::list, staff::invite))
        .routes(routes!(staff::disable))
        .routes(routes!(staff::enable))
        .routes(routes!(patients::list, patients::add))
        .routes(routes!(patients::get, patients::change))
        .routes(routes!(patients::erase))
        .routes(routes!(patients::link_carer, patients::unlink_carer))
        .routes(routes!(devices::list))
        .routes(routes!(devices::make_code))
        .routes(routes!(devices::unpair))
        .routes(routes!(plans::get, plans::put))
        .routes(routes!(plans::undo))
        .routes(routes!(training::list))
        .routes(routes!(training::get, training::remove_session))
        .routes(routes!(training::note))
        .routes(routes!(training::remove_trial))
        .routes(routes!(training::adherence))
        .routes(routes!(training::trends))
        .routes(routes!(notes::list, notes::add))
        .routes(routes!(check_ins::list, check_ins::add))
        .routes(routes!(exports::csv))
        .routes(routes!(exports::dictionary))
        .routes(routes!(exports::fhir))
        .routes(routes!(games::get, games::put))
        .routes(routes!(audit::of_patient))
        .routes(routes!(audit::of_clinic))
        .routes(routes!(audit::chain))
        .merge(of_devices)
}

/// The description, with the error that every operation may answer with.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut api = routes().split_for_parts().1;
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ErrorBody"))).build();
    let error = ResponseBuilder::new().description("An error").content("application/json", content).build();
    for item in api.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().filter_map(Option::as_mut);
        for operation in operations {
            // Handlers are named within their module; over the whole description the tag tells them apart.
            let tag = operation.tags.as_ref().and_then(|tags| tags.first()).cloned().unwrap_or_default();
            operation.operation_id = operation.operation_id.take().map(|id| format!("{tag}-{id}").replace('_', "-"));
            operation.responses.responses.entry("default".into()).or_insert(error.clone().into());
        }
    }
    api
}
