import { describe, expect, test } from 'vitest';
import type { MemoryDto, PersonDto } from '../../src/lib/dto.ts';
import { byName, personCalled } from '../../src/lib/faces.ts';
import { outcomeOf, sorted } from '../../src/lib/found.ts';
import type { FaceGroupDto, FoundDto, SuggestionDto } from '../../src/lib/dto.ts';
import { kindsOf, nextAfter, newestFirst, surenessOf } from '../../src/lib/suggestions.ts';

const memory = (id: string): MemoryDto => ({ id }) as MemoryDto;
const found = (part: Partial<FoundDto>): FoundDto => ({
  memories: ['a', 'b', 'c'].map(memory), answer_text: null, cited: [], level: 1, rule_in_words: null, support: null, exceptions: null, nothing_found: false, nothing_text: null, ...part,
});
const ids = (memories: MemoryDto[]): string => memories.map((one) => one.id).join('');

describe('what a question brought', () => {
  test('cited ones stand first, in the order they were named, the rest is near', () => {
    const parts = sorted(found({ answer_text: 'It was.', cited: ['c', 'a', 'c', 'z'] }));
    expect([ids(parts.cited), ids(parts.near)]).toEqual(['ca', 'b']);
  });
  test('what was moved to the bin meanwhile is gone from every part', () => {
    const parts = sorted(found({ answer_text: 'It was.', cited: ['a'] }), new Set(['a', 'c']));
    expect([ids(parts.cited), ids(parts.near)]).toEqual(['', 'b']);
  });
  test('where nothing is known, nothing looks like what an answer rests on', () => {
    const nothing = found({ nothing_found: true, cited: ['a'] });
    expect(outcomeOf(nothing)).toBe('nothing');
    expect(ids(sorted(nothing).cited)).toBe('');
  });
  test.each([
    [{ answer_text: 'x' }, 'answer'],
    [{}, 'near'],
    [{ memories: [] }, 'nothing'],
    [{ answer_text: 'x', support: 2, exceptions: 0 }, 'pattern'],
    [{ answer_text: 'x', nothing_found: true }, 'nothing'],
  ] as const)('%o is %s', (part, outcome) => {
    expect(outcomeOf(found(part as Partial<FoundDto>))).toBe(outcome);
  });
});

describe('suggestions', () => {
  const one = (id: string, kind: string, made_at = ''): SuggestionDto => ({ id, kind, made_at }) as SuggestionDto;
  test.each([[0.85, 'sure.high'], [0.84, 'sure.middle'], [0.6, 'sure.middle'], [0.59, 'sure.low']] as const)(
    'a confidence of %s is said as %s',
    (confidence, key) => expect(surenessOf(confidence)).toBe(key),
  );
  test('kinds come in a fixed order, unknown ones last', () => {
    expect(kindsOf([one('1', 'weather'), one('2', 'text'), one('3', 'draft'), one('4', 'text')])).toEqual([['draft', 1], ['text', 2], ['weather', 1]]);
  });
  test('after one was decided the next is looked at, after the last the one before', () => {
    const all = [one('1', 'x'), one('2', 'x'), one('3', 'x')];
    expect(['1', '3', '9'].map((id) => nextAfter(all, id))).toEqual(['2', '2', null]);
    expect(nextAfter([one('1', 'x')], '1')).toBeNull();
  });
  test('the newest stands first', () => {
    expect(newestFirst([one('a', 'x', '2026-01-01'), one('b', 'x', '2026-02-01')]).map((each) => each.id)).toEqual(['b', 'a']);
  });
});

describe('faces', () => {
  test('who has no name comes first, the one seen most often before the others', () => {
    const group = (id: string, name: string | null, count: number): FaceGroupDto => ({ id, name, count }) as FaceGroupDto;
    const { unnamed, named } = byName([group('a', null, 1), group('b', 'Zoe', 9), group('c', null, 4), group('d', 'Ann', 1)]);
    expect(unnamed.map((one) => one.id)).toEqual(['c', 'a']);
    expect(named.map((one) => one.id)).toEqual(['d', 'b']);
  });
  test('a person is known by name and other name, however it is written', () => {
    const ruth: PersonDto = { id: 'p', name: 'Ruth', relation: 'daughter', aliases: ['Ruthie'] };
    expect(['ruth ', 'RUTHIE', '', 'Rut'].map((name) => personCalled([ruth], name)?.id)).toEqual(['p', 'p', undefined, undefined]);
  });
});
