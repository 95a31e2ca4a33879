//! A way in GPX: track points with their times. Way points and routes have no time and are passed over.

use std::io::{BufRead, Result};

use quick_xml::{
    Reader,
    events::{BytesStart, Event as Xml},
};

use super::{Out, apple_health::attribute, lines::Lines};
use crate::{Fault, Fix, Point, Sensed, SourceId, time::moment};

/// The point being read.
struct TrackPoint {
    line: u64,
    point: Option<Point>,
    time: Option<String>,
    in_time: bool,
}

pub(super) fn read(input: &mut Lines<impl BufRead>, out: &mut Out<'_>) -> Result<()> {
    let mut reader = Reader::from_reader(input);
    let (mut buffer, mut open, mut faults_in_a_row) = (Vec::new(), None::<TrackPoint>, 0_u32);
    loop {
        buffer.clear();
        let read = reader.read_event_into(&mut buffer);
        let line = reader.get_ref().line();
        if read.is_ok() {
            faults_in_a_row = 0;
        }
        match read {
            Ok(Xml::Start(element)) if element.local_name().as_ref() == "trkpt" => open = Some(begin(&element, line)),
            Ok(Xml::Empty(element)) if element.local_name().as_ref() == "trkpt" => {
                end(begin(&element, line), out);
            }
            Ok(Xml::Start(element)) if element.local_name().as_ref() == "time" => {
                if let Some(point) = &mut open {
                    point.in_time = true;
                }
            }
            Ok(Xml::Text(text)) => {
                if let Some(point) = open.as_mut().filter(|point| point.in_time) {
                    point.time = Some(text.to_string());
                }
            }
            Ok(Xml::End(element)) => match (element.local_name().as_ref(), &mut open) {
                ("time", Some(point)) => point.in_time = false,
                ("trkpt", _) => {
                    if let Some(point) = open.take() {
                        end(point, out);
                    }
                }
                _ => {}
            },
            Ok(Xml::Eof) => break,
            Ok(_) => {}
            Err(quick_xml::Error::Io(error)) => return Err(std::io::Error::new(error.kind(), error)),
            Err(error) => {
                let cut = matches!(error, quick_xml::Error::Syntax(_));
                out.error(line, "record", if cut { Fault::CutOff } else { Fault::NotXml });
                faults_in_a_row += 1;
                open = None;
                if cut || faults_in_a_row > 100 {
                    return Ok(());
                }
            }
        }
        if out.stopped() {
            return Ok(());
        }
    }
    if let Some(point) = open {
        out.error(point.line, "record", Fault::CutOff);
    }
    Ok(())
}

fn begin(element: &BytesStart<'_>, line: u64) -> TrackPoint {
    let degrees = |name: &str| attribute(element, name)?.trim().parse::<f64>().ok();
    let point = degrees("lat").zip(degrees("lon")).and_then(|(latitude, longitude)| Point::new(latitude, longitude));
    TrackPoint { line, point, time: None, in_time: false }
}

fn end(read: TrackPoint, out: &mut Out<'_>) {
    let Some(point) = read.point else { return out.error(read.line, "trkpt", Fault::OutOfRange) };
    let Some(text) = read.time else { return out.error(read.line, "time", Fault::Missing) };
    let Some(when) = moment(&text, &out.context.zone) else { return out.error(read.line, "time", Fault::NotATime) };
    out.put(SourceId::of("gpx"), when.offset, Sensed::Position(Fix { at: when.at, point, accuracy_m: None }));
}
