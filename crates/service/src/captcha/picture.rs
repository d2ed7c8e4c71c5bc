//! Draws the digits of a ticket: strokes of a pen on uneven ground, bent and crossed. Knows no ticket and no time.

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sha2::{Digest, Sha256};
use std::f32::consts::TAU;

const WIDTH: u16 = 280;
const HEIGHT: u16 = 90;
/// Ink on a light ground of its own reads alike on light and dark pages.
const GROUND: f32 = 236.0;
const INK: f32 = 34.0;
/// A glyph's height; its box is 0.62 as wide.
const GLYPH: f32 = 50.0;
/// From one digit to the next.
const ADVANCE: f32 = 43.0;
const PEN: f32 = 2.5;

type Point = (f32, f32);

/// The digits as PNG. The same for the same digits and seed.
pub(super) fn png(digits: &str, seed: [u8; 16]) -> Vec<u8> {
    let mut dice = StdRng::from_seed(Sha256::digest(seed).into());
    let mut sheet = Sheet::uneven(&mut dice);
    let bend = Bend::drawn(&mut dice);
    let mut left = 18.0;
    for digit in digits.chars() {
        let place = Place::drawn(left, &mut dice);
        for line in glyph(digit) {
            let line: Vec<Point> = line.into_iter().map(|point| bend.moved(place.moved(point))).collect();
            sheet.stroke(&line, PEN, 1.0);
        }
        left += ADVANCE;
    }
    for _ in 0..3 {
        sheet.stroke(&thread(&mut dice), dice.random_range(0.6..1.2), 0.9);
    }
    for _ in 0..70 {
        let (x, y) = (
            dice.random_range(0.0..f32::from(WIDTH)),
            dice.random_range(0.0..f32::from(HEIGHT)),
        );
        let end = (x + dice.random_range(-4.0..4.0), y + dice.random_range(-4.0..4.0));
        sheet.stroke(&[(x, y), end], 0.4, 0.7);
    }
    sheet.encoded()
}

/// Where a digit stands, how it leans and how large it is.
struct Place {
    left: f32,
    top: f32,
    sine: f32,
    cosine: f32,
    lean: f32,
    height: f32,
    width: f32,
}

impl Place {
    fn drawn(left: f32, dice: &mut StdRng) -> Self {
        let turn: f32 = dice.random_range(-0.22..0.22);
        let height = GLYPH * dice.random_range(0.9..1.12);
        Self {
            left: left + dice.random_range(-3.0..3.0),
            top: (f32::from(HEIGHT) - height) / 2.0 + dice.random_range(-5.0..5.0),
            sine: turn.sin(),
            cosine: turn.cos(),
            lean: dice.random_range(-0.18..0.18),
            height,
            width: GLYPH * dice.random_range(0.9..1.1),
        }
    }

    /// From the glyph's box (height 1) to the sheet: leant, turned about its middle, put in place.
    fn moved(&self, (x, y): Point) -> Point {
        let (x, y) = ((x - 0.3 - self.lean * (y - 0.5)) * self.width, (y - 0.5) * self.height);
        let (x, y) = (x * self.cosine - y * self.sine, x * self.sine + y * self.cosine);
        (self.left + 0.3 * GLYPH + x, self.top + 0.5 * self.height + y)
    }
}

/// Two slow waves, one along each axis.
struct Bend {
    across: Wave,
    down: Wave,
}

impl Bend {
    fn drawn(dice: &mut StdRng) -> Self {
        Self {
            across: Wave::drawn(2.5..4.0, 45.0..75.0, dice),
            down: Wave::drawn(3.0..5.0, 90.0..150.0, dice),
        }
    }

    fn moved(&self, (x, y): Point) -> Point {
        (x + self.across.at(y), y + self.down.at(x))
    }
}

struct Wave {
    height: f32,
    length: f32,
    phase: f32,
}

impl Wave {
    fn drawn(height: std::ops::Range<f32>, length: std::ops::Range<f32>, dice: &mut StdRng) -> Self {
        Self {
            height: dice.random_range(height),
            length: dice.random_range(length),
            phase: dice.random_range(0.0..TAU),
        }
    }

    fn at(&self, along: f32) -> f32 {
        self.height * (along / self.length * TAU + self.phase).sin()
    }
}

/// A thin wave through the whole sheet.
fn thread(dice: &mut StdRng) -> Vec<Point> {
    let wave = Wave::drawn(6.0..16.0, 110.0..260.0, dice);
    let (start, slope) = (dice.random_range(22.0..68.0), dice.random_range(-0.12..0.12));
    (0..=WIDTH / 4)
        .map(|step| f32::from(step) * 4.0)
        .map(|x| (x, start + slope * (x - f32::from(WIDTH) / 2.0) + wave.at(x)))
        .collect()
}

/// A digit's lines in a box 0.62 wide and 1 high.
fn glyph(digit: char) -> Vec<Vec<Point>> {
    match digit {
        '0' => vec![arc((0.31, 0.5), (0.29, 0.5), 0.0, 1.0)],
        '1' => vec![
            vec![(0.1, 0.2), (0.34, 0.0), (0.34, 1.0)],
            vec![(0.1, 1.0), (0.58, 1.0)],
        ],
        '2' => vec![[arc((0.3, 0.28), (0.28, 0.28), 0.48, 1.1), vec![(0.02, 1.0), (0.6, 1.0)]].concat()],
        '3' => vec![
            arc((0.27, 0.25), (0.27, 0.25), 0.55, 1.25),
            arc((0.27, 0.74), (0.32, 0.26), 0.75, 1.45),
            vec![(0.16, 0.48), (0.3, 0.48)],
        ],
        '4' => vec![vec![(0.44, 1.0), (0.44, 0.0), (0.0, 0.68), (0.62, 0.68)]],
        '5' => vec![
            [
                vec![(0.56, 0.0), (0.1, 0.0), (0.06, 0.44)],
                arc((0.28, 0.67), (0.31, 0.33), 0.64, 1.42),
            ]
            .concat(),
        ],
        '6' => vec![
            arc((0.31, 0.69), (0.29, 0.31), 0.0, 1.0),
            arc((0.62, 0.69), (0.6, 0.69), 0.5, 0.74),
        ],
        '7' => vec![vec![(0.02, 0.0), (0.6, 0.0), (0.2, 1.0)], vec![(0.2, 0.5), (0.55, 0.5)]],
        '8' => vec![
            arc((0.31, 0.25), (0.25, 0.25), 0.0, 1.0),
            arc((0.31, 0.75), (0.3, 0.25), 0.0, 1.0),
        ],
        _ => vec![
            arc((0.31, 0.31), (0.29, 0.31), 0.0, 1.0),
            arc((0.0, 0.31), (0.6, 0.69), 0.0, 0.24),
        ],
    }
}

/// Part of an ellipse, in turns from the right, clockwise on the sheet.
fn arc((x, y): Point, (wide, high): Point, from: f32, to: f32) -> Vec<Point> {
    (0_u16..=24)
        .map(|step| (from + (to - from) * f32::from(step) / 24.0) * TAU)
        .map(|angle| (x + wide * angle.cos(), y + high * angle.sin()))
        .collect()
}

/// Grey values, row by row.
struct Sheet(Vec<f32>);

impl Sheet {
    fn uneven(dice: &mut StdRng) -> Self {
        let (across, down) = (
            Wave::drawn(4.0..8.0, 60.0..200.0, dice),
            Wave::drawn(4.0..8.0, 40.0..120.0, dice),
        );
        let rows = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (f32::from(x), f32::from(y))));
        let shade = rows.map(|(x, y)| GROUND + across.at(x + y) + down.at(y - x / 2.0) + dice.random_range(-9.0..9.0));
        Self(shade.collect())
    }

    fn stroke(&mut self, line: &[Point], radius: f32, strength: f32) {
        for (start, end) in line.iter().zip(line.iter().skip(1)) {
            self.segment(*start, *end, radius, strength);
        }
    }

    /// Darkens the pixels near a segment, softly at its edge.
    fn segment(&mut self, start: Point, end: Point, radius: f32, strength: f32) {
        let reach = radius + 1.0;
        let columns = pixel(start.0.min(end.0) - reach, WIDTH)..pixel(start.0.max(end.0) + reach, WIDTH);
        for y in pixel(start.1.min(end.1) - reach, HEIGHT)..pixel(start.1.max(end.1) + reach, HEIGHT) {
            for x in columns.clone() {
                let cover = radius + 0.5 - distance((f32::from(x), f32::from(y)), start, end);
                let index = usize::from(y) * usize::from(WIDTH) + usize::from(x);
                if let (Some(shade), true) = (self.0.get_mut(index), cover > 0.0) {
                    *shade = shade.min(GROUND + (INK - GROUND) * strength * cover.min(1.0));
                }
            }
        }
    }

    fn encoded(&self) -> Vec<u8> {
        let bytes: Vec<u8> = self.0.iter().copied().map(grey).collect();
        let mut png = Vec::new();
        let written = PngEncoder::new(&mut png).write_image(&bytes, WIDTH.into(), HEIGHT.into(), ExtendedColorType::L8);
        // Memory takes every write, and the sheet has its size; so this is the whole picture.
        written.map(|()| png).unwrap_or_default()
    }
}

/// From a point to the nearest one of a segment.
fn distance((x, y): Point, start: Point, end: Point) -> f32 {
    let (along_x, along_y) = (end.0 - start.0, end.1 - start.1);
    let length = (along_x * along_x + along_y * along_y).max(f32::EPSILON);
    let share = (((x - start.0) * along_x + (y - start.1) * along_y) / length).clamp(0.0, 1.0);
    (x - start.0 - share * along_x).hypot(y - start.1 - share * along_y)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the sheet"
)]
fn pixel(place: f32, most: u16) -> u16 {
    place.ceil().clamp(0.0, f32::from(most)) as u16
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a byte"
)]
fn grey(shade: f32) -> u8 {
    shade.clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::GenericImageView;

    #[test]
    fn r26_the_picture_is_a_png_of_its_size_and_of_its_ticket() {
        let picture = png("358206", [1; 16]);
        let drawn = image::load_from_memory_with_format(&picture, image::ImageFormat::Png).expect("decodes");
        assert_eq!(drawn.dimensions(), (280, 90));
        assert_eq!(picture, png("358206", [1; 16]));
        assert_ne!(picture, png("358206", [2; 16]));
    }

    #[test]
    fn every_digit_has_a_shape_of_its_own() {
        let shapes: Vec<_> = ('0'..='9').map(glyph).collect();
        for (at, shape) in shapes.iter().enumerate() {
            assert!(!shapes[..at].contains(shape));
        }
    }
}
