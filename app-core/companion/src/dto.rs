//! The shapes that cross the edge to a screen, as JSON. Everything below `reme` stays unserialised
//! (invariant 9); `desktop/ui` gets these as TypeScript from `cargo test -p reme export_bindings`.
//!
//! Conventions: ids and dates are strings (`2026-05-02`, `2026-05-02T14:00`, RFC 3339 for instants),
//! durations carry their unit in the name, absent values are `null`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! dto {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
        #[ts(export, export_to = "dto.ts")]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty,)* }
    )*};
}

dto! {
    /// `GET /api/health`.
    HealthDto {
        /// Version of ReMe.
        version: String,
        /// `none`, or the model file's name.
        model: String,
        /// `keyring` or `file`: where the key is kept.
        key_store: String,
    }
    /// One patient on this device.
    PatientDto {
        /// Folder name and address part, such as `demo-en`.
        slug: String,
        /// Name as the patient likes to be called.
        name: String,
        /// `en` or `zh-CN`.
        language: String,
        /// IANA zone.
        time_zone: String,
        /// Whether it is one of the demo people.
        demo: bool,
        /// Memories kept.
        memories: u32,
    }
    /// `POST /api/patients`.
    NewPatientDto {
        /// Name.
        name: String,
        /// `en` or `zh-CN`.
        language: String,
        /// IANA zone.
        time_zone: String,
    }
    /// Whether something can be done here, and if not, why and what helps, in the request's language.
    ReadyDto {
        /// It can.
        ready: bool,
        /// What is missing and how to get it; `null` when nothing is.
        message: Option<String>,
    }
    /// `GET …/voice`: what this machine can hear and say, and how lines are spoken.
    VoiceDto {
        /// The models that turn speech into words.
        hearing: ReadyDto,
        /// The machine's own microphone.
        device: ReadyDto,
        /// The voice.
        speaking: ReadyDto,
        /// Whether every line is spoken as it comes.
        speak: bool,
        /// Pace in percent of the voice's own: 60–120.
        rate_percent: u8,
    }
    /// `PUT …/voice`.
    VoiceSettingsDto {
        /// Whether every line is spoken as it comes.
        speak: bool,
        /// Pace in percent of the voice's own: 60–120.
        rate_percent: u8,
    }
    /// `POST …/listen`.
    ListenDto {
        /// `browser`: sound comes to `…/audio`; `device`: from the machine's own microphone.
        from: String,
        /// Whether the recording is kept, for a memory to name.
        keep: bool,
    }
    /// One turn of listening.
    ListenStartedDto {
        /// Part of the addresses below.
        id: String,
    }
    /// A word as heard.
    HeardWordDto {
        /// The word.
        text: String,
        /// How sure the recogniser was, 0–1.
        confidence: f64,
    }
    /// `GET …/listen/{id}`: what has happened since.
    ListenEventDto {
        /// Counts up from 1.
        seq: u32,
        /// `level`, `partial`, `final`, `nothing` or `trouble`; the last three end it.
        kind: String,
        /// How loud, 0–1, for `level`.
        level: f64,
        /// The words so far, or what the trouble is, in the request's language.
        text: String,
        /// The words of `final`.
        words: Vec<HeardWordDto>,
        /// Media id of the recording, where it was to be kept.
        recording: Option<String>,
    }
    /// `POST …/speak`: a sentence, in the patient's language, to be made into a WAV file.
    SpeakDto {
        /// The words.
        text: String,
    }
    /// Screen settings of one patient.
    SettingsDto {
        /// `en` or `zh-CN`.
        language: String,
        /// `auto`, `light`, `dark` or `contrast`.
        theme: String,
        /// Body text in px: 18–36.
        text_px: u8,
    }
    /// `GET /api/patients/{slug}/home`.
    HomeDto {
        /// The patient.
        patient: PatientDto,
        /// A half-done session to go on with.
        resumable: bool,
        /// Minutes the next session takes by plan.
        minutes: u16,
        /// Titles of the games to come.
        games: Vec<String>,
        /// Sessions finished in the last seven days.
        sessions_this_week: u8,
        /// Sessions a week by plan.
        sessions_goal: u8,
        /// Why no session can start (already in the patient's language), or `null`.
        blocked: Option<String>,
    }
    /// One bubble of the conversation.
    LineDto {
        /// Counts up within the session.
        id: u32,
        /// `reme` or `patient`.
        who: String,
        /// The words.
        text: String,
        /// A photo shown with the line.
        photo: Option<PhotoDto>,
    }
    /// A photo on the screen.
    PhotoDto {
        /// Address of the bytes.
        url: String,
        /// What stands in for it for those who cannot see it; gives no answer away.
        alt: String,
        /// Whether it is the blurred part.
        blurred: bool,
    }
    /// One answer to tap.
    ChoiceDto {
        /// Sent back as the input.
        value: String,
        /// Written on the button.
        label: String,
        /// CSS colour of a swatch beside the label.
        swatch: Option<String>,
    }
    /// What is shown besides words.
    StimulusDto {
        /// `colour-word` or `sum`.
        kind: String,
        /// The word or the sum.
        text: String,
        /// CSS colour the word is printed in.
        ink: Option<String>,
        /// Milliseconds a fixation cross stands before it.
        fixation_ms: u32,
    }
    /// A running or finished session: all a screen needs to draw itself.
    SessionDto {
        /// Id.
        id: String,
        /// Language of the session, `en` or `zh-CN`.
        language: String,
        /// `running`, `done` or `stopped`.
        state: String,
        /// Counts the inputs taken; sent back with the next input, so that a doubled request is harmless.
        turn: u32,
        /// Title of the game being played.
        game: String,
        /// The game's slug.
        game_slug: String,
        /// 1-based number of the game.
        game_number: u8,
        /// How many games.
        games: u8,
        /// Steps done in this game.
        steps_done: u16,
        /// Steps in all in this game.
        steps_total: u16,
        /// The conversation so far in this game.
        lines: Vec<LineDto>,
        /// Shown large above the input.
        stimulus: Option<StimulusDto>,
        /// `text`, `number`, `choice` or `none`.
        input: String,
        /// For `choice` (typed answers are taken as well).
        choices: Vec<ChoiceDto>,
        /// Whether a hint makes sense now.
        can_hint: bool,
        /// Set when `state` is not `running`.
        summary: Option<SummaryDto>,
    }
    /// What the done screen says; no marks, no blame.
    SummaryDto {
        /// Closing words.
        text: String,
        /// Details recalled or steps done in the session.
        recalled: u16,
        /// Minutes it took, rounded up.
        minutes: u16,
        /// Titles of the games played.
        games: Vec<String>,
    }
    /// `POST /api/patients/{slug}/session/input`.
    InputDto {
        /// Session id.
        session: String,
        /// The `turn` of the session as last seen.
        turn: u32,
        /// `text`, `spoken`, `tap`, `hint`, `repeat`, `skip`, `stop`, or `silence` when nobody answered by voice.
        kind: String,
        /// Words typed, or the value of the choice.
        value: String,
        /// Milliseconds from stimulus to answer, measured by the screen.
        rt_ms: Option<u32>,
    }
    /// An askable detail.
    FactDto {
        /// Id; `null` for a proposal not yet kept.
        id: Option<String>,
        /// `person`, `place`, `time`, `food`, `activity`, `number`, `animal` or `thing`.
        kind: String,
        /// The question.
        question: String,
        /// The answer.
        answer: String,
        /// Other wordings.
        aliases: Vec<String>,
        /// Hint at the meaning.
        meaning_cue: Option<String>,
        /// `rule`, `model` or `person`.
        origin: String,
        /// Whether the carer has looked at it.
        confirmed: bool,
    }
    /// A memory as the carer sees and edits it.
    MemoryDto {
        /// Id.
        id: String,
        /// `episode` or `fact`.
        kind: String,
        /// `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `YYYY-MM-DDThh:mm`.
        happened_at: Option<String>,
        /// When it was told.
        recorded_at: String,
        /// The note.
        text: String,
        /// Names of people.
        people: Vec<String>,
        /// Name of the place.
        place: Option<String>,
        /// Tags.
        tags: Vec<String>,
        /// `patient`, `caregiver` or `wearable`.
        source: String,
        /// Never picked for training.
        sensitive: bool,
        /// Media ids, in order; bytes at `/api/patients/{slug}/media/{id}?size=thumb|screen`.
        media: Vec<String>,
        /// Media ids of recordings, in order; bytes at `/api/patients/{slug}/media/{id}?size=original`.
        recordings: Vec<String>,
        /// Askable details.
        facts: Vec<FactDto>,
        /// In the bin.
        deleted: bool,
    }
    /// `POST`/`PUT` of a memory.
    MemoryInputDto {
        /// `episode` or `fact`.
        kind: String,
        /// When it happened.
        happened_at: Option<String>,
        /// The note.
        text: String,
        /// Names; unknown ones are added to the people.
        people: Vec<String>,
        /// Name; an unknown one is added to the places.
        place: Option<String>,
        /// Tags.
        tags: Vec<String>,
        /// `patient` or `caregiver`.
        source: String,
        /// Never picked for training.
        sensitive: bool,
        /// Media ids from `POST …/media`, and of recordings that were kept while listening.
        media: Vec<String>,
        /// Askable details; `null` lets ReMe propose them from the text.
        facts: Option<Vec<FactDto>>,
    }
    /// `POST …/media`: what was found in a photo.
    MediaDto {
        /// Id.
        id: String,
        /// Time from EXIF.
        taken_at: Option<String>,
        /// Things left out, in words, such as an absurd date.
        notes: Vec<String>,
    }
    /// Somebody in the patient's life.
    PersonDto {
        /// Id; empty when adding.
        id: String,
        /// Name.
        name: String,
        /// Relation.
        relation: String,
        /// Other names.
        aliases: Vec<String>,
    }
    /// One session on the progress page.
    SessionRowDto {
        /// Id.
        id: String,
        /// RFC 3339.
        started_at: String,
        /// `running`, `done` or `stopped`.
        state: String,
        /// Minutes.
        minutes: u16,
        /// Titles of games.
        games: Vec<String>,
        /// Counting trials.
        trials: u16,
        /// Answered at rung ≤ 2, or correctly.
        successes: u16,
    }
    /// One trial on the progress page.
    TrialDto {
        /// Number in the session.
        seq: u32,
        /// The game's slug.
        game: String,
        /// Trial kind.
        kind: String,
        /// Domain.
        domain: String,
        /// The question, where it was a fact.
        question: Option<String>,
        /// `correct`, `partial`, `incorrect` or `no_answer`.
        verdict: String,
        /// 0–7, for laddered trials.
        rung: Option<u8>,
        /// Level.
        level: u8,
        /// Milliseconds.
        rt_ms: Option<u32>,
        /// On what the match rests.
        matched_by: String,
        /// Practice trials never count.
        practice: bool,
    }
    /// One point of a trend.
    PointDto {
        /// Day.
        date: String,
        /// Success rate of that session, 0–1.
        success: f64,
        /// Lower end of the interval.
        low: f64,
        /// Upper end.
        high: f64,
        /// Counting trials behind it.
        trials: u16,
        /// Mean rung, for laddered games.
        mean_rung: Option<f64>,
    }
    /// The trend of one domain.
    TrendDto {
        /// Domain slug.
        domain: String,
        /// Points in time order.
        points: Vec<PointDto>,
        /// One sentence: direction and how sure.
        sentence: String,
    }
    /// `GET …/progress`.
    ProgressDto {
        /// Per domain.
        trends: Vec<TrendDto>,
        /// How many facts were recalled at rung 0–7.
        rungs: Vec<u32>,
        /// Newest first.
        sessions: Vec<SessionRowDto>,
    }
    /// One prescribed game.
    GamePlanDto {
        /// Slug.
        game: String,
        /// Title in the patient's language.
        title: String,
        /// Whether it is in the plan.
        enabled: bool,
        /// Lowest level.
        min_level: u8,
        /// Highest level.
        max_level: u8,
        /// Highest level the game has.
        levels: u8,
    }
    /// `GET`/`PUT …/plan`.
    PlanDto {
        /// Counts up.
        version: u32,
        /// All games known, enabled or not.
        games: Vec<GamePlanDto>,
        /// Sessions a week, 1–7.
        sessions_per_week: u8,
        /// 10–30.
        session_minutes: u16,
        /// At most 45.
        daily_cap_minutes: u16,
        /// Who set it.
        set_by: String,
    }
    /// `POST …/search`.
    QuestionDto {
        /// A question, or some words.
        question: String,
        /// A written rule to be applied to the memories.
        #[serde(default)]
        rule: Option<String>,
        /// `patient` keeps out what is marked sensitive; `carer`, or nothing, does not.
        #[serde(default)]
        by: Option<String>,
    }
    /// What a question rests on.
    FoundDto {
        /// Best first; those in `cited` are always among them.
        memories: Vec<MemoryDto>,
        /// A short answer, where the memories say it plainly.
        answer_text: Option<String>,
        /// Ids of the memories the answer rests on.
        cited: Vec<String>,
        /// 1 one memory says it, 2 combined, 3 a written rule applied, 4 a habit seen.
        level: u8,
        /// Level 3: the rule as it was understood, in the patient's language.
        rule_in_words: Option<String>,
        /// Level 4: memories that show the habit.
        support: Option<u32>,
        /// Level 4: memories that went otherwise.
        exceptions: Option<u32>,
        /// No memory answers this; `memories` may still hold some that are near.
        nothing_found: bool,
        /// The sentence that says so.
        nothing_text: Option<String>,
    }
    /// A part of an upright photo, as shares of its sides, 0–1.
    RegionDto {
        /// Left edge.
        x: f32,
        /// Upper edge.
        y: f32,
        /// Width.
        width: f32,
        /// Height.
        height: f32,
    }
    /// One suggestion of the inbox, whoever made it. Nothing in it counts before it was accepted.
    SuggestionDto {
        /// Id.
        id: String,
        /// `draft`, `face-group`, `person`, `place`, `text`, `thing`, `caption`, `same-photo`, `fact` or `name`.
        kind: String,
        /// `open`, `accepted` or `dismissed`.
        state: String,
        /// RFC 3339.
        made_at: String,
        /// What found it: `face`, `ocr`, `tags`, `likeness`, `caption`, `photo-exif`, `wearable`, `gps`, `calendar`, …
        source: String,
        /// Its version or model.
        version: String,
        /// 0–1.
        confidence: f64,
        /// What is suggested, for a person to read; read words come line by line.
        text: String,
        /// The memory it belongs to, or has become.
        memory: Option<String>,
        /// The photo or recording it was found in.
        media: Option<String>,
        /// Where in the photo.
        region: Option<RegionDto>,
        /// Kind `draft`: everything that would be kept.
        draft: Option<MemoryInputDto>,
        /// Kind `fact`: the askable detail.
        fact: Option<FactDto>,
        /// Kind `person`: who.
        person: Option<String>,
        /// Kinds `face-group` and `person`: the group of faces.
        group: Option<String>,
        /// Kind `same-photo`: the photo that shows the same.
        other: Option<String>,
    }
    /// `POST …/suggestions/{id}/accept`: what the carer changed before accepting; all `null` takes it as it is.
    SuggestionEditDto {
        /// Kinds `text`, `thing`, `place`, `caption`, `name`: in place of what was suggested.
        #[serde(default)]
        text: Option<String>,
        /// Kind `draft`.
        #[serde(default)]
        draft: Option<MemoryInputDto>,
        /// Kind `fact`.
        #[serde(default)]
        fact: Option<FactDto>,
    }
    /// `POST …/suggestions/dismiss`.
    SuggestionIdsDto {
        /// Which.
        ids: Vec<String>,
    }
    /// Its answer.
    DismissedDto {
        /// How many were open and are dismissed now.
        dismissed: u32,
    }
    /// `GET …/suggestions/count`.
    SuggestionCountDto {
        /// How many are open.
        open: u32,
        /// By kind.
        kinds: Vec<KindCountDto>,
    }
    /// Open suggestions of one kind.
    KindCountDto {
        /// Which kind.
        kind: String,
        /// How many.
        open: u32,
    }
    /// A face in a photo.
    FaceDto {
        /// Id.
        id: String,
        /// The photo.
        media: String,
        /// Where in it.
        region: RegionDto,
    }
    /// Faces that look like one person.
    FaceGroupDto {
        /// Id.
        id: String,
        /// Who it is, once somebody has said.
        person: Option<String>,
        /// Their name.
        name: Option<String>,
        /// Whether there is a consent to keep what this person looks like.
        consent: bool,
        /// How many faces.
        count: u32,
        /// At most 24 of them, the clearest first.
        faces: Vec<FaceDto>,
    }
    /// `POST …/faces/{id}/name`.
    FaceNameDto {
        /// Name.
        name: String,
        /// Somebody who is known, by id; else somebody of that name, else somebody new.
        person: Option<String>,
        /// Relation, for somebody new.
        relation: String,
        /// That this person, or who may speak for them, agrees that what they look like is kept on this device.
        consent: bool,
    }
    /// `POST …/faces/{id}/merge`.
    FaceMergeDto {
        /// The group the faces go to.
        into: String,
    }
    /// `POST …/faces/{id}/split`.
    FaceSplitDto {
        /// Faces that are somebody else.
        faces: Vec<String>,
    }
    /// `GET …/look`: how far looking at the photos is.
    LookDto {
        /// `idle`, `running` or `stopped`.
        state: String,
        /// Photos looked at in this run.
        done: u32,
        /// Photos to look at in this run.
        of: u32,
        /// Suggestions made in this run.
        found: u32,
        /// What is missing on this device, with the way to get it.
        missing: Vec<String>,
    }
    /// `POST …/erase`.
    EraseDto {
        /// The patient's name, exactly as it is shown.
        confirm: String,
    }
    /// `GET …/sync`, and the answer to every other request below it: the link with a clinic.
    SyncDto {
        /// Whether there is one.
        paired: bool,
        /// Where the clinic's portal is.
        address: Option<String>,
        /// Name of the clinic.
        clinic: Option<String>,
        /// The clinic's name for the patient, so that a mix-up is seen.
        clinic_patient: Option<String>,
        /// When a sync last succeeded, RFC 3339.
        synced_at: Option<String>,
        /// What was the matter with the last one: a stable code such as `unreachable` or `removed`.
        trouble: Option<String>,
        /// The same for a person to read, in the request's language.
        trouble_text: Option<String>,
        /// Whether it passes by itself, without anybody doing anything.
        passes: bool,
        /// Kind by kind.
        shares: Vec<SyncShareDto>,
        /// Version of the clinic's plan in force here.
        plan_version: Option<u32>,
        /// When it was put in force, RFC 3339.
        plan_taken_at: Option<String>,
    }
    /// One kind of record; `PUT …/sync/share` takes `kind` and `shared`.
    SyncShareDto {
        /// `trials`, `sessions`, `adherence` or `device-facts`.
        kind: String,
        /// Whether the patient's consent to share it is in force.
        shared: bool,
        /// Rows that wait to be sent.
        #[serde(default)]
        waiting: u32,
    }
    /// `POST …/sync/pair`.
    SyncPairDto {
        /// Address of the portal, or the whole of a QR code: `https://…/pair#CODE`.
        address: String,
        /// The code; may be empty when the address holds it.
        code: String,
        /// Kinds to share from now on.
        share: Vec<String>,
    }
    /// Every error, with HTTP status 400, 403, 404, 405, 409, 413, 415, 422, 423, 500, 502, 503 or 507.
    ErrorDto {
        /// Stable code: `invalid`, `not-found`, `conflict`, `too-large`, `unsupported`, `locked`, `storage`, `internal`, and
        /// `sync-…` where a clinic's portal is involved.
        code: String,
        /// The field at fault, if one is.
        field: Option<String>,
        /// What happened, what was kept, what to do: for a person to read, in the request's language.
        message: String,
    }
}

dto! {
    /// What came of sensor and calendar files.
    SensedDto {
        /// A file each, in the order they came.
        files: Vec<SensedFileDto>,
        /// First day that was looked at.
        from: String,
        /// Walks, rides, nights, stays that were found.
        episodes: u32,
        /// Drafts that are new in the inbox.
        suggestions: u32,
        /// Drafts that were offered before, whatever became of them.
        again: u32,
        /// The new ones.
        drafts: Vec<SensedDraftDto>,
    }
    /// One file.
    SensedFileDto {
        /// Its name.
        name: String,
        /// `open-mhealth`, `apple-health`, `fit-day`, `fit-session`, `google-location`, `gpx`, `calendar`; `null`: not known.
        kind: Option<String>,
        /// Events taken in.
        events: u32,
        /// Records left alone: of another time, or of kinds that are not used.
        skipped: u32,
        /// What was left out and why, in the reader's language; at most 200.
        problems: Vec<String>,
        /// How many more problems there were.
        more_problems: u32,
    }
    /// A draft from sensors: the memory it would be, and on what it rests.
    SensedDraftDto {
        /// The suggestion's id.
        id: String,
        /// The memory as it would be kept.
        draft: MemoryInputDto,
        /// The same sentence in English.
        en: String,
        /// The same sentence in Chinese.
        zh: String,
        /// `wearable`, `gps`, `calendar`, `photo`.
        sources: Vec<String>,
        /// 0–1.
        confidence: f64,
    }
}
