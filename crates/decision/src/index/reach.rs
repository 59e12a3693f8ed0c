use super::member::Member;
use varco_domain::UnitId;

/// Units, by identifier.
pub(super) type UnitRow<'a> = Box<dyn Iterator<Item = (UnitId, u32)> + 'a>;

impl<'a> Member<'a> {
    /// Every unit behind `after` where the member has an entry or roles, among others.
    ///
    /// If few units are in reach, they are gathered and sorted; if many, one finds them fast by
    /// going through all units in order. Weighing the two against each other bounds the cost of a
    /// page by the square root of page size times tree size, whatever the member holds.
    pub(super) fn reach(&self, after: Option<UnitId>, limit: usize) -> UnitRow<'a> {
        let units = &self.organization.units;
        let most = limit.saturating_mul(units.count()).isqrt().max(limit);
        let Some(few) = self.gather(most) else { return Box::new(units.behind(after)) };
        let mut few: Vec<_> = few.into_iter().map(|number| (units.id(number), number)).collect();
        few.retain(|(id, number)| units.exists(*number) && after.is_none_or(|after| after < *id));
        few.sort_unstable();
        Box::new(few.into_iter())
    }

    /// The units with an entry and those fed from one, unless they are more than `most`.
    fn gather(&self, most: usize) -> Option<Vec<u32>> {
        let mut found = Vec::new();
        for (unit, entry) in self.entries.iter() {
            found.push(unit);
            let mut open = if entry.feeds() { vec![unit] } else { Vec::new() };
            while let Some(unit) = open.pop() {
                for child in self.organization.units.children(unit) {
                    match self.entries.find(child) {
                        Some(entry) if entry.propagates || entry.barrier => continue,
                        Some(_) => (),
                        None => found.push(child),
                    }
                    open.push(child);
                    if found.len() > most {
                        return None;
                    }
                }
            }
        }
        (found.len() <= most).then_some(found)
    }
}
