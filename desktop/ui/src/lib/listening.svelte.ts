/**
 * One turn of listening: the sound goes to the companion, its words come back while the person still speaks, and it ends by
 * silence, by a tap, or without a word. Sound is taken by the browser where it may, else by the companion from the machine's
 * own microphone. Typing is never in its way.
 */
import { troubleOf } from './api.ts';
import type { VoiceApi } from './api_voice.ts';
import { MicrophoneTrouble, openMicrophone, type Microphone } from './microphone.ts';
import type { HeardWordDto, ListenEventDto, VoiceDto } from './dto.ts';
import { levelOf, pcm16 } from './sound.ts';

export type ListeningState = 'off' | 'starting' | 'listening' | 'finishing' | 'nothing' | 'trouble';

export interface Heard {
  text: string;
  words: HeardWordDto[];
  /** Media id, where the recording is kept. */
  recording: string | null;
}

/** What stands in the way: a code of ours, and the companion's words where it has some. */
export interface ListeningTrouble {
  code: 'missing' | 'none' | 'denied' | 'unsupported' | 'companion';
  message: string;
}

export class Listening {
  state = $state<ListeningState>('off');
  /** 0–1. */
  level = $state(0);
  /** What has been understood so far. */
  text = $state('');
  trouble = $state.raw<ListeningTrouble | null>(null);
  isOn = $derived(this.state === 'starting' || this.state === 'listening' || this.state === 'finishing');

  private readonly api: VoiceApi;
  private readonly ready: () => Promise<VoiceDto>;
  private microphone: Microphone | null = null;
  private id: string | null = null;
  private waiting: Float32Array[] = [];
  private sending: Promise<void> = Promise.resolve();
  /** Counts the turns: what belongs to an earlier one is left alone. */
  private turn = 0;
  /** Lets go of whoever waits for the words, when none will come. */
  private release: () => void = () => undefined;

  constructor(api: VoiceApi, ready: () => Promise<VoiceDto>) {
    this.api = api;
    this.ready = ready;
  }

  /** Listens until the end of what is said; `null` when nothing was heard, or it was ended without wanting words. */
  async start(keep: boolean): Promise<Heard | null> {
    if (this.isOn) return null;
    this.turn += 1;
    const mine = this.turn;
    Object.assign(this, { state: 'starting', level: 0, text: '', trouble: null });
    this.waiting = [];
    this.sending = Promise.resolve();
    // A request for events may wait for seconds; nobody else has to.
    const ended = new Promise<null>((go) => (this.release = () => go(null)));
    try {
      const from = await this.open(mine);
      if (from === null || mine !== this.turn) return null;
      const { id } = await this.api.listen(from, keep);
      if (mine !== this.turn) {
        void this.api.drop(id).catch(() => undefined);
        return null;
      }
      this.id = id;
      // A tap may have come while the microphone was still being opened.
      if (this.state === 'starting') this.state = 'listening';
      this.flush();
      return await Promise.race([this.follow(id, mine), ended]);
    } catch (thrown) {
      if (mine === this.turn) this.fail({ code: 'companion', message: troubleOf(thrown).message });
      return null;
    }
  }

  /** The person is done: what was said is still made into words. */
  async stop(): Promise<void> {
    if (this.state !== 'listening' || this.id === null) return;
    this.state = 'finishing';
    const [id, mine] = [this.id, this.turn];
    await this.closeMicrophone();
    await this.sending;
    try {
      await this.api.stop(id);
    } catch (thrown) {
      if (mine === this.turn) this.fail({ code: 'companion', message: troubleOf(thrown).message });
    }
  }

  /** Nothing of it is wanted. */
  cancel(): void {
    if (this.state === 'off') return;
    const { id } = this;
    this.end('off');
    this.release();
    if (id !== null) void this.api.drop(id).catch(() => undefined);
  }

  /** Opens what the sound comes from; `null` after telling why there is none. */
  private async open(mine: number): Promise<'browser' | 'device' | null> {
    const voice = await this.ready();
    if (mine !== this.turn) return null;
    if (!voice.hearing.ready) {
      this.fail({ code: 'missing', message: voice.hearing.message ?? '' });
      return null;
    }
    try {
      const microphone = await openMicrophone((samples) => this.take(samples));
      if (mine !== this.turn) {
        void microphone.close();
        return null;
      }
      this.microphone = microphone;
      return 'browser';
    } catch (thrown) {
      if (mine !== this.turn) return null;
      const code = thrown instanceof MicrophoneTrouble ? thrown.code : 'unsupported';
      // Somebody who has said no to the browser is not listened to by another way.
      if (code !== 'denied' && voice.device.ready) return 'device';
      this.fail({ code, message: code === 'denied' ? '' : (voice.device.message ?? '') });
      return null;
    }
  }

  private take(samples: Float32Array): void {
    this.level = levelOf(samples);
    this.waiting.push(samples);
    this.flush();
  }

  /** One request after the other, so that the pieces arrive in order; what gathers meanwhile goes together. */
  private flush(): void {
    const { id } = this;
    if (id === null || this.waiting.length === 0) return;
    this.sending = this.sending.then(async () => {
      const pieces = this.waiting;
      if (pieces.length === 0 || id !== this.id) return;
      this.waiting = [];
      const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
      let at = 0;
      for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
      }
      // A piece that is lost shortens what is heard; the following of the events tells when the companion is gone.
      await this.api.sendSamples(id, pcm16(whole)).catch(() => undefined);
    });
  }

  private async follow(id: string, mine: number): Promise<Heard | null> {
    let after = 0;
    for (;;) {
      const events = await this.api.heard(id, after);
      if (mine !== this.turn) return null;
      for (const event of events) {
        after = Math.max(after, event.seq);
        const ended = this.hear(event);
        if (ended !== undefined) return ended;
      }
    }
  }

  /** `undefined` while it goes on. */
  private hear(event: ListenEventDto): Heard | null | undefined {
    switch (event.kind) {
      case 'level':
        if (this.microphone === null) this.level = event.level;
        return undefined;
      case 'partial':
        this.text = event.text;
        return undefined;
      case 'final':
        this.text = event.text;
        this.end('off');
        return { text: event.text, words: event.words, recording: event.recording };
      case 'nothing':
        this.end('nothing');
        return null;
      case 'trouble':
        this.fail({ code: 'companion', message: event.text });
        return null;
      default:
        return undefined;
    }
  }

  private fail(trouble: ListeningTrouble): void {
    const { id } = this;
    this.end('trouble');
    this.trouble = trouble;
    this.release();
    if (id !== null) void this.api.drop(id).catch(() => undefined);
  }

  private end(state: ListeningState): void {
    this.turn += 1;
    this.state = state;
    this.level = 0;
    this.id = null;
    this.waiting = [];
    void this.closeMicrophone();
  }

  private async closeMicrophone(): Promise<void> {
    const open = this.microphone;
    this.microphone = null;
    await open?.close();
  }
}
