/** Bounds of a plan that can be told before it is sent; the companion checks again and has the last word. */
import type { PlanDto } from './dto.ts';

/** Bounds of the dose, from `PlanDto`: sessions a week, minutes a session, minutes a day. */
export const BOUNDS = {
  sessions_per_week: [1, 7],
  session_minutes: [10, 30],
  daily_cap_minutes: [10, 45],
} as const;
export type DoseField = keyof typeof BOUNDS;

export type PlanFault =
  | { kind: 'no-game' }
  | { kind: 'levels'; game: string; title: string }
  | { kind: 'range'; field: DoseField; low: number; high: number };

/** Every fault at once. The daily cap is never below one session. */
export function faultsOf(plan: PlanDto): PlanFault[] {
  const faults: PlanFault[] = [];
  if (!plan.games.some((game) => game.enabled)) faults.push({ kind: 'no-game' });
  for (const game of plan.games) {
    if (game.min_level > game.max_level) faults.push({ kind: 'levels', game: game.game, title: game.title });
  }
  for (const field of Object.keys(BOUNDS) as DoseField[]) {
    const [least, high] = BOUNDS[field];
    const low = field === 'daily_cap_minutes' ? Math.min(high, Math.max(least, plan.session_minutes || 0)) : least;
    const value = plan[field];
    // An emptied number box holds null, whatever the type says.
    if (!Number.isInteger(value) || value < low || value > high) faults.push({ kind: 'range', field, low, high });
  }
  return faults;
}
