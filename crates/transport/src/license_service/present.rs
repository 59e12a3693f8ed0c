use varco_domain::{SeatPool, Seats};
use varco_proto::v1;

use crate::fields::Fields;

/// One pool as the wire shows it.
pub(super) fn usage(seats: &Seats) -> v1::SeatUsage {
    v1::SeatUsage {
        pool: pool(seats.pool).into(),
        limit: seats.limit,
        used: seats.used,
        free: seats.free(),
        over_allocated: seats.is_over_allocated(),
    }
}

fn pool(pool: SeatPool) -> v1::SeatPool {
    match pool {
        SeatPool::App => v1::SeatPool::App,
        SeatPool::BackOffice => v1::SeatPool::BackOffice,
    }
}

/// Which pool a request names.
pub(super) fn parse_pool(fields: &mut Fields, path: &str, number: i32) -> Option<SeatPool> {
    let pool = match v1::SeatPool::try_from(number) {
        Ok(v1::SeatPool::App) => Some(SeatPool::App),
        Ok(v1::SeatPool::BackOffice) => Some(SeatPool::BackOffice),
        Ok(v1::SeatPool::Unspecified) | Err(_) => None,
    };
    fields.parse(path, pool.ok_or("must be one of APP, BACK_OFFICE"))
}
