/**
 * Lines spoken aloud: the first sentence sounds while the next is being made, anything can stop it at once, and the line's words
 * stand on the screen all the while. Where there is no voice, nothing is missing but the sound.
 */
import { troubleOf } from './api.ts';
import type { VoiceApi } from './api_voice.ts';
import { sentencesOf } from './sound.ts';

/** A browser that lets no sound out before something was tapped says so by not starting, ms. */
const START_MS = 500;

export class Speaking {
  /** Id of the line that is spoken. */
  line = $state<number | null>(null);
  /** The sentence that sounds now. */
  sentence = $state('');
  /** The browser waits for a tap before it lets sound out. */
  needsTap = $state(false);
  /** Why nothing sounds, in the companion's words; empty where it has none. */
  trouble = $state.raw<string | null>(null);

  private readonly api: VoiceApi;
  private context: AudioContext | null = null;
  private source: AudioBufferSourceNode | null = null;
  private ending: AbortController | null = null;

  constructor(api: VoiceApi) {
    this.api = api;
  }

  /** Speaks lines one after the other; what was being spoken stops. */
  async say(lines: { id: number; text: string }[]): Promise<void> {
    this.hush();
    const mine = new AbortController();
    this.ending = mine;
    const { signal } = mine;
    this.trouble = null;
    try {
      const context = await this.open();
      if (context === null || signal.aborted) return;
      const pieces = lines.flatMap((line) => sentencesOf(line.text).map((sentence) => ({ id: line.id, sentence })));
      const make = (at: number): Promise<AudioBuffer> | null => {
        const piece = pieces[at];
        if (piece === undefined) return null;
        const made = this.api.speak(piece.sentence, signal).then((wav) => context.decodeAudioData(wav));
        // It is waited for later; until then a failure is nobody's.
        made.catch(() => undefined);
        return made;
      };
      let next = make(0);
      for (let at = 0; next !== null; at += 1) {
        const piece = pieces[at];
        const sound = await next;
        next = make(at + 1);
        if (signal.aborted || piece === undefined) return;
        this.line = piece.id;
        this.sentence = piece.sentence;
        await this.play(context, sound, signal);
      }
    } catch (thrown) {
      if (!signal.aborted) this.trouble = troubleOf(thrown).message;
    } finally {
      if (this.ending === mine) this.quiet();
    }
  }

  /** Stops at once. */
  hush(): void {
    this.ending?.abort();
    this.ending = null;
    try {
      this.source?.stop();
    } catch {
      // It had not begun to sound.
    }
    this.quiet();
  }

  close(): void {
    this.hush();
    void this.context?.close();
    this.context = null;
  }

  private quiet(): void {
    this.line = null;
    this.sentence = '';
    this.source = null;
  }

  private async open(): Promise<AudioContext | null> {
    this.context ??= new AudioContext();
    const { context } = this;
    if (context.state !== 'running') {
      const waited = new Promise((go) => setTimeout(go, START_MS));
      await Promise.race([context.resume(), waited]);
    }
    this.needsTap = context.state !== 'running';
    return this.needsTap ? null : context;
  }

  private play(context: AudioContext, sound: AudioBuffer, signal: AbortSignal): Promise<void> {
    return new Promise((ended) => {
      const source = context.createBufferSource();
      source.buffer = sound;
      source.connect(context.destination);
      source.onended = () => ended();
      signal.addEventListener('abort', () => ended());
      this.source = source;
      source.start();
    });
  }
}
