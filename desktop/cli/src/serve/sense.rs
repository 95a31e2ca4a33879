//! `POST …/sensors`: sensor files of a form, read while they arrive, become drafts in the inbox.
//!
//! A file may be larger than memory: each piece goes through a short queue to the reader and is gone. A browser that breaks off
//! stops the reading, and then nothing is kept. What it must never do: write what was sent to the disk.

use std::{
    io::{BufReader, Read},
    ops::ControlFlow,
    sync::Arc,
};

use axum::{
    Json as Answer,
    body::Bytes,
    extract::{Multipart, Path, Query, State},
};
use reme::{Sensing, dto::SensedDto};
use tokio::sync::mpsc::{Receiver, channel};

use super::{app::App, refusal::Refusal, take::Lang};

/// Pieces under way at once.
const PIECES: usize = 8;
/// Days that are looked at when the address says nothing.
const DAYS: u16 = 31;

/// How far back.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Asked {
    days: Option<String>,
}

pub(crate) async fn sensors(
    State(app): State<Arc<App>>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    Lang(language): Lang,
    mut form: Multipart,
) -> Result<Answer<SensedDto>, Refusal> {
    let days = asked.days.map_or(Ok(DAYS), |days| days.trim().parse().map_err(|_| Refusal::BadQuery("days")))?;
    let mut sensing = app.with(slug.clone(), move |c| c.begin_sensing(days, language)).await?;
    let mut any = false;
    while let Some(mut part) = form.next_field().await.map_err(|_| Refusal::CutOff)? {
        if part.name() != Some("file") {
            continue;
        }
        any = true;
        let name = part.file_name().unwrap_or("file").rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let (sender, receiver) = channel::<Bytes>(PIECES);
        let reading = tokio::task::spawn_blocking(move || {
            read(&mut sensing, &name, receiver);
            sensing
        });
        let mut whole = true;
        loop {
            match part.chunk().await {
                Ok(Some(piece)) => {
                    // A reader that needs no more is no fault.
                    let _ = sender.send(piece).await;
                }
                Ok(None) => break,
                Err(_) => {
                    whole = false;
                    break;
                }
            }
        }
        drop(sender);
        sensing = reading.await.map_err(|_| Refusal::Internal)?;
        if !whole {
            return Err(Refusal::CutOff);
        }
    }
    if !any {
        return Err(Refusal::NoFile);
    }
    app.with(slug, move |c| c.offer_sensed(sensing)).await.map(Answer)
}

fn read(sensing: &mut Sensing, name: &str, receiver: Receiver<Bytes>) {
    let pieces = Pieces { receiver, piece: Bytes::new() };
    sensing.read(name, BufReader::new(pieces), &mut |_| ControlFlow::Continue(()));
}

/// What arrives, as a reader; only on a thread that may wait.
struct Pieces {
    receiver: Receiver<Bytes>,
    piece: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.piece.is_empty() {
            match self.receiver.blocking_recv() {
                Some(piece) => self.piece = piece,
                None => return Ok(0),
            }
        }
        let count = self.piece.len().min(out.len());
        out[..count].copy_from_slice(&self.piece.split_to(count));
        Ok(count)
    }
}
