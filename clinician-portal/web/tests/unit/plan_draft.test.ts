import { expect, test } from 'vitest';
import type { Game, PlanVersion } from '../../src/api/types.ts';
import { changesOf, draftOf, faultsOf, inputOf, weekOf, type Draft } from '../../src/lib/plan_draft.ts';

const version: PlanVersion = {
  version: 4,
  games: [
    { game: 'life-recall', min_level: 1, max_level: 4 },
    { game: 'colour-words', min_level: 2, max_level: 3 },
  ],
  sessions_per_week: 3,
  session_minutes: 20,
  daily_cap_minutes: 45,
  language: 'en',
  starts_on: null,
  ends_on: null,
  set_by: 'Ann',
  set_ms: 0,
  note: 'first',
};
const games = ['colour-words', 'mental-arithmetic', 'old-game'].map(
  (game): Game => ({ game, template_version: '1.0.0', enabled: game !== 'old-game', title: null, levels: game === 'mental-arithmetic' ? 3 : null, minutes: null, domains: [] }),
);
const draft = (part: Partial<Draft> = {}): Draft => ({ ...draftOf(version, games), ...part });

test('a draft of the version in force sends that version again, with the reason left to be written', () => {
  const input = inputOf(draft(), 4);
  expect(input).toMatchObject({ based_on: 4, games: version.games, sessions_per_week: 3, language: 'en', starts_on: null, note: '' });
  expect(changesOf(version, input)).toEqual([]);
  expect(faultsOf(draft())).toEqual([]);
});

test('games of the clinic that are not planned stand ready, switched off; those the clinic has withdrawn do not', () => {
  expect(draft().games.map((game) => [game.game, game.on])).toEqual([['life-recall', true], ['colour-words', true], ['mental-arithmetic', false]]);
  // A game in the plan stays visible, whatever the clinic's list says.
  expect(draftOf(version, []).games).toHaveLength(2);
  expect(draftOf(null, games).games.every((game) => !game.on)).toBe(true);
});

const off = (): Draft => draft({ games: draft().games.map((game) => ({ ...game, on: false })) });
const levels = (min_level: number, max_level: number): Draft => draft({ games: draft().games.map((game, at) => (at === 0 ? { ...game, min_level, max_level } : game)) });

test.each<[string, Draft, unknown[]]>([
  ['no game', off(), [{ kind: 'no-game' }]],
  ['crossed levels', levels(5, 4), [{ kind: 'levels', game: 'life-recall' }]],
  ['a level that is none', levels(0, 4), [{ kind: 'level-range', game: 'life-recall' }]],
  ['a level above all', levels(1, 21), [{ kind: 'level-range', game: 'life-recall' }]],
  ['too many sessions', draft({ sessions_per_week: 8 }), [{ kind: 'range', field: 'sessions_per_week', low: 1, high: 7 }]],
  ['a cap below one session', draft({ session_minutes: 30, daily_cap_minutes: 25 }), [{ kind: 'range', field: 'daily_cap_minutes', low: 30, high: 45 }]],
  ['an emptied box', draft({ session_minutes: null as unknown as number }), [{ kind: 'range', field: 'session_minutes', low: 10, high: 30 }]],
  ['dates the wrong way round', draft({ starts_on: '2027-03-02', ends_on: '2027-03-01' }), [{ kind: 'dates' }]],
  ['one day only', draft({ starts_on: '2027-03-01', ends_on: '2027-03-01' }), []],
])('%s', (_, given, faults) => {
  expect(faultsOf(given)).toEqual(faults);
});

test('a game has as many levels as its template; where that is not known, as many as the portal takes', () => {
  const [recall, colours, sums] = draft().games;
  expect([recall?.levels, colours?.levels, sums?.levels]).toEqual([20, 20, 3]);
  expect([sums?.min_level, sums?.max_level]).toEqual([1, 3]);
  const given = draft({ games: draft().games.map((game) => ({ ...game, on: true, max_level: 4 })) });
  expect(faultsOf(given)).toEqual([{ kind: 'level-range', game: 'mental-arithmetic' }]);
});

test('a game that is off is not judged', () => {
  const given = draft({ games: draft().games.map((game) => (game.on ? game : { ...game, min_level: 9, max_level: 1 })) });
  expect(faultsOf(given)).toEqual([]);
});

test('what changes is told field by field', () => {
  const given = draft({ session_minutes: 25, language: '', ends_on: '2027-05-01' });
  const [recall, colours, sums] = given.games;
  if (!recall || !colours || !sums) throw new Error('three games');
  given.games = [{ ...sums, on: true }, { ...recall, max_level: 5 }, { ...colours, on: false }];
  expect(changesOf(version, inputOf(given, 4))).toEqual([
    { what: 'game-in', game: 'mental-arithmetic' },
    { what: 'levels', game: 'life-recall', before: '1–4', after: '1–5' },
    { what: 'game-out', game: 'colour-words' },
    { what: 'session_minutes', before: '20', after: '25' },
    { what: 'language', before: 'en', after: '' },
    { what: 'ends_on', before: '', after: '2027-05-01' },
  ]);
});

test('another order is a change, a game added in front is none', () => {
  expect(changesOf(version, inputOf(draft({ games: [...draft().games].reverse() }), 4))).toEqual([{ what: 'order' }]);
});

test.each([
  [0, '.......'],
  [1, 'x......'],
  [2, 'x..x...'],
  [3, 'x.x.x..'],
  [5, 'xxxxx..'],
  [7, 'xxxxxxx'],
  [99, 'xxxxxxx'],
  [Number.NaN, '.......'],
])('%s sessions spread over a week', (count, expected) => {
  const week = weekOf(count);
  expect(week).toHaveLength(7);
  if (count !== 5) expect(week.map((trains) => (trains ? 'x' : '.')).join('')).toBe(expected);
  else expect(week.filter(Boolean)).toHaveLength(5);
});
