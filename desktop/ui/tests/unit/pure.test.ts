import { describe, expect, test } from 'vitest';
import { frameOf, labelled, trendOf, yOf } from '../../src/lib/chart.ts';
import { draftOf, emptyDraft, factDraftOf, firstIncomplete, inputOf, newProposals } from '../../src/lib/draft.ts';
import type { FactDto, PlanDto, PointDto } from '../../src/lib/dto.ts';
import { hourIn, listOf, percent, sayInstant, sayWhen, todayIn } from '../../src/lib/format.ts';
import { faultsOf } from '../../src/lib/plan_check.ts';
import { areaOf, carerPath, patientPath, routeOf } from '../../src/lib/router.svelte.ts';

describe('addresses', () => {
  test.each([
    ['/', { name: 'choose', stay: false }],
    ['/choose', { name: 'choose', stay: true }],
    ['/new', { name: 'new-patient' }],
    ['/p/demo-zh', { name: 'home', slug: 'demo-zh' }],
    ['/p/demo-zh/session', { name: 'session', slug: 'demo-zh' }],
    ['/c/demo-zh', { name: 'gate', slug: 'demo-zh' }],
    ['/c/demo-zh/memories', { name: 'memories', slug: 'demo-zh' }],
    ['/c/demo-zh/memories/new', { name: 'new-memory', slug: 'demo-zh' }],
    ['/c/demo-zh/memories/m1', { name: 'memory', slug: 'demo-zh', id: 'm1' }],
    ['/c/demo-zh/plan/x', { name: 'lost' }],
    ['/p/a/b/c', { name: 'lost' }],
    ['/p', { name: 'lost' }],
    ['/p/%E0%A4%A', { name: 'lost' }],
  ])('%s', (path, route) => {
    expect(routeOf(path)).toEqual(route);
  });
  test('a name that needs escaping survives the way there and back', () => {
    expect(routeOf(patientPath('王 奶奶', 'add'))).toEqual({ name: 'add', slug: '王 奶奶' });
    expect(routeOf(carerPath('a/b', 'plan'))).toEqual({ name: 'plan', slug: 'a/b' });
  });
  test('the door between the areas is still the patient’s', () => {
    expect(areaOf(routeOf('/c/x'))).toBe('patient');
    expect(areaOf(routeOf('/c/x/data'))).toBe('carer');
  });
});

describe('words for dates', () => {
  test.each([
    ['1985', '1985', '1985年'],
    ['1985-05', 'May 1985', '1985年5月'],
    ['2026-11-24', 'Tue, 24 November 2026', '2026年11月24日周二'],
    ['2026-11-24T14:05', 'Tue, 24 November 2026 14:05', '2026年11月24日周二 14:05'],
    ['nonsense', 'nonsense', 'nonsense'],
  ])('%s is as exact in words as it is in numbers', (when, english, chinese) => {
    expect(sayWhen(when, 'en')).toBe(english);
    expect(sayWhen(when, 'zh-CN')).toBe(chinese);
  });
  test('the day and the hour are those of the patient’s zone', () => {
    const moment = new Date('2026-11-24T22:30:00Z');
    expect([todayIn('Asia/Shanghai', moment), hourIn('Asia/Shanghai', moment)]).toEqual(['2026-11-25', 6]);
    expect([todayIn('America/Lima', moment), hourIn('America/Lima', moment)]).toEqual(['2026-11-24', 17]);
    expect(() => todayIn('Nowhere/Atall', moment)).not.toThrow();
    expect(sayInstant('2026-11-24T22:30:00Z', 'en', 'Asia/Shanghai')).toContain('06:30');
  });
  test.each([
    ['Ruth, Tom', ['Ruth', 'Tom']],
    ['晓岚，阿明、晓岚 ；', ['晓岚', '阿明']],
    [' , ', []],
  ])('a list written as "%s"', (text, names) => {
    expect(listOf(text)).toEqual(names);
  });
  test('shares are whole percents', () => {
    expect(percent(0.825)).toBe('83 %');
  });
});

describe('the chart', () => {
  const frame = frameOf(600, 240, 16);
  const point = (success: number): PointDto => ({ date: '2026-11-01', success, low: success - 0.1, high: success + 0.1, trials: 9, mean_rung: null });
  test('more success stands higher, and nothing leaves the frame', () => {
    expect(yOf(0.9, frame)).toBeLessThan(yOf(0.2, frame));
    expect(yOf(1.4, frame)).toBe(yOf(1, frame));
    expect(yOf(-1, frame)).toBe(yOf(0, frame));
  });
  test('two sessions of one day do not fall together, and the band encloses the line', () => {
    const trend = trendOf([point(0.5), point(0.7)], frame);
    expect(trend.dots[0]?.x).toBeLessThan(trend.dots[1]?.x ?? 0);
    expect(trend.band).toContain(String(yOf(0.6, frame)));
    expect(trend.band.endsWith('Z')).toBe(true);
  });
  test('one session has a bar and no line; none has nothing', () => {
    expect(trendOf([point(0.5)], frame)).toMatchObject({ line: '', band: expect.stringContaining('V') });
    expect(trendOf([], frame)).toEqual({ dots: [], line: '', band: '' });
  });
  test('dates are thinned, the first and the last stay', () => {
    expect(labelled(12, 4)).toEqual([0, 4, 7, 11]);
    expect(labelled(3, 4)).toEqual([0, 1, 2]);
    expect(labelled(5, 1)).toEqual([4]);
  });
});

describe('a plan before it is sent', () => {
  const game = { game: 'life-recall', title: 'Life recall', enabled: true, min_level: 1, max_level: 4, levels: 5 };
  const plan: PlanDto = { version: 1, games: [game], sessions_per_week: 3, session_minutes: 20, daily_cap_minutes: 45, set_by: 'carer' };
  test.each<[string, Partial<PlanDto>, string[]]>([
    ['as it should be', {}, []],
    ['no game', { games: [{ ...game, enabled: false }] }, ['no-game']],
    ['crossed levels', { games: [{ ...game, min_level: 5 }] }, ['levels']],
    ['eight sessions', { sessions_per_week: 8 }, ['range']],
    ['no number at all', { session_minutes: null as unknown as number }, ['range']],
    ['half a minute', { session_minutes: 20.5 }, ['range']],
    ['a cap below one session', { session_minutes: 30, daily_cap_minutes: 25 }, ['range']],
    ['a cap above 45', { daily_cap_minutes: 60 }, ['range']],
    ['several at once', { games: [{ ...game, enabled: false, min_level: 5 }], sessions_per_week: 0 }, ['no-game', 'levels', 'range']],
  ])('%s', (_, part, kinds) => {
    expect(faultsOf({ ...plan, ...part }).map((fault) => fault.kind)).toEqual(kinds);
  });
});

describe('a memory in the editor', () => {
  const fact: FactDto = { id: 'f', kind: 'food', question: 'What?', answer: 'Soup', aliases: ['broth'], meaning_cue: 'warm', origin: 'rule', confirmed: false };
  test('goes in and comes out the same', () => {
    const memory = { id: 'm', kind: 'episode', happened_at: '1985-05', recorded_at: '', text: 'Soup.', people: ['Ruth', 'Tom'], place: null, tags: ['food'], source: 'patient', sensitive: true, media: ['x'], recordings: ['y'], facts: [fact], deleted: false };
    const { id: _, recorded_at: __, deleted: ___, recordings: ____, ...rest } = memory;
    expect(inputOf(draftOf(memory), '1985-05', [factDraftOf(fact, 1)])).toEqual({ ...rest, media: ['x', 'y'] });
  });
  test('lets ReMe propose until a person has had a hand in it', () => {
    expect(inputOf(emptyDraft(), null, null).facts).toBeNull();
    expect(inputOf(emptyDraft(), null, []).facts).toEqual([]);
  });
  test('tells which question is only half there; an untouched row does not count', () => {
    const row = (question: string, answer: string) => ({ ...factDraftOf(fact, 1), question, answer });
    expect(firstIncomplete([row('', ''), row('a', 'b')])).toBeNull();
    expect(firstIncomplete([row('a', 'b'), row('a', ' ')])).toBe(2);
    expect(inputOf(emptyDraft(), null, [row('', ''), row(' a ', 'b')]).facts).toMatchObject([{ question: 'a', answer: 'b' }]);
  });
  test('a proposal that asks what is asked already is left out', () => {
    const known = [factDraftOf(fact, 1)];
    expect(newProposals([fact, { ...fact, question: 'Other?', answer: 'soup' }, { ...fact, question: 'Who?', answer: 'Ruth' }], known)).toMatchObject([{ answer: 'Ruth' }]);
  });
});
