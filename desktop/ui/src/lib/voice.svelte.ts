/** What this machine can hear and say for one patient, and their own settings of it. */
import { troubleOf, type Trouble } from './api.ts';
import { VoiceApi } from './api_voice.ts';
import { Listening } from './listening.svelte.ts';
import type { VoiceDto } from './dto.ts';
import { Speaking } from './speaking.svelte.ts';

/** Percent of the voice's own pace. */
export const RATE_MIN = 60;
export const RATE_MAX = 120;
export const RATE_STEP = 10;

export class Voice {
  info = $state.raw<VoiceDto | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  readonly api: VoiceApi;
  readonly listening: Listening;
  readonly speaking: Speaking;
  /** Whether lines are spoken as they come. */
  speaks = $derived(this.info !== null && this.info.speak && this.info.speaking.ready);

  constructor(slug: string) {
    this.api = new VoiceApi(slug);
    this.listening = new Listening(this.api, () => this.ready());
    this.speaking = new Speaking(this.api);
  }

  load = async (): Promise<void> => {
    this.trouble = null;
    try {
      this.info = await this.api.voice();
    } catch (thrown) {
      this.trouble = troubleOf(thrown);
    }
  };

  /** Seen at once; when it cannot be kept, the old setting comes back. */
  async keep(part: { speak?: boolean; rate_percent?: number }): Promise<void> {
    const before = this.info;
    if (before === null) return;
    const wanted = { ...before, ...part };
    this.info = wanted;
    this.trouble = null;
    if (part.speak === false) this.speaking.hush();
    try {
      const kept = await this.api.putVoice(wanted.speak, wanted.rate_percent);
      if (this.info === wanted) this.info = kept;
    } catch (thrown) {
      this.info = before;
      this.trouble = troubleOf(thrown);
    }
  }

  close(): void {
    this.listening.cancel();
    this.speaking.close();
  }

  /** Asked anew each time: a model may have been fetched, a microphone plugged in. */
  private async ready(): Promise<VoiceDto> {
    this.info = await this.api.voice();
    return this.info;
  }
}
