//! Attempts, corrections, proofs, and what phones sent.

use super::Check;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            "tentative_lignes",
            "Une tentative dit ce que devient chaque ligne, entière",
            "tentative_lignes",
            "select 'tentative ' || t.num::text || ', ligne ' || i.id::text, i.quantity::text,
                    (l.remis + l.refuse + l.abime + l.manquant)::text
             from tentatives t join order_items i on i.order_id = t.order_id
             left join tentative_lignes l on l.tentative = t.num and l.item_id = i.id
             where l.remis + l.refuse + l.abime + l.manquant is distinct from i.quantity
             union all
             select 'tentative ' || l.tentative::text || ', ligne ' || l.item_id::text, 'une ligne de la commande', null
             from tentative_lignes l join tentatives t on t.num = l.tentative
             left join order_items i on i.id = l.item_id and i.order_id = t.order_id where i.id is null",
        ),
        Check::new(
            "tentative_resultat",
            "Le résultat d'une tentative est celui de ses lignes",
            "tentatives",
            "select t.num::text, tentative_resultat(sum(l.remis), sum(l.remis + l.refuse + l.abime + l.manquant)), t.resultat
             from tentatives t join tentative_lignes l on l.tentative = t.num
             group by t.num having tentative_resultat(sum(l.remis), sum(l.remis + l.refuse + l.abime + l.manquant)) <> t.resultat",
        ),
        Check::new(
            "tentative_commande",
            "Une commande est livrée par une tentative, et une commande qui en a eu est partie",
            "tentatives",
            "select t.num::text, case when t.resultat = 'echec' then 'une commande partie' else 'une commande livrée' end, o.statut
             from tentatives t join orders o on o.id = t.order_id
             where o.shipped_at is null or (t.resultat <> 'echec' and o.statut <> 'livree')
             union all
             select string_agg(num::text, ', '), 'une seule remise', count(*)::text
             from tentatives where resultat <> 'echec' group by order_id having count(*) > 1",
        ),
        Check::new(
            "livraison_quantites",
            "La quantité livrée est celle de la remise, corrections comprises",
            "order_items",
            "select v.item_id::text, v.remis::text, i.quantite_livree::text
             from lignes_livrees v join order_items i on i.id = v.item_id where v.remis <> i.quantite_livree",
        ),
        Check::new(
            "livraison_encaisse",
            "Le montant encaissé est celui de la remise",
            "orders",
            "select o.id::text, coalesce(t.montant_encaisse::text, 'rien'), coalesce(o.montant_encaisse::text, 'rien')
             from tentatives t join orders o on o.id = t.order_id
             where t.resultat <> 'echec' and o.montant_encaisse is distinct from t.montant_encaisse",
        ),
        // The first correction starts from the attempt, where there was one; each other one from the one before it.
        Check::new(
            "correction_suite",
            "Chaque correction part de ce que l'on croyait avant elle",
            "correction_lignes",
            "select 'correction ' || c.correction_id::text || ', ligne ' || c.item_id::text, c.before::text, c.told::text
             from (select l.correction_id, l.item_id, array[l.remis_avant, l.refuse_avant, l.abime_avant, l.manquant_avant] as told,
                          coalesce(lag(array[l.remis, l.refuse, l.abime, l.manquant])
                                       over (partition by l.item_id order by l.correction_id),
                                   array[t.remis, t.refuse, t.abime, t.manquant]) as before
                   from correction_lignes l
                   left join (select tl.* from tentative_lignes tl join tentatives a on a.num = tl.tentative
                              where a.resultat <> 'echec') t on t.item_id = l.item_id) c
             where c.before <> c.told and c.before[1] is not null",
        ),
        Check::new(
            "correction_lignes",
            "Une correction garde la quantité de chaque ligne, d'une commande livrée",
            "correction_lignes",
            "select 'correction ' || l.correction_id::text || ', ligne ' || l.item_id::text, i.quantity::text,
                    (l.remis + l.refuse + l.abime + l.manquant)::text
             from correction_lignes l join corrections c on c.id = l.correction_id
             left join order_items i on i.id = l.item_id and i.order_id = c.order_id
             left join orders o on o.id = c.order_id
             where i.id is null or o.statut <> 'livree' or l.remis + l.refuse + l.abime + l.manquant <> i.quantity
                or l.remis_avant + l.refuse_avant + l.abime_avant + l.manquant_avant <> i.quantity
             union all
             select 'correction ' || c.id::text, 'une ligne', null from corrections c
             where not exists (select from correction_lignes l where l.correction_id = c.id)",
        ),
        Check::new(
            "action_effet",
            "Chaque action appliquée a eu son effet, une fois",
            "livraison_actions",
            "select a.id::text,
                    case when a.type = 'prise_en_charge' then 'une commande partie' else 'sa tentative' end,
                    coalesce(t.order_id::text, a.etat)
             from livraison_actions a left join tentatives t on t.id = a.id left join orders o on o.id = a.order_id
             where case when a.etat <> 'appliquee' then a.etat <> 'conflit' or t.num is not null
                        when a.type = 'prise_en_charge' then o.shipped_at is null or t.num is not null
                        else t.num is null or t.order_id <> a.order_id or (t.resultat = 'echec') <> (a.type = 'probleme') end",
        ),
        Check::new(
            "preuve_contenu",
            "Une preuve est l'image qui fut reçue, ou son contenu fut effacé",
            "preuves",
            "select p.id::text, encode(p.sha256, 'hex'), coalesce(encode(sha256(p.octets), 'hex'), 'rien')
             from preuves p left join tentatives t on t.id = p.tentative_id
             where case when p.octets is null then p.effacee_le is null
                        else p.effacee_le is not null or sha256(p.octets) <> p.sha256 or octet_length(p.octets) <> p.taille end
                or (p.tentative_id is not null and t.order_id is distinct from p.order_id)",
        ),
    ]
}
