//! Reading people.

use serde::Serialize;
use sqlx::{PgExecutor, PgPool, Postgres, QueryBuilder};

use super::model::{CourierBrief, Profile, RoleInfo, User, UserSheet};
use super::rules::Circumstances;
use crate::auth::context::Ctx;
use crate::auth::permission::{Permission, Role, allows};
use crate::auth::sessions;
use crate::error::{AppError, AppResult};
use crate::server::export::{Cell, Column, Exported};
use crate::shared::listing::{Filter, SortColumn, like_escaped};
use crate::shared::resource::{self, Resource, Versioned};
use crate::shared::{Fields, UserId};

impl Resource for User {
    type Row = User;

    const TABLE: &'static str = "users";
    const WHAT: &'static str = "Cet utilisateur";
    const ALIAS: &'static str = "u";
    // By name: a hash must not even be read.
    const COLUMNS: &'static str = "u.id, u.email, u.nom, u.prenom, u.telephone, u.role, u.is_active, u.last_login_at,
        u.created_at, u.updated_at, u.created_by, u.updated_by, u.version, u.is_deleted, u.deleted_at, u.deleted_by";
    const FROM: &'static str = "from users u";
    const READ: Permission = Permission::ManageUsers;
    const HISTORY: Option<Permission> = Some(Permission::ManageUsers);

    /// The system's own user is nobody.
    fn push_visible(sql: &mut QueryBuilder<Postgres>, _ctx: &Ctx) {
        sql.push(" and not u.is_system");
    }

    fn build(user: User, _ctx: &Ctx) -> AppResult<Self> {
        Ok(user)
    }
}

impl Versioned for User {
    fn version(&self) -> i32 {
        self.audit.version
    }

    fn is_deleted(&self) -> bool {
        self.deletion.is_deleted
    }
}

/// What a list of users is narrowed by.
#[derive(Serialize)]
pub struct UserFilter {
    search: Option<String>,
    role: Option<Role>,
    is_active: Option<bool>,
}

impl Filter for UserFilter {
    type Of = User;

    const SORTS: &'static [SortColumn] = &[
        SortColumn::new("nom", "u.nom collate french", "text"),
        SortColumn::new("email", "lower(u.email)", "text"),
        SortColumn::new("created_at", "u.created_at", "timestamptz").fixed(),
        SortColumn::new("last_login_at", "u.last_login_at", "timestamptz").nullable(),
    ];

    fn read(f: &mut Fields) -> Self {
        let roles = Role::ALL.map(Role::as_str).join(", ");
        Self {
            search: f.search().value(),
            role: f.choice("role", Role::parse, &roles).value(),
            is_active: f.boolean("is_active").value(),
        }
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>) {
        for word in self.search.iter().flat_map(|text| text.split_whitespace()) {
            sql.push(
                " and searchable(u.nom || ' ' || coalesce(u.prenom, '') || ' ' || u.email) like '%' || searchable(",
            );
            sql.push_bind(like_escaped(word)).push(") || '%'");
        }
        if let Some(role) = self.role {
            sql.push(" and u.role = ").push_bind(role);
        }
        if let Some(active) = self.is_active {
            sql.push(" and u.is_active = ").push_bind(active);
        }
    }
}

impl Exported for User {
    const NAME: &'static str = "utilisateurs";

    fn columns(_ctx: &Ctx) -> Vec<Column<Self>> {
        vec![
            Column::new("Nom", |u: &Self| (&u.nom).into()),
            Column::new("Prénom", |u| u.prenom.clone().into()),
            Column::new("E-mail", |u| (&u.email).into()),
            Column::new("Téléphone", |u| Cell::phone(u.telephone.as_ref())),
            Column::new("Rôle", |u| u.role.label().into()),
            Column::new("Actif", |u| Cell::yes(u.is_active)),
            Column::new("Dernière connexion", |u| u.last_login_at.into()),
            Column::new("Créé le", |u| u.audit.created_at.into()),
        ]
    }
}

/// A living user, whoever asks.
pub async fn find_user(db: &PgPool, id: UserId) -> AppResult<Option<User>> {
    let sql = format!("select {} {} where u.id = $1 and not u.is_deleted", User::COLUMNS, User::FROM);
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db).await?)
}

/// How many orders from confirmed to on the road this livreur still has.
pub async fn open_deliveries(db: impl PgExecutor<'_>, id: UserId) -> AppResult<i64> {
    let open = sqlx::query_scalar!(
        r#"select count(*) as "n!" from orders
           where livreur_id = $1 and statut in ('confirmee', 'en_preparation', 'en_livraison') and not is_deleted"#,
        id.0
    )
    .fetch_one(db)
    .await?;
    Ok(open)
}

/// Everything the page of one user shows; a deleted one too.
pub async fn user_sheet(ctx: &Ctx, id: UserId) -> AppResult<UserSheet> {
    let user: User = resource::get(ctx, id.0, true).await?;
    let sessions = sessions::of_user(ctx, id).await?;
    let open_deliveries = if user.role == Role::Livreur { open_deliveries(&ctx.db, id).await? } else { 0 };
    let admins: Vec<UserId> =
        sqlx::query_scalar("select id from users where role = 'admin' and is_active and not is_deleted limit 2")
            .fetch_all(&ctx.db)
            .await?;
    let circumstances = Circumstances { last_admin: admins == [id], open_deliveries };
    Ok(UserSheet { user, sessions, circumstances })
}

/// What one sees of oneself.
pub async fn profile(ctx: &Ctx) -> AppResult<Profile> {
    Ok(Profile { user: me(ctx).await?, sessions: sessions::own(ctx).await? })
}

/// The caller.
pub async fn me(ctx: &Ctx) -> AppResult<User> {
    find_user(&ctx.db, ctx.actor.user_id).await?.ok_or_else(AppError::unauthenticated)
}

/// Everybody who can deliver now, by name.
pub async fn couriers(ctx: &Ctx) -> AppResult<Vec<CourierBrief>> {
    ctx.require(Permission::ReadCouriers)?;
    let couriers = sqlx::query_as!(
        CourierBrief,
        "select id, nom, prenom, telephone from users
         where role = 'livreur' and is_active and not is_deleted order by nom collate french, id"
    )
    .fetch_all(&ctx.db)
    .await?;
    Ok(couriers)
}

/// The roles, with what each may do.
pub fn roles(ctx: &Ctx) -> AppResult<Vec<RoleInfo>> {
    ctx.require(Permission::ManageUsers)?;
    let info = |role: Role| RoleInfo {
        code: role,
        libelle: role.label().into(),
        description: role.description().into(),
        permissions: Permission::ALL.iter().filter(|p| allows(role, **p)).map(|p| p.as_str().into()).collect(),
    };
    Ok(Role::ALL.into_iter().map(info).collect())
}
