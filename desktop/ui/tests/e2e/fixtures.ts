/** Answers laid over the companion's, to see each state of a screen at will. The wording is the tests' own. */
import type { LineDto, SessionDto } from '../../src/lib/dto.ts';
import type { Language } from '../../src/lib/i18n.svelte.ts';

const pick = (language: Language, en: string, zh: string): string => (language === 'zh-CN' ? zh : en);

function session(language: Language, slug: string, part: Partial<SessionDto>): SessionDto {
  const say = (en: string, zh: string): string => pick(language, en, zh);
  const lines: LineDto[] = [
    { id: 1, who: 'reme', text: say('Let us talk about the day on the island. There is no hurry.', '我们聊聊去岛上的那一天吧，不用着急。'), photo: null },
    { id: 2, who: 'patient', text: say('Oh yes. It was windy, and we took the boat very early.', '嗯，那天风大，我们一早坐船去的。'), photo: null },
    { id: 3, who: 'reme', text: say('It was windy, and you went early. What did you eat on the pier?', '风大，一早就出门了。你们在码头吃了什么？'), photo: null },
  ];
  return {
    id: `fixture-${slug}`,
    language,
    state: 'running',
    turn: 4,
    game: say('Life recall', '往事回想'),
    game_slug: 'life-recall',
    game_number: 1,
    games: 3,
    steps_done: 2,
    steps_total: 6,
    lines,
    stimulus: null,
    input: 'text',
    choices: [],
    can_hint: true,
    summary: null,
    ...part,
  };
}

/** A picture of 4:3 as bytes the fixtures can be given for a photo's address. */
export function photo(blurred: boolean): string {
  const filter = blurred ? ' filter="url(#b)"' : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 600" width="800" height="600"><filter id="b"><feGaussianBlur stdDeviation="28"/></filter><g${filter}><rect width="800" height="600" fill="#cfe3ea"/><circle cx="610" cy="140" r="64" fill="#f3d38a"/><path d="M0 400Q200 300 420 390T800 350V600H0Z" fill="#6f9a86"/><path d="M0 500Q250 430 520 490T800 470V600H0Z" fill="#3f6f63"/></g></svg>`;
}

export type SessionState = 'talk' | 'hint-photo' | 'whole-photo' | 'choice' | 'sum' | 'colour-word' | 'listen';

export function sessionIn(state: SessionState, language: Language, slug: string): SessionDto {
  const say = (en: string, zh: string): string => pick(language, en, zh);
  const lines = session(language, slug, {}).lines;
  const reme = (id: number, text: string, photo: LineDto['photo'] = null): LineDto => ({ id, who: 'reme', text, photo });
  const picture = (blurred: boolean): LineDto['photo'] => ({
    url: `/api/patients/${slug}/media/fixture?size=${blurred ? 'blurred' : 'screen'}`,
    alt: blurred ? say('Part of the photo, not sharp yet', '照片的一部分，还看不清') : say('The photo of that day', '那天的照片'),
    blurred,
  });
  const colours = [
    ['red', 'red', '红', '#c1272d'],
    ['green', 'green', '绿', '#1a7f37'],
    ['blue', 'blue', '蓝', '#1f4fd8'],
    ['yellow', 'yellow', '黄', '#9a7000'],
  ] as const;
  switch (state) {
    case 'talk':
      return session(language, slug, {});
    case 'hint-photo':
      return session(language, slug, { lines: [...lines, reme(4, say('Here is a corner of a photo of that day.', '这是那天一张照片的一角。'), picture(true))] });
    case 'whole-photo':
      return session(language, slug, { can_hint: false, lines: [...lines, reme(4, say('And here is the whole photo.', '这是整张照片。'), picture(false))] });
    case 'choice':
      return session(language, slug, {
        input: 'choice',
        choices: [
          ['a', 'smoked trout', '熏鱼'],
          ['b', 'potato soup', '土豆汤'],
          ['c', 'apple cake', '苹果糕'],
        ].map(([value = '', en = '', zh = '']) => ({ value, label: say(en, zh), swatch: null })),
        lines: [...lines, reme(4, say('Was it one of these?', '是这里面的哪一样？'))],
      });
    case 'sum':
      return session(language, slug, {
        game: say('Mental arithmetic', '心算'), game_slug: 'mental-arithmetic', game_number: 2, steps_done: 1, steps_total: 5, input: 'number',
        stimulus: { kind: 'sum', text: '93 − 7', ink: null, fixation_ms: 0 },
        lines: [reme(1, say('Take 7 away, and again from what is left.', '减去 7，再从剩下的里面减去 7。')), reme(2, say('How much is left?', '还剩多少？'))],
      });
    case 'colour-word':
      return session(language, slug, {
        game: say('Colour words', '字与颜色'), game_slug: 'colour-words', game_number: 3, steps_done: 9, steps_total: 24, input: 'choice', can_hint: false,
        stimulus: { kind: 'colour-word', text: say('GREEN', '绿'), ink: '#c1272d', fixation_ms: 0 },
        choices: colours.map(([value, en, zh, swatch]) => ({ value, label: say(en, zh), swatch })),
        lines: [reme(1, say('Which colour is the word printed in?', '这个字是什么颜色印的？'))],
      });
    case 'listen':
      return session(language, slug, { input: 'none', lines: [reme(1, say('Next we do some sums in our heads.', '接下来我们做几道心算。'))] });
  }
}

export function finished(language: Language, slug: string): SessionDto {
  return session(language, slug, {
    state: 'done',
    input: 'none',
    summary: {
      text: pick(language, 'It was good to be on the island with you once more.', '又跟您去了一趟岛上，真好。'),
      recalled: 5,
      minutes: 17,
      games: [pick(language, 'Life recall', '往事回想'), pick(language, 'Mental arithmetic', '心算'), pick(language, 'Colour words', '字与颜色')],
    },
  });
}
