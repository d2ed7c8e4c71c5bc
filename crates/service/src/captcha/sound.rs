//! Speaks the digits of a ticket slowly over noise. The clips' making is told in `data/captcha/NOTICE.md`.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use regain_domain::locale::Language;
use sha2::{Digest, Sha256};

/// Samples per second, of the clips and of what is made from them.
const RATE: u32 = 11_025;
/// Between two digits, in samples.
const PAUSE: std::ops::Range<usize> = 7700..12_000;
/// The noise's height before it is dulled; a voice peaks at about 20 000.
const NOISE: std::ops::Range<i32> = -2500..2500;
/// How much quieter the murmur in the background is than the voice.
const MURMUR: i32 = 12;
/// From one word of the murmur to the next, in samples.
const MURMUR_EVERY: usize = 3300;

/// The digits as WAV: mono, 16 bits. The same for the same digits, language and seed.
pub(super) fn wav(digits: &str, language: Language, seed: [u8; 16]) -> Vec<u8> {
    let seed = Sha256::new().chain_update(seed).chain_update(language.tag()).finalize();
    let mut dice = StdRng::from_seed(seed.into());
    let clips = clips(language);
    let mut voice = vec![0; PAUSE.start];
    for digit in digits.chars().filter_map(|digit| digit.to_digit(10)) {
        let clip = clips
            .get(usize::try_from(digit).unwrap_or_default())
            .map_or(&[][..], Vec::as_slice);
        voice.extend(paced(clip, dice.random_range(950..1150)));
        voice.resize(voice.len() + dice.random_range(PAUSE), 0);
    }
    for start in (0..voice.len()).step_by(MURMUR_EVERY) {
        let start = start + dice.random_range(0..MURMUR_EVERY);
        murmur(
            &mut voice,
            start,
            clips.get(dice.random_range(0..10)).map_or(&[], Vec::as_slice),
        );
    }
    // Dulled, since bright noise would hide the hiss by which f, s and t are told apart.
    let mut noise = 0;
    let samples: Vec<i16> = voice
        .into_iter()
        .map(|sample| {
            noise = (3 * noise + dice.random_range(NOISE)) / 4;
            loudness(sample + noise)
        })
        .collect();
    file(&samples)
}

/// The clips of the digits from zero: ten lengths of two bytes, most significant first, then the sounds.
fn clips(language: Language) -> Vec<Vec<i32>> {
    let (lengths, mut sounds) = recorded(language).split_at_checked(20).unwrap_or_default();
    let (lengths, _) = lengths.as_chunks::<2>();
    let mut clips = Vec::new();
    for length in lengths {
        let length = usize::from(u16::from_be_bytes(*length)).min(sounds.len());
        let (clip, rest) = sounds.split_at_checked(length).unwrap_or_default();
        clips.push(clip.iter().map(|byte| unpacked(*byte)).collect());
        sounds = rest;
    }
    clips
}

fn recorded(language: Language) -> &'static [u8] {
    match language {
        Language::En => include_bytes!("../../data/captcha/en.ulaw"),
        Language::De => include_bytes!("../../data/captcha/de.ulaw"),
        Language::Fr => include_bytes!("../../data/captcha/fr.ulaw"),
        Language::Es => include_bytes!("../../data/captcha/es.ulaw"),
        Language::Ar => include_bytes!("../../data/captcha/ar.ulaw"),
    }
}

/// One sample of ITU-T G.711 µ-law: inverted; sign, three bits of exponent, four of mantissa; offset by 33 quarters.
fn unpacked(byte: u8) -> i32 {
    let byte = !byte;
    let magnitude = (((i32::from(byte & 0x0F) << 3) + 0x84) << ((byte & 0x70) >> 4)) - 0x84;
    if byte & 0x80 == 0 { magnitude } else { -magnitude }
}

/// A clip at so many thousandths of its length, which also shifts its pitch.
fn paced(clip: &[i32], thousandths: usize) -> Vec<i32> {
    let n_samples = clip.len() * thousandths / 1000;
    (0..n_samples)
        .filter_map(|at| clip.get(at * 1000 / thousandths).copied())
        .collect()
}

/// A digit that nobody said, backwards and low, so that a machine cannot cut the voice out by its loudness.
fn murmur(voice: &mut [i32], start: usize, clip: &[i32]) {
    for (sample, backwards) in voice.iter_mut().skip(start).zip(clip.iter().rev()) {
        *sample += backwards / MURMUR;
    }
}

fn loudness(sample: i32) -> i16 {
    i16::try_from(sample.clamp(i16::MIN.into(), i16::MAX.into())).unwrap_or_default()
}

/// A RIFF file with one chunk of format (PCM) and one of samples, all least significant byte first.
fn file(samples: &[i16]) -> Vec<u8> {
    let n_bytes = u32::try_from(2 * samples.len()).unwrap_or_default();
    let mut wav = Vec::with_capacity(44 + 2 * samples.len());
    wav.extend(b"RIFF");
    wav.extend((36 + n_bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    for half in [1_u16, 1] {
        wav.extend(half.to_le_bytes());
    }
    for word in [RATE, 2 * RATE] {
        wav.extend(word.to_le_bytes());
    }
    for half in [2_u16, 16] {
        wav.extend(half.to_le_bytes());
    }
    wav.extend(b"data");
    wav.extend(n_bytes.to_le_bytes());
    wav.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    wav
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r26_every_language_has_ten_digits_of_audible_length() {
        for language in Language::ALL {
            let clips = clips(language);
            assert_eq!(clips.len(), 10);
            for clip in clips {
                assert!((2200..13_000).contains(&clip.len()), "{language:?} {}", clip.len());
                assert!(clip.iter().any(|sample| sample.abs() > 12_000));
            }
        }
    }

    #[test]
    fn r26_the_sound_is_a_wav_of_six_slow_digits() {
        let wav = wav("358206", Language::En, [1; 16]);
        assert_eq!(&wav[..4], b"RIFF");
        assert_eq!(&wav[8..16], b"WAVEfmt ");
        assert_eq!(wav[22..36], [1, 0, 0x11, 0x2B, 0, 0, 0x22, 0x56, 0, 0, 2, 0, 16, 0]);
        let n_bytes = u32::from_le_bytes(wav[40..44].try_into().expect("four bytes"));
        assert_eq!(usize::try_from(n_bytes).expect("fits"), wav.len() - 44);
        let seconds = n_bytes / (2 * RATE);
        assert!((6..15).contains(&seconds), "{seconds}");
    }

    #[test]
    fn r26_the_same_ticket_sounds_the_same() {
        assert_eq!(
            wav("000000", Language::Ar, [1; 16]),
            wav("000000", Language::Ar, [1; 16])
        );
        assert_ne!(
            wav("000000", Language::Ar, [1; 16]),
            wav("000000", Language::Ar, [2; 16])
        );
    }

    #[test]
    fn samples_unpack_as_the_standard_says() {
        for (byte, sample) in [(0xFF, 0), (0x7F, 0), (0x80, 32_124), (0x00, -32_124), (0xE7, 260)] {
            assert_eq!(unpacked(byte), sample, "{byte:#x}");
        }
    }
}
