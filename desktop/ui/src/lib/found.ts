/** What a question brought, sorted for the screen: what the answer rests on, what speaks against it, what is merely near. Pure. */
import type { MemoryDto } from './dto.ts';
import type { FoundDto } from './shapes.ts';

export interface Sorted {
  /** The answer rests on these, in the order they were named. */
  cited: MemoryDto[];
  /** A pattern was otherwise in these. */
  exceptional: MemoryDto[];
  /** Near, but the answer does not rest on them. */
  near: MemoryDto[];
}

/** Which of four kinds of result it is. */
export type Outcome = 'answer' | 'pattern' | 'near' | 'nothing';

export function outcomeOf(found: FoundDto): Outcome {
  if (found.pattern !== null) return 'pattern';
  if (found.answer !== null) return 'answer';
  return found.nothing || found.memories.length === 0 ? 'nothing' : 'near';
}

/** Ids that no memory of the list bears are left out: it may have been moved to the bin meanwhile. */
export function sorted(found: FoundDto, gone: ReadonlySet<string> = new Set()): Sorted {
  const here = found.memories.filter((memory) => !gone.has(memory.id));
  const byIds = (ids: string[]): MemoryDto[] => [...new Set(ids)].flatMap((id) => here.find((memory) => memory.id === id) ?? []);
  const exceptional = byIds(found.pattern?.exceptional ?? []);
  const against = new Set(exceptional.map((memory) => memory.id));
  const cited = byIds([...found.cited, ...(found.pattern?.supports ?? [])]).filter((memory) => !against.has(memory.id));
  const named = new Set([...against, ...cited.map((memory) => memory.id)]);
  // Where nothing is known, what is merely near would look like an answer.
  const near = outcomeOf(found) === 'nothing' ? [] : here.filter((memory) => !named.has(memory.id));
  return { cited, exceptional, near };
}
