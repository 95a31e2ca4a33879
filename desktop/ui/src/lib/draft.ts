/** A memory as the carer edits it: lists as text, each fact with a key of its own so that rows keep their place. Pure. */
import type { FactDto, MemoryDto, MemoryInputDto } from './dto.ts';
import { listOf } from './format.ts';

export const FACT_KINDS = ['person', 'place', 'time', 'food', 'activity', 'number', 'animal', 'thing'] as const;

export interface FactDraft {
  key: number;
  id: string | null;
  kind: string;
  question: string;
  answer: string;
  aliases: string;
  meaning_cue: string;
  origin: string;
  confirmed: boolean;
}

export interface MemoryDraft {
  kind: string;
  when: string;
  text: string;
  people: string;
  place: string;
  tags: string;
  sensitive: boolean;
  media: string[];
  recordings: string[];
  source: string;
}

export function emptyDraft(): MemoryDraft {
  return { kind: 'episode', when: '', text: '', people: '', place: '', tags: '', sensitive: false, media: [], recordings: [], source: 'caregiver' };
}

export function draftOf(memory: MemoryDto): MemoryDraft {
  return {
    kind: memory.kind,
    when: memory.happened_at ?? '',
    text: memory.text,
    people: memory.people.join(', '),
    place: memory.place ?? '',
    tags: memory.tags.join(', '),
    sensitive: memory.sensitive,
    media: [...memory.media],
    recordings: [...memory.recordings],
    source: memory.source,
  };
}

export function factDraftOf(fact: FactDto, key: number): FactDraft {
  return {
    key,
    id: fact.id,
    kind: fact.kind,
    question: fact.question,
    answer: fact.answer,
    aliases: fact.aliases.join(', '),
    meaning_cue: fact.meaning_cue ?? '',
    origin: fact.origin,
    confirmed: fact.confirmed,
  };
}

/** Rows nobody has written into are left out. */
const isBlank = (fact: FactDraft): boolean => fact.question.trim() === '' && fact.answer.trim() === '';

/** 1-based number of the first row that has only half of what it needs; `null` when all are whole. */
export function firstIncomplete(facts: FactDraft[]): number | null {
  const at = facts.findIndex((fact) => !isBlank(fact) && (fact.question.trim() === '' || fact.answer.trim() === ''));
  return at < 0 ? null : at + 1;
}

export function factsOf(facts: FactDraft[]): FactDto[] {
  return facts
    .filter((fact) => !isBlank(fact))
    .map((fact) => ({
      id: fact.id,
      kind: fact.kind,
      question: fact.question.trim(),
      answer: fact.answer.trim(),
      aliases: listOf(fact.aliases),
      meaning_cue: fact.meaning_cue.trim() || null,
      origin: fact.origin,
      confirmed: fact.confirmed,
    }));
}

/** `facts` is `null` to let ReMe propose them. */
export function inputOf(draft: MemoryDraft, happenedAt: string | null, facts: FactDraft[] | null): MemoryInputDto {
  return {
    kind: draft.kind,
    happened_at: happenedAt,
    text: draft.text.trim(),
    people: listOf(draft.people),
    place: draft.place.trim() || null,
    tags: listOf(draft.tags),
    source: draft.source,
    sensitive: draft.sensitive,
    media: [...draft.media, ...draft.recordings],
    facts: facts === null ? null : factsOf(facts),
  };
}

/** Proposals that ask for something not asked yet: another question and another answer. */
export function newProposals(proposed: FactDto[], facts: FactDraft[]): FactDto[] {
  const known = new Set(facts.flatMap((fact) => [fact.question.trim(), fact.answer.trim().toLowerCase()]));
  return proposed.filter((fact) => !known.has(fact.question.trim()) && !known.has(fact.answer.trim().toLowerCase()));
}
