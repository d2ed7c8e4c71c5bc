//! Letters as people read them: subject, text and HTML from one content, in the person's language.

mod content;
mod facts;
mod moment;
pub(crate) mod words;

use crate::Envelope;
use askama::Template;
use content::{Content, Row};
use regain_domain::brand::{Colour, HelpLink};
use regain_domain::notice::Letter;

/// A letter in words. Not printable on purpose: it may hold a code.
pub struct Rendered {
    /// The subject line.
    pub subject: String,
    /// `text/plain`, with the same content as the HTML.
    pub text: String,
    /// `text/html`, a whole document with inline styles, as mail programs need them.
    pub html: String,
}

/// Writes a letter in the envelope's language and in the tenant's look. Nothing of what no mail says: a call.
pub fn render(letter: &Letter, envelope: &Envelope) -> Option<Rendered> {
    let content = Content::of(letter, envelope)?;
    let text = text(&content);
    let page = page(&content, envelope);
    Some(Rendered {
        // Rendering into a string fails only if a part does, and these are plain strings.
        html: page.render().unwrap_or_default(),
        text,
        subject: content.subject,
    })
}

/// The frame around the content; colours are those of `style/tokens.css`.
#[derive(Template)]
#[template(path = "letter.html")]
struct Page<'a> {
    lang: &'a str,
    dir: &'a str,
    name: &'a str,
    initial: String,
    content: &'a Content,
    paint: Paint,
}

/// The accent's four tones.
struct Paint {
    brand: Colour,
    on_brand: Colour,
    brand_dark: Colour,
    on_brand_dark: Colour,
}

fn page<'a>(content: &'a Content, envelope: &'a Envelope) -> Page<'a> {
    let theme = envelope.brand.theme();
    let tone = |own: Option<Colour>, default: [u8; 3]| own.unwrap_or(Colour::of(default[0], default[1], default[2]));
    Page {
        lang: envelope.language.tag(),
        dir: envelope.language.direction(),
        name: &envelope.brand.name,
        initial: envelope.brand.initial(),
        content,
        paint: Paint {
            brand: tone(theme.map(|theme| theme.brand_light), [0x0b, 0x6e, 0x4f]),
            on_brand: tone(theme.map(|theme| theme.on_brand_light), [0xff; 3]),
            brand_dark: tone(theme.map(|theme| theme.brand_dark), [0x5f, 0xd0, 0xa5]),
            on_brand_dark: tone(theme.map(|theme| theme.on_brand_dark), [0x06, 0x28, 0x1d]),
        },
    }
}

/// The same content without markup; the code stands alone on its line, so that it can be picked up by a double click.
fn text(content: &Content) -> String {
    let mut blocks = vec![content.heading.clone(), content.intro.clone()];
    blocks.extend(content.reason.clone());
    blocks.extend(content.code.clone());
    let rows: Vec<String> = content.rows.iter().map(|row| content.row_as_text(row)).collect();
    if !rows.is_empty() {
        blocks.push(rows.join("\n"));
    }
    blocks.extend(content.notes.iter().cloned());
    blocks.extend(content.helpdesk.as_ref().map(|helpdesk| {
        let value = match &helpdesk.link {
            HelpLink::Url(url) => url.clone(),
            link @ (HelpLink::Mail(_) | HelpLink::Phone(_)) => link.text().to_owned(),
        };
        let label = helpdesk.label.clone();
        content.row_as_text(&Row { label, value })
    }));
    blocks.push(content.foot.clone());
    blocks.join("\n\n") + "\n"
}

#[cfg(test)]
mod tests;
