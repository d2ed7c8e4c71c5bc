//! What a page shows at first: the server asks for it, writes it into the HTML, and the page's program reads it there.

use crate::Fault;
use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// JSON, read as answers to posts are: a program then holds one reader of each type. Reading a text instead of bytes would
/// be another one of all of them.
pub(crate) struct Written;

impl<T: Serialize> Encoder<T> for Written {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Written {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// The page as it was when it was loaded.
pub(crate) type Looked<T> = Resource<Result<T, Fault>, Written>;

/// Asks for a page; nothing of it goes out before the answer is there.
pub(crate) fn looked<T, F>(look: impl Fn() -> F + Send + Sync + 'static) -> Looked<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, Fault>> + Send + 'static,
{
    Resource::new_with_options(|| (), move |()| look(), true)
}
