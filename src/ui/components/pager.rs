//! From one page of a list to the next: links that keep the rest of the URL.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::shared::Page;
use crate::ui::query::{QueryPairs, href_with};

/// Where one is in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageInfo {
    /// This page, from 1.
    pub page: i64,
    /// The last page.
    pub pages: i64,
    /// Rows on this page.
    pub rows: i64,
    /// Rows a page.
    pub per_page: i64,
    /// Rows in all.
    pub total: i64,
    /// There are more than `total`.
    pub capped: bool,
}

impl PageInfo {
    /// Of a page that was read.
    pub fn of<T>(page: &Page<T>) -> Self {
        Self {
            page: page.page.unwrap_or(1),
            pages: page.pages.unwrap_or(1),
            rows: i64::try_from(page.items.len()).unwrap_or(0),
            per_page: page.per_page,
            total: page.total.unwrap_or(0),
            capped: page.total_plafonne,
        }
    }

    /// `26–50 sur 1 204`
    pub fn summary(self) -> String {
        let french = |n: i64| crate::ui::format::number(n);
        let total = format!("{}{}", if self.capped { "plus de " } else { "" }, french(self.total));
        if self.rows == 0 {
            return format!("0 sur {total}");
        }
        let first = (self.page - 1) * self.per_page + 1;
        format!("{}–{} sur {total}", french(first), french(first + self.rows - 1))
    }

    /// `plus de 10 000 commandes`
    pub fn spoken(self, one: &str, many: &str) -> String {
        let more = if self.capped { "plus de " } else { "" };
        format!("{more}{}", crate::shared::text::count(self.total.max(self.rows), one, many))
    }

    /// The pages worth a link: the first, the last, this one and its neighbours; `None` where some are left out.
    pub fn steps(self) -> Vec<Option<i64>> {
        let mut steps = Vec::new();
        let mut last = 0;
        for page in 1..=self.pages.max(1) {
            if page == 1 || page == self.pages || (page - self.page).abs() <= 1 {
                if page > last + 1 {
                    steps.push(None);
                }
                steps.push(Some(page));
                last = page;
            }
        }
        steps
    }
}

/// What is shown of how many, and links to the other pages.
#[component]
pub fn Pager(
    /// Where one is.
    info: PageInfo,
    /// Path of the list.
    #[prop(into)]
    path: String,
    /// The URL's parameters, kept but for `page`.
    query: QueryPairs,
) -> impl IntoView {
    let href = move |page: i64| {
        let page = page.to_string();
        href_with(&path, &query, &[("page", (page != "1").then_some(page.as_str()))])
    };
    let arrow = |href: Option<String>, rel: &'static str, name: &'static str, icon: Glyph| match href {
        Some(href) => view! {
            <a class="pager-link" href=href rel=rel aria-label=name>
                <Icon of=icon/>
            </a>
        }
        .into_any(),
        None => view! {
            <span class="pager-link" aria-disabled="true">
                <Icon of=icon/>
            </span>
        }
        .into_any(),
    };
    let before = arrow((info.page > 1).then(|| href(info.page - 1)), "prev", "Page précédente", Glyph::ChevronLeft);
    let after =
        arrow((info.page < info.pages).then(|| href(info.page + 1)), "next", "Page suivante", Glyph::ChevronRight);
    let steps: Vec<_> = info
        .steps()
        .into_iter()
        .map(|step| match step {
            Some(page) => view! {
                <a
                    class="pager-link"
                    href=href(page)
                    aria-label=format!("Page {page}")
                    aria-current=(page == info.page).then_some("page")
                >
                    {page}
                </a>
            }
            .into_any(),
            None => view! { <span aria-hidden="true">"…"</span> }.into_any(),
        })
        .collect();
    view! {
        <nav class="pager" aria-label="Pages">
            <span>{info.summary()}</span>
            {(info.pages > 1).then(|| view! { <div class="pager-links">{before} {steps} {after}</div> })}
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_pages_are_left_out() {
        let info = PageInfo { page: 5, pages: 10, rows: 25, per_page: 25, total: 250, capped: false };
        assert_eq!(info.steps(), [Some(1), None, Some(4), Some(5), Some(6), None, Some(10)]);
        assert_eq!(info.summary(), "101–125 sur 250");
        let only = PageInfo { page: 1, pages: 0, rows: 0, per_page: 25, total: 0, capped: false };
        assert_eq!((only.steps(), only.summary()), (vec![Some(1)], "0 sur 0".to_owned()));
    }
}
