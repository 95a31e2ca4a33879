/** What a question brought, sorted for the screen: what the answer rests on, and what is merely near. Pure. */
import type { MemoryDto } from './dto.ts';
import type { FoundDto } from './dto.ts';

export interface Sorted {
  /** The answer rests on these, in the order they were named. */
  cited: MemoryDto[];
  /** Near, but the answer does not rest on them. */
  near: MemoryDto[];
}

/** Which of four kinds of result it is. */
export type Outcome = 'answer' | 'pattern' | 'near' | 'nothing';

export function outcomeOf(found: FoundDto): Outcome {
  if (found.nothing_found) return 'nothing';
  if (found.answer_text !== null) return found.support === null ? 'answer' : 'pattern';
  return found.memories.length === 0 ? 'nothing' : 'near';
}

/** Ids that no memory of the list bears are left out: it may have been moved to the bin meanwhile. */
export function sorted(found: FoundDto, gone: ReadonlySet<string> = new Set()): Sorted {
  const here = found.memories.filter((memory) => !gone.has(memory.id));
  const isAnswer = outcomeOf(found) === 'answer' || outcomeOf(found) === 'pattern';
  // Where nothing is known, nothing is cited, whatever was sent.
  const cited = isAnswer ? [...new Set(found.cited)].flatMap((id) => here.find((memory) => memory.id === id) ?? []) : [];
  return { cited, near: here.filter((memory) => !cited.includes(memory)) };
}
