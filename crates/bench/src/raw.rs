//! The floor of a sign-in: bare argon2id with the parameters of production, on all cores, with memory
//! that is used again.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Hashes on every core for so long. Gives the hashes per second.
pub(crate) fn hashes_per_second(length: Duration) -> anyhow::Result<f64> {
    let cores = thread::available_parallelism()?.get();
    let start = Instant::now();
    let counts: Vec<u32> = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(move || hash_until(start + length))).collect();
        threads.into_iter().map(|thread| thread.join().expect("hashing does not panic")).collect()
    });
    Ok(f64::from(counts.iter().sum::<u32>()) / start.elapsed().as_secs_f64())
}

fn hash_until(end: Instant) -> u32 {
    let params = Params::new(19_456, 2, 1, Some(32)).expect("argon2 allows the parameters of production");
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut memory = vec![Block::new(); hasher.params().block_count()];
    let (mut tag, mut count) = ([0; 32], 0);
    while Instant::now() < end {
        let result = hasher.hash_password_into_with_memory(&tag.clone(), &[7; 16], &mut tag, &mut memory);
        result.expect("the memory is large enough");
        black_box(&tag);
        count += 1;
    }
    count
}
