import { describe, expect, test } from 'vitest';
import { readWhen } from '../../src/lib/when.ts';

/** A Tuesday. */
const TODAY = '2026-11-24';

describe('dates as people say them', () => {
  test.each([
    ['today', '2026-11-24'],
    ['Yesterday', '2026-11-23'],
    ['the day before yesterday', '2026-11-22'],
    ['last Sunday', '2026-11-22'],
    ['Tuesday', '2026-11-17'],
    ['three weeks ago', '2026-11-03'],
    ['a month ago', '2026-10'],
    ['12 months ago', '2025-11'],
    ['ten years ago', '2016'],
    ['last month', '2026-10'],
    ['last summer', '2025'],
    ['this spring', '2026'],
    ['summer 1985', '1985'],
    ['May 1985', '1985-05'],
    ['12 May 1985', '1985-05-12'],
    ['May 12th, 1985', '1985-05-12'],
    ['May', '2026-05'],
    ['December', '2025-12'],
    ['24 December', '2025-12-24'],
    ['1985', '1985'],
    ['1985-5', '1985-05'],
    ['1985-05-12T14:30', '1985-05-12T14:30'],
  ])('%s', (words, expected) => {
    expect(readWhen(words, 'en', TODAY)).toBe(expected);
  });
  test.each([
    ['今天', '2026-11-24'],
    ['昨晚', '2026-11-23'],
    ['前天', '2026-11-22'],
    ['大前天', '2026-11-21'],
    ['三天前', '2026-11-21'],
    ['两个星期前', '2026-11-10'],
    ['半年前', null],
    ['十年前', '2016'],
    ['上个月', '2026-10'],
    ['去年夏天', '2025'],
    ['前年五月', '2024-05'],
    ['一九八五年夏天', '1985'],
    ['八五年三月', '1985-03'],
    ['85年3月十二号', '1985-03-12'],
    ['１９８５年３月', '1985-03'],
    ['二〇〇八年八月八日', '2008-08-08'],
    ['5月3日', '2026-05-03'],
    ['十二月二十五号', '2025-12-25'],
    ['上周三', '2026-11-18'],
    ['这周一', '2026-11-23'],
    ['上上周日', '2026-11-15'],
    ['周日', '2026-11-22'],
  ])('%s', (words, expected) => {
    expect(readWhen(words, 'zh-CN', TODAY)).toBe(expected);
  });
  test.each(['', 'when I was ten', 'long ago', 'the 1960s', '31 February 2020', '2031', '26 November 2026', '1985-13', '好久以前', '这周日', '明天'])(
    'no more is read out of "%s" than it holds',
    (words) => {
      expect(readWhen(words, 'en', TODAY)).toBeNull();
      expect(readWhen(words, 'zh-CN', TODAY)).toBeNull();
    },
  );
});
