/// The two kinds of seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeatPool {
    /// One for each member with app access.
    App,
    /// One for each member with a back-office level above none.
    BackOffice,
}

impl SeatPool {
    /// Every pool.
    pub const ALL: [Self; 2] = [Self::App, Self::BackOffice];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::BackOffice => "back_office",
        }
    }
}

/// No seat is free in a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no seat is free in the pool `{}`", .pool.as_str())]
pub struct NoFreeSeat {
    /// The pool.
    pub pool: SeatPool,
}

/// One pool of one organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    /// Which one.
    pub pool: SeatPool,
    /// How many there are; `None` for no limit.
    pub limit: Option<u32>,
    /// How many are taken. Invariant: the number of memberships that take one.
    pub used: u32,
}

impl Seats {
    /// A pool without limit that nobody uses.
    pub const fn unlimited(pool: SeatPool) -> Self {
        Self { pool, limit: None, used: 0 }
    }

    /// How many may still be taken; `None` for no limit.
    pub fn free(&self) -> Option<u32> {
        self.limit.map(|limit| limit.saturating_sub(self.used))
    }

    /// Whether one more may be taken.
    pub fn has_free(&self) -> bool {
        self.free() != Some(0)
    }

    /// Whether more are taken than the limit allows, because it was lowered.
    pub fn is_over_allocated(&self) -> bool {
        self.limit.is_some_and(|limit| self.used > limit)
    }

    /// Takes one. Gives the threshold in percent (90 or 100) that this one reaches, if any.
    pub fn take(&mut self) -> Result<Option<u8>, NoFreeSeat> {
        if !self.has_free() {
            return Err(NoFreeSeat { pool: self.pool });
        }
        let before = self.threshold();
        self.used += 1;
        Ok(self.threshold().filter(|reached| before != Some(*reached)))
    }

    /// Gives one back.
    pub fn release(&mut self) {
        self.used = self.used.saturating_sub(1);
    }

    /// The highest threshold in percent (90 or 100) that the use has reached, if any.
    pub fn threshold(&self) -> Option<u8> {
        let limit = u64::from(self.limit?);
        let used = u64::from(self.used);
        match () {
            () if used >= limit => Some(100),
            () if used * 10 >= limit * 9 => Some(90),
            () => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_gives_exactly_its_limit() {
        let mut seats = Seats { pool: SeatPool::App, limit: Some(10), used: 0 };
        let reached: Vec<_> = (0..10).map(|_| seats.take().unwrap()).collect();

        assert_eq!(reached[7..], [None, Some(90), Some(100)]);
        assert_eq!(seats.take(), Err(NoFreeSeat { pool: SeatPool::App }));
        assert_eq!(seats.used, 10);
    }

    #[test]
    fn a_lowered_limit_throws_nobody_out_and_grants_nothing_more() {
        let mut seats = Seats { pool: SeatPool::App, limit: Some(1), used: 3 };

        assert!(seats.is_over_allocated());
        assert!(seats.take().is_err());
        seats.release();
        seats.release();
        assert!(seats.take().is_err(), "one of one is still taken");
    }
}
