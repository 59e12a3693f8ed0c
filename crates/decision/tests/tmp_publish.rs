#![allow(warnings)]
use std::time::Instant;
use std::hint::black_box;
use varco_decision::*;
use varco_domain::*;
struct Random(u64);
impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
    fn below(&mut self, limit: u64) -> u64 { self.next() % limit }
}
fn bytes(k: u64, n: u64) -> [u8; 10] {
    let mut b = [0; 10];
    b[..2].copy_from_slice(&(n as u16).to_be_bytes());
    b[2..].copy_from_slice(&Random(k << 48 | n).next().to_be_bytes());
    b
}
fn ts(n: u64) -> Timestamp { Timestamp::EPOCH }
fn user(n: u64) -> UserId { let mut b = bytes(2, n); b[..8].copy_from_slice(&n.to_be_bytes()); UserId::generate(ts(n), b) }
fn unit(n: u64) -> UnitId { let mut b = bytes(3, n); b[..8].copy_from_slice(&n.to_be_bytes()); UnitId::generate(ts(n), b) }
fn role(n: u64) -> RoleId { RoleId::generate(ts(n), bytes(4, n)) }
fn entry(r: &mut Random) -> Entry {
    Entry { roles: [role(r.below(50)), role(r.below(50))].into(), propagates: r.below(2) == 0, barrier: false }
}
fn rss() -> u64 {
    let s = std::fs::read_to_string("/proc/self/statm").unwrap();
    s.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}
fn world(users: u64) -> Index {
    let o = OrganizationId::generate(Timestamp::EPOCH, [0; 10]);
    let mut ix = Index::default();
    let perms: Vec<_> = (0..200).map(|i| PermissionKey::parse(&format!("bench:things{i}.edit")).unwrap()).collect();
    ix.apply(&Fact::Catalog { key: CatalogKey::parse("bench").unwrap(), permissions: perms.clone() });
    ix.apply(&Fact::Subscribed { organization: o, catalog: CatalogKey::parse("bench").unwrap() });
    for n in 0..10_000 { ix.apply(&Fact::Unit { organization: o, unit: unit(n), parent: (n > 0).then(|| unit((n - 1) / 6)) }); }
    for n in 0..50 { let mut r = Random(n + 1); ix.apply(&Fact::Role { organization: o, role: role(n), permissions: (0..20).map(|_| perms[r.below(200) as usize].clone()).collect() }); }
    let mut r = Random(42);
    let before = rss();
    for n in 0..users {
        ix.apply(&Fact::Member { organization: o, subject: SubjectId::User(user(n)), app_access: true });
        ix.apply(&Fact::Account { user: user(n), status: UserStatus::Active });
        for _ in 0..3 { let u = unit(r.below(10_000)); ix.apply(&Fact::Entry { organization: o, subject: SubjectId::User(user(n)), unit: u, entry: entry(&mut r) }); }
    }
    println!("{users}: {} bytes per assignment (rss)", (rss() - before) / (3 * users));
    ix
}
#[test]
fn tmp_publish() {
    let o = OrganizationId::generate(Timestamp::EPOCH, [0; 10]);
    let worlds = [(1000, world(1000)), (100_000, world(100_000))];
    for round in 0..5 {
        let mut p = vec![]; let mut d = vec![];
        for (users, ix) in &worlds {
            let mut r = Random(3);
            let facts: Vec<_> = (0..3000).map(|_| Fact::Entry { organization: o, subject: SubjectId::User(user(r.below(*users))), unit: unit(r.below(10_000)), entry: entry(&mut r) }).collect();
            let mut best = f64::MAX;
            for _ in 0..3 {
            let mut cur = ix.clone();
            let s = Instant::now();
            for f in &facts { let mut next = cur.clone(); next.apply(f); cur = next; }
            best = best.min(s.elapsed().as_nanos() as f64 / 3000.0);
            }
            p.push(best);
            let qs: Vec<_> = (0..100_000).map(|_| (user(r.below(*users)), format!("bench:things{}.edit", r.below(200)), unit(r.below(10_000)))).collect();
            let s = Instant::now();
            for (u, k, n) in &qs { black_box(ix.decide(&Question { organization: o, subject: SubjectId::User(*u), permission: k, unit: *n })); }
            d.push(s.elapsed().as_nanos() as f64 / 100_000.0);
        }
        println!("publish {:.0} {:.0} = {:.2}   decide {:.0} {:.0} = {:.2}", p[0], p[1], p[1] / p[0], d[0], d[1], d[1] / d[0]);
    }
}
