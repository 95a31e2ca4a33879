import { expect, test } from 'vitest';
import type { AdherenceDay, PlanVersion } from '../../src/api/types.ts';
import { addDays, minutesOf, mondayOf, shadeOf, weeksOf } from '../../src/lib/calendar.ts';

const day = (at: string, done: number, seconds: number, sessions_per_week = 3): AdherenceDay => ({ day: at, begun: Math.max(1, done), done, seconds, sessions_per_week });
const plan = (version: number, set: string, sessions_per_week: number): PlanVersion =>
  ({ version, set_ms: Date.parse(set), sessions_per_week, games: [], session_minutes: 20, daily_cap_minutes: 45, set_by: '', note: '' }) as PlanVersion;

test.each([
  ['2026-11-23', '2026-11-23'],
  ['2026-11-24', '2026-11-23'],
  ['2026-11-29', '2026-11-23'],
  ['2027-01-01', '2026-12-28'],
])('the week of %s begins on %s', (at, monday) => {
  expect(mondayOf(at)).toBe(monday);
});

test('days go over months, leap years and the change of the clock', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-03-29', 1)).toBe('2026-03-30');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
});

test('weeks come newest first, with their sums; days to come hold nothing', () => {
  const kept = [day('2026-11-16', 1, 900), day('2026-11-18', 1, 1000), day('2026-11-23', 0, 61)];
  const [now, before, ...rest] = weeksOf(kept, [], '2026-11-24', 3);
  expect(rest).toHaveLength(1);
  expect(now).toMatchObject({ monday: '2026-11-23', done: 0, seconds: 61, goal: 3 });
  expect(now?.days.map((each) => each.isFuture)).toEqual([false, false, true, true, true, true, true]);
  expect(now?.days[1]).toMatchObject({ isToday: true, kept: null });
  expect(before).toMatchObject({ done: 2, seconds: 1900 });
});

test('the goal is what the device reported, else that of the plan in force in that week, else none', () => {
  const versions = [plan(2, '2026-11-17T10:00:00Z', 5), plan(1, '2026-11-09T10:00:00Z', 2)];
  const goals = weeksOf([day('2026-11-24', 1, 60, 4)], versions, '2026-11-24', 4).map((week) => week.goal);
  expect(goals).toEqual([4, 5, 2, null]);
});

test('a begun minute counts, and shades run from nothing to a whole session', () => {
  expect([0, 1, 60, 61].map(minutesOf)).toEqual([0, 1, 1, 2]);
  expect([0, 1, 600, 900, 1200, 9999].map((seconds) => shadeOf(seconds, 20))).toEqual([0, 1, 2, 3, 4, 4]);
});
