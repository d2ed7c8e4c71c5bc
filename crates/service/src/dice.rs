//! Chance from the operating system, handed in so that tests can fix it.

use rand::TryRng;
use rand::rngs::SysRng;

/// Gives chance.
pub trait Dice: Send {
    /// Fills the bytes.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Default)]
pub struct SystemDice;

impl Dice for SystemDice {
    fn fill(&mut self, bytes: &mut [u8]) {
        // Without chance no code may be made: better no answer than a guessable one.
        assert!(
            SysRng.try_fill_bytes(bytes).is_ok(),
            "the operating system gives no random bytes"
        );
    }
}

/// So many random bytes.
pub fn bytes<const N: usize>(dice: &mut dyn Dice) -> [u8; N] {
    let mut bytes = [0; N];
    dice.fill(&mut bytes);
    bytes
}

/// A number below `end`, each equally likely (rejection sampling, R09). `end` is at least 1.
pub fn below(dice: &mut dyn Dice, end: u32) -> u32 {
    let end = end.max(1);
    let whole = u32::MAX - u32::MAX % end;
    loop {
        let drawn = u32::from_le_bytes(bytes(dice));
        if drawn < whole {
            return drawn % end;
        }
    }
}
