//! Colours: how they are written, how they contrast, and their tones.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An sRGB colour of eight bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// The text is no `#RRGGBB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColourError;

impl Colour {
    /// White: paper in light pages.
    pub const WHITE: Self = Self::of(0xff, 0xff, 0xff);
    /// Black.
    pub const BLACK: Self = Self::of(0, 0, 0);

    /// A colour of its three channels.
    pub const fn of(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#RRGGBB`, in capitals or not, and nothing else.
    pub fn parse(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').ok_or(ColourError)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(ColourError);
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| ColourError)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Self { red, green, blue })
    }

    /// Relative luminance, 0 to 1, as WCAG 2.2 defines it.
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast ratio to another colour, 1 to 21, as WCAG 2.2 defines it.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        a.max(b) / a.min(b)
    }

    fn linear(self) -> [f64; 3] {
        [self.red, self.green, self.blue].map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        })
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl TryFrom<String> for Colour {
    type Error = ColourError;

    fn try_from(text: String) -> Result<Self, ColourError> {
        Self::parse(&text)
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

impl fmt::Display for ColourError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a colour is written #RRGGBB")
    }
}

impl std::error::Error for ColourError {}

/// A colour by lightness (0 to 1), chroma and hue (its cosine and sine), in Ottosson's `OKLab`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Oklch {
    /// Perceived lightness.
    pub(super) lightness: f64,
    /// Distance from grey.
    pub(super) chroma: f64,
    /// Cosine and sine of the hue.
    pub(super) hue: (f64, f64),
}

impl Oklch {
    /// The tone of a colour.
    pub(super) fn of(colour: Colour) -> Self {
        let [red, green, blue] = colour.linear();
        let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
        let mid = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
        let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
        let lightness = 0.210_454_255_3 * long + 0.793_617_785_0 * mid - 0.004_072_046_8 * short;
        let a = 1.977_998_495_1 * long - 2.428_592_205_0 * mid + 0.450_593_709_9 * short;
        let b = 0.025_904_037_1 * long + 0.782_771_766_2 * mid - 0.808_675_766_0 * short;
        let chroma = a.hypot(b);
        let hue = if chroma > 0.0 {
            (a / chroma, b / chroma)
        } else {
            (1.0, 0.0)
        };
        Self { lightness, chroma, hue }
    }

    /// The sRGB colour; chroma gives way where sRGB has no such colour.
    pub(super) fn colour(self) -> Colour {
        const STEPS: u8 = 50;
        let fits = |channels: &[f64; 3]| channels.iter().all(|c| (-0.0005..=1.0005).contains(c));
        let channels = (0..STEPS)
            .map(|step| self.linear(1.0 - f64::from(step) / f64::from(STEPS)))
            .find(fits)
            .unwrap_or_else(|| self.linear(0.0));
        let [red, green, blue] = channels.map(encode);
        Colour { red, green, blue }
    }

    fn linear(self, share: f64) -> [f64; 3] {
        let chroma = self.chroma * share;
        let (a, b) = (chroma * self.hue.0, chroma * self.hue.1);
        let long = (self.lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let mid = (self.lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let short = (self.lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
        [
            4.076_741_662_1 * long - 3.307_711_591_3 * mid + 0.230_969_929_2 * short,
            -1.268_438_004_6 * long + 2.609_757_401_1 * mid - 0.341_319_396_5 * short,
            -0.004_196_086_3 * long - 0.703_418_614_7 * mid + 1.707_614_701_0 * short,
        ]
    }
}

/// One linear channel as sRGB writes it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=255 and rounded before the cast"
)]
fn encode(linear: f64) -> u8 {
    let c = linear.clamp(0.0, 1.0);
    let shown = if c <= 0.003_130_8 {
        c * 12.92
    } else {
        1.055 * c.powf(1.0 / 2.4) - 0.055
    };
    (shown * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_colour_reads_what_it_writes(red: u8, green: u8, blue: u8) {
            let colour = Colour::of(red, green, blue);
            prop_assert_eq!(Colour::parse(&colour.to_string()), Ok(colour));
            prop_assert_eq!(Oklch::of(colour).colour(), colour);
        }
    }

    #[test]
    fn other_colours_are_refused() {
        for text in [
            "", "#", "0b6e4f", "#0b6e4", "#0b6e4f0", "#0b6e4g", "#+b6e4f", " #0b6e4f", "#ää", "red",
        ] {
            assert_eq!(Colour::parse(text), Err(ColourError), "{text}");
        }
    }
}
