//! All ways to ask about access give one answer, whatever the size of a page.

use varco_domain::{PermissionKey, SubjectId, UnitId};

use crate::access::{Access, Flaw};
use crate::mistake;
use crate::operation::Cast;
use crate::stages::Stage;

const PAGE_SIZES: [usize; 5] = [1, 2, 16, 53, 1000];

/// Walks the pages of a list; `None` if one is too long or the walk does not end.
fn walk<T: Copy>(page_size: usize, page: impl Fn(Option<T>, usize) -> Vec<T>) -> Option<Vec<T>> {
    let mut all: Vec<T> = Vec::new();
    loop {
        let next = page(all.last().copied(), page_size);
        if next.len() > page_size || all.len() > 10_000 {
            return None;
        }
        let is_last = next.len() < page_size;
        all.extend(next);
        if is_last {
            return Some(all);
        }
    }
}

fn singles_agree(access: &Access<'_>, cast: &Cast, subject: SubjectId, unit: UnitId) -> bool {
    let is_allowed = |key: &&PermissionKey| access.decide(subject, key.as_str(), unit).is_allowed();
    let allowed: Vec<_> = cast.permissions.iter().filter(is_allowed).collect();
    let explained = cast.permissions.iter().all(|key| {
        let explanation = access.explain(subject, key.as_str(), unit);
        let is_granted = !explanation.granting_roles.is_empty();
        explanation.decision == access.decide(subject, key.as_str(), unit)
            && (!explanation.decision.is_allowed() || is_granted)
    });
    explained && access.permissions(subject, unit).iter().eq(allowed)
}

fn units_agree(access: &Access<'_>, cast: &Cast, subject: SubjectId, permission: &str) -> bool {
    let mut allowed = cast.units.clone();
    allowed.retain(|unit| access.decide(subject, permission, *unit).is_allowed());
    allowed.sort();
    PAGE_SIZES.into_iter().all(|size| {
        walk(size, |after, limit| access.units_with(subject, permission, after, limit)).as_ref() == Some(&allowed)
    })
}

fn subjects_agree(access: &Access<'_>, cast: &Cast, permission: &str, unit: UnitId) -> bool {
    let mut allowed = cast.subjects.clone();
    allowed.retain(|subject| access.decide(*subject, permission, unit).is_allowed());
    allowed.sort();
    PAGE_SIZES.into_iter().all(|size| {
        walk(size, |after, limit| access.subjects_with(permission, unit, after, limit)).as_ref() == Some(&allowed)
    })
}

fn agrees(access: &Access<'_>, cast: &Cast) -> bool {
    let permissions = || cast.permissions.iter().map(PermissionKey::as_str).chain(["eagle:no.such", ""]);
    cast.subjects.iter().all(|subject| {
        cast.units.iter().all(|unit| singles_agree(access, cast, *subject, *unit))
            && permissions().all(|key| units_agree(access, cast, *subject, key))
    }) && cast.units.iter().all(|unit| permissions().all(|key| subjects_agree(access, cast, key, *unit)))
}

/// Whether everything agrees in random worlds, some of them of a few units, some of many.
fn worlds_agree(flaw: Flaw) -> bool {
    [(20, 120), (4, 900)].into_iter().all(|(worlds, steps)| {
        (0..worlds).all(|seed| {
            let mut stage = Stage::new(2000 + seed, mistake::NONE);
            (0..steps).for_each(|_| drop(stage.step()));
            let access = Access { index: &stage.index, organization: stage.world.organization, flaw };
            agrees(&access, &stage.cast)
        })
    })
}

#[test]
fn check_explain_permissions_units_and_subjects_agree() {
    assert!(worlds_agree(Flaw::None));
}

#[test]
fn control_every_flaw_is_a_disagreement() {
    for flaw in Flaw::ALL {
        assert!(!worlds_agree(flaw), "{flaw:?}");
    }
}
