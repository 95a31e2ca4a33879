//! `GET …/export`: everything of a patient as a zip, written while it is sent.
//!
//! Texts are taken at once, photos one at a time between the patient's own requests, so that a large export neither fills the
//! memory nor stops a session. What it must never do: write plain memories to the disk.

use std::{io::Write, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use http_body_util::channel::{Channel, Sender};
use reme::Export;
use reme_types::MediaRole;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{app::App, refusal::Refusal};

/// Pieces under way at once, and their size in bytes.
const PIECES: usize = 8;
const PIECE_BYTES: usize = 64 * 1024;

pub(crate) async fn export(State(app): State<Arc<App>>, Path(slug): Path<String>) -> Result<Response, Refusal> {
    let owner = slug.clone();
    let (index, today) = app.with(owner, |c| Ok((c.export_index()?, c.today()?))).await?;
    let name = format!("attachment; filename=\"reme-{slug}-{today}.zip\"");
    let (sender, body) = Channel::<Bytes, std::io::Error>::new(PIECES);
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut pieces = Pieces { sender, runtime, filled: Vec::new() };
        let written = write(&app, &slug, index, &mut pieces).and_then(|()| pieces.flush());
        if let Err(error) = written {
            // The reader sees a broken download and not a whole file.
            pieces.sender.abort(error);
        }
    });
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::new(body)).into_response())
}

fn write(app: &App, slug: &str, index: Export, pieces: &mut Pieces) -> std::io::Result<()> {
    let mut zip = ZipWriter::new_stream(pieces);
    let mut put = |name: &str, bytes: &[u8], method| -> std::io::Result<()> {
        zip.start_file(name, SimpleFileOptions::default().compression_method(method))?;
        zip.write_all(bytes)
    };
    for (name, bytes) in &index.files {
        put(name, bytes, CompressionMethod::Deflated)?;
    }
    let mut damaged = Vec::new();
    for (name, id) in index.photos {
        match app.with_now(slug, |c| Ok(c.photo(&id, MediaRole::Original)?)) {
            Ok((bytes, _)) => put(&name, &bytes, CompressionMethod::Stored)?,
            Err(_) => damaged.push(name),
        }
    }
    let (name, bytes) = Export::readme(&damaged);
    put(&name, &bytes, CompressionMethod::Deflated)?;
    zip.finish()?;
    Ok(())
}

/// What is written, on its way in pieces; waits for the reader.
struct Pieces {
    sender: Sender<Bytes, std::io::Error>,
    runtime: tokio::runtime::Handle,
    filled: Vec<u8>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.filled.extend_from_slice(bytes);
        if self.filled.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.filled.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::take(&mut self.filled));
        let sent = self.runtime.block_on(self.sender.send_data(piece));
        sent.map_err(|_| std::io::Error::from(std::io::ErrorKind::BrokenPipe))
    }
}
