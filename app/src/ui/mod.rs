//! Parts of pages: they take values and words, know no slice and call no function.

mod button;
mod choice;
mod code_field;
mod countdown;
mod facts;
pub(crate) mod fault_note;
mod field;
mod form;
mod frame;
mod heading;
mod help;
mod icon;
mod moment;
mod notice;
mod password_field;
mod refusal;
mod rules;
mod steps;

pub(crate) use button::{Button, Rank};
pub(crate) use choice::{Choice, ChoiceLink};
pub(crate) use code_field::CodeField;
pub(crate) use countdown::count_down;
pub(crate) use facts::Facts;
pub(crate) use fault_note::FaultNote;
pub(crate) use field::Field;
pub(crate) use form::{Fields, Form, Send};
pub(crate) use frame::Frame;
pub(crate) use heading::Heading;
pub(crate) use help::{HelpChoice, Reference};
pub(crate) use icon::{Icon, icon};
pub(crate) use moment::Moment;
pub(crate) use notice::{Notice, Tone};
pub(crate) use password_field::PasswordField;
pub(crate) use refusal::{Place, refusal_words, why};
pub(crate) use rules::{Rules, StrengthBar};
pub(crate) use steps::Steps;
