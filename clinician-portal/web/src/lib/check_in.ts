/** The check-in's questions with the codes of their answers, as the portal takes them. Pure. */
import type { CheckInInput } from '../api/types.ts';

export const QUESTIONS = [
  { field: 'willingness', answers: ['gladly', 'as-usual', 'reluctantly', 'not-at-all'] },
  { field: 'mood', answers: ['good', 'mixed', 'low'] },
  { field: 'tiredness', answers: ['rested', 'tired', 'very-tired'] },
  { field: 'help', answers: ['none', 'some', 'much'] },
  { field: 'change_seen', answers: ['no', 'yes'] },
] as const;

export type CheckInDraft = Required<CheckInInput>;

/** A check-in with every question open. */
export const emptyCheckIn = (day: string): CheckInDraft => ({ day, willingness: '', mood: '', tiredness: '', help: '', change_seen: '', remark: '' });

/** A remark alone is a note, not a check-in. */
export const isUnanswered = (given: CheckInDraft): boolean => QUESTIONS.every(({ field }) => given[field] === '');
