use super::{cards, changes, finalise, health, people, station, tus};
use axum::Json;
use axum::http::StatusCode;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::security::{SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, Content, Ref, RefOr};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "pusat",
        description = "Reference centre of Rekam; the words are in docs/protocols/sync.md"
    ),
    paths(
        station::authority,
        station::revocations,
        station::activate,
        station::renew,
        station::operator,
        station::inventory,
        changes::changes,
        changes::own_changes,
        tus::options,
        tus::create,
        tus::head,
        tus::patch,
        tus::delete,
        finalise::finalise,
        finalise::receipt,
        finalise::look,
        people::person,
        people::residents,
        people::signature,
        cards::request,
        cards::look,
        cards::content,
        cards::issued,
        cards::handed_over,
        health::live,
        health::ready,
    ),
    components(schemas(packet::wire::Problem))
)]
struct Described;

/// The OpenAPI document, generated from the handlers.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Described::openapi();
    let components = document.components.get_or_insert_with(Components::new);
    components.add_security_scheme("station", station_certificate());
    for (path, item) in &mut document.paths.paths {
        for operation in operations(item) {
            complete(path, operation);
        }
        // The answer to a HEAD has no body.
        for answer in item.head.iter_mut().flat_map(|head| head.responses.responses.values_mut()) {
            if let RefOr::T(answer) = answer {
                answer.content.clear();
            }
        }
    }
    document
}

/// How a station is known.
fn station_certificate() -> SecurityScheme {
    let description = "Client certificate of a station (OU=STASIUN), issued by this centre's own authority";
    SecurityScheme::MutualTls {
        description: Some(description.to_owned()),
        deprecated: None,
        extensions: None,
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.options, &mut item.patch]
        .into_iter()
        .flatten()
        .chain(item.head.as_mut())
}

/// What all handlers have in common, and what the standard demands of every answer.
fn complete(path: &str, operation: &mut Operation) {
    let health = path.starts_with("/health/");
    let open = health || matches!(path, "/v1/authority" | "/v1/revocations") || path.ends_with("/activation");
    if !open {
        operation.security = Some(vec![SecurityRequirement::new("station", Vec::<String>::new())]);
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        for (media, content) in &mut body.content {
            describe_bytes(media, content);
        }
    }
    for (code, answer) in &mut operation.responses.responses {
        let RefOr::T(answer) = answer else { continue };
        let status = code.parse::<StatusCode>().ok();
        if answer.description.is_empty() {
            // 460 is of tus and stands in no list of HTTP.
            let reason = status.and_then(|status| status.canonical_reason()).unwrap_or("Checksum Mismatch");
            reason.clone_into(&mut answer.description);
        }
        if !health && status.is_some_and(|status| status.as_u16() >= 400) {
            let content = Content::new(Some(Ref::from_schema_name("Problem")));
            answer.content.insert("application/problem+json".to_owned(), content.into());
        }
        for (media, content) in &mut answer.content {
            describe_bytes(media, content);
        }
    }
}

/// A body that is no JSON: text, or bytes as they are.
fn describe_bytes(media: &str, content: &mut RefOr<Content>) {
    let RefOr::T(content) = content else { return };
    if content.schema.is_some() {
        return;
    }
    let is_text = media.starts_with("text/") || media.ends_with("ndjson") || media.ends_with("pem-file");
    let format = (!is_text).then_some(SchemaFormat::KnownFormat(KnownFormat::Binary));
    content.schema = Some(ObjectBuilder::new().schema_type(Type::String).format(format).into());
}

pub(super) async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
