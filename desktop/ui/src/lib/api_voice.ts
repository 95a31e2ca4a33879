/** Hearing and speaking: what this machine can, starting and ending to listen, a line as sound. */
import { done, json, request } from './api.ts';
import type { ListenEventDto, VoiceDto } from './dto.ts';

export class VoiceApi {
  private readonly base: string;

  constructor(slug: string) {
    this.base = `/patients/${encodeURIComponent(slug)}`;
  }

  private readonly one = (id: string): string => `${this.base}/listen/${encodeURIComponent(id)}`;

  voice = (): Promise<VoiceDto> => json('GET', `${this.base}/voice`);
  putVoice = (speak: boolean, rate_percent: number): Promise<VoiceDto> => json('PUT', `${this.base}/voice`, { speak, rate_percent });

  /** `from` is where the sound comes from: this browser sends it, or the companion opens the machine's microphone. */
  listen = (from: 'browser' | 'device', keep: boolean): Promise<{ id: string }> => json('POST', `${this.base}/listen`, { from, keep });
  /** Samples: 16 bit, little endian, 16 kHz, one channel. */
  sendSamples = (id: string, samples: ArrayBuffer): Promise<void> => done('POST', `${this.one(id)}/audio`, samples);
  /** Waits some seconds for something newer than `after`; an empty list says that nothing came meanwhile. */
  heard = (id: string, after: number): Promise<ListenEventDto[]> => json('GET', `${this.one(id)}?after=${after}`);
  stop = (id: string): Promise<void> => done('POST', `${this.one(id)}/stop`, {});
  drop = (id: string): Promise<void> => done('DELETE', this.one(id));

  /** A sentence as a WAV file. */
  async speak(text: string, signal: AbortSignal): Promise<ArrayBuffer> {
    signal.throwIfAborted();
    const sound = await (await request('POST', `${this.base}/speak`, { text })).arrayBuffer();
    signal.throwIfAborted();
    return sound;
  }
}
