/** Suggestions as the inbox shows them: sorted by kind, how sure in words. Pure. */
import type { Key } from './i18n.svelte.ts';
import type { SuggestionDto } from './dto.ts';

/** The order they are offered in: whole days first, then who, then what. */
export const KINDS = ['draft', 'face-group', 'person', 'fact', 'name', 'place', 'text', 'thing', 'caption', 'same-photo'] as const;

/** Shares of confidence from which a suggestion is called quite sure, or likely. [design] */
const SURE = 0.85;
const LIKELY = 0.6;

export function surenessOf(confidence: number): Key {
  return confidence >= SURE ? 'sure.high' : confidence >= LIKELY ? 'sure.middle' : 'sure.low';
}

/** Kinds there are and how many of each, in the order of `KINDS`; what this screen does not know comes last. */
export function kindsOf(all: SuggestionDto[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { kind } of all) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const place = (kind: string): number => {
    const at = (KINDS as readonly string[]).indexOf(kind);
    return at < 0 ? KINDS.length : at;
  };
  return [...counts].sort((a, b) => place(a[0]) - place(b[0]) || a[0].localeCompare(b[0]));
}

/** The one to look at after `id` was decided: the next below it, else the one above. */
export function nextAfter(all: SuggestionDto[], id: string): string | null {
  const at = all.findIndex((one) => one.id === id);
  if (at < 0) return null;
  return (all[at + 1] ?? all[at - 1])?.id ?? null;
}

/** Newest first; those of one moment stay as they came. */
export function newestFirst(all: SuggestionDto[]): SuggestionDto[] {
  return [...all].sort((a, b) => b.made_at.localeCompare(a.made_at));
}
