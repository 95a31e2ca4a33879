/** Samples, loudness, and lines cut into sentences to be spoken one after the other. Pure. */

/** What is sent to be heard: samples a second. Whisper and the voice detector both work on this. */
export const RATE_HZ = 16_000;
/** Quieter than this is drawn as nothing, dB below full scale. [design] */
const FLOOR_DB = -55;
/** As loud as speech near a microphone gets, dB below full scale. [design] */
const TOP_DB = -12;
/** Words the recogniser was less sure of on average are shown to be checked before they go. [design] */
const SURE = 0.6;
/** Sentences shorter than this are spoken together with the next one, Latin letters; a Chinese one counts for two. [design] */
const SHORT = 12;

/** From −1…1 to 16 bit, little endian. */
export function pcm16(samples: Float32Array): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(2 * samples.length));
  samples.forEach((sample, at) => {
    const value = Math.max(-1, Math.min(1, sample));
    view.setInt16(2 * at, Math.round(value * 32_767), true);
  });
  return view.buffer;
}

/** Straight lines between samples: enough for speech, where a browser cannot give another rate itself. */
export function resampled(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  if (fromHz === toHz || samples.length === 0) return samples;
  const length = Math.max(1, Math.round((samples.length * toHz) / fromHz));
  const step = fromHz / toHz;
  const made = new Float32Array(length);
  for (let at = 0; at < length; at += 1) {
    // Averages what falls into one step, so that high tones do not fold back as low ones.
    const from = at * step;
    const first = Math.floor(from);
    const last = Math.min(samples.length - 1, Math.max(first, Math.ceil(from + step) - 1));
    let sum = 0;
    for (let one = first; one <= last; one += 1) sum += samples[one] ?? 0;
    made[at] = sum / (last - first + 1);
  }
  return made;
}

/** Loudness on a scale of 0–1 that follows the ear, not the voltage. */
export function levelOf(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  if (power <= 0) return 0;
  const db = 10 * Math.log10(power);
  return Math.max(0, Math.min(1, (db - FLOOR_DB) / (TOP_DB - FLOOR_DB)));
}

/** Whether what was heard may go at once. Without any confidences there is nothing to doubt. */
export function isSure(words: { confidence: number }[]): boolean {
  if (words.length === 0) return true;
  return words.reduce((sum, word) => sum + word.confidence, 0) / words.length >= SURE;
}

const ENDS = '。！？!?…\n';
const CLOSES = '"”’\'」』)）》';

/** Whether a sentence ends with the letter at `at`. A full stop inside a number or after a short word ("St. Ives") ends nothing. */
function isEnd(line: string, at: number): boolean {
  const next = line[at + 1] ?? ' ';
  if (ENDS.includes(next) || CLOSES.includes(next)) return false;
  let mark = at;
  while (mark > 0 && CLOSES.includes(line[mark] ?? '')) mark -= 1;
  const letter = line[mark] ?? '';
  if (letter !== '.') return ENDS.includes(letter);
  const word = /(\p{L}+)\.$/u.exec(line.slice(0, mark + 1))?.[1] ?? '';
  return /\s/.test(next) && (word === '' || word.length > 2);
}

/** In Latin letters; a Chinese one counts for two. */
export const lengthOf = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0);

/** A line in the pieces it is spoken in, so that the first sounds while the rest is being made. Nothing of it is lost. */
export function sentencesOf(line: string): string[] {
  const made: string[] = [];
  let from = 0;
  for (let at = 0; at < line.length; at += 1) {
    const piece = line.slice(from, at + 1).trim();
    if (lengthOf(piece) < SHORT || !isEnd(line, at)) continue;
    made.push(piece);
    from = at + 1;
  }
  const rest = line.slice(from).trim();
  const last = made.at(-1);
  if (rest === '') return made;
  // A short end is spoken with what stands before it.
  if (last !== undefined && lengthOf(rest) < SHORT) return [...made.slice(0, -1), last + (/[。！？…]$/.test(last) ? '' : ' ') + rest];
  return [...made, rest];
}
