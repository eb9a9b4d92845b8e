//! The HTTP tests: the whole router called in process, on a real PostgreSQL, with a database of its
//! own for each test. Files mirror the URLs; refusals are asserted as much as successes.

mod access;
mod answers;
mod auth;
mod browser;
mod catalogue_pages;
mod categories;
mod clients;
mod conventions;
mod dashboard;
mod dashboard_days;
mod dashboard_equal;
mod dashboard_kept;
mod dashboard_routes;
mod dashboard_shop;
mod database;
mod deliveries;
mod deliveries_corrections;
mod deliveries_proofs;
mod deliveries_races;
mod deliveries_read;
mod deliveries_verify;
mod documented;
mod exports;
mod history;
mod idempotency;
mod imports;
mod imports_files;
mod imports_races;
mod imports_undo;
mod invariants;
mod live;
mod live_streams;
mod narrowed;
mod order_names;
mod orders;
mod orders_edit;
mod orders_pages;
mod orders_races;
mod orders_sets;
mod pages;
mod people;
mod phone;
mod products;
mod products_change;
mod products_create;
mod products_pages;
mod races;
mod recorded_statements;
mod redis;
mod refresh;
mod replica;
mod rounds;
mod sessions;
mod shapes;
mod stock_pages;
mod stocks;
mod surface;
mod throttle;
mod transactions;
mod two_servers;
mod users;
mod users_write;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

pub use database::{TestDatabase, database};

use crate::auth::permission::Role;
use crate::server::config::ServeOptions;
use crate::server::router;
use crate::server::state::AppState;
use crate::shared::UserId;

/// A server in this process, over a fresh database.
pub struct App {
    /// The database, for looking behind the doors.
    pub db: PgPool,
    /// The state of the server.
    pub state: AppState,
    router: Router,
    _database: Arc<TestDatabase>,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as it came.
    pub bytes: bytes::Bytes,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text))
    }

    /// A header's text; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The stable code of a refusal.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Asserts a status, showing the body when it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// Asserts a refusal: its status and its code, in the shape that all refusals have.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        let body = answer.json();
        assert_eq!(answer.code(), code, "{}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(body["status"], status);
        assert!(!answer.header("x-request-id").is_empty());
        assert_eq!(body["request_id"], answer.header("x-request-id"));
        documented::assert_told(&body);
        for member in ["type", "title", "detail"] {
            assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {}", answer.text);
        }
        answer
    }

    /// The paths of the wrong fields of a 422.
    pub fn fields(&self) -> Vec<String> {
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().filter_map(|e| e["champ"].as_str().map(str::to_owned)).collect()
    }
}

/// A request being made.
pub struct Call<'a> {
    app: &'a App,
    builder: http::request::Builder,
    body: Body,
}

impl Call<'_> {
    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    /// Signs the request in.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Sent from another machine than this one.
    pub fn from(mut self, address: &str) -> Self {
        let peer = std::net::SocketAddr::new(address.parse().expect("an address"), 40_000);
        self.builder = self.builder.extension(axum::extract::ConnectInfo(peer));
        self
    }

    /// A JSON body.
    pub fn json(mut self, body: &Value) -> Self {
        self.body = Body::from(body.to_string());
        self.header("content-type", "application/json")
    }

    /// Any body.
    pub fn body(self, content_type: &str, body: &str) -> Self {
        self.file(content_type, body.as_bytes())
    }

    /// Any bytes.
    pub fn file(mut self, content_type: &str, bytes: &[u8]) -> Self {
        self.body = Body::from(bytes.to_vec());
        self.header("content-type", content_type)
    }

    /// Sends it; the body of the answer is still to be read.
    pub async fn open(self) -> http::Response<Body> {
        let request: Request<Body> = self.builder.body(self.body).expect("a request");
        self.app.router.clone().oneshot(request).await.expect("an answer")
    }

    /// Sends it.
    pub async fn send(self) -> Answer {
        let asked = self.builder.method_ref().cloned().zip(self.builder.uri_ref().cloned());
        let response = self.open().await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let answer = Answer { status: parts.status, headers: parts.headers, text, bytes };
        if let Some((method, uri)) = asked.filter(|_| answer.status == 409) {
            documented::assert_conflict_told(&method, uri.path(), &answer);
        }
        answer
    }
}

impl App {
    /// A server over a fresh, migrated database.
    pub async fn new() -> Self {
        Self::on(TestDatabase::fresh().await).await
    }

    /// The same, served differently.
    pub async fn with(configure: impl FnOnce(&mut ServeOptions)) -> Self {
        let database = TestDatabase::fresh().await;
        let state = database.state_with(configure).await;
        Self::of(state, database)
    }

    /// Another server over the same database.
    pub async fn beside(&self) -> Self {
        self.beside_with(|_| {}).await
    }

    /// The same, served differently.
    pub async fn beside_with(&self, configure: impl FnOnce(&mut ServeOptions)) -> Self {
        let (state, database) = (self._database.state_with(configure).await, self._database.clone());
        Self { db: state.db.clone(), router: router::build(state.clone()), state, _database: database }
    }

    async fn on(database: TestDatabase) -> Self {
        let state = database.state().await;
        Self::of(state, database)
    }

    fn of(state: AppState, database: TestDatabase) -> Self {
        Self { db: state.db.clone(), router: router::build(state.clone()), state, _database: Arc::new(database) }
    }

    /// A request.
    pub fn call(&self, method: Method, path: &str) -> Call<'_> {
        Call { app: self, builder: Request::builder().method(method).uri(path), body: Body::empty() }
    }

    /// GET under `/api/v1`.
    pub async fn get(&self, token: &str, path: &str) -> Answer {
        self.call(Method::GET, &format!("/api/v1{path}")).bearer(token).send().await
    }

    /// POST under `/api/v1`.
    pub async fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, &format!("/api/v1{path}")).bearer(token).json(body).send().await
    }

    /// PUT under `/api/v1`.
    pub async fn put(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.call(Method::PUT, &format!("/api/v1{path}")).bearer(token).json(body).send().await
    }

    /// DELETE under `/api/v1`.
    pub async fn delete(&self, token: &str, path: &str) -> Answer {
        self.call(Method::DELETE, &format!("/api/v1{path}")).bearer(token).send().await
    }

    /// PATCH under `/api/v1`.
    pub async fn patch(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.call(Method::PATCH, &format!("/api/v1{path}")).bearer(token).json(body).send().await
    }

    /// Makes a user and signs them in without the cost of a password; gives their token.
    pub async fn user(&self, role: Role) -> (UserId, String) {
        let email = format!(
            "{}-{}@test.example",
            role.as_str(),
            crate::server::keys::hex(&crate::server::keys::random_bytes::<4>())
        );
        let id = self.insert_user(role, &email, None).await;
        let origin = crate::auth::sessions::Origin { address: [127, 0, 0, 1].into(), user_agent: None };
        let pair = crate::auth::sessions::open_api(&self.db, &self.state.keys, id, &origin).await.expect("a session");
        (id, pair.access)
    }

    /// A token of a role.
    pub async fn token(&self, role: Role) -> String {
        self.user(role).await.1
    }

    /// Makes a user.
    pub async fn insert_user(&self, role: Role, email: &str, password: Option<&str>) -> UserId {
        let hash = match password {
            Some(password) => {
                Some(crate::auth::password::hash(&self.state.hashing, password.to_owned()).await.expect("a hash"))
            }
            None => None,
        };
        let mut tx = self.as_system().await;
        let id: i64 = sqlx::query_scalar(
            "insert into users (email, nom, prenom, role, password_hash) values ($1, 'Test', 'Anne', $2, $3) returning id",
        )
        .bind(email)
        .bind(role.as_str())
        .bind(hash)
        .fetch_one(&mut *tx)
        .await
        .expect("a user");
        tx.commit().await.expect("commit");
        UserId(id)
    }

    /// A transaction in the system's name.
    pub async fn as_system(&self) -> sqlx::Transaction<'static, sqlx::Postgres> {
        self.db.begin_with("begin; set local app.user_id = '1'").await.expect("a transaction")
    }

    /// Runs a statement in the system's name.
    pub async fn run(&self, sql: impl Into<String>) {
        let mut tx = self.as_system().await;
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.into())).execute(&mut *tx).await.expect("a statement");
        tx.commit().await.expect("commit");
    }

    /// A category.
    pub async fn category(&self, nom: &str) -> i64 {
        let mut tx = self.as_system().await;
        let id = sqlx::query_scalar("insert into categories (nom) values ($1) returning id")
            .bind(nom)
            .fetch_one(&mut *tx)
            .await
            .expect("a category");
        tx.commit().await.expect("commit");
        id
    }

    /// A product at a price in cents, with so many on the shelf.
    pub async fn product(&self, admin: &str, nom: &str, cents: i64, stock: i64) -> i64 {
        let existing: Option<i64> = sqlx::query_scalar("select id from categories order by id limit 1")
            .fetch_optional(&self.db)
            .await
            .expect("categories");
        let category = match existing {
            Some(id) => id,
            None => self.category("Épicerie").await,
        };
        let prix = format!("{}.{:02}", cents / 100, cents % 100);
        let body = json!({"nom": nom, "prix": prix, "category_id": category, "stock_initial": stock, "taux_tva": 5.5});
        let answer = self.post(admin, "/products", &body).await.expect(201);
        answer.json()["id"].as_i64().expect("an id")
    }

    /// An order of some products: `(product, quantity)`.
    pub async fn order(&self, token: &str, lines: &[(i64, i64)]) -> Value {
        let items: Vec<_> = lines.iter().map(|(p, q)| json!({"product_id": p, "quantity": q})).collect();
        let body = json!({"client_nom": "Jean Dupont", "client_telephone": "06 12 34 56 78", "items": items});
        self.post(token, "/orders", &body).await.expect(201).json()
    }

    /// `(quantite, quantite_reservee)` of a product, as the database has it.
    pub async fn stock(&self, product: i64) -> (i64, i64) {
        sqlx::query_as("select quantite, quantite_reservee from stocks where product_id = $1")
            .bind(product)
            .fetch_one(&self.db)
            .await
            .expect("a stock")
    }

    /// Asserts that every invariant holds.
    pub async fn assert_sound(&self) {
        let report = crate::server::verify::verify(&self.db).await.expect("verify");
        assert!(report.is_clean(), "{report}");
    }
}
