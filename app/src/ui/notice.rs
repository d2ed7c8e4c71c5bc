//! A note beside the matter, told by picture and words, not by colour alone.

use super::{Icon, icon};
use leptos::prelude::*;

/// What kind of note.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// All is well.
    Good,
    /// To be watched.
    Warn,
    /// Refused or broken.
    Bad,
    /// Neither.
    Plain,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Good => "note good",
            Self::Warn => "note warn",
            Self::Bad => "note bad",
            Self::Plain => "note plain",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Good => Icon::Tick,
            Self::Bad => Icon::Stop,
            Self::Warn | Self::Plain => Icon::Info,
        }
    }
}

/// `is_alert`: read out at once.
#[component]
pub(crate) fn Notice(
    tone: Tone,
    #[prop(into)] words: Signal<String>,
    #[prop(optional_no_strip)] heading: Option<&'static str>,
    #[prop(optional)] is_alert: bool,
) -> impl IntoView {
    let role = is_alert.then_some("alert");
    view! {
        <div class=tone.class() role=role>
            {icon(tone.icon())}
            <span>{heading.map(|heading| view! { <b>{heading}</b><br/> })} {words}</span>
        </div>
    }
}
