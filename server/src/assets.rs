//! The built bundles: read once, kept in memory, served for ever in caches; and the logos of tenants. R44, R55.

use anyhow::Context;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use regain_app::Assets;
use regain_domain::policy;
use regain_service::Tenancy;
use std::collections::HashMap;
use std::path::Path as FilePath;
use std::sync::Arc;

#[cfg(feature = "embed")]
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// The list of plain and hashed names.
const MANIFEST: &str = "manifest.json";
/// Logos that ship, for the demo's tenant.
const LOGOS: [(&str, &[u8]); 2] = [
    ("acorn-light.svg", include_bytes!("../../public/demo/acorn-light.svg")),
    ("acorn-dark.svg", include_bytes!("../../public/demo/acorn-dark.svg")),
];

/// Files by hashed name, their compressed twins too. Cheap to clone.
#[derive(Clone)]
pub struct Files(Arc<HashMap<String, Bytes>>);

/// Reads everything that the manifest names.
pub(crate) fn load(dir: &FilePath) -> anyhow::Result<(Assets, Files)> {
    let manifest = read(dir, MANIFEST).with_context(|| {
        format!(
            "the pages are not built: {} is missing; run frontend/build.sh, or set `assets.dir`",
            dir.join(MANIFEST).display()
        )
    })?;
    let names: HashMap<String, String> = serde_json::from_slice(&manifest)
        .with_context(|| format!("{} is broken: run frontend/build.sh", dir.join(MANIFEST).display()))?;
    let mut files = HashMap::new();
    for name in names.values() {
        let file = read(dir, name)
            .with_context(|| format!("{} is missing: run frontend/build.sh", dir.join(name).display()))?;
        files.insert(name.clone(), file);
        for twin in [format!("{name}.br"), format!("{name}.gz")] {
            if let Ok(file) = read(dir, &twin) {
                files.insert(twin, file);
            }
        }
    }
    Ok((Assets(Arc::new(names)), Files(Arc::new(files))))
}

#[cfg(feature = "embed")]
fn read(_: &FilePath, name: &str) -> std::io::Result<Bytes> {
    let found = embedded::FILES.iter().find(|(embedded, _)| *embedded == name);
    found
        .map(|(_, bytes)| Bytes::from_static(bytes))
        .ok_or_else(|| std::io::ErrorKind::NotFound.into())
}

#[cfg(not(feature = "embed"))]
fn read(dir: &FilePath, name: &str) -> std::io::Result<Bytes> {
    std::fs::read(dir.join(name)).map(Bytes::from)
}

/// `GET /pkg/{name}`
pub(crate) async fn file(Path(name): Path<String>, Extension(files): Extension<Files>, headers: HeaderMap) -> Response {
    let Some((file, encoding)) = files.best(&name, &headers) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = Response::new(Body::from(file));
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind_of(&name)));
    answer.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    answer.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// `GET /brand/{name}`: a logo, on the hosts of the tenant that has it. R49.
pub(crate) async fn logo(Path(name): Path<String>, Extension(tenancy): Extension<Tenancy>) -> Response {
    let brand = policy::brand(&tenancy.settings);
    let is_theirs = [&brand.logo_light, &brand.logo_dark]
        .into_iter()
        .flatten()
        .any(|logo| *logo == name);
    let found = LOGOS.iter().find(|(logo, _)| is_theirs && *logo == name);
    let Some((_, bytes)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"logo.svg\""),
        (header::CACHE_CONTROL, "private, max-age=300"),
    ];
    (headers, Bytes::from_static(bytes)).into_response()
}

impl Files {
    /// A file that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.0.get(name)?).ok()
    }

    /// The smallest twin that the browser takes, and its encoding.
    fn best(&self, name: &str, headers: &HeaderMap) -> Option<(Bytes, Option<&'static str>)> {
        let plain = self.0.get(name)?;
        let accepted = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let twins = [("br", format!("{name}.br")), ("gzip", format!("{name}.gz"))];
        let mut taken = twins.into_iter().filter(|(encoding, _)| accepts(accepted, encoding));
        let twin = taken.find_map(|(encoding, twin)| Some((self.0.get(&twin)?.clone(), Some(encoding))));
        Some(twin.unwrap_or_else(|| (plain.clone(), None)))
    }
}

fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map(str::parse::<f32>);
        is_named && weight.is_none_or(|weight| weight.is_ok_and(|weight| weight > 0.0))
    })
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let names = ["a-1.js", "a-1.js.br", "a-1.js.gz", "b-2.css"];
        Files(Arc::new(
            names
                .map(|name| (name.to_owned(), Bytes::from_static(name.as_bytes())))
                .into(),
        ))
    }

    fn check(name: &str, accepted: &'static str, expect: Option<(&str, Option<&str>)>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
        let found = files().best(name, &headers);
        let found = found
            .as_ref()
            .map(|(bytes, encoding)| (std::str::from_utf8(bytes).unwrap(), *encoding));
        assert_eq!(found, expect, "{name} {accepted}");
    }

    #[test]
    fn the_smallest_accepted_twin_is_served() {
        check("a-1.js", "gzip, deflate, br", Some(("a-1.js.br", Some("br"))));
        check("a-1.js", "gzip", Some(("a-1.js.gz", Some("gzip"))));
        check("a-1.js", "br;q=0, gzip;q=0.5", Some(("a-1.js.gz", Some("gzip"))));
        check("a-1.js", "", Some(("a-1.js", None)));
        check("b-2.css", "br", Some(("b-2.css", None)));
        check("c.js", "br", None);
    }
}
