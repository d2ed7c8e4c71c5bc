//! Pictures, drawn as lines in the colour of the words beside them.

use leptos::prelude::*;

/// Which picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A key.
    Key,
    /// A letter.
    Mail,
    /// A telephone receiver.
    Call,
    /// The letter i.
    Info,
    /// A tick.
    Tick,
    /// A warning sign.
    Stop,
    /// A clock.
    Pause,
    /// A globe.
    Globe,
    /// Two arrows in a circle.
    Again,
    /// A door with an arrow into it.
    SignIn,
}

impl Icon {
    const fn lines(self) -> &'static str {
        match self {
            Self::Key => r#"<circle cx="8" cy="15" r="4.2"/><path d="m11.2 12 8.3-8.3M16 7l3 3"/>"#,
            Self::Mail => r#"<rect x="3" y="5" width="18" height="14" rx="2.2"/><path d="m3.5 7.5 8.5 6 8.5-6"/>"#,
            Self::Call => {
                r#"<path d="M6 3.5h3l1.500 4.500-2 1.700a12 12 0 0 0 5.800 5.800l1.700-2 4.500 1.500v3a2 2 0 0 1-2.200 2A16 16 0 0 1 4 5.700a2 2 0 0 1 2-2.200z"/>"#
            }
            Self::Info => r#"<circle cx="12" cy="12" r="9"/><path d="M12 11v5.2M12 7.8h0"/>"#,
            Self::Tick => r#"<path d="m5 12.8 4.6 4.6L19 7.6"/>"#,
            Self::Stop => r#"<path d="M12 3.5 2.8 19.5h18.4z"/><path d="M12 10v4.2M12 17h0"/>"#,
            Self::Pause => r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5.2l3.2 2"/>"#,
            Self::Globe => {
                r#"<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c2.8 2.6 4 5.6 4 9s-1.200 6.400-4 9c-2.800-2.600-4-5.600-4-9s1.200-6.400 4-9z"/>"#
            }
            Self::Again => {
                r#"<path d="M20 11a8 8 0 0 0-14.500-3.500L3.500 10M4 13a8 8 0 0 0 14.500 3.500l2-2.500"/><path d="M3.500 5v5h5M20.500 19v-5h-5"/>"#
            }
            Self::SignIn => r#"<path d="M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M4 12h11M11 8l4 4-4 4"/>"#,
        }
    }
}

/// The picture; it says nothing that the words beside it don't.
pub(crate) fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            inner_html=icon.lines()
        ></svg>
    }
}
