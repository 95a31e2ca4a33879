/** A session of the stub: three facts with a short ladder, three sums, four colour words. Enough to draw every screen. */
import type { FactDto, InputDto, LineDto, SessionDto, StimulusDto } from '../src/lib/dto.ts';
import type { StubPerson } from './stub_people.ts';

const INKS = [
  { value: 'red', en: 'red', zh: '红', swatch: '#c1272d' },
  { value: 'green', en: 'green', zh: '绿', swatch: '#1a7f37' },
  { value: 'blue', en: 'blue', zh: '蓝', swatch: '#1f4fd8' },
  { value: 'yellow', en: 'yellow', zh: '黄', swatch: '#b8860b' },
];
const SUMS = [
  { text: '100 − 7', answer: '93' },
  { text: '93 − 7', answer: '86' },
  { text: '86 − 7', answer: '79' },
];
const WORDS = [
  [0, 2],
  [1, 1],
  [3, 0],
  [2, 3],
] as const;

export class StubSession {
  state: SessionDto;
  private readonly facts: FactDto[];
  private readonly photo: string | null;
  private at = 0;
  private rung = 0;
  private recalled = 0;
  private readonly chinese: boolean;
  private readonly titles: string[];
  private readonly slug: string;
  private nextLine = 1;

  constructor(id: string, person: StubPerson) {
    this.chinese = person.patient.language === 'zh-CN';
    this.slug = person.patient.slug;
    const memory = person.memories.find((kept) => !kept.deleted && !kept.sensitive && kept.facts.length >= 3);
    this.facts = memory?.facts ?? [];
    this.photo = memory?.media[0] ?? null;
    this.titles = person.plan.games.map((game) => game.title);
    this.state = {
      id, language: person.patient.language, state: 'running', turn: 0, game: this.titles[0] ?? '', game_slug: 'life-recall', game_number: 1, games: 3,
      steps_done: 0, steps_total: this.facts.length, lines: [], stimulus: null, input: 'text', choices: [], can_hint: true, summary: null,
    };
    this.say(this.chinese ? '您好，今天我们聊聊您的往事。不用着急。' : 'Hello. Let us talk about a day of yours. There is no hurry.');
    this.ask();
  }

  take(input: InputDto): void {
    this.state = { ...this.state, turn: this.state.turn + 1, lines: [...this.state.lines] };
    if (input.kind === 'stop') return this.finish('stopped');
    if (input.kind === 'text' || input.kind === 'tap') {
      const label = this.state.choices.find((choice) => choice.value === input.value)?.label ?? input.value;
      this.line('patient', label);
    }
    if (input.kind === 'repeat') return this.ask();
    if (this.state.game_number === 1) this.recall(input);
    else if (input.kind === 'hint') this.say(this.chinese ? '慢慢来，看着它再想一想。' : 'Take your time and look at it once more.');
    else this.next();
  }

  private recall(input: InputDto): void {
    const fact = this.facts[this.at];
    if (!fact) return this.next();
    if (input.kind === 'text' && input.value.includes(fact.answer)) {
      this.recalled += 1;
      this.say(this.chinese ? `对，${fact.answer}。真好。` : `Yes, ${fact.answer}. Lovely.`);
      return this.next();
    }
    if (input.kind === 'skip' || this.rung >= 3) {
      this.say(this.chinese ? `是${fact.answer}。我们接着来。` : `It was ${fact.answer}. Let us go on.`);
      return this.next();
    }
    this.rung += 1;
    if (this.rung === 1) this.say(this.chinese ? `提示：${fact.meaning_cue}。` : `A hint: ${fact.meaning_cue}.`);
    else this.show(this.rung === 2);
  }

  private show(blurred: boolean): void {
    const text = this.chinese ? '请看这张照片。' : 'Here is a photo of that day.';
    if (this.photo === null) return this.say(text);
    const url = `/api/patients/${this.slug}/media/${this.photo}?size=${blurred ? 'blurred' : 'screen'}`;
    const alt = this.chinese ? (blurred ? '照片的一部分，还看不清' : '那天的照片') : blurred ? 'Part of the photo, not sharp yet' : 'The photo of that day';
    this.line('reme', text, { url, alt, blurred });
  }

  private next(): void {
    this.at += 1;
    this.rung = 0;
    this.state.steps_done += 1;
    if (this.at >= this.state.steps_total) {
      this.at = 0;
      this.state.game_number += 1;
      if (this.state.game_number > 3) return this.finish('done');
      const number = this.state.game_number;
      Object.assign(this.state, {
        game: this.titles[number - 1], game_slug: number === 2 ? 'mental-arithmetic' : 'colour-words', steps_done: 0,
        steps_total: number === 2 ? SUMS.length : WORDS.length, lines: [],
      });
    }
    this.ask();
  }

  private ask(): void {
    const { game_number: number } = this.state;
    this.state.choices = [];
    if (number === 1) {
      this.state.input = 'text';
      this.say(this.facts[this.at]?.question ?? (this.chinese ? '还想说点什么？' : 'What else would you like to tell?'));
    } else if (number === 2) {
      this.state.input = 'number';
      this.state.stimulus = this.look('sum', SUMS[this.at]?.text ?? '', null, 0);
      this.say(this.chinese ? '等于多少？' : 'How much is it?');
    } else {
      const [word, ink] = WORDS[this.at] ?? [0, 0];
      this.state.input = 'choice';
      this.state.choices = INKS.map((choice) => ({ value: choice.value, label: this.chinese ? choice.zh : choice.en, swatch: choice.swatch }));
      const name = INKS[word];
      this.state.stimulus = this.look('colour-word', (this.chinese ? name?.zh : name?.en.toUpperCase()) ?? '', INKS[ink]?.swatch ?? null, 500);
      this.say(this.chinese ? '字是什么颜色印的？' : 'Which colour is the word printed in?');
    }
  }

  private look(kind: string, text: string, ink: string | null, fixation_ms: number): StimulusDto {
    return { kind, text, ink, fixation_ms };
  }

  private finish(state: 'done' | 'stopped'): void {
    const text = this.chinese ? '今天聊得真好，谢谢您讲给我听。' : 'That was good to hear. Thank you for telling me.';
    this.state = { ...this.state, state, stimulus: null, input: 'none', choices: [], can_hint: false, summary: { text, recalled: this.recalled, minutes: 12, games: this.titles } };
  }

  private say(text: string): void {
    this.line('reme', text);
  }

  private line(who: string, text: string, photo: LineDto['photo'] = null): void {
    this.state.lines.push({ id: this.nextLine, who, text, photo });
    this.nextLine += 1;
  }
}
