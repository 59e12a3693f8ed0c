use std::cmp::Reverse;
use std::collections::BinaryHeap;

use varco_domain::SubjectId;

/// Several ordered rows of subjects as one, each subject once.
pub(super) struct Merged<'a> {
    rows: Vec<Box<dyn Iterator<Item = SubjectId> + 'a>>,
    /// The next subject of each row that has one.
    heads: BinaryHeap<Reverse<(SubjectId, usize)>>,
}

impl<'a> Merged<'a> {
    pub(super) fn new<R: Iterator<Item = SubjectId> + 'a>(rows: impl Iterator<Item = R>) -> Self {
        let mut merged = Self { rows: Vec::new(), heads: BinaryHeap::new() };
        for (place, row) in rows.enumerate() {
            merged.rows.push(Box::new(row));
            merged.pull(place);
        }
        merged
    }

    fn pull(&mut self, place: usize) {
        self.heads.extend(self.rows[place].next().map(|subject| Reverse((subject, place))));
    }
}

impl Iterator for Merged<'_> {
    type Item = SubjectId;

    fn next(&mut self) -> Option<SubjectId> {
        let Reverse((subject, _)) = *self.heads.peek()?;
        while let Some(Reverse((other, place))) = self.heads.peek()
            && *other == subject
        {
            let place = *place;
            self.heads.pop();
            self.pull(place);
        }
        Some(subject)
    }
}
