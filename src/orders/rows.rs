//! From rows to orders: one SELECT for every read, lines included, so that a list costs one round trip.

use chrono::{DateTime, NaiveTime, Timelike, Utc};
use serde::Deserialize;
use sqlx::types::Json;
use sqlx::{Postgres, QueryBuilder};

use super::model::{Order, OrderItem};
use super::workflow::{OrderStatus, allowed_from};
use crate::auth::context::{Actor, Ctx};
use crate::auth::permission::Permission;
use crate::error::{AppError, AppResult};
use crate::shared::audit::{Audit, Deletion};
use crate::shared::resource::{Resource, Versioned};
use crate::shared::{CategoryId, ClientId, Day, Money, OrderId, OrderItemId, ProductId, UserId, VatRate};
use crate::users::model::CourierBrief;

/// Columns of an order `o`, its livreur and its lines.
const COLUMNS: &str = r#"o.id, o.numero, o.statut, o.client_id, o.client_nom, o.client_telephone,
    o.client_email, o.adresse_livraison, o.code_postal, o.ville, o.latitude, o.longitude, o.notes, o.date_livraison_prevue,
    o.creneau_debut, o.creneau_fin, o.position_tournee, o.total, o.total_ht, o.total_tva, o.total_livre, o.montant_encaisse,
    o.livreur_id, o.confirmed_at, o.prepared_at, o.shipped_at, o.delivered_at, o.cancelled_at, o.motif_annulation,
    o.created_at, o.updated_at, o.created_by, o.updated_by, o.version, o.is_deleted, o.deleted_at, o.deleted_by,
    (select json_build_object('id', u.id, 'nom', u.nom, 'prenom', u.prenom, 'telephone', u.telephone)
       from users u where u.id = o.livreur_id) as livreur,
    (select coalesce(json_agg(json_build_object('id', i.id, 'product_id', i.product_id, 'product_nom', i.product_nom,
                'category_id', i.category_id, 'quantity', i.quantity, 'quantite_livree', i.quantite_livree,
                'prix_unitaire', i.prix_unitaire, 'taux_tva', i.taux_tva, 'total', i.total) order by i.id), '[]')
       from order_items i where i.order_id = o.id) as items"#;

/// A line as the database aggregates it: amounts in minor units.
#[derive(Debug, Deserialize)]
struct ItemRow {
    id: OrderItemId,
    product_id: ProductId,
    product_nom: String,
    category_id: CategoryId,
    quantity: i64,
    quantite_livree: Option<i64>,
    prix_unitaire: i64,
    taux_tva: i32,
    total: i64,
}

/// An order as it is read.
#[derive(Debug, sqlx::FromRow)]
pub struct OrderRow {
    id: OrderId,
    numero: String,
    statut: String,
    client_id: ClientId,
    client_nom: String,
    client_telephone: Option<String>,
    client_email: Option<String>,
    adresse_livraison: Option<String>,
    code_postal: Option<String>,
    ville: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    notes: Option<String>,
    date_livraison_prevue: Option<Day>,
    creneau_debut: Option<NaiveTime>,
    creneau_fin: Option<NaiveTime>,
    position_tournee: Option<i32>,
    total: Money,
    total_ht: Money,
    total_tva: Money,
    total_livre: Option<Money>,
    montant_encaisse: Option<Money>,
    livreur_id: Option<UserId>,
    confirmed_at: Option<DateTime<Utc>>,
    prepared_at: Option<DateTime<Utc>>,
    shipped_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
    motif_annulation: Option<String>,
    #[sqlx(flatten)]
    audit: Audit,
    #[sqlx(flatten)]
    deletion: Deletion,
    livreur: Option<Json<CourierBrief>>,
    items: Json<Vec<ItemRow>>,
}

impl Resource for Order {
    type Row = OrderRow;

    const TABLE: &'static str = "orders";
    const WHAT: &'static str = "Cette commande";
    const ALIAS: &'static str = "o";
    const COLUMNS: &'static str = COLUMNS;
    const FROM: &'static str = "from orders o";
    const READ: Permission = Permission::ReadOrders;
    const HISTORY: Option<Permission> = Some(Permission::ReadHistory);

    /// Staff see all, a livreur those assigned to them now and those they delivered in the last 7 days.
    fn push_visible(sql: &mut QueryBuilder<Postgres>, ctx: &Ctx) {
        if !ctx.may(Permission::ReadAllOrders) {
            sql.push(" and o.livreur_id = ").push_bind(ctx.actor.user_id);
            sql.push(" and (o.statut <> 'livree' or o.delivered_at > now() - interval '7 days')");
        }
    }

    fn build(row: OrderRow, ctx: &Ctx) -> AppResult<Self> {
        row.into_order(&ctx.actor)
    }
}

impl Versioned for Order {
    fn version(&self) -> i32 {
        self.audit.version
    }

    fn is_deleted(&self) -> bool {
        self.deletion.is_deleted
    }
}

impl OrderRow {
    /// The order, with the transitions this caller may take.
    fn into_order(self, actor: &Actor) -> AppResult<Order> {
        let statut = OrderStatus::parse(&self.statut).ok_or_else(|| AppError::internal("unknown status"))?;
        let own = self.livreur_id == Some(actor.user_id);
        Ok(Order {
            id: self.id,
            numero: self.numero,
            statut,
            statut_libelle: statut.label().into(),
            client_id: self.client_id,
            client_nom: self.client_nom,
            client_telephone: self.client_telephone,
            client_email: self.client_email,
            adresse_livraison: self.adresse_livraison,
            code_postal: self.code_postal,
            ville: self.ville,
            latitude: self.latitude,
            longitude: self.longitude,
            notes: self.notes,
            date_livraison_prevue: self.date_livraison_prevue,
            creneau_debut: self.creneau_debut.map(clock),
            creneau_fin: self.creneau_fin.map(clock),
            position_tournee: self.position_tournee,
            total: self.total,
            total_ht: self.total_ht,
            total_tva: self.total_tva,
            total_livre: self.total_livre,
            montant_encaisse: self.montant_encaisse,
            livreur_id: self.livreur_id,
            livreur: self.livreur.map(|livreur| livreur.0),
            items: self.items.0.into_iter().map(OrderItem::from).collect(),
            // What is deleted goes nowhere until it is brought back.
            transitions_permises: match self.deletion.is_deleted {
                true => Vec::new(),
                false => allowed_from(statut, actor.role, own),
            },
            confirmed_at: self.confirmed_at,
            prepared_at: self.prepared_at,
            shipped_at: self.shipped_at,
            delivered_at: self.delivered_at,
            cancelled_at: self.cancelled_at,
            motif_annulation: self.motif_annulation,
            audit: self.audit,
            deletion: self.deletion,
        })
    }
}

impl From<ItemRow> for OrderItem {
    fn from(row: ItemRow) -> Self {
        Self {
            id: row.id,
            product_id: row.product_id,
            product_nom: row.product_nom,
            category_id: row.category_id,
            quantity: row.quantity,
            quantite_livree: row.quantite_livree,
            prix_unitaire: Money(row.prix_unitaire),
            taux_tva: VatRate(row.taux_tva),
            total: Money(row.total),
        }
    }
}

fn clock(time: NaiveTime) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
