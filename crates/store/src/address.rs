//! Addresses of databases: which may be used. Connects to nothing.

use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::net::IpAddr;
use std::str::FromStr;

/// Why an address may not be used, in one line with what to write instead; nothing if it may.
///
/// PostgreSQL on another host is reached over TLS that proves its name, or not at all (R37). What the driver makes of the
/// address counts, with the variables that it reads (`PGHOST`, `PGSSLMODE`): the last word on host and mode is its own.
pub fn problem(url: &str) -> Option<String> {
    if url.starts_with("sqlite:") {
        return None;
    }
    if !["postgres://", "postgresql://"]
        .iter()
        .any(|kind| url.starts_with(kind))
    {
        return Some("it has to begin with `sqlite://` or `postgres://`".to_owned());
    }
    let Ok(options) = PgConnectOptions::from_str(url) else {
        return Some("it cannot be read: write it like `postgres://USER:PASSWORD@HOST/DATABASE`".to_owned());
    };
    let is_safe = is_here(&options) || matches!(options.get_ssl_mode(), PgSslMode::VerifyFull);
    (!is_safe).then(|| {
        format!(
            "PostgreSQL on {} is reached over a network without proof that it is the right server: add `?sslmode=verify-full`, \
             and `&sslrootcert=FILE` if its certificate comes from an authority of your own",
            options.get_host()
        )
    })
}

/// Whether the connection never leaves this machine.
fn is_here(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let is_socket = options.get_socket().is_some() || host.starts_with('/');
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_loopback = bare.unwrap_or(host).parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    is_socket || is_loopback || host.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r37_postgresql_elsewhere_needs_tls_that_proves_the_name() {
        for (url, is_fine) in [
            ("sqlite://data/regain.db?mode=rwc", true),
            ("sqlite::memory:", true),
            ("postgres://regain@127.0.0.1/regain", true),
            ("postgres://regain@127.9.9.9:5433/regain", true),
            ("postgres://regain@[::1]/regain", true),
            ("postgresql://regain@LocalHost/regain", true),
            ("postgres://regain@%2Frun%2Fpostgresql/regain", true),
            ("postgres://regain@ignored/regain?host=/run/postgresql", true),
            ("postgres://regain@db/regain", false),
            ("postgres://regain@10.0.0.7/regain", false),
            ("postgres://regain@[2001:db8::1]/regain", false),
            ("postgres://regain@localhost.evil.example/regain", false),
            ("postgres://regain@db/regain?sslmode=require", false),
            (
                "postgres://regain@db/regain?sslmode=verify-ca&sslrootcert=ca.pem",
                false,
            ),
            ("postgres://regain@db/regain?sslmode=verify-full", true),
            (
                "postgres://regain@db/regain?sslmode=verify-full&sslrootcert=ca.pem",
                true,
            ),
            // The last word counts.
            ("postgres://regain@db/regain?sslmode=verify-full&sslmode=prefer", false),
            ("postgres://regain@localhost/regain?host=db", false),
            ("postgres://regain@localhost/regain?hostaddr=10.0.0.7", false),
            ("postgres://regain@db/regain?sslmode=sure", false),
            ("postgres://regain@[db/regain", false),
            ("mysql://regain@db/regain", false),
        ] {
            assert_eq!(problem(url).is_none(), is_fine, "{url} {:?}", problem(url));
        }
    }

    #[test]
    fn r37_the_refusal_says_what_to_write_and_no_password() {
        let words = problem("postgres://regain:hunter2@db.example/regain").unwrap();
        for part in ["db.example", "sslmode=verify-full", "sslrootcert="] {
            assert!(words.contains(part), "{words}");
        }
        assert!(!words.contains("hunter2") && !words.contains('\n'), "{words}");
    }
}
