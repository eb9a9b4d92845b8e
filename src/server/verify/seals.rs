//! The trail as a whole: nothing is missing from the blocks that were sealed, and they are the ones that were.

use super::Check;
use crate::history::seals::Anchor;

/// They need the key, as the seals of entries do.
pub(super) fn checks(anchor: Option<&Anchor>) -> Vec<Check> {
    std::iter::once(blocks()).chain(anchor.map(kept)).collect()
}

/// Each block has its entries, and leans on the block before it.
fn blocks() -> Check {
    Check::new(
        "historique_blocs",
        "Rien ne manque à l'historique scellé, et rien n'y fut ajouté",
        "history",
        "select 'sceau ' || s.num || ' (entrées ' || s.first_id || ' à ' || s.last_id || ', scellées le '
                    || to_char(s.made_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC)',
                s.entries || ' entrées, après le sceau ' || s.place - 1,
                f.entries || ' entrées' || case when f.entries = s.entries then ', ou des sceaux, qui ne sont pas les mêmes' else '' end
         from (select s.*, lag(s.digest) over w as previous, lag(s.last_id) over w as before, row_number() over w as place
               from history_seals s window w as (order by s.num)) s
         cross join lateral history_between(s.first_id, s.last_id) f
         where (s.num, s.first_id, s.entries) <> (s.place, coalesce(s.before, 0) + 1, f.entries)
            or s.digest <> history_seal_digest(s.previous, s.num, s.first_id, s.last_id, f.entries, s.made_at, f.content)",
    )
}

/// The seal that somebody kept is still there.
fn kept(anchor: &Anchor) -> Check {
    let (num, digest) = (anchor.num(), anchor.digest());
    Check::new(
        "historique_ancre",
        "L'historique n'a pas été coupé ni recommencé depuis le sceau gardé ailleurs",
        "history_seals",
        format!(
            "select 'sceau {num}', '{digest}', k.found
             from (select (select encode(digest, 'hex') from history_seals where num = {num}) as found) k
             where k.found is distinct from '{digest}'"
        ),
    )
}
