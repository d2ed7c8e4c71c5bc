//! Who is asked what: a few of the questions, picked by 32 bytes that are handed in. R16, R22.
//!
//! The bytes are a keyed hash over the tenant and the canonical name. Bytes that change once somebody has succeeded
//! tell whoever looks before and after that there is somebody.

use super::{Question, QuestionPolicy};

/// What this person is asked: a few of the questions that they have answered. Those that the tenant has taken away are
/// asked only where too few others are left, since no decoy is asked them. None where too few are answered.
pub fn asked(answered: &[Question], policy: &QuestionPolicy, picks: &[u8; 32]) -> Option<Vec<Question>> {
    let offered = policy.questions();
    let n_asked = n_asked(policy)?;
    let still: Vec<Question> = answered.iter().copied().filter(|one| offered.contains(one)).collect();
    drawn(still, n_asked, picks).or_else(|| drawn(answered.to_vec(), n_asked, picks))
}

/// What somebody unknown is asked: as many, out of all that the tenant has, and the same until these change. R22.
pub fn decoys(policy: &QuestionPolicy, picks: &[u8; 32]) -> Option<Vec<Question>> {
    drawn(policy.questions(), n_asked(policy)?, picks)
}

/// As many as a reset asks, of known and unknown people alike; none where the tenant has fewer.
fn n_asked(policy: &QuestionPolicy) -> Option<usize> {
    policy.is_enough().then_some(policy.n_reset() as usize)
}

/// Draws without putting back. Each draw takes four bytes, so that no question of a hundred is likelier than another by
/// more than one in forty millions.
fn drawn(mut pool: Vec<Question>, n: usize, picks: &[u8; 32]) -> Option<Vec<Question>> {
    pool.sort_unstable();
    pool.dedup();
    let (numbers, _) = picks.as_chunks::<4>();
    if pool.len() < n || numbers.len() < n {
        return None;
    }
    let draw = |number: &[u8; 4]| {
        let at = u32::from_le_bytes(*number) as usize % pool.len();
        pool.remove(at)
    };
    Some(numbers.iter().take(n).map(draw).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::questions::{OwnQuestion, Predefined, QuestionText};
    use crate::ids::QuestionId;
    use proptest::prelude::*;
    use proptest::sample::subsequence;
    use std::collections::HashSet;
    use uuid::Uuid;

    fn policy(predefined: Vec<Predefined>, n_reset: u32) -> QuestionPolicy {
        QuestionPolicy {
            predefined,
            n_reset,
            ..QuestionPolicy::default()
        }
    }

    fn questions(picked: &[Predefined]) -> Vec<Question> {
        picked.iter().copied().map(Question::Predefined).collect()
    }

    /// Bytes as a keyed hash would give them, by `SplitMix64`.
    fn picks(seed: u64) -> [u8; 32] {
        let mut state = seed;
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_exact_mut(8) {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes());
        }
        bytes
    }

    #[test]
    fn r22_each_question_and_each_place_is_about_as_likely_as_any_other() {
        let policy = policy(Predefined::DEFAULT.to_vec(), 3);
        let n_people = 30_000;
        let mut counts = vec![[0_u32; 3]; 10];
        let all = policy.questions();
        for seed in 0..n_people {
            for (place, question) in decoys(&policy, &picks(seed)).expect("enough").into_iter().enumerate() {
                let at = all
                    .iter()
                    .position(|one| *one == question)
                    .expect("one of the tenant's");
                counts[at][place] += 1;
            }
        }
        // 3000 each are expected, with a standard deviation of 52.
        assert!(counts.iter().flatten().all(|n| (2740..=3260).contains(n)), "{counts:?}");
    }

    #[test]
    fn r22_who_answered_all_questions_is_asked_like_somebody_unknown() {
        let policy = policy(Predefined::DEFAULT[..5].to_vec(), 3);
        for seed in 0..200 {
            let mut answered = policy.questions();
            answered.reverse();
            assert_eq!(asked(&answered, &policy, &picks(seed)), decoys(&policy, &picks(seed)));
        }
    }

    #[test]
    fn r22_questions_taken_away_are_asked_only_where_too_few_others_are_left() {
        let answered = questions(&Predefined::ALL[..5]);
        let drawn_from = |picked: &[Predefined]| {
            let policy = policy(picked.to_vec(), 3);
            let draws = (0..200).filter_map(|seed| asked(&answered, &policy, &picks(seed)));
            draws.flatten().collect::<HashSet<_>>()
        };
        assert_eq!(
            drawn_from(&Predefined::ALL[2..12]),
            answered[2..].iter().copied().collect()
        );
        assert_eq!(drawn_from(&Predefined::ALL[3..13]), answered.iter().copied().collect());
    }

    #[test]
    fn r22_with_too_few_questions_nobody_is_asked_any() {
        let few = policy(Predefined::DEFAULT[..2].to_vec(), 3);
        let answered = questions(&Predefined::DEFAULT[..5]);
        assert_eq!(decoys(&few, &picks(0)), None);
        assert_eq!(asked(&answered, &few, &picks(0)), None);
        let five = policy(Predefined::DEFAULT.to_vec(), 5);
        assert_eq!(asked(&answered[..4], &five, &picks(0)), None);
    }

    #[test]
    fn r22_the_tenants_own_questions_are_in_the_pool() {
        let mut policy = policy(Predefined::DEFAULT[..2].to_vec(), 3);
        let id = QuestionId(Uuid::from_u128(1));
        let text = QuestionText::parse("Which harbour?").expect("a question");
        policy.own.push(OwnQuestion { id, text });
        let asked = decoys(&policy, &picks(0)).expect("enough");
        assert!(asked.contains(&Question::Own(id)), "{asked:?}");
    }

    proptest! {
        #[test]
        fn r16_a_few_of_the_answered_ones_are_asked_none_twice_and_the_same_again(
            picked in subsequence(Predefined::ALL.to_vec(), 5..=30),
            n_reset in 3_u32..=5,
            bytes in any::<[u8; 32]>(),
        ) {
            let policy = policy(picked.clone(), n_reset);
            let answered = questions(&picked[..5]);
            let first = asked(&answered, &policy, &bytes).expect("enough are answered");
            prop_assert_eq!(first.len(), n_reset as usize);
            prop_assert!(first.iter().all(|question| answered.contains(question)));
            prop_assert_eq!(first.iter().collect::<HashSet<_>>().len(), first.len());
            // Neither the order of the rows nor that of the policy counts.
            let turned: Vec<Question> = answered.iter().rev().copied().collect();
            prop_assert_eq!(asked(&turned, &policy, &bytes), Some(first));
        }

        #[test]
        fn r22_decoys_change_only_if_the_pool_does(
            picked in subsequence(Predefined::ALL.to_vec(), 5..=30).prop_shuffle(),
            n_register in 3_u32..=5,
            bytes in any::<[u8; 32]>(),
        ) {
            let one = policy(picked.clone(), 3);
            let other = QuestionPolicy { n_register, ..policy(picked.iter().rev().copied().collect(), 3) };
            let decoys_now = decoys(&one, &bytes).expect("enough");
            prop_assert_eq!(decoys_now.len(), 3);
            prop_assert_eq!(decoys_now.iter().collect::<HashSet<_>>().len(), 3);
            prop_assert_eq!(decoys(&other, &bytes), Some(decoys_now));
        }
    }
}
