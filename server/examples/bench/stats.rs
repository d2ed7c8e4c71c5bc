//! Figures out of samples: percentiles, and whether two sets of samples could be of one kind.

use std::time::Duration;

/// Milliseconds of a span.
pub(crate) fn ms(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}

/// The sample below which so many of a thousand lie; zero of none.
pub(crate) fn per_mille(samples: &[f64], rank: usize) -> f64 {
    let sorted = sorted(samples);
    let last = sorted.len().saturating_sub(1);
    sorted.get((last * rank + 500) / 1000).copied().unwrap_or_default()
}

/// The sample in the middle.
pub(crate) fn median(samples: &[f64]) -> f64 {
    per_mille(samples, 500)
}

/// How likely two sets of one kind lie at least this far apart: the two-sample Kolmogorov–Smirnov test, by the
/// asymptotic distribution with Stephens' correction for small sets.
pub(crate) fn kolmogorov_smirnov(one: &[f64], other: &[f64]) -> f64 {
    let (n, m) = (one.len() as f64, other.len() as f64);
    if one.is_empty() || other.is_empty() {
        return 1.0;
    }
    let root = (n * m / (n + m)).sqrt();
    tail((root + 0.12 + 0.11 / root) * distance(one, other))
}

/// The greatest distance between the two distributions.
fn distance(one: &[f64], other: &[f64]) -> f64 {
    let (one, other) = (sorted(one), sorted(other));
    let share =
        |samples: &[f64], at: f64| samples.partition_point(|sample| *sample <= at) as f64 / samples.len() as f64;
    let apart = |at: &f64| (share(&one, *at) - share(&other, *at)).abs();
    one.iter().chain(&other).map(apart).fold(0.0, f64::max)
}

/// Kolmogorov's distribution from `at` upwards.
fn tail(at: f64) -> f64 {
    if at < 0.2 {
        // The series converges slowly there, and the tail is all but everything.
        return 1.0;
    }
    let term = |k: i32| {
        let sign = if k % 2 == 1 { 2.0 } else { -2.0 };
        sign * (-2.0 * f64::from(k * k) * at * at).exp()
    };
    (1..=100).map(term).sum::<f64>().clamp(0.0, 1.0)
}

fn sorted(samples: &[f64]) -> Vec<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_samples() {
        let samples: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert!((median(&samples) - 50.0).abs() < 1e-9 && (per_mille(&samples, 950) - 95.0).abs() < 1e-9);
        assert!(median(&[]).abs() < 1e-9 && (per_mille(&[7.0], 990) - 7.0).abs() < 1e-9);
    }

    #[test]
    fn likeness_is_judged_as_the_tables_do() {
        // Kolmogorov's distribution: 1.3581 leaves 5 %, 1.6276 leaves 1 %.
        assert!((tail(1.3581) - 0.05).abs() < 1e-3 && (tail(1.6276) - 0.01).abs() < 1e-3);
        let even: Vec<f64> = (0..200).map(f64::from).collect();
        let moved: Vec<f64> = even.iter().map(|sample| sample + 50.0).collect();
        assert!(kolmogorov_smirnov(&even, &even) > 0.99);
        assert!(kolmogorov_smirnov(&even, &moved) < 1e-4);
    }
}
