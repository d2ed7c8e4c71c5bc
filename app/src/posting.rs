//! What a page of steps holds on the client: the post under way, the screen that the last one returned, and what broke.
//! It dies with a reload at no loss.

use crate::Fault;
use crate::looked::Looked;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A post of a page, which answers with the page's next screen.
pub(crate) trait Post: Clone + Send + Sync + 'static {
    /// What the page draws.
    type Screen: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Sends it. One that came too late looks where the page is by now.
    fn answered(self) -> impl Future<Output = Result<Self::Screen, Fault>> + Send;
}

/// The page as its own program knows it.
pub(crate) struct Posting<P: Post> {
    action: Action<P, ()>,
    screen: RwSignal<Option<P::Screen>>,
    /// What broke.
    pub(crate) fault: RwSignal<Option<Fault>>,
}

#[expect(
    clippy::expl_impl_clone_on_copy,
    reason = "a derived one would ask the post to be copied as well"
)]
impl<P: Post> Clone for Posting<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: Post> Copy for Posting<P> {}

impl<P: Post> Posting<P> {
    /// Nothing posted yet.
    pub(crate) fn new() -> Self {
        let (screen, fault) = (RwSignal::new(None), RwSignal::new(None));
        let action = Action::new(move |post: &P| {
            let post = post.clone();
            async move {
                match post.answered().await {
                    Ok(next) => {
                        fault.set(None);
                        screen.set(Some(next));
                    }
                    Err(broken) => fault.set(Some(broken)),
                }
            }
        });
        Self { action, screen, fault }
    }

    /// Sends a post.
    pub(crate) fn post(self, post: P) {
        self.action.dispatch(post);
    }

    /// Whether a post is under way.
    pub(crate) fn waiting(self) -> Signal<bool> {
        self.action.pending().into()
    }

    /// The page: the screen that the last post returned, else the one that the rows give. The last argument of `draw` says
    /// whether the person came here by a step, not by loading the page.
    pub(crate) fn page(
        self,
        looked: Looked<P::Screen>,
        draw: fn(Self, Result<P::Screen, Fault>, bool) -> AnyView,
    ) -> AnyView {
        view! {
            <Suspense>
                {move || {
                    let posted = self.screen.get();
                    let arrived = posted.is_some();
                    Suspend::new(async move {
                        let screen = match posted {
                            Some(screen) => Ok(screen),
                            None => looked.await,
                        };
                        draw(self, screen, arrived)
                    })
                }}
            </Suspense>
        }
        .into_any()
    }
}
