import { describe, expect, test } from 'vitest';
import { framed } from '../../src/lib/crop.ts';
import { isSure, levelOf, pcm16, resampled, sentencesOf } from '../../src/lib/sound.ts';

describe('samples', () => {
  test('become 16 bit, little endian, and what is too loud is cut and does not wrap', () => {
    expect([...new Int16Array(pcm16(new Float32Array([0, 0.5, 1, -1, 2, -2])))]).toEqual([0, 16_384, 32_767, -32_767, 32_767, -32_767]);
  });
  test('a lower rate keeps the length in seconds and the loudness of a low tone', () => {
    const tone = (rate: number): Float32Array => Float32Array.from({ length: rate }, (_, at) => 0.5 * Math.sin((2 * Math.PI * 200 * at) / rate));
    for (const rate of [44_100, 48_000]) {
      const made = resampled(tone(rate), rate, 16_000);
      expect(made.length).toBe(16_000);
      expect(Math.abs(levelOf(made) - levelOf(tone(16_000)))).toBeLessThan(0.01);
    }
    expect(resampled(new Float32Array(0), 48_000, 16_000).length).toBe(0);
  });
  test('silence is nothing, speech is something, and louder is more', () => {
    const flat = (value: number): Float32Array => new Float32Array(1600).fill(value);
    expect(levelOf(flat(0))).toBe(0);
    expect(levelOf(new Float32Array(0))).toBe(0);
    const levels = [0.0005, 0.01, 0.1, 0.9].map((value) => levelOf(flat(value)));
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
    expect(levels[0]).toBe(0);
    expect(levels[3]).toBe(1);
  });
});

describe('what was heard', () => {
  test.each([[[], true], [[0.9, 0.4], true], [[0.5, 0.6], false]] as const)('words of confidence %o may go at once: %s', (confidences, sure) => {
    expect(isSure(confidences.map((confidence) => ({ confidence })))).toBe(sure);
  });
});

describe('sentences', () => {
  test.each([
    ['Hello there, Hedda. What did you eat on the pier?', ['Hello there, Hedda.', 'What did you eat on the pier?']],
    ['您好，今天我们聊聊您的往事。不用着急，慢慢来就好。', ['您好，今天我们聊聊您的往事。', '不用着急，慢慢来就好。']],
    ['It cost 3.50 at St. Ives. We laughed for a long time.', ['It cost 3.50 at St. Ives.', 'We laughed for a long time.']],
    ['Yes. Lovely. It was smoked trout.', ['Yes. Lovely.', 'It was smoked trout.']],
    ['对，是熏鱼。真好。', ['对，是熏鱼。真好。']],
    ['She said: “We are late!” Then the boat came in.', ['She said: “We are late!”', 'Then the boat came in.']],
    ['Wait for it … and then we all sang together.', ['Wait for it …', 'and then we all sang together.']],
    ['  ', []],
  ])('%s', (line, sentences) => {
    expect(sentencesOf(line)).toEqual(sentences);
  });
  test('nothing of a line is lost or said twice', () => {
    for (const line of ['A. B. C. D.', 'One? Two! Three… 四。五！“六。”七', '93 − 7 = ? How much is left, please?', '...', 'no end at all', 'e.g. this']) {
      expect(sentencesOf(line).join('').replace(/\s/g, '')).toBe(line.replace(/\s/g, ''));
    }
  });
});

describe('a part of a photo', () => {
  const inside = (part: { x: number; y: number; width: number; height: number }): boolean =>
    part.x >= -1e-9 && part.y >= -1e-9 && part.x + part.width <= 1 + 1e-9 && part.y + part.height <= 1 + 1e-9;
  test('a face is a square on the screen, with the face in it and never outside the photo', () => {
    for (const ratio of [4 / 3, 3 / 4, 1, 3]) {
      for (const region of [{ x: 0.4, y: 0.3, width: 0.1, height: 0.16 }, { x: 0, y: 0, width: 0.2, height: 0.2 }, { x: 0.85, y: 0.8, width: 0.15, height: 0.2 }, { x: 0, y: 0, width: 1, height: 1 }]) {
        const part = framed(region, ratio, 'square');
        expect(inside(part), JSON.stringify([ratio, region, part])).toBe(true);
        expect((part.width * ratio) / part.height).toBeCloseTo(1);
        expect(part.ratio).toBeCloseTo(1);
        const middle = { x: region.x + region.width / 2, y: region.y + region.height / 2 };
        expect(part.x <= middle.x && middle.x <= part.x + part.width && part.y <= middle.y && middle.y <= part.y + part.height).toBe(true);
      }
    }
  });
  test('written text keeps its own shape', () => {
    const part = framed({ x: 0.2, y: 0.4, width: 0.6, height: 0.1 }, 4 / 3, 'own');
    expect(inside(part)).toBe(true);
    expect(part.ratio).toBeGreaterThan(4);
  });
});
