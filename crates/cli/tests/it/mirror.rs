//! A server on loopback that answers as a test tells it, and archives as a mirror has them.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use flate2::Crc;

/// What is answered to a path.
#[derive(Clone)]
pub(crate) enum Reply {
    /// A document, with a mark.
    Document { bytes: Vec<u8>, etag: &'static str },
    /// A document that is promised to be longer than it is.
    CutOff(Vec<u8>),
    /// Another address.
    Redirect(String),
}

/// A server; it lives as long as the test's process.
pub(crate) struct Server {
    pub(crate) base: String,
    replies: Arc<Mutex<BTreeMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/osv", listener.local_addr().unwrap());
        let server = Self { base, replies: Arc::default(), asked: Arc::default() };
        let (replies, asked) = (Arc::clone(&server.replies), Arc::clone(&server.asked));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (replies, asked) = (Arc::clone(&replies), Arc::clone(&asked));
                thread::spawn(move || answer(stream.unwrap(), &replies, &asked));
            }
        });
        server
    }

    pub(crate) fn has(&self, path: &str, reply: Reply) {
        self.replies.lock().unwrap().insert(format!("/osv/{path}"), reply);
    }

    pub(crate) fn has_document(&self, path: &str, bytes: impl AsRef<[u8]>, etag: &'static str) {
        self.has(path, Reply::Document { bytes: bytes.as_ref().to_vec(), etag });
    }

    /// What was asked since this was called last: `200 PyPI/all.zip`.
    pub(crate) fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn answer(stream: TcpStream, replies: &Mutex<BTreeMap<String, Reply>>, asked: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(first)) = lines.next() else { return };
    let path = first.split(' ').nth(1).unwrap().to_owned();
    let mut mark = String::new();
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("if-none-match")) {
            assert_eq!(name.to_lowercase(), "if-none-match");
            value.trim().clone_into(&mut mark);
        }
    }
    let reply = replies.lock().unwrap().get(&path).cloned();
    let (status, headers, body) = match reply {
        None => (404, String::new(), Vec::new()),
        Some(Reply::Document { etag, .. }) if mark == format!("\"{etag}\"") => (304, format!("ETag: \"{etag}\"\r\n"), Vec::new()),
        Some(Reply::Document { bytes, etag }) => (200, format!("ETag: \"{etag}\"\r\nContent-Length: {}\r\n", bytes.len()), bytes),
        Some(Reply::CutOff(bytes)) => (200, format!("Content-Length: {}\r\n", bytes.len() + 1000), bytes),
        Some(Reply::Redirect(to)) => (302, format!("Location: {to}\r\nContent-Length: 0\r\n"), Vec::new()),
    };
    asked.lock().unwrap().push(format!("{status} {}", path.trim_start_matches("/osv/")));
    let mut stream = stream;
    // Whoever asked may be gone.
    let _ = write!(stream, "HTTP/1.1 {status} X\r\n{headers}Connection: close\r\n\r\n").and_then(|()| stream.write_all(&body));
}

/// An archive of records, stored without compression: APPNOTE.TXT, section 4.3.
pub(crate) fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in entries {
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let size = u32::try_from(text.len()).unwrap().to_le_bytes();
        let of_entry = [
            &20_u16.to_le_bytes()[..],
            &[0; 8],
            &crc.sum().to_le_bytes(),
            &size,
            &size,
            &u16::try_from(name.len()).unwrap().to_le_bytes(),
            &[0; 2],
        ]
        .concat();
        let offset = u32::try_from(archive.len()).unwrap();
        archive.extend([b"PK\x03\x04".as_slice(), &of_entry, name.as_bytes(), text.as_bytes()].concat());
        directory.extend([b"PK\x01\x02\x14\0".as_slice(), &of_entry, &[0; 10], &offset.to_le_bytes(), name.as_bytes()].concat());
    }
    let n = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let offset = u32::try_from(archive.len()).unwrap().to_le_bytes();
    [archive.as_slice(), &directory, b"PK\x05\x06\0\0\0\0", &n, &n, &size, &offset, &[0; 2]].concat()
}
