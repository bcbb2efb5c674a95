//! The static server: this machine's own pages, for this machine alone.

use crate::error::Error;
use crate::http::{self, Method, Response};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const PORT_FIRST: u16 = 8080;
/// How many ports to try: someone with this many servers running has to choose one.
const PORTS_TRIED: u16 = 100;

/// A connection that says nothing for this long gives its thread back. Browsers open another without a word.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// Far above what a browser sends, far below what would hurt.
const HEAD_BYTES_MAX: u64 = 32 * 1024;

/// Serves `dir` until the process is stopped.
pub(crate) fn serve(dir: &Path, port: Option<u16>, open: bool) -> Result<(), Error> {
    let root = dir.canonicalize().map_err(|cause| Error::file("serve", dir, cause))?;
    if !root.join("index.html").is_file() {
        return Err(Error::missing(
            format!("{}", root.join("index.html").display()),
            "`cargo xtask build` makes the site; `--dir` names another directory to serve.",
        ));
    }
    let listener = listen(port)?;
    let address = listener.local_addr().map_err(|cause| port_error("the port", &cause))?;
    println!("Serving {} at http://{address}/ (Ctrl+C ends it)", root.display());
    if open {
        open_browser(&format!("http://{address}/"));
    }
    for connection in listener.incoming() {
        // A connection that broke before it was accepted concerns nobody else.
        let Ok(stream) = connection else { continue };
        let root = root.clone();
        std::thread::spawn(move || {
            // The other side hung up or fell silent: the end of every connection.
            let _ = converse(&root, stream);
        });
    }
    Ok(())
}

/// The port asked for and no other, or else the first that is free.
fn listen(port: Option<u16>) -> Result<TcpListener, Error> {
    if let Some(port) = port {
        return TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .map_err(|cause| port_error(&format!("port {port}"), &cause));
    }
    first_free(PORT_FIRST..PORT_FIRST + PORTS_TRIED)
}

fn first_free(ports: std::ops::Range<u16>) -> Result<TcpListener, Error> {
    let (first, last) = (ports.start, ports.end - 1);
    for port in ports {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Err(cause) if matches!(cause.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) => {}
            bound => return bound.map_err(|cause| port_error(&format!("port {port}"), &cause)),
        }
    }
    Err(Error::unfit(format!("all ports from {first} to {last} are taken"), "choose another with `--port N`"))
}

fn port_error(what: &str, cause: &std::io::Error) -> Error {
    Error::unfit(format!("cannot listen on {what} of 127.0.0.1: {cause}"), "`--port N` chooses another, `--port 0` any")
}

fn converse(root: &Path, stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(SILENCE_MAX))?;
    stream.set_write_timeout(Some(SILENCE_MAX))?;
    // Heads and small bodies are each written at once; waiting to fill a packet would only delay them.
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    loop {
        let Some(head) = read_head(&mut reader)? else { return Ok(()) };
        let (response, method, keep_alive) = match http::parse(&head) {
            Some(request) => (http::answer(root, &request), request.method, request.keep_alive),
            None => (Response::plain(http::BAD_REQUEST), Method::Get, false),
        };
        let mut bytes = response.head(keep_alive).into_bytes();
        if method != Method::Head {
            bytes.extend_from_slice(&response.body);
        }
        writer.write_all(&bytes)?;
        if !keep_alive {
            return Ok(());
        }
    }
}

/// The head of the next request without its empty line; `None` where the other side has ended.
fn read_head(reader: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut limited = reader.take(HEAD_BYTES_MAX);
    let mut head = Vec::new();
    loop {
        if limited.read_until(b'\n', &mut head)? == 0 {
            return Ok(None);
        }
        if head.ends_with(b"\r\n\r\n") {
            head.truncate(head.len() - 4);
            return Ok(Some(String::from_utf8_lossy(&head).into_owned()));
        }
    }
}

/// Shows the page where somebody can see it. A browser that does not start is no reason to stop serving.
fn open_browser(url: &str) {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let mut command = if set("CI") {
        return;
    } else if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("cmd");
        // The empty word is the title of the window, which `start` takes from the first text in quotes.
        command.args(["/C", "start", ""]);
        command
    } else if set("DISPLAY") || set("WAYLAND_DISPLAY") {
        Command::new("xdg-open")
    } else {
        return;
    };
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.spawn() {
        // Some of these stay until the browser is closed.
        Ok(mut child) => drop(std::thread::spawn(move || child.wait())),
        Err(_) => println!("No browser could be opened from here: open the address above in one."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_stepped_over_unless_it_was_asked_for() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(listen(Some(port)).unwrap_err().to_string().contains(&format!("cannot listen on port {port}")));
        assert!(first_free(port..port + 1).unwrap_err().to_string().contains("are taken"));
        let free = first_free(port..port.saturating_add(50)).unwrap();
        assert_ne!(free.local_addr().unwrap().port(), port);
    }

    #[test]
    fn one_connection_carries_several_requests_and_a_head_has_no_body() {
        let root = std::env::temp_dir().join(format!("raft-xtask-serve-{}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        std::fs::write(root.join("index.html"), "<p>home</p>").unwrap();
        let listener = listen(Some(0)).unwrap();
        let address = listener.local_addr().unwrap();
        let served = root.canonicalize().unwrap();
        let server = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            converse(&served, stream)
        });

        let mut client = TcpStream::connect(address).unwrap();
        client
            .write_all(b"HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\nGET /x HTTP/1.1\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut text = String::new();
        client.read_to_string(&mut text).unwrap();
        server.join().unwrap().unwrap();
        std::fs::remove_dir_all(&root).unwrap();

        assert_eq!(text.matches("HTTP/1.1 200 OK\r\n").count(), 2, "{text}");
        assert_eq!(text.matches("Content-Length: 11\r\n").count(), 2, "{text}");
        assert_eq!(text.matches("<p>home</p>").count(), 1, "{text}");
        assert!(text.ends_with("404 Not Found\n"), "{text}");
    }

    #[test]
    fn a_head_without_end_is_not_read_for_ever() {
        let endless = vec![b'x'; 100_000];
        assert_eq!(read_head(&mut endless.as_slice()).unwrap(), None);
        let whole = b"GET / HTTP/1.1\r\nHost: x\r\n\r\nrest";
        assert_eq!(read_head(&mut whole.as_slice()).unwrap().unwrap(), "GET / HTTP/1.1\r\nHost: x");
    }
}
