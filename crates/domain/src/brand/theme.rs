//! The accent as pages may use it: contrasts mended, hue kept.

use super::colour::{Colour, Oklch};
use std::iter::once;

/// The accent made readable: the two custom properties that a tenant sets, for light and for dark pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Links and filled buttons on light paper.
    pub brand_light: Colour,
    /// Words on a filled button in a light page.
    pub on_brand_light: Colour,
    /// Links and filled buttons on dark paper.
    pub brand_dark: Colour,
    /// Words on a filled button in a dark page.
    pub on_brand_dark: Colour,
}

/// `--paper` of `style/tokens.css` in dark pages.
const DARK_PAPER: Colour = Colour::of(0x15, 0x18, 0x1b);
/// Contrast aimed at on light paper: 4.5 (WCAG 2.2, 1.4.3), and enough above that it holds on a wash of the accent too.
const LIGHT_AIM: f64 = 5.3;
/// Contrast aimed at on dark paper, where softer accents than the least allowed are easier on the eye.
const DARK_AIM: f64 = 7.0;

impl Theme {
    /// Keeps the accent's hue and moves its lightness as little as the contrasts need.
    pub fn of(accent: Colour) -> Self {
        let tone = Oklch::of(accent);
        let deep = Oklch {
            lightness: 0.2,
            chroma: tone.chroma.min(0.05),
            ..tone
        };
        Self {
            brand_light: mend(accent, Colour::WHITE, LIGHT_AIM, Colour::BLACK),
            on_brand_light: Colour::WHITE,
            brand_dark: mend(accent, DARK_PAPER, DARK_AIM, Colour::WHITE),
            on_brand_dark: deep.colour(),
        }
    }

    /// The style sheet that goes into the page's one nonced `<style>`.
    pub fn css(&self) -> String {
        format!(
            ":root{{--brand:light-dark({},{});--on-brand:light-dark({},{})}}",
            self.brand_light, self.brand_dark, self.on_brand_light, self.on_brand_dark
        )
    }
}

/// The nearest tone to the accent, on the way to `end`, that reaches the contrast `aim` on `paper`; `end` itself does.
fn mend(accent: Colour, paper: Colour, aim: f64, end: Colour) -> Colour {
    const STEPS: u8 = 200;
    let (from, to) = (Oklch::of(accent), Oklch::of(end).lightness);
    let toned = (1..STEPS).map(|step| {
        let way = f64::from(step) / f64::from(STEPS);
        Oklch {
            lightness: from.lightness + (to - from.lightness) * way,
            ..from
        }
        .colour()
    });
    once(accent)
        .chain(toned)
        .find(|c| c.contrast(paper) >= aim)
        .unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOKENS: &str = include_str!("../../../../style/tokens.css");

    /// `color-mix(in oklab, over 9%, under)`, as `--brand-wash` is mixed.
    fn wash(over: Colour, under: Colour) -> Colour {
        let (over, under) = (Oklch::of(over), Oklch::of(under));
        let mix = |over: f64, under: f64| 0.09 * over + 0.91 * under;
        let a = mix(over.chroma * over.hue.0, under.chroma * under.hue.0);
        let b = mix(over.chroma * over.hue.1, under.chroma * under.hue.1);
        let chroma = a.hypot(b).max(f64::MIN_POSITIVE);
        let lightness = mix(over.lightness, under.lightness);
        Oklch {
            lightness,
            chroma,
            hue: (a / chroma, b / chroma),
        }
        .colour()
    }

    fn holds(accent: Colour) {
        let theme = Theme::of(accent);
        for (brand, on_brand, paper) in [
            (theme.brand_light, theme.on_brand_light, Colour::WHITE),
            (theme.brand_dark, theme.on_brand_dark, DARK_PAPER),
        ] {
            assert!(brand.contrast(paper) >= 4.5, "{accent}: {brand} on {paper}");
            assert!(on_brand.contrast(brand) >= 4.5, "{accent}: {on_brand} on {brand}");
            assert!(
                brand.contrast(wash(brand, paper)) >= 4.5,
                "{accent}: {brand} on its wash"
            );
        }
    }

    #[test]
    fn contrasts_hold_for_a_grid_of_all_colours() {
        for value in 0..16_u32.pow(3) {
            let channel = |shift: u32| u8::try_from((value >> shift & 0xf) * 17).unwrap();
            holds(Colour::of(channel(8), channel(4), channel(0)));
        }
    }

    proptest! {
        #[test]
        fn contrasts_hold_for_any_colour(red: u8, green: u8, blue: u8) {
            holds(Colour::of(red, green, blue));
        }
    }

    #[test]
    fn a_readable_accent_stays_as_it_is_on_light_paper() {
        for text in ["#0b6e4f", "#1d4f8c", "#000000", "#8a1c5b"] {
            let accent = Colour::parse(text).unwrap();
            assert_eq!(Theme::of(accent).brand_light, accent);
        }
    }

    #[test]
    fn the_style_sheet_sets_both_properties() {
        let theme = Theme::of(Colour::parse("#0B6E4F").unwrap());
        let css = theme.css();
        assert!(css.starts_with(":root{--brand:light-dark(#0b6e4f,#"), "{css}");
        assert!(css.contains(";--on-brand:light-dark(#ffffff,#"), "{css}");
    }

    #[test]
    fn the_papers_are_those_of_the_tokens() {
        let paper = format!("--paper: light-dark({}, {DARK_PAPER});", Colour::WHITE);
        assert!(TOKENS.contains(&paper), "{paper}");
    }
}
