use argon2::Params;

use super::stored::TAG_LENGTH;

/// How much an argon2id hash costs. One lane: the cores are busy with the hashes of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashParameters {
    /// In KiB.
    memory: u32,
    passes: u32,
}

impl HashParameters {
    /// 19 MiB, two passes: the least that OWASP's cheat sheet on password storage recommends, which
    /// takes about 20 milliseconds.
    pub const PRODUCTION: Self = Self { memory: 19_456, passes: 2 };

    /// As little as argon2 allows. Protects nothing: for tests that are about something else.
    pub const FOR_TESTS: Self = Self { memory: Self::MIN_MEMORY, passes: 1 };

    const MIN_MEMORY: u32 = 8;
    /// 1 GiB. A stored hash that claims more is damaged, and no reason to ask the system for it.
    const MAX_MEMORY: u32 = 1 << 20;
    const MAX_PASSES: u32 = 100;

    /// So much memory in KiB, so many passes over it. `None` if that is out of all proportion.
    pub fn new(memory: u32, passes: u32) -> Option<Self> {
        let is_sane = (Self::MIN_MEMORY..=Self::MAX_MEMORY).contains(&memory);
        (is_sane && (1..=Self::MAX_PASSES).contains(&passes)).then_some(Self { memory, passes })
    }

    pub(super) fn of(params: &Params) -> Option<Self> {
        (params.p_cost() == 1).then(|| Self::new(params.m_cost(), params.t_cost()))?
    }

    pub(super) fn to_argon2(self) -> Params {
        let params = Params::new(self.memory, self.passes, 1, Some(TAG_LENGTH));
        params.expect("what `new` and the constants allow, argon2 allows")
    }

    /// Whether a hash made with these should be made anew with others. Less of either is weaker:
    /// more passes do not make up for memory.
    pub(super) fn is_weaker_than(self, other: Self) -> bool {
        self.memory < other.memory || self.passes < other.passes
    }
}
