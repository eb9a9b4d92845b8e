//! The order as it stands in the form: one place that the parts of the form read and write.

use leptos::prelude::*;

use super::catalogue::{Catalogue, written};
use super::line::{Line, LineValues, article_id, box_of, demanded, quantity_id, short_lines, shortage};
use super::quick_entry::quick_entry;
use super::totals::{Totals, totals};
use crate::auth::server_functions::FormReturn;
use crate::clients::model::ClientChoice;
use crate::error::{AppError, ErrorCode};
use crate::orders::model::{MAX_LINES, NewOrder, NewOrderItem};
use crate::orders::sets::OrderCopy;
use crate::products::model::ProductChoice;
use crate::shared::{ClientId, ProductId};

/// Rows of a form that was just opened, and how many more "Plus de lignes" gives.
pub const ROWS: usize = 5;

/// The fields that are plain text, by their names in the contract.
pub const TEXTS: [&str; 10] = [
    "client_nom",
    "client_telephone",
    "client_email",
    "adresse_livraison",
    "code_postal",
    "ville",
    "date_livraison_prevue",
    "creneau_debut",
    "creneau_fin",
    "notes",
];

/// The order as it stands in the form.
#[derive(Debug, Clone, Copy)]
pub struct Draft {
    texts: StoredValue<Vec<RwSignal<String>>>,
    /// The client chosen among those known.
    pub client_id: RwSignal<Option<ClientId>>,
    /// The lines, blank ones too.
    pub lines: RwSignal<Vec<Line>>,
    /// What is wrong, by the id of its box.
    pub faults: RwSignal<Vec<(String, String)>>,
    /// Why the server refused.
    pub refusal: RwSignal<Option<AppError>>,
    /// Whether it is being saved, and whether confirmed with it.
    pub saving: RwSignal<Option<bool>>,
    /// Whether the browser has taken the form over.
    pub live: RwSignal<bool>,
    /// Whether something was typed that is not saved.
    pub touched: RwSignal<bool>,
    /// The articles known to the page.
    pub catalogue: StoredValue<Catalogue>,
    owner: StoredValue<Owner>,
    next_key: StoredValue<u32>,
}

impl Draft {
    /// The form as it is opened, or as a plain form came back.
    pub fn new(catalogue: Catalogue, back: &FormReturn) -> Self {
        let text = |name: &&str| RwSignal::new(back.value(name).unwrap_or_default().to_owned());
        let draft = Self {
            texts: StoredValue::new(TEXTS.iter().map(text).collect()),
            client_id: RwSignal::new(back.value("client_id").and_then(|id| id.parse().ok())),
            lines: RwSignal::new(Vec::new()),
            faults: RwSignal::new(Vec::new()),
            refusal: RwSignal::new(None),
            saving: RwSignal::new(None),
            live: RwSignal::new(false),
            touched: RwSignal::new(!back.values.is_empty()),
            catalogue: StoredValue::new(catalogue),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            next_key: StoredValue::new(0),
        };
        draft.take_rows(&back.values);
        if let Some(error) = &back.error {
            draft.refuse(error.clone(), &draft.filled_keys());
        }
        draft
    }

    fn take_rows(self, typed: &[(String, String)]) {
        let all = |name: &str| typed.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect::<Vec<_>>();
        let (articles, quantities) = (all("ligne_produit"), all("ligne_quantite"));
        let quantities = quantities.into_iter().chain(std::iter::repeat(String::new()));
        for (article, quantity) in articles.into_iter().zip(quantities) {
            if article.trim().is_empty() && quantity.trim().is_empty() {
                continue;
            }
            let line = self.add_line();
            let entry = quick_entry(&article);
            let product = self.catalogue.with_value(|c| c.exact(entry.article).cloned());
            match (entry.quantity, &product) {
                (Some(in_front), Some(product)) if quantity.trim().is_empty() => {
                    line.quantity.set(in_front.to_string());
                    line.article.set(written(product));
                }
                _ => {
                    line.quantity.set(quantity);
                    line.article.set(article);
                }
            }
            line.product.set(product);
        }
        let more = typed.iter().any(|(name, value)| name == "action" && value == "lignes");
        let filled = self.lines.with_untracked(Vec::len);
        let rows = if more { filled + ROWS } else { ROWS.max(filled + 1) };
        while self.lines.with_untracked(Vec::len) < rows.min(MAX_LINES) {
            self.add_line();
        }
    }

    /// Puts these articles on the lines, instead of what stands there.
    pub fn fill(self, articles: Vec<(ProductChoice, i64)>) {
        self.lines.set(Vec::new());
        for (product, quantity) in articles {
            self.put(product, quantity);
        }
        let rows = ROWS.max(self.lines.with_untracked(Vec::len) + 1).min(MAX_LINES);
        while self.lines.with_untracked(Vec::len) < rows {
            self.add_line();
        }
    }

    fn put(self, product: ProductChoice, quantity: i64) {
        let line = self.add_line();
        line.article.set(product.nom.clone());
        line.quantity.set(quantity.to_string());
        line.product.set(Some(product));
    }

    /// Takes another order as the model.
    pub fn take_copy(self, copy: &OrderCopy) {
        self.choose_client(&copy.client);
        if !copy.client_known {
            self.client_id.set(None);
        }
        self.fill(copy.lines.clone());
        // Nothing was typed yet that could be lost.
        self.touched.set(false);
    }

    /// The articles on the lines.
    pub fn products(self) -> Vec<ProductChoice> {
        untrack(|| self.values()).into_iter().filter_map(|line| line.product).collect()
    }

    /// How many of an article the lines ask for; `None` where there is no such line; tracked.
    pub fn quantity_of(self, id: ProductId) -> Option<i64> {
        let values = self.values();
        let there = values.iter().any(|line| line.product.as_ref().is_some_and(|product| product.id == id));
        there.then(|| demanded(&values, id))
    }

    /// Asks for so many of an article, or for none.
    pub fn set_quantity(self, id: ProductId, quantity: Option<i64>) {
        let is_it = |line: &Line| line.product.with_untracked(|product| product.as_ref().is_some_and(|p| p.id == id));
        let found = self.lines.with_untracked(|lines| lines.iter().find(|line| is_it(line)).copied());
        self.touched.set(true);
        match (found, quantity) {
            (Some(line), Some(quantity)) => line.quantity.set(quantity.to_string()),
            (Some(line), None) => {
                self.remove_line(line.key);
            }
            (None, Some(quantity)) => {
                let known = self.catalogue.with_value(|catalogue| catalogue.by_id(id).cloned());
                if let Some(product) = known {
                    self.lines.update(|lines| lines.retain(|line| !line.article.with_untracked(String::is_empty)));
                    self.put(product, quantity);
                    self.keep_blank_end();
                }
            }
            (None, None) => {}
        }
    }

    /// Adds articles to those known to the page, in front.
    pub fn learn(self, articles: &[ProductChoice]) {
        self.catalogue.update_value(|catalogue| *catalogue = catalogue.with(articles));
    }

    /// Writes the stock of now on the lines; what was said about their quantities no longer holds.
    pub fn refresh(self, fresh: &[ProductChoice]) {
        for line in self.lines.get_untracked() {
            let id = line.product.with_untracked(|product| product.as_ref().map(|product| product.id));
            if let Some(choice) = fresh.iter().find(|choice| Some(choice.id) == id) {
                line.product.set(Some(choice.clone()));
                self.clear_fault(&quantity_id(line.key));
            }
        }
    }

    /// Adds a blank line.
    pub fn add_line(self) -> Line {
        let key = self.next_key.get_value();
        self.next_key.set_value(key + 1);
        // Signals made in a handler would belong to nobody.
        let line = self.owner.with_value(|owner| owner.with(|| Line::new(key)));
        self.lines.update(|lines| lines.push(line));
        line
    }

    /// Keeps a blank line at the end.
    pub fn keep_blank_end(self) {
        let full = self.lines.with_untracked(|lines| {
            lines.len() < MAX_LINES && lines.last().is_none_or(|last| !last.article.with_untracked(String::is_empty))
        });
        if full {
            self.add_line();
        }
    }

    /// Takes a line away and gives the key of the one that takes its place.
    pub fn remove_line(self, key: u32) -> Option<u32> {
        let mut heir = None;
        self.lines.update(|lines| {
            if let Some(at) = lines.iter().position(|line| line.key == key) {
                lines.remove(at);
                heir = lines.get(at).or(lines.last()).map(|line| line.key);
            }
        });
        self.keep_blank_end();
        heir.or_else(|| self.lines.with_untracked(|lines| lines.last().map(|line| line.key)))
    }

    /// The line after this one.
    pub fn line_after(self, key: u32) -> Option<Line> {
        self.lines.with_untracked(|lines| {
            let at = lines.iter().position(|line| line.key == key)?;
            lines.get(at + 1).copied()
        })
    }

    /// The place of a line, from 1; tracked.
    pub fn place(self, key: u32) -> usize {
        self.lines.with(|lines| lines.iter().position(|line| line.key == key).map_or(0, |at| at + 1))
    }

    /// The signal of a text field.
    pub fn text(self, name: &str) -> RwSignal<String> {
        let at = TEXTS.iter().position(|text| *text == name).unwrap_or_default();
        self.texts.with_value(|texts| texts[at])
    }

    /// Everything that stands on the lines; tracked.
    pub fn values(self) -> Vec<LineValues> {
        self.lines.get().into_iter().map(Line::values).collect()
    }

    fn filled_keys(self) -> Vec<u32> {
        untrack(|| self.values()).iter().filter(|line| !line.is_blank()).map(|line| line.key).collect()
    }

    /// What it comes to, as far as the lines are understood; tracked.
    pub fn totals(self) -> Option<Totals> {
        totals(self.values().iter().filter_map(|line| {
            let product = line.product.as_ref()?;
            Some((product.prix, product.taux_tva, line.counted()?))
        }))
    }

    /// The warning of a line that asks for more than there is; tracked.
    pub fn shortage(self, line: Line) -> Option<String> {
        let product = line.product.get()?;
        shortage(product.disponible, demanded(&self.values(), product.id))
    }

    /// Puts a known client on the order.
    pub fn choose_client(self, client: &ClientChoice) {
        let fill = |name: &str, value: &Option<String>| self.text(name).set(value.clone().unwrap_or_default());
        self.text("client_nom").set(client.nom.clone());
        fill("client_telephone", &client.telephone);
        fill("client_email", &client.email);
        fill("adresse_livraison", &client.adresse);
        fill("code_postal", &client.code_postal);
        fill("ville", &client.ville);
        self.client_id.set(Some(client.id));
        self.touched.set(true);
        for name in &TEXTS[..6] {
            self.clear_fault(name);
        }
    }

    /// The order as it is sent.
    pub fn order(self, items: Vec<NewOrderItem>, confirm: bool) -> NewOrder {
        let optional = |name: &str| Some(self.text(name).get_untracked()).filter(|text| !text.trim().is_empty());
        NewOrder {
            client_id: self.client_id.get_untracked(),
            client_nom: self.text("client_nom").get_untracked(),
            client_telephone: optional("client_telephone"),
            client_email: optional("client_email"),
            adresse_livraison: optional("adresse_livraison"),
            code_postal: optional("code_postal"),
            ville: optional("ville"),
            latitude: None,
            longitude: None,
            notes: optional("notes"),
            date_livraison_prevue: optional("date_livraison_prevue"),
            creneau_debut: optional("creneau_debut"),
            creneau_fin: optional("creneau_fin"),
            items,
            confirmer: Some(confirm),
        }
    }

    /// What is wrong with a box; tracked.
    pub fn fault(self, id: &str) -> Option<String> {
        self.faults.with(|faults| faults.iter().find(|(at, _)| at == id).map(|(_, message)| message.clone()))
    }

    /// A box was changed: what was said about it no longer holds.
    pub fn clear_fault(self, id: &str) {
        if self.faults.with_untracked(|faults| faults.iter().any(|(at, _)| at == id)) {
            self.faults.update(|faults| faults.retain(|(at, _)| at != id));
        }
    }

    /// Shows a refusal at its boxes; `keys`: the lines that were sent.
    pub fn refuse(self, error: AppError, keys: &[u32]) {
        let mut faults: Vec<_> = error.errors.iter().map(|e| (box_of(&e.champ, keys), e.message.clone())).collect();
        if error.code == ErrorCode::InsufficientStock {
            faults.extend(self.note_shortages(&error));
        }
        self.faults.set(faults);
        self.refusal.set(Some(error));
    }

    /// Writes the stock that the refusal names on the lines, and a fault at each short one.
    fn note_shortages(self, error: &AppError) -> Vec<(String, String)> {
        let short = short_lines(error);
        let mut faults = Vec::new();
        for line in self.lines.get_untracked() {
            let Some(mut product) = line.product.get_untracked() else {
                continue;
            };
            let Some((_, disponible, demande)) = short.iter().find(|(id, ..)| *id == product.id) else {
                continue;
            };
            product.disponible = *disponible;
            line.product.set(Some(product));
            if let Some(message) = shortage(*disponible, *demande) {
                faults.push((quantity_id(line.key), message));
            }
        }
        faults
    }

    /// Whether an article is still being looked up; tracked.
    pub fn is_looking(self) -> bool {
        self.lines.get().iter().any(|line| line.looking.get())
    }

    /// The box where the next article goes: that of the first blank line.
    pub fn next_article_box(self) -> String {
        let blank = |line: &&Line| line.article.with_untracked(String::is_empty);
        let key = self.lines.with_untracked(|lines| lines.iter().find(blank).map(|line| line.key));
        article_id(key.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
