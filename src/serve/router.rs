//! Which address is whose, and what stands before all of them.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{DefaultBodyLimit, Extension, Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::time::timeout;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use super::answer::refused;
use super::desk::Desk;
use super::explain;
use super::guard::{headers, origin};
use super::library;
use super::log;
use super::manner::Manner;
use super::office;
use super::peer::Peer;
use super::place::Place;
use super::refusal::Refusal;
use super::rooms::Rooms;
use super::settings::Bounds;
use super::units;

/// A form that is too long is read this many times over, so that the answer arrives: browsers read
/// none before they have sent everything.
const PATIENCE: usize = 4;
/// Bytes by which the limit of the whole body lies over that of what is read of it.
const SPARE: usize = 1 << 20;

/// All addresses of a campaign.
pub(super) fn router(desk: &Arc<Desk>) -> Router {
    let routes = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/a/{hash}/{name}", get(library::asset))
        .route("/n/{token}", get(units::show))
        .route("/n/{token}/quy-tac/{rule}", get(library::rule))
        .route("/n/{token}/check", post(units::check))
        .route("/n/{token}/submit", post(units::submit))
        .route("/n/{token}/queue", get(units::line))
        .route("/n/{token}/template", get(units::first_template))
        .route("/n/{token}/template/{number}", get(units::template))
        .route("/n/{token}/s/{number}", get(units::earlier_one))
        .route(
            "/n/{token}/s/{number}/marked/{file}",
            get(units::marked_of_submission),
        )
        .route(
            "/n/{token}/s/{number}/findings",
            get(units::list_of_submission),
        )
        .route("/n/{token}/r/{id}/findings", get(units::list_of_check))
        .route("/n/{token}/explain", post(explain::explain))
        .route(
            "/n/{token}/r/{id}/marked/{number}",
            get(units::marked_of_check),
        )
        .route("/n/{token}/receipt/{number}", get(units::receipt))
        .merge(office::routes())
        .fallback(|| async { Refusal::NotFound });
    guarded_routes(desk, routes)
}

/// The addresses before all campaigns; `porter` is one of them, for what is common to all.
pub(super) fn lobby(porter: &Arc<Desk>, rooms: &Arc<Rooms>) -> Router {
    let routes = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/a/{hash}/{name}", get(library::asset))
        .merge(office::before())
        .fallback(nowhere)
        .layer(Extension(rooms.clone()));
    guarded_routes(porter, routes)
}

/// An address that no campaign has.
async fn nowhere(Extension(place): Extension<Place>, uri: Uri) -> Refusal {
    match place {
        Place::Unreadable => Refusal::Failed(log::not_now()),
        _ if uri.path().starts_with("/n/") => Refusal::UnknownLink,
        _ => Refusal::NotFound,
    }
}

/// Addresses, with what stands before all of them.
fn guarded_routes(desk: &Arc<Desk>, routes: Router<Arc<Desk>>) -> Router {
    let bounds = &desk.settings.bounds;
    let router = routes
        .method_not_allowed_fallback(|| async { Refusal::WrongMethod })
        .with_state(desk.clone())
        .layer(DefaultBodyLimit::max(bounds.body))
        // The limit above is met first, and says what it is.
        .layer(RequestBodyLimitLayer::new(
            bounds.body.saturating_add(SPARE),
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            bounds.request,
        ))
        .layer(from_fn_with_state(desk.clone(), guarded));
    headers::on_every_answer(router)
}

/// Refuses what should not get any further, and gives every refusal the form that was asked for.
async fn guarded(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (manner, get) = (Manner::of(&parts), parts.method == Method::GET);
    let request = Request::from_parts(parts, body);
    let mut answer = match looked_at(&desk, request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => return refused(&refusal, &manner),
    };
    let own = answer.extensions_mut().remove::<Refusal>();
    match own.or_else(|| of_library(answer.status(), get, &desk.settings.bounds)) {
        Some(refusal) => refused(&refusal, &manner),
        None => answer,
    }
}

/// What a library has refused, which says so in its own words.
fn of_library(status: StatusCode, get: bool, bounds: &Bounds) -> Option<Refusal> {
    match status {
        // A number in the address is none.
        StatusCode::BAD_REQUEST if get => Some(Refusal::NotFound),
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Refusal::Broken),
        StatusCode::PAYLOAD_TOO_LARGE => Some(bounds.too_big()),
        StatusCode::REQUEST_TIMEOUT => Some(Refusal::TooSlow),
        _ => None,
    }
}

async fn looked_at(desk: &Desk, request: Request) -> Result<Request, Refusal> {
    if let Some(Peer(address)) = request.extensions().get::<Peer>() {
        let taken = desk.addresses.take(*address, Instant::now());
        taken.map_err(Refusal::TooMany)?;
    }
    if request.method() == Method::POST && !origin::is_own(request.headers()) {
        return Err(Refusal::Foreign);
    }
    let most = desk.settings.bounds.body;
    match length(request.headers()) {
        Some(length) if length > most => {
            if length <= most.saturating_mul(PATIENCE) {
                let read = read_off(request.into_body());
                // Whoever sends for ever gets no answer.
                let _ = timeout(desk.settings.bounds.body_time, read).await;
            }
            Err(desk.settings.bounds.too_big())
        }
        _ => Ok(request),
    }
}

/// How long a request says that its body is.
fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads a body and keeps nothing of it.
async fn read_off(mut body: Body) {
    while let Some(Ok(_)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {}
}
