//! Cells, their pages and explanations against the naive model.

use varco_decision::{Cell, CellFilter, Index, Origin, Question};
use varco_domain::{SubjectId, UnitId};

use crate::dice;
use crate::mistake::{self, Mistake};
use crate::naive::Naive;
use crate::stages::Stage;

fn naive_cell(naive: &Naive, subject: SubjectId, unit: UnitId) -> Cell {
    let entry = naive.entries.get(&(subject, unit));
    let (roles, source) = naive.effective(subject, unit);
    let mut roles: Vec<_> = roles.into_iter().collect();
    roles.sort();
    let origin = match source {
        Some(source) => Origin::Inherited { source },
        None if entry.is_some() => Origin::Direct,
        None => Origin::Nothing,
    };
    let (propagates, barrier) = entry.map_or((false, false), |entry| (entry.propagates, entry.barrier));
    Cell { subject, unit, roles, origin, propagates, barrier }
}

/// Every pair that the model knows and the filter lets through, in order.
fn naive_cells(naive: &Naive, filter: &CellFilter<'_>) -> Vec<Cell> {
    let mut subjects: Vec<_> = naive.members.keys().copied().filter(|subject| naive.is_member(*subject)).collect();
    subjects.retain(|subject| filter.subjects.is_empty() || filter.subjects.contains(subject));
    let mut units: Vec<_> = naive.parents.keys().copied().collect();
    units.retain(|unit| filter.units.is_empty() || filter.units.contains(unit));
    subjects.sort();
    units.sort();
    let pairs = subjects.into_iter().flat_map(|subject| units.iter().map(move |unit| (subject, *unit)));
    let is_occupied = |(subject, unit): &(SubjectId, UnitId)| {
        naive.entries.contains_key(&(*subject, *unit)) || !naive.effective(*subject, *unit).0.is_empty()
    };
    pairs.filter(is_occupied).map(|(subject, unit)| naive_cell(naive, subject, unit)).collect()
}

fn walk(stage: &Stage, filter: &CellFilter<'_>, page_size: usize) -> Vec<Cell> {
    let mut all: Vec<Cell> = Vec::new();
    loop {
        let after = all.last().map(|cell| (cell.subject, cell.unit));
        let page = stage.index.at(dice::NOW).cells(stage.world.organization, filter, after, page_size);
        let is_last = page.len() < page_size;
        all.extend(page);
        if is_last {
            return all;
        }
    }
}

fn lists_agree(stage: &mut Stage) -> bool {
    let some_subjects = stage.dice.some(&stage.cast.subjects, 4);
    let some_units = stage.dice.some(&stage.cast.units, 6);
    let filters = [
        CellFilter::default(),
        CellFilter { subjects: &some_subjects, units: &[] },
        CellFilter { subjects: &[], units: &some_units },
        CellFilter { subjects: &some_subjects, units: &some_units },
    ];
    filters.iter().all(|filter| {
        let expected = naive_cells(&stage.naive, filter);
        [1, 2, 16, 53, 1000].into_iter().all(|page_size| walk(stage, filter, page_size) == expected)
    })
}

/// The units from one upwards to where the search for roles ends.
fn naive_walk(naive: &Naive, subject: SubjectId, unit: UnitId) -> Vec<UnitId> {
    let mut walked = vec![unit];
    let mut next = naive.parents[&unit].filter(|_| !naive.entries.contains_key(&(subject, unit)));
    while let Some(unit) = next {
        walked.push(unit);
        let entry = naive.entries.get(&(subject, unit));
        next = naive.parents[&unit].filter(|_| !entry.is_some_and(|entry| entry.propagates || entry.barrier));
    }
    walked
}

fn explanations_agree(stage: &Stage) -> bool {
    let pairs =
        stage.cast.subjects.iter().flat_map(|subject| stage.cast.units.iter().map(move |unit| (*subject, *unit)));
    pairs.into_iter().all(|(subject, unit)| {
        let permission = stage.cast.permissions[0].as_str();
        let organization = stage.world.organization;
        let explanation = stage.index.at(dice::NOW).explain(&Question { organization, subject, permission, unit });
        if !stage.naive.is_member(subject) || !stage.naive.parents.contains_key(&unit) {
            return explanation.cell.is_none() && explanation.walked_units.is_empty();
        }
        explanation.cell == Some(naive_cell(&stage.naive, subject, unit))
            && explanation.cell == stage.index.at(dice::NOW).cell(organization, subject, unit)
            && explanation.walked_units == naive_walk(&stage.naive, subject, unit)
    })
}

fn worlds_agree(mistake: Mistake) -> bool {
    (0..25).all(|seed| {
        let mut stage = Stage::new(3000 + seed, mistake);
        (0..20).all(|_| {
            (0..10).for_each(|_| drop(stage.step()));
            lists_agree(&mut stage) && explanations_agree(&stage)
        })
    })
}

#[test]
fn cells_and_explanations_agree_with_the_naive_model() {
    assert!(worlds_agree(mistake::NONE));
}

#[test]
fn control_an_index_that_misreads_has_other_cells() {
    for mistake in mistake::MISREAD.into_iter().chain([mistake::TIMELESS]) {
        assert!(!worlds_agree(mistake), "{}", mistake.name);
    }
}

#[test]
fn an_unknown_organization_has_nothing() {
    let stage = Stage::new(1, mistake::NONE);
    let unknown = dice::organization(5);
    let (subject, unit, permission) = (stage.cast.subjects[0], stage.cast.units[0], stage.cast.permissions[0].as_str());
    assert_eq!(stage.index.at(dice::NOW).cell(unknown, subject, unit), None);
    assert!(stage.index.at(dice::NOW).cells(unknown, &CellFilter::default(), None, 10).is_empty());
    assert!(stage.index.at(dice::NOW).units_with(unknown, subject, permission, None, 10).is_empty());
    assert!(stage.index.at(dice::NOW).subjects_with(unknown, permission, unit, None, 10).is_empty());
    assert!(Index::default().facts().is_empty());
}
