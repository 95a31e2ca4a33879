// The shapes of the HTTP API. Mirrors app-core/companion/src/dto.rs; do not edit one without the other.

/** `GET /api/health`. */
export type HealthDto = {
  /** Version of ReMe. */
  version: string;
  /** `none`, or the model file's name. */
  model: string;
  /** `keyring` or `file`: where the key is kept. */
  key_store: string;
};

/** One patient on this device. */
export type PatientDto = {
  /** Folder name and address part, such as `demo-en`. */
  slug: string;
  /** Name as the patient likes to be called. */
  name: string;
  /** `en` or `zh-CN`. */
  language: string;
  /** IANA zone. */
  time_zone: string;
  /** Whether it is one of the demo people. */
  demo: boolean;
  /** Memories kept. */
  memories: number;
};

/** `POST /api/patients`. */
export type NewPatientDto = {
  /** Name. */
  name: string;
  /** `en` or `zh-CN`. */
  language: string;
  /** IANA zone. */
  time_zone: string;
};

/** Screen settings of one patient. */
export type SettingsDto = {
  /** `en` or `zh-CN`. */
  language: string;
  /** `auto`, `light`, `dark` or `contrast`. */
  theme: string;
  /** Body text in px: 18–36. */
  text_px: number;
};

/** `GET /api/patients/{slug}/home`. */
export type HomeDto = {
  /** The patient. */
  patient: PatientDto;
  /** A half-done session to go on with. */
  resumable: boolean;
  /** Minutes the next session takes by plan. */
  minutes: number;
  /** Titles of the games to come. */
  games: Array<string>;
  /** Sessions finished in the last seven days. */
  sessions_this_week: number;
  /** Sessions a week by plan. */
  sessions_goal: number;
  /** Why no session can start (already in the patient's language), or `null`. */
  blocked: string | null;
};

/** One bubble of the conversation. */
export type LineDto = {
  /** Counts up within the session. */
  id: number;
  /** `reme` or `patient`. */
  who: string;
  /** The words. */
  text: string;
  /** A photo shown with the line. */
  photo: PhotoDto | null;
};

/** A photo on the screen. */
export type PhotoDto = {
  /** Address of the bytes. */
  url: string;
  /** What stands in for it for those who cannot see it; gives no answer away. */
  alt: string;
  /** Whether it is the blurred part. */
  blurred: boolean;
};

/** One answer to tap. */
export type ChoiceDto = {
  /** Sent back as the input. */
  value: string;
  /** Written on the button. */
  label: string;
  /** CSS colour of a swatch beside the label. */
  swatch: string | null;
};

/** What is shown besides words. */
export type StimulusDto = {
  /** `colour-word` or `sum`. */
  kind: string;
  /** The word or the sum. */
  text: string;
  /** CSS colour the word is printed in. */
  ink: string | null;
  /** Milliseconds a fixation cross stands before it. */
  fixation_ms: number;
};

/** A running or finished session: all a screen needs to draw itself. */
export type SessionDto = {
  /** Id. */
  id: string;
  /** Language of the session, `en` or `zh-CN`. */
  language: string;
  /** `running`, `done` or `stopped`. */
  state: string;
  /** Counts the inputs taken; sent back with the next input, so that a doubled request is harmless. */
  turn: number;
  /** Title of the game being played. */
  game: string;
  /** The game's slug. */
  game_slug: string;
  /** 1-based number of the game. */
  game_number: number;
  /** How many games. */
  games: number;
  /** Steps done in this game. */
  steps_done: number;
  /** Steps in all in this game. */
  steps_total: number;
  /** The conversation so far in this game. */
  lines: Array<LineDto>;
  /** Shown large above the input. */
  stimulus: StimulusDto | null;
  /** `text`, `number`, `choice` or `none`. */
  input: string;
  /** For `choice` (typed answers are taken as well). */
  choices: Array<ChoiceDto>;
  /** Whether a hint makes sense now. */
  can_hint: boolean;
  /** Set when `state` is not `running`. */
  summary: SummaryDto | null;
};

/** What the done screen says; no marks, no blame. */
export type SummaryDto = {
  /** Closing words. */
  text: string;
  /** Details recalled or steps done in the session. */
  recalled: number;
  /** Minutes it took, rounded up. */
  minutes: number;
  /** Titles of the games played. */
  games: Array<string>;
};

/** `POST /api/patients/{slug}/session/input`. */
export type InputDto = {
  /** Session id. */
  session: string;
  /** The `turn` of the session as last seen. */
  turn: number;
  /** `text`, `tap`, `hint`, `repeat`, `skip` or `stop`. */
  kind: string;
  /** Words typed, or the value of the choice. */
  value: string;
  /** Milliseconds from stimulus to answer, measured by the screen. */
  rt_ms: number | null;
};

/** An askable detail. */
export type FactDto = {
  /** Id; `null` for a proposal not yet kept. */
  id: string | null;
  /** `person`, `place`, `time`, `food`, `activity`, `number`, `animal` or `thing`. */
  kind: string;
  /** The question. */
  question: string;
  /** The answer. */
  answer: string;
  /** Other wordings. */
  aliases: Array<string>;
  /** Hint at the meaning. */
  meaning_cue: string | null;
  /** `rule`, `model` or `person`. */
  origin: string;
  /** Whether the carer has looked at it. */
  confirmed: boolean;
};

/** A memory as the carer sees and edits it. */
export type MemoryDto = {
  /** Id. */
  id: string;
  /** `episode` or `fact`. */
  kind: string;
  /** `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `YYYY-MM-DDThh:mm`. */
  happened_at: string | null;
  /** When it was told. */
  recorded_at: string;
  /** The note. */
  text: string;
  /** Names of people. */
  people: Array<string>;
  /** Name of the place. */
  place: string | null;
  /** Tags. */
  tags: Array<string>;
  /** `patient`, `caregiver` or `wearable`. */
  source: string;
  /** Never picked for training. */
  sensitive: boolean;
  /** Media ids, in order; bytes at `/api/patients/{slug}/media/{id}?size=thumb|screen`. */
  media: Array<string>;
  /** Askable details. */
  facts: Array<FactDto>;
  /** In the bin. */
  deleted: boolean;
};

/** `POST`/`PUT` of a memory. */
export type MemoryInputDto = {
  /** `episode` or `fact`. */
  kind: string;
  /** When it happened. */
  happened_at: string | null;
  /** The note. */
  text: string;
  /** Names; unknown ones are added to the people. */
  people: Array<string>;
  /** Name; an unknown one is added to the places. */
  place: string | null;
  /** Tags. */
  tags: Array<string>;
  /** `patient` or `caregiver`. */
  source: string;
  /** Never picked for training. */
  sensitive: boolean;
  /** Media ids from `POST …/media`. */
  media: Array<string>;
  /** Askable details; `null` lets ReMe propose them from the text. */
  facts: Array<FactDto> | null;
};

/** `POST …/media`: what was found in a photo. */
export type MediaDto = {
  /** Id. */
  id: string;
  /** Time from EXIF. */
  taken_at: string | null;
  /** Things left out, in words, such as an absurd date. */
  notes: Array<string>;
};

/** Somebody in the patient's life. */
export type PersonDto = {
  /** Id; empty when adding. */
  id: string;
  /** Name. */
  name: string;
  /** Relation. */
  relation: string;
  /** Other names. */
  aliases: Array<string>;
};

/** One session on the progress page. */
export type SessionRowDto = {
  /** Id. */
  id: string;
  /** RFC 3339. */
  started_at: string;
  /** `running`, `done` or `stopped`. */
  state: string;
  /** Minutes. */
  minutes: number;
  /** Titles of games. */
  games: Array<string>;
  /** Counting trials. */
  trials: number;
  /** Answered at rung ≤ 2, or correctly. */
  successes: number;
};

/** One trial on the progress page. */
export type TrialDto = {
  /** Number in the session. */
  seq: number;
  /** The game's slug. */
  game: string;
  /** Trial kind. */
  kind: string;
  /** Domain. */
  domain: string;
  /** The question, where it was a fact. */
  question: string | null;
  /** `correct`, `partial`, `incorrect` or `no_answer`. */
  verdict: string;
  /** 0–7, for laddered trials. */
  rung: number | null;
  /** Level. */
  level: number;
  /** Milliseconds. */
  rt_ms: number | null;
  /** On what the match rests. */
  matched_by: string;
  /** Practice trials never count. */
  practice: boolean;
};

/** One point of a trend. */
export type PointDto = {
  /** Day. */
  date: string;
  /** Success rate of that session, 0–1. */
  success: number;
  /** Lower end of the interval. */
  low: number;
  /** Upper end. */
  high: number;
  /** Counting trials behind it. */
  trials: number;
  /** Mean rung, for laddered games. */
  mean_rung: number | null;
};

/** The trend of one domain. */
export type TrendDto = {
  /** Domain slug. */
  domain: string;
  /** Points in time order. */
  points: Array<PointDto>;
  /** One sentence: direction and how sure. */
  sentence: string;
};

/** `GET …/progress`. */
export type ProgressDto = {
  /** Per domain. */
  trends: Array<TrendDto>;
  /** How many facts were recalled at rung 0–7. */
  rungs: Array<number>;
  /** Newest first. */
  sessions: Array<SessionRowDto>;
};

/** One prescribed game. */
export type GamePlanDto = {
  /** Slug. */
  game: string;
  /** Title in the patient's language. */
  title: string;
  /** Whether it is in the plan. */
  enabled: boolean;
  /** Lowest level. */
  min_level: number;
  /** Highest level. */
  max_level: number;
  /** Highest level the game has. */
  levels: number;
};

/** `GET`/`PUT …/plan`. */
export type PlanDto = {
  /** Counts up. */
  version: number;
  /** All games known, enabled or not. */
  games: Array<GamePlanDto>;
  /** Sessions a week, 1–7. */
  sessions_per_week: number;
  /** 10–30. */
  session_minutes: number;
  /** At most 45. */
  daily_cap_minutes: number;
  /** Who set it. */
  set_by: string;
};

/** Every error, with HTTP status 400, 404, 409, 413, 415, 422, 500 or 507. */
export type ErrorDto = {
  /** Stable code: `invalid`, `not-found`, `conflict`, `too-large`, `unsupported`, `locked`, `storage`, `internal`. */
  code: string;
  /** The field at fault, if one is. */
  field: string | null;
  /** What happened, what was kept, what to do: for a person to read, in the request's language. */
  message: string;
};
