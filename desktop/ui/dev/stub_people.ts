/** Two people for the stub, their memories, and pictures drawn on the spot. */
import type { FactDto, MemoryDto, MemoryInputDto, NewPatientDto, PatientDto, PersonDto, PlanDto, ProgressDto, SettingsDto, TrialDto } from '../src/lib/dto.ts';

export interface StubPerson {
  patient: PatientDto;
  settings: SettingsDto;
  plan: PlanDto;
  people: PersonDto[];
  memories: MemoryDto[];
  media: Map<string, Buffer>;
  trials: TrialDto[];
}

const isChinese = (language: string): boolean => language === 'zh-CN';

/** A quiet landscape; another one for each id. */
export function picture(id: string, blurred: boolean): string {
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const filter = blurred ? ' filter="url(#b)"' : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 600"><filter id="b"><feGaussianBlur stdDeviation="28"/></filter><g${filter}><rect width="800" height="600" fill="hsl(${hue} 45% 82%)"/><circle cx="600" cy="150" r="70" fill="hsl(45 80% 75%)"/><path d="M0 420Q200 300 400 400T800 360V600H0Z" fill="hsl(${(hue + 90) % 360} 30% 55%)"/><path d="M0 500Q250 420 500 490T800 470V600H0Z" fill="hsl(${(hue + 110) % 360} 32% 40%)"/></g></svg>`;
}

function plan(language: string): PlanDto {
  const titles = isChinese(language) ? ['往事回想', '心算', '字与颜色'] : ['Life recall', 'Mental arithmetic', 'Colour words'];
  const slugs = ['life-recall', 'mental-arithmetic', 'colour-words'];
  return {
    version: 1,
    games: slugs.map((game, at) => ({ game, title: titles[at] ?? game, enabled: true, min_level: 1, max_level: 4, levels: 5 })),
    sessions_per_week: 3,
    session_minutes: 20,
    daily_cap_minutes: 45,
    set_by: 'default',
  };
}

export function newPerson(slug: string, asked: NewPatientDto): StubPerson {
  return {
    patient: { slug, ...asked, demo: false, memories: 0 },
    settings: { language: asked.language, theme: 'auto', text_px: 20 },
    plan: plan(asked.language),
    people: [],
    memories: [],
    media: new Map(),
    trials: [],
  };
}

function fact(id: string, kind: string, question: string, answer: string, cue: string): FactDto {
  return { id, kind, question, answer, aliases: [], meaning_cue: cue, origin: 'rule', confirmed: kind !== 'food' };
}

function memory(id: string, happened_at: string, text: string, part: Partial<MemoryDto>): MemoryDto {
  const empty = { kind: 'episode', recorded_at: '2026-11-20T09:00:00Z', people: [], place: null, tags: [], source: 'caregiver', sensitive: false, media: [], recordings: [], facts: [], deleted: false };
  return { ...empty, id, happened_at, text, ...part };
}

const ENGLISH: MemoryDto[] = [
  memory('e1', '2026-08-14', 'Ruth and I took the early ferry to the island. We ate smoked trout on the pier, and a heron stood beside us the whole time.', {
    people: ['Ruth'], place: 'the island', tags: ['summer', 'trip'], media: ['pier'],
    facts: [fact('f1', 'person', 'Who came along on the ferry?', 'Ruth', 'somebody of your family'), fact('f2', 'food', 'What did you eat on the pier?', 'smoked trout', 'a kind of fish'), fact('f3', 'animal', 'Which animal stood beside you?', 'a heron', 'a tall bird')],
  }),
  memory('e2', '1974-05', 'I mended my first wireless at the kitchen table. It played a waltz at once.', { tags: ['work', 'music'], source: 'patient', facts: [fact('f4', 'thing', 'What did you mend?', 'a wireless', 'something one listens to')] }),
  memory('e3', '1991', 'The winter of the great snow. I do not like to speak of it.', { sensitive: true, tags: ['winter'], source: 'patient' }),
];

const CHINESE: MemoryDto[] = [
  memory('z1', '2026-08-14', '和女儿晓岚坐早班渡轮去岛上，在码头吃熏鱼，旁边一直站着一只白鹭。', {
    people: ['晓岚'], place: '岛上', tags: ['夏天', '出门'], media: ['matou'],
    facts: [fact('g1', 'person', '那天是谁陪您坐渡轮？', '晓岚', '家里的人'), fact('g2', 'food', '你们在码头吃了什么？', '熏鱼', '一种鱼'), fact('g3', 'animal', '旁边站着什么动物？', '白鹭', '一种高高的鸟')],
  }),
  memory('z2', '1974-05', '在厨房桌上修好了第一台收音机，一开就放圆舞曲。', { tags: ['工作', '音乐'], source: 'patient', facts: [fact('g4', 'thing', '您修好的是什么？', '收音机', '用来听的东西')] }),
  memory('z3', '1991', '下大雪的那个冬天。那件事不想多说。', { sensitive: true, tags: ['冬天'], source: 'patient' }),
];

const TRIALS: TrialDto[] = [
  { seq: 1, game: 'life-recall', kind: 'recall', domain: 'episodic', question: 'Who came along on the ferry?', verdict: 'correct', rung: 0, level: 1, rt_ms: 5400, matched_by: 'exact', practice: false },
  { seq: 2, game: 'life-recall', kind: 'recall', domain: 'episodic', question: 'What did you eat on the pier?', verdict: 'correct', rung: 2, level: 1, rt_ms: 9100, matched_by: 'typo', practice: false },
  { seq: 3, game: 'mental-arithmetic', kind: 'sum', domain: 'working', question: null, verdict: 'incorrect', rung: null, level: 2, rt_ms: 7000, matched_by: 'nothing', practice: true },
];

export function people(): StubPerson[] {
  const english = newPerson('demo-en', { name: 'Hedda', language: 'en', time_zone: 'Europe/Oslo' });
  const chinese = newPerson('demo-zh', { name: '王秀兰', language: 'zh-CN', time_zone: 'Asia/Shanghai' });
  english.memories = structuredClone(ENGLISH);
  chinese.memories = structuredClone(CHINESE);
  english.people = [{ id: 'p1', name: 'Ruth', relation: 'daughter', aliases: ['Ruthie'] }];
  chinese.people = [{ id: 'p2', name: '晓岚', relation: '女儿', aliases: ['岚岚'] }];
  for (const person of [english, chinese]) {
    person.patient.demo = true;
    person.trials = TRIALS;
  }
  return [english, chinese];
}

/** Wilson's 95 % interval, as the real progress shows one. */
function point(date: string, successes: number, trials: number, mean_rung: number | null) {
  const [share, z] = [successes / trials, 1.96];
  const middle = (share + z ** 2 / (2 * trials)) / (1 + z ** 2 / trials);
  const half = (z / (1 + z ** 2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return { date, success: share, low: middle - half, high: middle + half, trials, mean_rung };
}

export function progressOf(person: StubPerson): ProgressDto {
  if (person.trials.length === 0) return { trends: [], rungs: [0, 0, 0, 0, 0, 0, 0, 0], sessions: [] };
  const chinese = isChinese(person.patient.language);
  const days = ['2026-11-03', '2026-11-06', '2026-11-10', '2026-11-13', '2026-11-17', '2026-11-20'];
  const sentence = chinese ? '略有上升，但把握还不大。' : 'Rising a little; not yet sure.';
  return {
    trends: [
      { domain: 'episodic', points: days.map((day, at) => point(day, 5 + Math.floor(at / 2), 9, 2.6 - at * 0.2)), sentence },
      { domain: 'working', points: days.map((day, at) => point(day, 4 + (at % 3), 6, null)), sentence },
      { domain: 'flexibility', points: days.slice(-1).map((day) => point(day, 17, 20, null)), sentence },
    ],
    rungs: [14, 6, 9, 4, 2, 3, 5, 1],
    sessions: days.reverse().map((day, at) => ({ id: `s${at}`, started_at: `${day}T08:30:00Z`, state: at === 1 ? 'stopped' : 'done', minutes: 17 + at, games: person.plan.games.map((game) => game.title), trials: 30, successes: 24 - at })),
  };
}

export function proposals(input: MemoryInputDto, language: string): FactDto[] {
  const chinese = isChinese(language);
  const made: FactDto[] = input.people.map((name) => ({ ...fact('', 'person', chinese ? '当时有谁在？' : 'Who was there?', name, ''), id: null, meaning_cue: null, confirmed: false }));
  if (input.place !== null) made.push({ ...fact('', 'place', chinese ? '那是在哪里？' : 'Where was it?', input.place, ''), id: null, meaning_cue: null, confirmed: false });
  return made;
}
