/**
 * A plan while it is edited: made from the version in force and the clinic's games, checked before it is sent, compared with
 * what is in force, and laid out as the week the patient will get. Pure; the portal checks again and has the last word.
 */
import { BOUNDS, faultsOf as faultsOfCompanionPlan, type DoseField } from '$shared/lib/plan_check.ts';
import type { Game, PlanGame, PlanInput, PlanVersion } from '../api/types.ts';

export { BOUNDS, type DoseField };

/** Highest level the portal takes of a game whose template it does not know. */
export const MAX_LEVEL = 20;
/** What the companion starts with. */
const START = { sessions_per_week: 3, session_minutes: 20, daily_cap_minutes: 45, min_level: 1, max_level: 4 } as const;

export interface DraftGame extends PlanGame {
  on: boolean;
  /** It has levels 1 to this one. */
  levels: number;
}

export interface Draft {
  /** In order of preference; those that are off stand in between and are left out. */
  games: DraftGame[];
  /** An emptied number box holds `null`, whatever the type says. */
  sessions_per_week: number;
  session_minutes: number;
  daily_cap_minutes: number;
  /** `''` leaves the language as it is on the device. */
  language: string;
  starts_on: string;
  ends_on: string;
  note: string;
}

/** The draft of the version in force; games of the clinic that are not in it follow, switched off. */
export function draftOf(version: PlanVersion | null, games: Game[]): Draft {
  const planned = version?.games ?? [];
  const others = games.filter((game) => game.enabled && !planned.some((known) => known.game === game.game));
  const levelsOf = (slug: string): number => games.find((game) => game.game === slug)?.levels ?? MAX_LEVEL;
  return {
    games: [
      ...planned.map((game) => ({ ...game, on: true, levels: levelsOf(game.game) })),
      ...others.map(({ game }) => ({ game, on: false, levels: levelsOf(game), min_level: START.min_level, max_level: Math.min(START.max_level, levelsOf(game)) })),
    ],
    sessions_per_week: version?.sessions_per_week ?? START.sessions_per_week,
    session_minutes: version?.session_minutes ?? START.session_minutes,
    daily_cap_minutes: version?.daily_cap_minutes ?? START.daily_cap_minutes,
    language: version?.language ?? '',
    starts_on: version?.starts_on ?? '',
    ends_on: version?.ends_on ?? '',
    note: '',
  };
}

/** What is sent. */
export function inputOf(draft: Draft, based_on: number): PlanInput {
  const { sessions_per_week, session_minutes, daily_cap_minutes, note } = draft;
  return {
    based_on,
    games: draft.games.filter((game) => game.on).map(({ game, min_level, max_level }) => ({ game, min_level, max_level })),
    sessions_per_week,
    session_minutes,
    daily_cap_minutes,
    language: draft.language || null,
    starts_on: draft.starts_on || null,
    ends_on: draft.ends_on || null,
    note: note.trim(),
  };
}

export type Fault =
  | { kind: 'no-game' | 'dates' }
  | { kind: 'levels' | 'level-range'; game: string }
  | { kind: 'range'; field: DoseField; low: number; high: number };

/** Every fault at once: the companion's own rules, then those that only a clinic's plan has. */
export function faultsOf(draft: Draft): Fault[] {
  const games = draft.games.map((game) => ({ ...game, title: game.game, enabled: game.on }));
  const shared = faultsOfCompanionPlan({ ...draft, version: 0, set_by: '', games: games.filter((game) => game.on) });
  const faults = shared.map((fault): Fault => (fault.kind === 'levels' ? { kind: 'levels', game: fault.game } : fault));
  const isLevel = (level: number, highest: number): boolean => Number.isInteger(level) && level >= 1 && level <= highest;
  for (const game of draft.games) {
    if (game.on && !(isLevel(game.min_level, game.levels) && isLevel(game.max_level, game.levels))) faults.push({ kind: 'level-range', game: game.game });
  }
  if (draft.starts_on && draft.ends_on && draft.starts_on > draft.ends_on) faults.push({ kind: 'dates' });
  return faults;
}

export type Change =
  | { what: 'game-in' | 'game-out'; game: string }
  | { what: 'levels'; game: string; before: string; after: string }
  | { what: 'order' }
  | { what: DoseField | 'language' | 'starts_on' | 'ends_on'; before: string; after: string };

const levels = (game: PlanGame): string => `${game.min_level}–${game.max_level}`;

/** What differs from the version in force. */
export function changesOf(before: PlanVersion, after: PlanInput): Change[] {
  const changes: Change[] = [];
  for (const game of after.games) {
    const known = before.games.find((other) => other.game === game.game);
    if (!known) changes.push({ what: 'game-in', game: game.game });
    else if (levels(known) !== levels(game)) changes.push({ what: 'levels', game: game.game, before: levels(known), after: levels(game) });
  }
  for (const game of before.games) {
    if (!after.games.some((other) => other.game === game.game)) changes.push({ what: 'game-out', game: game.game });
  }
  const common = (games: PlanGame[], others: PlanGame[]): string =>
    games.map((game) => game.game).filter((slug) => others.some((other) => other.game === slug)).join(' ');
  if (common(before.games, after.games) !== common(after.games, before.games)) changes.push({ what: 'order' });
  for (const field of Object.keys(BOUNDS) as DoseField[]) {
    if (before[field] !== after[field]) changes.push({ what: field, before: String(before[field]), after: String(after[field]) });
  }
  for (const field of ['language', 'starts_on', 'ends_on'] as const) {
    const [was, is] = [before[field] ?? '', after[field] ?? ''];
    if (was !== is) changes.push({ what: field, before: was, after: is });
  }
  return changes;
}

/** An example week, Monday first: the sessions as far apart as seven days allow. Two never fall on one day while there are free ones. */
export function weekOf(sessions: number): boolean[] {
  const count = Math.min(7, Math.max(0, Math.trunc(sessions) || 0));
  const days = new Set(Array.from({ length: count }, (_, at) => Math.floor((at * 7) / count)));
  return Array.from({ length: 7 }, (_, day) => days.has(day));
}
