//! The predefined questions. Their words are in `words/<language>.txt`, under the same codes.
//!
//! Each asks for something that stays as it is, has many possible answers, and stands in no register, personnel file or
//! public profile; none presumes a family, a gender, a faith or a country.

use serde::{Deserialize, Serialize};

macro_rules! catalogue {
    ($(#[$doc:meta] $name:ident = $code:literal),* $(,)?) => {
        /// A predefined question. Codes are never given up nor used for other words, since answers hang on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Predefined {$(
            #[$doc]
            #[serde(rename = $code)]
            $name,
        )*}

        impl Predefined {
            /// The whole catalogue, in the order in which lists show it.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable code: form value, row, and key of its words.
            pub const fn code(self) -> &'static str {
                match self {$(Self::$name => $code,)*}
            }
        }
    };
}

catalogue! {
    /// A child's favourite place to hide.
    HidingPlace = "hiding_place",
    /// Where the child lost its way.
    LostWay = "lost_way",
    /// A thing lost in childhood and not forgotten.
    LostThing = "lost_thing",
    /// A thing broken in childhood, in the hope that nobody would notice.
    BrokenThing = "broken_thing",
    /// The name given to a toy.
    ToyName = "toy_name",
    /// The name of an imaginary friend.
    ImaginaryFriend = "imaginary_friend",
    /// The secret word among childhood friends.
    SecretWord = "secret_word",
    /// What a den or hut was called.
    DenName = "den_name",
    /// What a self-made game was called.
    MadeUpGame = "made_up_game",
    /// The first book read to the end alone.
    FirstBook = "first_book",
    /// The first book given up.
    UnfinishedBook = "unfinished_book",
    /// A character in a story that frightened the child.
    ScaryCharacter = "scary_character",
    /// A picture or statue that the child found eerie.
    EeriePicture = "eerie_picture",
    /// The first song known by heart.
    FirstSong = "first_song",
    /// A poem or saying that had to be learned by heart.
    LearnedByHeart = "learned_by_heart",
    /// A childhood wish that never came true.
    WishedInVain = "wished_in_vain",
    /// The first thing saved up for.
    FirstSavings = "first_savings",
    /// The shop that took the first money of one's own.
    FirstShop = "first_shop",
    /// The landmark that said that home was near.
    AlmostHome = "almost_home",
    /// A place where the child was not allowed to go.
    ForbiddenPlace = "forbidden_place",
    /// What was pictured on a cup, bowl or plate of childhood.
    PictureOnCup = "picture_on_cup",
    /// An object of childhood that the hands would know.
    ObjectByTouch = "object_by_touch",
    /// A smell that leads back to childhood.
    ChildhoodSmell = "childhood_smell",
    /// A thing hidden in childhood and never found again.
    HiddenThing = "hidden_thing",
    /// The piece missing from a collection.
    MissingPiece = "missing_piece",
    /// The name of an animal that belonged to others.
    OthersAnimal = "others_animal",
    /// The strangest present of childhood.
    StrangeGift = "strange_gift",
    /// A present that was never used.
    UnusedGift = "unused_gift",
    /// A word said wrongly for years.
    WrongWord = "wrong_word",
    /// A word that only those understand with whom one grew up.
    PrivateWord = "private_word",
    /// A wrong name by which one was called.
    WrongName = "wrong_name",
    /// A thing left behind on a journey.
    LeftBehind = "left_behind",
    /// A stop where one got off by mistake.
    WrongStop = "wrong_stop",
    /// A place remembered for a long wait.
    LongWait = "long_wait",
    /// Where a storm came as a surprise.
    StormPlace = "storm_place",
    /// A place where one could not sleep at all.
    SleeplessPlace = "sleepless_place",
    /// Where a stranger helped.
    KindStranger = "kind_stranger",
    /// A thing tasted once and never again.
    TastedOnce = "tasted_once",
    /// The first purchase that was regretted.
    RegrettedPurchase = "regretted_purchase",
    /// A thing given away and missed later.
    GivenAway = "given_away",
    /// A thing found in the street and kept.
    FoundThing = "found_thing",
    /// The useless thing kept for the longest time.
    KeptLongest = "kept_longest",
    /// The first thing repaired by oneself.
    FirstRepair = "first_repair",
    /// A thing won in a draw.
    DrawPrize = "draw_prize",
}

impl Predefined {
    /// Those that a tenant has picked until it picks others (`domain.md` §6).
    pub const DEFAULT: [Self; 10] = [
        Self::LostWay,
        Self::ToyName,
        Self::FirstBook,
        Self::ScaryCharacter,
        Self::LearnedByHeart,
        Self::OthersAnimal,
        Self::StrangeGift,
        Self::WrongWord,
        Self::LeftBehind,
        Self::LongWait,
    ];

    /// Reads a code back.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|question| question.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn r16_there_are_forty_questions_or_more_each_with_a_code_of_its_own() {
        let codes: BTreeSet<_> = Predefined::ALL.iter().map(|question| question.code()).collect();
        assert_eq!(codes.len(), Predefined::ALL.len());
        assert!(codes.len() >= 40, "{}", codes.len());
        let is_plain = |code: &&str| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(codes.iter().all(is_plain), "{codes:?}");
    }

    #[test]
    fn the_code_in_rows_is_the_code_of_the_words() {
        for question in Predefined::ALL {
            let row = serde_json::to_value(question).expect("a question serialises");
            assert_eq!(row, question.code());
        }
    }
}
