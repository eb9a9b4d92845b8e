//! What stands in the way of taking an account away, or of giving it back: asked by the server, under its locks, and by
//! the screens, which say so before anybody tries.

use serde::{Deserialize, Serialize};

use super::model::User;
use crate::auth::permission::Role;
use crate::error::{AppError, ErrorCode, Member};
use crate::shared::UserId;
use crate::shared::text::count;

/// Why an account stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Somebody must remain who can do everything.
    LastAdmin,
    /// Nobody closes their own account.
    OwnAccount,
    /// So many orders wait for this livreur.
    Deliveries(i64),
    /// Their data were erased.
    Erased,
}

/// What decides besides the account itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circumstances {
    /// There is no other active admin.
    pub last_admin: bool,
    /// Orders from confirmed to on the road that this livreur still has.
    pub open_deliveries: i64,
}

impl Obstacle {
    /// In a sentence that says what to do about it.
    pub fn detail(self) -> String {
        match self {
            Obstacle::LastAdmin => "C'est le dernier administrateur actif : nommez-en un autre d'abord.".to_owned(),
            Obstacle::OwnAccount => {
                "On ne supprime ni ne désactive son propre compte : demandez à un autre administrateur.".to_owned()
            }
            Obstacle::Deliveries(open) => {
                let open = count(open, "livraison", "livraisons");
                format!("Ce livreur a encore {open} en cours : confiez-les à un autre d'abord.")
            }
            Obstacle::Erased => {
                "Les données de cette personne ont été effacées : son compte ne se rouvre plus. Créez-en un autre."
                    .to_owned()
            }
        }
    }

    /// The same as a refusal.
    pub fn error(self) -> AppError {
        match self {
            Obstacle::LastAdmin => AppError::new(ErrorCode::LastAdmin, self.detail()),
            Obstacle::OwnAccount => AppError::new(ErrorCode::OwnAccount, self.detail()),
            Obstacle::Deliveries(open) => {
                AppError::new(ErrorCode::CourierBusy, self.detail()).with(Member::OrderCount, open)
            }
            Obstacle::Erased => AppError::new(ErrorCode::StateConflict, self.detail()),
        }
    }
}

/// What stands in the way of another role.
pub fn against_role(user: &User, now: Circumstances) -> Option<Obstacle> {
    let is_last = now.last_admin && user.role == Role::Admin && user.is_active;
    if is_last {
        return Some(Obstacle::LastAdmin);
    }
    let waits = user.role == Role::Livreur && now.open_deliveries > 0;
    waits.then_some(Obstacle::Deliveries(now.open_deliveries))
}

/// What stands in the way of deactivating or deleting; `me` asks.
pub fn against_removal(user: &User, me: UserId, now: Circumstances) -> Option<Obstacle> {
    match against_role(user, now) {
        Some(Obstacle::LastAdmin) => Some(Obstacle::LastAdmin),
        _ if user.id == me => Some(Obstacle::OwnAccount),
        other => other,
    }
}

/// What stands in the way of bringing a deleted account back, or of letting a closed one in again.
pub fn against_return(user: &User) -> Option<Obstacle> {
    user.is_erased().then_some(Obstacle::Erased)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::audit::{Audit, Deletion};
    use crate::users::model::erased_email;
    use chrono::DateTime;

    fn user(id: i64, role: Role) -> User {
        let at = DateTime::UNIX_EPOCH;
        User {
            id: UserId(id),
            email: "a@b.fr".into(),
            nom: "Test".into(),
            prenom: None,
            telephone: None,
            role,
            is_active: true,
            last_login_at: None,
            audit: Audit { created_at: at, updated_at: at, created_by: UserId(1), updated_by: UserId(1), version: 1 },
            deletion: Deletion { is_deleted: false, deleted_at: None, deleted_by: None },
        }
    }

    #[test]
    fn who_stays_and_why() {
        let at = |last_admin, open_deliveries| Circumstances { last_admin, open_deliveries };
        let me = UserId(2);
        assert_eq!(against_removal(&user(2, Role::Admin), me, at(true, 0)), Some(Obstacle::LastAdmin));
        assert_eq!(against_removal(&user(2, Role::Admin), me, at(false, 0)), Some(Obstacle::OwnAccount));
        assert_eq!(against_removal(&user(3, Role::Admin), me, at(false, 0)), None);
        assert_eq!(against_removal(&user(3, Role::Livreur), me, at(false, 2)), Some(Obstacle::Deliveries(2)));
        assert_eq!(against_role(&user(2, Role::Admin), at(false, 0)), None, "one may step down");
        assert_eq!(against_role(&user(2, Role::Admin), at(true, 0)), Some(Obstacle::LastAdmin));
        assert_eq!(against_role(&user(3, Role::Livreur), at(false, 1)), Some(Obstacle::Deliveries(1)));
        assert_eq!(Obstacle::Deliveries(2).error().data["nombre_commandes"], 2);
        let erased = User { email: erased_email(UserId(3)), ..user(3, Role::Admin) };
        assert_eq!(against_return(&erased), Some(Obstacle::Erased));
        assert_eq!(against_return(&User { id: UserId(4), ..erased }), None, "an address like that of another");
    }
}
