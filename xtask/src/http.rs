//! What a request for a static file is answered with: no sockets in here, so that all of it can be tested.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The page's own headers, as a host should send them. lit names its Trusted Types policy `lit-html`; workers, and the classic
/// script in frames without an origin, are started by two of the page's own; wasm needs
/// `'wasm-unsafe-eval'`; anyone may frame the page, since teachers put it into their notes.
const SECURITY_HEADERS: [(&str, &str); 4] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *; \
         require-trusted-types-for 'script'; trusted-types lit-html raft-playground-worker raft-playground-classic",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    // Whoever rebuilds and reloads wants what was just built.
    ("Cache-Control", "no-cache"),
];

/// The page that is one file lets in its own scripts by their hashes, which only the page itself can know.
const HAS_ITS_OWN_POLICY: &str = "raft-playground.html";

/// The first line of a request, and whether the connection is to stay open.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) keep_alive: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Head,
    Other,
}

/// What to send. A body is read into memory: the largest file of the site is a few hundred kilobytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: &'static str,
    content_type: &'static str,
    location: Option<String>,
    has_its_own_policy: bool,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn plain(status: &'static str) -> Self {
        let body = format!("{status}\n").into_bytes();
        Self { status, content_type: "text/plain; charset=utf-8", location: None, has_its_own_policy: false, body }
    }

    /// Everything before the body.
    pub(crate) fn head(&self, keep_alive: bool) -> String {
        let mut head = format!("HTTP/1.1 {}\r\n", self.status);
        let connection = if keep_alive { "keep-alive" } else { "close" };
        let length = self.body.len().to_string();
        let own =
            [("Content-Type", self.content_type), ("Content-Length", length.as_str()), ("Connection", connection)];
        let location = self.location.as_deref().map(|location| ("Location", location));
        let allow = (self.status == METHOD_NOT_ALLOWED).then_some(("Allow", "GET, HEAD"));
        let security = SECURITY_HEADERS.into_iter().skip(usize::from(self.has_its_own_policy));
        for (name, value) in own.into_iter().chain(location).chain(allow).chain(security) {
            // Writing to a String cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head + "\r\n"
    }
}

pub(crate) const BAD_REQUEST: &str = "400 Bad Request";
const NOT_FOUND: &str = "404 Not Found";
const METHOD_NOT_ALLOWED: &str = "405 Method Not Allowed";

/// Reads the head of a request, up to the empty line. `None`: this is no HTTP/1 request.
pub(crate) fn parse(head: &str) -> Option<Request> {
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    if !version.starts_with("HTTP/1.") || words.next().is_some() {
        return None;
    }
    let method = match method {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        _ => Method::Other,
    };
    let asks_to_close = lines
        .filter_map(|line| line.split_once(':'))
        .any(|(name, value)| name.eq_ignore_ascii_case("connection") && value.trim().eq_ignore_ascii_case("close"));
    // A request of another method may carry a body, which is not read: the connection cannot go on behind it.
    let keep_alive = version == "HTTP/1.1" && !asks_to_close && method != Method::Other;
    Some(Request { method, target: target.to_owned(), keep_alive })
}

/// Answers a request from the files beneath `root`, which must be a canonical path.
pub(crate) fn answer(root: &Path, request: &Request) -> Response {
    if request.method == Method::Other {
        return Response::plain(METHOD_NOT_ALLOWED);
    }
    let path = request.target.split(['?', '#']).next().unwrap_or_default();
    let Some(segments) = segments(path) else { return Response::plain(BAD_REQUEST) };
    let mut file: PathBuf = root.to_path_buf();
    file.extend(&segments);
    if file.is_dir() {
        if !path.ends_with('/') {
            // Without the slash, the relative links of the page behind it would lead elsewhere.
            let location = path
                .split('/')
                .filter(|segment| !segment.is_empty())
                .fold(String::new(), |all, segment| all + "/" + segment);
            return Response { location: Some(location + "/"), ..Response::plain("301 Moved Permanently") };
        }
        file.push("index.html");
    }
    // Resolves links as well: whatever the way, the file served is one beneath the root.
    let Ok(real) = file.canonicalize() else { return Response::plain(NOT_FOUND) };
    if !real.starts_with(root) {
        return Response::plain(NOT_FOUND);
    }
    match std::fs::read(&real) {
        Ok(body) => Response {
            status: "200 OK",
            content_type: content_type(&real),
            location: None,
            has_its_own_policy: real.file_name().is_some_and(|name| name == HAS_ITS_OWN_POLICY),
            body,
        },
        Err(_) => Response::plain(NOT_FOUND),
    }
}

/// The decoded names between the slashes, or `None` where one of them is not a plain file name: steps upwards, and
/// what some system takes for a separator, a drive or an end, never get as far as the file system.
fn segments(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix('/')?;
    let decoded: Option<Vec<String>> =
        path.split('/').filter(|segment| !segment.is_empty()).map(percent_decoded).collect();
    let is_plain = |name: &String| name != "." && name != ".." && !name.contains(['/', '\\', ':', '\0']);
    decoded.filter(|names| names.iter().all(is_plain))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

fn content_type(path: &Path) -> &'static str {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        // Browsers compile a module while it arrives only when it is called by this name.
        "wasm" => "application/wasm",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" | "ts" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Site(PathBuf);

    impl Site {
        /// `<temporary>/site` with a few files, beside a file that must never be served.
        fn new(name: &str) -> Self {
            let base = std::env::temp_dir().join(format!("raft-xtask-http-{name}-{}", std::process::id()));
            let root = base.join("site");
            std::fs::create_dir_all(root.join("guide")).unwrap();
            std::fs::write(base.join("secret.txt"), "secret").unwrap();
            std::fs::write(root.join("index.html"), "<p>home</p>").unwrap();
            std::fs::write(root.join("guide/index.html"), "<p>guide</p>").unwrap();
            std::fs::write(root.join("a b é.js"), "1").unwrap();
            std::fs::write(root.join("engine.wasm"), b"\0asm").unwrap();
            Self(root.canonicalize().unwrap())
        }

        fn get(&self, target: &str) -> Response {
            answer(&self.0, &Request { method: Method::Get, target: target.to_owned(), keep_alive: true })
        }
    }

    impl Drop for Site {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(self.0.parent().unwrap());
        }
    }

    #[test]
    fn a_directory_is_answered_with_its_index() {
        let site = Site::new("index");
        assert_eq!(site.get("/").body, b"<p>home</p>");
        assert_eq!(site.get("/?seed=7").body, b"<p>home</p>");
        assert_eq!(site.get("/guide/").body, b"<p>guide</p>");
        let moved = site.get("/guide");
        assert_eq!((moved.status, moved.location.as_deref()), ("301 Moved Permanently", Some("/guide/")));
        // Two slashes in front would lead the browser to another host.
        assert_eq!(site.get("//guide").location.as_deref(), Some("/guide/"));
    }

    #[test]
    fn names_are_percent_decoded() {
        let site = Site::new("decode");
        assert_eq!(site.get("/a%20b%20%C3%A9.js").body, b"1");
        for broken in ["/%", "/%4", "/%zz", "/%ff", "/%+1"] {
            assert_eq!(site.get(broken).status, BAD_REQUEST, "{broken}");
        }
    }

    #[test]
    fn nothing_outside_the_root_can_be_reached() {
        let site = Site::new("escape");
        for target in [
            "/../secret.txt",
            "/guide/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/..%5csecret.txt",
            "/guide/..\\..\\secret.txt",
            "/C:/secret.txt",
            "/secret.txt%00",
            "secret.txt",
            "http://127.0.0.1/secret.txt",
            "*",
            "",
        ] {
            let response = site.get(target);
            assert_eq!(response.status, BAD_REQUEST, "{target}");
            assert!(!response.body.windows(6).any(|bytes| bytes == b"secret"), "{target}");
        }
        let absolute = site.0.parent().unwrap().join("secret.txt");
        assert_eq!(site.get(&format!("/{}", absolute.display())).status, NOT_FOUND);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_outside_is_not_followed() {
        let site = Site::new("link");
        std::os::unix::fs::symlink(site.0.parent().unwrap().join("secret.txt"), site.0.join("link.txt")).unwrap();
        assert_eq!(site.get("/link.txt").status, NOT_FOUND);
    }

    #[test]
    fn what_is_not_there_is_a_plain_404() {
        let response = Site::new("absent").get("/nowhere.js");
        assert_eq!((response.status, response.body.as_slice()), (NOT_FOUND, b"404 Not Found\n".as_slice()));
        assert!(response.head(true).contains("Content-Type: text/plain; charset=utf-8\r\n"));
    }

    #[test]
    fn every_answer_carries_the_security_headers_and_its_length() {
        let site = Site::new("headers");
        for target in ["/", "/engine.wasm", "/nowhere", "/%", "/guide"] {
            let response = site.get(target);
            let head = response.head(true);
            assert!(head.starts_with(&format!("HTTP/1.1 {}\r\n", response.status)), "{head}");
            assert!(head.ends_with("\r\n\r\n") && head.matches("\r\n\r\n").count() == 1, "{head}");
            assert!(head.contains(&format!("\r\nContent-Length: {}\r\n", response.body.len())), "{head}");
            assert!(head.contains("\r\nX-Content-Type-Options: nosniff\r\n"), "{head}");
            assert!(head.contains("\r\nReferrer-Policy: no-referrer\r\n"), "{head}");
            assert!(head.contains("\r\nCache-Control: no-cache\r\n"), "{head}");
            let expected = "\r\nContent-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
                style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; \
                form-action 'none'; frame-ancestors *; require-trusted-types-for 'script'; \
                trusted-types lit-html raft-playground-worker raft-playground-classic\r\n";
            assert!(head.contains(expected), "{head}");
        }
    }

    #[test]
    fn the_page_that_is_one_file_keeps_the_policy_that_stands_in_it() {
        let site = Site::new("policy");
        std::fs::write(site.0.join(HAS_ITS_OWN_POLICY), "<p>all of it</p>").unwrap();
        let head = site.get(&format!("/{HAS_ITS_OWN_POLICY}")).head(true);
        assert!(
            !head.contains("Content-Security-Policy") && head.contains("X-Content-Type-Options: nosniff"),
            "{head}"
        );
    }

    #[test]
    fn types_are_those_that_browsers_insist_on() {
        for (name, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("page.js", "text/javascript; charset=utf-8"),
            ("PAGE.JS", "text/javascript; charset=utf-8"),
            ("page.css", "text/css; charset=utf-8"),
            ("raft_wasm_bg.wasm", "application/wasm"),
            ("page.js.map", "application/json; charset=utf-8"),
            ("icon.svg", "image/svg+xml; charset=utf-8"),
            ("LICENSE", "application/octet-stream"),
        ] {
            assert_eq!(content_type(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn requests_are_read_strictly() {
        let keep = parse("GET /a?b HTTP/1.1\r\nHost: x").unwrap();
        assert_eq!(keep, Request { method: Method::Get, target: "/a?b".to_owned(), keep_alive: true });
        assert!(!parse("GET / HTTP/1.1\r\nconnection: Close").unwrap().keep_alive);
        assert!(!parse("GET / HTTP/1.0\r\nHost: x").unwrap().keep_alive);
        assert_eq!(parse("HEAD / HTTP/1.1").unwrap().method, Method::Head);
        let post = parse("POST / HTTP/1.1").unwrap();
        assert_eq!((post.method, post.keep_alive), (Method::Other, false));
        for wrong in ["", "GET", "GET /", "GET / HTTP/2", "GET / a HTTP/1.1", "\u{16}\u{3}\u{1}"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn other_methods_are_refused_by_name() {
        let site = Site::new("method");
        let post = parse("POST / HTTP/1.1").unwrap();
        let response = answer(&site.0, &post);
        assert_eq!(response.status, METHOD_NOT_ALLOWED);
        assert!(response.head(false).contains("\r\nAllow: GET, HEAD\r\n"));
        assert!(response.head(false).contains("\r\nConnection: close\r\n"));
    }
}
