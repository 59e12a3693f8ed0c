use varco_application::storage::Page;

/// Of the items of one page. Below what the port sends, so that the rest of the response has room.
const MAX_PAGE_BYTES: usize = 3 * 1024 * 1024;

/// Cuts a page to what fits into one response, one item at least. The next page goes on behind it.
pub(crate) fn fitting<T>(mut page: Page<T>, size: impl Fn(&T) -> usize) -> Page<T> {
    let ends = page.items.iter().scan(0, |end, item| {
        *end += size(item);
        Some(*end)
    });
    let count = ends.take_while(|end| *end <= MAX_PAGE_BYTES).count().max(1);
    if count < page.items.len() {
        page.items.truncate(count);
        page.has_more = true;
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_fits_stays_as_it_is() {
        let page = Page { items: vec![1, 2, 3], has_more: false };
        assert_eq!(fitting(page.clone(), |_| MAX_PAGE_BYTES / 3), page);
    }

    #[test]
    fn a_page_that_does_not_fit_is_cut_but_never_empty() {
        let page = || Page { items: vec![1, 2, 3], has_more: false };
        assert_eq!(fitting(page(), |_| MAX_PAGE_BYTES / 2), Page { items: vec![1, 2], has_more: true });
        assert_eq!(fitting(page(), |_| MAX_PAGE_BYTES + 1), Page { items: vec![1], has_more: true });
    }
}
