import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PatientApi, Trouble } from '../../src/lib/api.ts';
import type { InputDto, SessionDto } from '../../src/lib/dto.ts';
import { speech } from '../../src/lib/i18n.svelte.ts';
import { SessionPlay } from '../../src/lib/session.svelte.ts';
import { StimulusClock } from '../../src/lib/stimulus_clock.ts';
import { Voice } from '../../src/lib/voice.svelte.ts';
import Conversation from '../../src/patient/Conversation.svelte';
import Answer from '../../src/patient/Answer.svelte';
import StimulusView from '../../src/patient/StimulusView.svelte';
import Steps from '../../src/patient/Steps.svelte';
import { sessionIn } from '../e2e/fixtures.ts';

const event = (timeStamp: number): Event => ({ timeStamp }) as Event;
let frames: FrameRequestCallback[] = [];
const paint = (time: number): void => {
  for (const frame of frames.splice(0)) frame(time);
};

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (frame: FrameRequestCallback) => frames.push(frame));
  vi.stubGlobal('cancelAnimationFrame', () => (frames = []));
  speech.language = 'en';
});
afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe('rt_ms', () => {
  test('runs from the frame that shows the stimulus to the input', () => {
    const clock = new StimulusClock();
    clock.shown();
    expect(clock.read(event(900)), 'nothing painted yet').toBeNull();
    paint(1000.4);
    expect(clock.read(event(1850.9))).toBe(851);
  });
  test('is not told when nobody knows how long it was seen', () => {
    const clock = new StimulusClock();
    clock.shown();
    paint(1000);
    clock.forget();
    expect(clock.read(event(2000))).toBeNull();
    clock.shown();
    paint(1000);
    expect(clock.read(event(999)), 'before the frame').toBeNull();
    expect(clock.read(event(2_000_000)), 'away for half an hour').toBeNull();
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    Object.defineProperty(document, 'hidden', { value: false, configurable: true });
    expect(clock.read(event(2000)), 'the page was hidden meanwhile').toBeNull();
  });
});

function playWith(answers: (input: InputDto) => Promise<SessionDto>): { play: SessionPlay; sent: InputDto[] } {
  const sent: InputDto[] = [];
  const api = new PatientApi('x');
  api.input = (input) => {
    sent.push(input);
    return answers(input);
  };
  const play = new SessionPlay(api);
  play.session = sessionIn('talk', 'en', 'x');
  return { play, sent };
}
const next = (turn: number): SessionDto => ({ ...sessionIn('talk', 'en', 'x'), turn });

describe('sending', () => {
  test('an answer carries the turn it was given in and the measured time', async () => {
    const { play, sent } = playWith(async () => next(5));
    play.draft = 'trout';
    play.clock.shown();
    paint(100);
    await play.send('text', 'trout', event(1300));
    expect(sent).toEqual([{ session: 'fixture-x', turn: 4, kind: 'text', value: 'trout', rt_ms: 1200 }]);
    expect([play.session?.turn, play.draft, play.pending]).toEqual([5, '', null]);
  });
  test('what was typed stays when the companion does not answer, and goes out once more as it was', async () => {
    let isThere = false;
    const { play, sent } = playWith(async () => {
      if (!isThere) throw new Trouble('offline', null, '', 0);
      return next(5);
    });
    play.draft = 'trout';
    await play.send('text', 'trout', event(1));
    expect([play.draft, play.trouble?.code, play.session?.turn]).toEqual(['trout', 'offline', 4]);
    isThere = true;
    await play.retry();
    expect(sent[1]).toEqual(sent[0]);
    expect([play.draft, play.trouble]).toEqual(['', null]);
  });
  test('a second tap while the first is on its way does nothing', async () => {
    let answer: (session: SessionDto) => void = () => undefined;
    const { play, sent } = playWith(() => new Promise((go) => (answer = go)));
    const first = play.send('tap', 'a', event(1));
    await play.send('tap', 'b', event(2));
    answer(next(5));
    await first;
    expect(sent).toHaveLength(1);
  });
  test.each([['hint', 'half a w'], ['repeat', 'half a w'], ['skip', '']] as const)('after %s the half-written words are "%s"', async (kind, left) => {
    const { play } = playWith(async () => next(5));
    play.draft = 'half a w';
    await play.send(kind, '', event(1));
    expect(play.draft).toBe(left);
  });
});

describe('parts', () => {
  test('a word in colour comes after the cross, in its ink, and starts the clock only then', () => {
    vi.useFakeTimers();
    const onshown = vi.fn();
    const view = mount(StimulusView, { target: document.body, props: { stimulus: { kind: 'colour-word', text: 'GREEN', ink: '#c1272d', fixation_ms: 500 }, onshown } });
    flushSync();
    expect(document.querySelector('[data-stimulus]')?.getAttribute('data-stimulus')).toBe('fixation');
    vi.advanceTimersByTime(499);
    flushSync();
    expect(onshown).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    flushSync();
    const word = document.querySelector<HTMLElement>('[data-stimulus="colour-word"]');
    expect(word?.textContent).toBe('GREEN');
    expect(word?.style.color).toBe('#c1272d');
    expect(onshown).toHaveBeenCalledTimes(1);
    void unmount(view);
    vi.useRealTimers();
  });

  function answer(session: SessionDto): { play: SessionPlay; sent: InputDto[]; onhelp: ReturnType<typeof vi.fn> } {
    const { play, sent } = playWith(async () => next(5));
    play.session = session;
    const onhelp = vi.fn();
    mount(Answer, { target: document.body, props: { play, session, voice: new Voice('x'), onhelp } });
    flushSync();
    return { play, sent, onhelp };
  }
  const submit = (): void => {
    document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    flushSync();
  };

  test.each(['help', 'Help', '帮帮我'])('the word "%s" reaches help and is no answer', (word) => {
    const { play, sent, onhelp } = answer(sessionIn('talk', 'en', 'x'));
    play.draft = word;
    submit();
    expect(onhelp).toHaveBeenCalledOnce();
    expect(sent).toEqual([]);
  });
  test('an empty answer is not sent; the person is told what to do', () => {
    const { sent } = answer(sessionIn('talk', 'en', 'x'));
    submit();
    expect(sent).toEqual([]);
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('Hint');
  });
  test('digits can be tapped and taken back', () => {
    const { play } = answer(sessionIn('sum', 'en', 'x'));
    const tap = (key: string): void => document.querySelector<HTMLElement>(`[data-key="${key}"]`)?.click();
    ['8', '7', 'back', '6'].forEach(tap);
    expect(play.draft).toBe('86');
  });
  test('a choice is tapped with its value; writing is one tap away', () => {
    const { sent } = answer(sessionIn('colour-word', 'en', 'x'));
    expect(document.querySelector('#answer')).toBeNull();
    document.querySelector<HTMLElement>('.write')?.click();
    flushSync();
    expect(document.querySelector('#answer')).not.toBeNull();
    document.querySelectorAll<HTMLElement>('.choice')[2]?.click();
    expect(sent).toMatchObject([{ kind: 'tap', value: 'blue' }]);
  });
  test('steps are told in words as well as in dots', () => {
    mount(Steps, { target: document.body, props: { session: sessionIn('talk', 'en', 'x') } });
    flushSync();
    expect(document.querySelectorAll('.dot')).toHaveLength(6);
    expect(document.querySelectorAll('.full')).toHaveLength(2);
    expect(document.body.textContent?.replace(/\s+/g, ' ')).toContain('Step 3 of 6 2 done, 4 to go');
  });
});

describe('the conversation beside a stimulus', () => {
  const shown = (whos: string[]): string[] => {
    const lines = whos.map((who, id) => ({ id, who, text: `${who} ${id}`, photo: null }));
    mount(Conversation, { target: document.body, props: { session: { ...sessionIn('colour-word', 'en', 'x'), lines }, pending: null, spoken: null } });
    flushSync();
    return [...document.querySelectorAll('.bubble')].map((bubble) => bubble.textContent?.replace(/^\s*\S+?:\s*/, '').trim() ?? '');
  };
  test('a long series of taps does not push away what was asked', () => {
    expect(shown(['reme', 'reme', 'patient', 'patient', 'patient'])).toEqual(['reme 0', 'reme 1']);
    expect(document.querySelector('[data-newest]')?.textContent).toContain('reme 1');
  });
  test('what was said before the last answer is left out', () => {
    expect(shown(['reme', 'patient', 'reme'])).toEqual(['reme 2']);
  });
});
