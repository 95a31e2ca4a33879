use jiff::{Timestamp, civil::date, tz::TimeZone};

use super::*;

/// Minutes after 13:00 in London on 2 May 2026.
fn at(minute: i64) -> Timestamp {
    Timestamp::from_second("2026-05-02T12:00:00Z".parse::<Timestamp>().expect("a moment").as_second() + minute * 60)
        .expect("in range")
}

fn span(from: i64, to: i64) -> TimeSpan {
    TimeSpan { start: at(from), end: at(to) }
}

fn place(name: &str) -> PlaceRef {
    let name = Some(name.to_owned()).filter(|name| !name.is_empty());
    PlaceRef { is_home: name.as_deref() == Some("home"), name, point: None }
}

fn way(activity: Activity, from: i64, to: i64, ends: (&str, &str)) -> Episode {
    Episode {
        span: span(from, to),
        offset: None,
        kind: EpisodeKind::Activity(activity),
        from: Some(place(ends.0)),
        to: Some(place(ends.1)),
        steps: Some(100),
        confidence: 0.8,
    }
}

fn stay(name: &str, from: i64, to: i64) -> Episode {
    let (start, end) = (at(from), at(to));
    Episode {
        span: TimeSpan { start, end },
        offset: None,
        kind: EpisodeKind::Visit(place(name)),
        from: None,
        to: None,
        steps: None,
        confidence: 0.8,
    }
}

fn entry(title: &str, from: i64, to: i64) -> CalendarEntry {
    CalendarEntry {
        id: format!("{title}{from}"),
        span: span(from, to),
        all_day: false,
        title: title.into(),
        place: Some("Café Anna".into()),
    }
}

fn place_name(story: &Story) -> Option<&str> {
    story.place()?.name.as_deref()
}

fn london() -> TimeZone {
    TimeZone::get("Europe/London").expect("known")
}

#[test]
fn a_walk_to_the_park_and_back_is_one_story_with_photos_and_calendar_of_that_hour() {
    let day = [
        stay("home", -300, 0),
        way(Activity::Walking, 0, 25, ("home", "park")),
        stay("park", 25, 65),
        way(Activity::Walking, 30, 42, ("park", "park")),
        way(Activity::Walking, 65, 90, ("park", "home")),
        stay("home", 90, 400),
    ];
    let photos = [
        PhotoMoment { taken: date(2026, 5, 2).at(13, 40, 0, 0), point: None },
        PhotoMoment { taken: date(2026, 5, 2).at(17, 0, 0, 0), point: None },
    ];
    let found = stories(&day, &[entry("Tea with Joan", 30, 60), entry("Dentist", 900, 930)], &photos, &london(), &[]);
    let [story, dentist] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(story.parts.len(), 3, "{story:#?}");
    assert_eq!(
        (story.span, story.photos.as_slice(), story.calendar.len(), place_name(story)),
        (span(0, 90), &[0][..], 1, Some("park"))
    );
    assert_eq!(story.local_start, date(2026, 5, 2).at(13, 0, 0, 0));
    assert!((story.confidence - 0.9).abs() < 1e-9, "{story:?}");
    assert_eq!(story.sources.len(), 4);
    assert_eq!((dentist.parts.len(), dentist.confidence), (0, PLANNED));
}

#[test]
fn walks_to_the_stop_belong_to_the_ride() {
    let day = [
        way(Activity::Walking, 0, 7, ("home", "")),
        way(Activity::Vehicle, 8, 30, ("", "")),
        way(Activity::Walking, 31, 38, ("", "market")),
        stay("market", 38, 70),
    ];
    let found = stories(&day, &[], &[], &london(), &[]);
    let [story] = &found[..] else { panic!("{found:#?}") };
    let [ride, market] = &story.parts[..] else { panic!("{story:#?}") };
    assert_eq!(
        (ride.span, ride.from.clone(), ride.to.clone()),
        (span(0, 38), Some(place("home")), Some(place("market")))
    );
    assert!(matches!(&market.kind, PartKind::Stay(p) if p.name.as_deref() == Some("market")));
}

#[test]
fn what_is_no_story_is_not_offered() {
    for (name, day) in [
        ("from room to room", vec![way(Activity::Walking, 0, 12, ("home", "home"))]),
        ("somewhere, nobody knows where", vec![stay("", 0, 200)]),
        ("a ride that led nowhere", vec![way(Activity::Vehicle, 0, 30, ("", ""))]),
        ("a night", vec![way(Activity::Sleep, 0, 400, ("", ""))]),
        ("a few steps", vec![way(Activity::Walking, 0, 7, ("", ""))]),
    ] {
        assert_eq!(stories(&day, &[], &[], &london(), &[]), [], "{name}");
    }
    let pills: Vec<CalendarEntry> = (0..10).map(|day| entry("Pills", day * 1440, day * 1440 + 10)).collect();
    assert_eq!(stories(&[], &pills, &[], &london(), &[]), []);
}

#[test]
fn the_calendar_names_a_place_nobody_has_named_and_home_parts_two_outings() {
    let day = [stay("", 0, 50), stay("home", 60, 100), way(Activity::Walking, 100, 120, ("home", "park"))];
    let found = stories(&day, &[entry("Tea", 0, 50)], &[], &london(), &[]);
    assert_eq!(found.iter().map(place_name).collect::<Vec<_>>(), [Some("Café Anna"), Some("park")]);
    assert_ne!(found[0].id, found[1].id);
}

/// So many metres north of where the walk began.
fn north(metres: f64) -> Point {
    Point::new(51.5 + metres / 111_195.0, -0.12).expect("on earth")
}

#[test]
fn photos_say_where_a_walk_led_that_no_position_followed_and_one_from_far_away_is_not_of_it() {
    let park = NamedPlace { name: "park".into(), point: north(1900.0), is_home: false };
    let walk = |from, to| Episode { from: None, to: None, ..way(Activity::Walking, from, to, ("", "")) };
    let known = Episode { from: Some(PlaceRef { point: Some(north(0.0)), ..place("home") }), ..walk(0, 25) };
    let photo =
        |minute: i8, metres| PhotoMoment { taken: date(2026, 5, 2).at(13, minute, 0, 0), point: Some(north(metres)) };
    let photos = [photo(30, 1950.0), photo(45, 1850.0), photo(40, 90_000.0)];
    let found = stories(&[known, walk(60, 85)], &[], &photos, &london(), &[park]);
    let [story] = &found[..] else { panic!("one draft, not one for the walk and one for its photos: {found:#?}") };
    assert_eq!((story.photos.as_slice(), place_name(story)), (&[0, 1][..], Some("park")));
    let name = |place: &Option<PlaceRef>| place.as_ref().and_then(|place| place.name.clone());
    assert_eq!(name(&story.parts[0].to), Some("park".to_owned()));
    assert_eq!((name(&story.parts[1].from), name(&story.parts[1].to)), (Some("park".to_owned()), None));
}
