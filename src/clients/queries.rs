//! The reads of clients.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::{Postgres, QueryBuilder};

use super::model::{Client, ClientChoice, ClientFigures, ClientSheet};
use crate::auth::context::Ctx;
use crate::auth::permission::Permission;
use crate::dashboard::sold::{IS_SOLD, SOLD_AMOUNT};
use crate::error::AppResult;
use crate::server::export::{Cell, Column, Exported};
use crate::shared::audit::{Audit, Deletion};
use crate::shared::listing::{self, Filter, SortColumn, push_words_or_phone};
use crate::shared::resource::{self, Resource, Versioned};
use crate::shared::{ClientId, Fields, Page};

/// A client as it is read.
#[derive(sqlx::FromRow)]
pub struct ClientRow {
    id: ClientId,
    nom: String,
    telephone: Option<String>,
    email: Option<String>,
    adresse: Option<String>,
    code_postal: Option<String>,
    ville: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    notes: Option<String>,
    #[sqlx(flatten)]
    audit: Audit,
    #[sqlx(flatten)]
    deletion: Deletion,
}

impl Resource for Client {
    type Row = ClientRow;

    const TABLE: &'static str = "clients";
    const WHAT: &'static str = "Ce client";
    const ALIAS: &'static str = "c";
    const COLUMNS: &'static str = "c.*";
    const FROM: &'static str = "from clients c";
    const READ: Permission = Permission::ReadClients;
    const HISTORY: Option<Permission> = Some(Permission::ReadHistory);

    fn build(row: ClientRow, _ctx: &Ctx) -> AppResult<Self> {
        Ok(Client {
            id: row.id,
            nom: row.nom,
            telephone: row.telephone,
            email: row.email,
            adresse: row.adresse,
            code_postal: row.code_postal,
            ville: row.ville,
            latitude: row.latitude,
            longitude: row.longitude,
            notes: row.notes,
            audit: row.audit,
            deletion: row.deletion,
        })
    }
}

impl Versioned for Client {
    fn version(&self) -> i32 {
        self.audit.version
    }

    fn is_deleted(&self) -> bool {
        self.deletion.is_deleted
    }
}

/// What a list of clients is narrowed by.
#[derive(Serialize)]
pub struct ClientFilter {
    search: Option<String>,
}

impl Filter for ClientFilter {
    type Of = Client;

    const SORTS: &'static [SortColumn] = &[
        SortColumn::new("nom", "c.nom collate french", "text"),
        SortColumn::new("created_at", "c.created_at", "timestamptz").fixed(),
        SortColumn::new("ville", "c.ville collate french", "text").nullable(),
    ];

    fn read(f: &mut Fields) -> Self {
        Self { search: f.search().value() }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        push_words_or_phone(sql, "c.recherche", self.search.as_deref());
    }

    fn is_uneven(&self) -> bool {
        self.search.is_some()
    }
}

impl Exported for Client {
    const NAME: &'static str = "clients";
    const PERSONAL: bool = true;

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Nom", |c: &Self| (&c.nom).into()),
            Column::new("Téléphone", |c| Cell::phone(c.telephone.as_ref())),
            Column::new("E-mail", |c| c.email.clone().into()),
            Column::new("Adresse", |c| c.adresse.clone().into()),
            Column::new("Code postal", |c| c.code_postal.clone().into()),
            Column::new("Ville", |c| c.ville.clone().into()),
            Column::new("Notes", |c| c.notes.clone().into()),
            Column::new("Créé le", |c| c.audit.created_at.into()),
        ]
    }
}

/// Clients that a search of the list finds, by name; at most 8.
pub async fn client_choices(ctx: &Ctx, search: &str) -> AppResult<Vec<ClientChoice>> {
    ctx.require(Permission::ReadClients)?;
    let search: String = search.trim().chars().take(200).collect();
    if search.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::new(
        "select id, nom, telephone, email, adresse, code_postal, ville from clients where not is_deleted",
    );
    push_words_or_phone(&mut sql, "recherche", Some(&search));
    sql.push(" order by nom collate french, id limit 8");
    Ok(sql.build_query_as().persistent(false).fetch_all(&ctx.db).await?)
}

/// A page of the list, each client with what they ordered.
pub async fn client_sheets(ctx: &Ctx, query: Vec<(String, String)>) -> AppResult<Page<ClientSheet>> {
    let page = listing::page::<ClientFilter>(ctx, query).await?;
    let ids: Vec<_> = page.items.iter().map(|client| client.id.0).collect();
    let mut figures = figures(ctx, &ids).await?;
    Ok(page.map(|client| ClientSheet { figures: figures.remove(&client.id.0).unwrap_or_default(), client }))
}

/// One client with what they ordered; a deleted one for those who may bring it back.
pub async fn client_sheet(ctx: &Ctx, id: ClientId) -> AppResult<ClientSheet> {
    let client: Client = resource::get(ctx, id.0, ctx.may(Permission::Restore)).await?;
    let figures = figures(ctx, &[id.0]).await?.remove(&id.0).unwrap_or_default();
    Ok(ClientSheet { client, figures })
}

async fn figures(ctx: &Ctx, ids: &[i64]) -> AppResult<HashMap<i64, ClientFigures>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        client_id: i64,
        #[sqlx(flatten)]
        figures: ClientFigures,
    }
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "select o.client_id, count(*) as commandes, max(o.created_at) as derniere_commande,
                coalesce(sum({SOLD_AMOUNT}) filter (where {IS_SOLD}), 0)::bigint as chiffre_affaires
         from orders o where o.client_id = any($1) and not o.is_deleted group by o.client_id"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(ids).fetch_all(&ctx.db).await?;
    Ok(rows.into_iter().map(|row| (row.client_id, row.figures)).collect())
}
