/** Weeks of adherence, Monday first, for a calendar and its sums. Pure; days are `YYYY-MM-DD` in the patient's own time. */
import type { AdherenceDay, PlanVersion } from '../api/types.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface CalendarDay {
  day: string;
  /** What was sent for the day; `null` when nothing was. */
  kept: AdherenceDay | null;
  isToday: boolean;
  isFuture: boolean;
}

export interface CalendarWeek {
  monday: string;
  days: CalendarDay[];
  done: number;
  seconds: number;
  /** Sessions planned for the week; `null` when no plan was in force. */
  goal: number | null;
}

const msOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** The day `count` days later; earlier with a negative number. */
export function addDays(day: string, count: number): string {
  return new Date(msOf(day) + count * DAY_MS).toISOString().slice(0, 10);
}

/** The Monday of a day's week. */
export function mondayOf(day: string): string {
  return addDays(day, -((new Date(msOf(day)).getUTCDay() + 6) % 7));
}

/** Sessions a week by the version that was in force at the end of a day; versions come newest first. */
function plannedOn(day: string, versions: PlanVersion[]): number | null {
  const end = msOf(day) + DAY_MS;
  return versions.find((version) => version.set_ms < end)?.sessions_per_week ?? null;
}

/** The last `count` weeks up to today's, newest first. What the device reported as its goal goes before the plan's. */
export function weeksOf(kept: AdherenceDay[], versions: PlanVersion[], today: string, count: number): CalendarWeek[] {
  const byDay = new Map(kept.map((day) => [day.day, day]));
  return Array.from({ length: count }, (_, back) => {
    const monday = addDays(mondayOf(today), -7 * back);
    const days = Array.from({ length: 7 }, (__, at) => {
      const day = addDays(monday, at);
      return { day, kept: byDay.get(day) ?? null, isToday: day === today, isFuture: day > today };
    });
    const reported = days.flatMap((day) => (day.kept === null ? [] : [day.kept]));
    return {
      monday,
      days,
      done: reported.reduce((sum, day) => sum + day.done, 0),
      seconds: reported.reduce((sum, day) => sum + day.seconds, 0),
      goal: reported.at(-1)?.sessions_per_week ?? plannedOn(addDays(monday, 6), versions),
    };
  });
}

/** Seconds as whole minutes; a begun one counts. */
export const minutesOf = (seconds: number): number => Math.ceil(seconds / 60);

/** How dark a day is drawn, 0–4: by minutes against the planned minutes of one session. */
export function shadeOf(seconds: number, sessionMinutes: number): number {
  if (seconds <= 0) return 0;
  return Math.min(4, Math.max(1, Math.ceil((4 * seconds) / (60 * Math.max(1, sessionMinutes)))));
}
