//! The demo's faces for scripts and people. They read no cookie, and are there in a demo only. `contract.md`, Demo.

mod phone;

use crate::callback::Desk;
use crate::layers::broken;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use phone::Phone;
use regain_app::doorstep::{AppState, PageNonce, demo_page, wants_page};
use regain_app::{Assets, DemoMessage, DemoPerson, DemoView};
use regain_domain::Timestamp;
use regain_domain::locale::Language;
use regain_service::Tenancy;
use regain_service::demo::{Demo, app_code};
use serde::{Deserialize, Serialize};

/// All of them.
pub(crate) fn routes(demo: Demo) -> Router<AppState> {
    Router::new()
        .route("/demo", get(page))
        .route("/demo/accounts.json", get(accounts))
        .route("/demo/messages.json", get(messages))
        .route("/demo/calls/{id}/press", post(press))
        .route("/demo/people", post(another))
        .route("/demo/clock", get(now).post(advance))
        .route("/demo/fresh", post(start_over))
        .layer(Extension(demo))
}

#[derive(Default, Deserialize)]
struct After {
    #[serde(default)]
    after: i64,
}

#[derive(Deserialize)]
struct Like {
    like: String,
}

#[derive(Deserialize)]
struct Advance {
    advance: i64,
}

#[derive(Deserialize)]
struct Press {
    #[serde(default)]
    digits: String,
}

#[derive(Serialize)]
struct Said {
    said: Vec<String>,
}

#[derive(Serialize)]
struct Now {
    now: i64,
}

async fn page(
    Extension(demo): Extension<Demo>,
    Extension(tenancy): Extension<Tenancy>,
    Extension(language): Extension<Language>,
    Extension(nonce): Extension<PageNonce>,
    State(assets): State<Assets>,
) -> Response {
    match view(&demo, &tenancy).await {
        Ok(view) => demo_page(view, &tenancy, language, &nonce, &assets),
        Err(error) => broken("read the demo's rows", &error),
    }
}

async fn view(demo: &Demo, tenancy: &Tenancy) -> anyhow::Result<DemoView> {
    let now = Timestamp::from_ms(demo.now().saturating_mul(1000));
    let people = demo.accounts(tenancy).await?.into_iter().map(|person| DemoPerson {
        app_code: person.totp_secret.and_then(|secret| app_code(&secret, now)),
        user_name: person.username,
        password: person.password,
        numbers: person.mobile.into_iter().chain(person.office).collect(),
        roles: person.roles,
        emails: person.emails,
    });
    let messages = demo
        .messages(tenancy, 0)
        .await?
        .into_iter()
        .rev()
        .map(|message| DemoMessage {
            id: message.id,
            at: Timestamp::from_ms(message.at.saturating_mul(1000)),
            channel: message.channel,
            to: message.to,
            subject: message.subject,
            text: message.text,
            code: message.code,
        });
    Ok(DemoView {
        messages: messages.collect(),
        people: people.collect(),
    })
}

async fn accounts(Extension(demo): Extension<Demo>, Extension(tenancy): Extension<Tenancy>) -> Response {
    told(demo.accounts(&tenancy).await)
}

async fn messages(
    Extension(demo): Extension<Demo>,
    Extension(tenancy): Extension<Tenancy>,
    after: Result<Query<After>, axum::extract::rejection::QueryRejection>,
) -> Response {
    match after {
        Ok(Query(After { after })) => told(demo.messages(&tenancy, after).await),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn another(
    Extension(demo): Extension<Demo>,
    Extension(tenancy): Extension<Tenancy>,
    headers: HeaderMap,
    like: Result<Form<Like>, axum::extract::rejection::FormRejection>,
) -> Response {
    let Ok(Form(Like { like })) = like else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match demo.another(&tenancy, &like).await {
        Ok(Ok(_)) if wants_page(&headers) => back(),
        Ok(Ok(person)) => Json(person).into_response(),
        Ok(Err(_)) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => broken("make a person", &error),
    }
}

async fn press(
    Path(id): Path<i64>,
    Extension(demo): Extension<Demo>,
    Extension(tenancy): Extension<Tenancy>,
    Extension(desk): Extension<Desk>,
    headers: HeaderMap,
    keys: Result<Form<Press>, axum::extract::rejection::FormRejection>,
) -> Response {
    let Ok(Form(Press { digits })) = keys else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let token = match demo.call_token(&tenancy, id).await {
        Ok(Some(token)) => token,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return broken("find a call", &error),
    };
    let phone = Phone {
        key: demo.gateway_key(),
        id: format!("CA{id:032x}"),
        desk,
        tenancy,
        token,
    };
    let said = phone.answers(&digits).await;
    match wants_page(&headers) {
        true => back(),
        false => Json(Said { said }).into_response(),
    }
}

async fn now(Extension(demo): Extension<Demo>) -> Json<Now> {
    Json(Now { now: demo.now() })
}

async fn advance(
    Extension(demo): Extension<Demo>,
    headers: HeaderMap,
    by: Result<Form<Advance>, axum::extract::rejection::FormRejection>,
) -> Response {
    match by {
        Ok(Form(Advance { advance })) if advance >= 0 => match demo.advance(advance).await {
            Ok(_) if wants_page(&headers) => back(),
            Ok(now) => Json(Now { now }).into_response(),
            Err(error) => broken("move the clock", &error),
        },
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn start_over(Extension(demo): Extension<Demo>) -> Response {
    demo.start_over();
    back()
}

fn told<T: Serialize>(result: anyhow::Result<T>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => broken("read the demo's rows", &error),
    }
}

fn back() -> Response {
    Redirect::to("/demo").into_response()
}
