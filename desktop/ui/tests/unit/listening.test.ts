import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { VoiceApi } from '../../src/lib/api_voice.ts';
import { Listening } from '../../src/lib/listening.svelte.ts';
import type { ListenEventDto, VoiceDto } from '../../src/lib/dto.ts';

const ready = { ready: true, message: null };
const all: VoiceDto = { hearing: ready, device: ready, speaking: ready, speak: false, rate_percent: 90 };
const event = (seq: number, kind: string, text = ''): ListenEventDto => ({ seq, kind, level: 0.4, text, words: [], recording: null });

/** A companion that answers what it is asked for events with, in order, and then waits for ever. */
function companion(answers: ListenEventDto[][]): { api: VoiceApi; asked: string[] } {
  const asked: string[] = [];
  const api = {
    listen: async (from: string, keep: boolean) => {
      asked.push(`listen ${from} ${keep}`);
      return { id: 't' };
    },
    heard: (_: string, after: number) => {
      asked.push(`after ${after}`);
      const next = answers.shift();
      return next === undefined ? new Promise(() => undefined) : Promise.resolve(next);
    },
    stop: async () => void asked.push('stop'),
    drop: async () => void asked.push('drop'),
  };
  return { api: api as unknown as VoiceApi, asked };
}

beforeEach(() => {
  // No browser microphone here: the machine's own is used.
  vi.stubGlobal('isSecureContext', false);
});

describe('listening', () => {
  test('words grow, and the last ones are the answer', async () => {
    const { api, asked } = companion([[event(1, 'level'), event(2, 'partial', 'smoked')], [event(3, 'final', 'smoked trout')]]);
    const listening = new Listening(api, async () => all);
    expect(await listening.start(true)).toEqual({ text: 'smoked trout', words: [], recording: null });
    expect(asked).toEqual(['listen device true', 'after 0', 'after 2']);
    expect(listening.state).toBe('off');
  });
  test('nothing heard is told and is no answer', async () => {
    const listening = new Listening(companion([[event(1, 'nothing')]]).api, async () => all);
    expect(await listening.start(false)).toBeNull();
    expect(listening.state).toBe('nothing');
  });
  test('cancelling lets go at once, though the companion is still being asked', async () => {
    const { api, asked } = companion([[event(1, 'partial', 'well')]]);
    const listening = new Listening(api, async () => all);
    const heard = listening.start(false);
    await vi.waitFor(() => expect(asked).toContain('after 1'));
    listening.cancel();
    expect(await heard).toBeNull();
    expect(listening.state).toBe('off');
    expect(asked.at(-1)).toBe('drop');
  });
  test('a tap ends it, and what was said is still made into words', async () => {
    const { api, asked } = companion([[event(1, 'level')]]);
    const listening = new Listening(api, async () => all);
    void listening.start(false);
    await vi.waitFor(() => expect(listening.state).toBe('listening'));
    await listening.stop();
    expect(asked).toContain('stop');
    expect(listening.state).toBe('finishing');
    expect(listening.isOn).toBe(true);
  });
  test.each([
    [{ ...all, hearing: { ready: false, message: 'fetch it' } }, 'missing', 'fetch it'],
    [{ ...all, device: { ready: false, message: 'none here' } }, 'unsupported', 'none here'],
  ])('what is missing is told with what helps', async (voice, code, message) => {
    const { api, asked } = companion([]);
    const listening = new Listening(api, async () => voice);
    expect(await listening.start(false)).toBeNull();
    expect(listening.trouble).toEqual({ code, message });
    expect(asked).toEqual([]);
  });
  test('somebody who has said no to the browser is not listened to by the machine', async () => {
    vi.stubGlobal('isSecureContext', true);
    const getUserMedia = (): Promise<never> => Promise.reject(new DOMException('no', 'NotAllowedError'));
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
    const { api, asked } = companion([]);
    const listening = new Listening(api, async () => all);
    expect(await listening.start(false)).toBeNull();
    expect(listening.trouble?.code).toBe('denied');
    expect(asked).toEqual([]);
  });
  test('a companion that does not answer is told, and another try is possible', async () => {
    const { api } = companion([]);
    api.listen = () => Promise.reject(new Error('gone'));
    const listening = new Listening(api, async () => all);
    expect(await listening.start(false)).toBeNull();
    expect(listening.state).toBe('trouble');
    api.listen = async () => ({ id: 'u' });
    api.heard = async () => [event(1, 'final', 'yes')];
    expect((await listening.start(false))?.text).toBe('yes');
  });
});
