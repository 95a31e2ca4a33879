/** Sorting of patients, delivery of plans, words for moments, pairing addresses. */
import { expect, test } from 'vitest';
import type { Device, PatientRow, PlanDelivery } from '../../src/api/types.ts';
import { sorted, type Column } from '../../src/lib/attention.ts';
import { arrivalsOf, furthest } from '../../src/lib/delivery.ts';
import { pairingCodeOf, pairingText } from '../../src/lib/pairing.ts';
import { sayAgo, sayDay, weekdays, yearsBetween } from '../../src/lib/say.ts';

const row = (name: string, part: Partial<PatientRow> = {}): PatientRow => ({
  id: name,
  name,
  reference: '',
  language: 'en',
  last_session_ms: 1000,
  done_this_week: 3,
  sessions_per_week: 3,
  devices: 1,
  device_seen_ms: 1000,
  attention: [],
  ...part,
});
const ROWS = [
  row('Ben', { attention: ['below-dose'], done_this_week: 1 }),
  row('Åse', { last_session_ms: null, attention: ['no-session-yet'], done_this_week: 0 }),
  row('Cai'),
  row('Dag', { sessions_per_week: null, device_seen_ms: null, devices: 0, attention: ['no-plan', 'no-device'] }),
  row('Eve', { attention: ['something-new'], last_session_ms: 9000 }),
];

test.each<[Column, boolean, string]>([
  ['attention', false, 'Dag Åse Ben Eve Cai'],
  ['attention', true, 'Cai Eve Ben Åse Dag'],
  ['name', false, 'Åse Ben Cai Dag Eve'],
  ['week', false, 'Åse Ben Cai Eve Dag'],
  ['last', false, 'Åse Ben Cai Dag Eve'],
  ['device', false, 'Dag Åse Ben Cai Eve'],
])('by %s, downwards %s', (column, isDown, names) => {
  expect(sorted(ROWS, column, isDown, 'en').map((each) => each.name).join(' ')).toBe(names);
});

test('sorting leaves the list it was given alone', () => {
  const before = ROWS.map((each) => each.name);
  sorted(ROWS, 'name', true, 'en');
  expect(ROWS.map((each) => each.name)).toEqual(before);
});

const device = (id: string, unpaired_ms: number | null = null): Device => ({ id, platform: id, app_version: '1', paired_ms: 0, seen_ms: 0, unpaired_ms, facts: {}, consents: [] });
const delivery = (at: string, version: number, part: Partial<PlanDelivery> = {}): PlanDelivery => ({ device: at, version, sent_ms: 5, taken_ms: null, heard_ms: null, ...part });

test('a version is waiting, handed over, or in force, device by device; unpaired ones do not count', () => {
  const deliveries = [delivery('a', 1, { taken_ms: 6, heard_ms: 7 }), delivery('a', 2, { taken_ms: 8, heard_ms: 9 }), delivery('b', 2), delivery('gone', 2, { taken_ms: 1 })];
  const arrivals = arrivalsOf(2, deliveries, [device('a'), device('b'), device('c'), device('gone', 3)]);
  expect(arrivals.map(({ device: { id }, state, at_ms }) => [id, state, at_ms])).toEqual([
    ['a', 'in-force', 9],
    ['b', 'handed-over', 5],
    ['c', 'waiting', null],
  ]);
  expect(furthest(arrivals)).toBe('in-force');
  expect(furthest(arrivalsOf(3, deliveries, [device('a')]))).toBe('waiting');
  expect(furthest([])).toBeNull();
});

test('a pairing address is read back, however it is typed', () => {
  const address = new URL(pairingText('https://portal.example', 'ABCD-2345'));
  expect(address.pathname).toBe('/pair');
  expect(address.search).toBe('');
  expect(pairingCodeOf(address.hash)).toBe('ABCD-2345');
  expect(pairingCodeOf('#abcd2345')).toBe('ABCD-2345');
  // 0, 1, I and O are in no code.
  for (const hash of ['', '#', '#ABCD-234', '#ABCD-23456', '#ABC0-2345', '#ABCI-2345']) expect(pairingCodeOf(hash), hash).toBeNull();
});

test('moments are said as people say them', () => {
  const DAY_MS = 86_400_000;
  expect(sayAgo(10 * DAY_MS, 10 * DAY_MS + 5, 'en')).toBe('today');
  expect(sayAgo(9 * DAY_MS, 10 * DAY_MS + 5, 'en')).toBe('yesterday');
  expect(sayAgo(0, 12 * DAY_MS, 'zh-CN')).toBe('12天前');
  // A clock that is ahead is no reason to speak of the future.
  expect(sayAgo(11 * DAY_MS, 10 * DAY_MS, 'en')).toBe('today');
  expect(sayDay('2026-11-24', 'en')).toBe('24 Nov 2026');
  expect(sayDay('2026-11-24', 'zh-CN')).toBe('2026年11月24日');
  expect(weekdays('en')[0]).toBe('Mon');
  expect(weekdays('zh-CN')[6]).toBe('周日');
  expect(yearsBetween('1948-03-14', '2026-03-13')).toBe(77);
  expect(yearsBetween('1948-03-14', '2026-03-14')).toBe(78);
});
