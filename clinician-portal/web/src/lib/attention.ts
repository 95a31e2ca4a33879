/** Sorting of the patients' list. Pure. */
import type { PatientRow } from '../api/types.ts';

/** Reasons, most pressing first; the portal's order. */
export const REASONS = ['no-plan', 'no-device', 'device-quiet', 'no-session-yet', 'no-session-lately', 'below-dose'] as const;
export const COLUMNS = ['attention', 'name', 'week', 'last', 'device'] as const;
export type Column = (typeof COLUMNS)[number];

/** Lower is more pressing; an unknown reason stands after all known ones, nobody's reason last. */
function pressing(row: PatientRow): number {
  const ranks = row.attention.map((reason) => {
    const at = (REASONS as readonly string[]).indexOf(reason);
    return at < 0 ? REASONS.length : at;
  });
  return ranks.length === 0 ? REASONS.length + 1 : Math.min(...ranks);
}

/** Share of the week's sessions done; without a plan after everybody. */
const weekShare = (row: PatientRow): number =>
  row.sessions_per_week == null ? Number.POSITIVE_INFINITY : row.done_this_week / row.sessions_per_week;

/** A new array in the order of a column; ties by name. `never` sorts as longest ago. */
export function sorted(rows: PatientRow[], column: Column, isDown: boolean, language: string): PatientRow[] {
  const names = new Intl.Collator(language);
  const byName = (a: PatientRow, b: PatientRow): number => names.compare(a.name, b.name) || names.compare(a.reference, b.reference);
  const compare: Record<Column, (a: PatientRow, b: PatientRow) => number> = {
    attention: (a, b) => pressing(a) - pressing(b) || b.attention.length - a.attention.length,
    name: byName,
    week: (a, b) => order(weekShare(a), weekShare(b)),
    last: (a, b) => order(a.last_session_ms ?? 0, b.last_session_ms ?? 0),
    device: (a, b) => order(a.device_seen_ms ?? 0, b.device_seen_ms ?? 0),
  };
  const sign = isDown ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare[column](a, b) || byName(a, b));
}

/** Two infinities are equal, which their difference does not say. */
const order = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
