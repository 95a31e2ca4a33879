/** Lays the stub's inbox, faces, files, ears and voice over whatever companion runs, so that their screens can be seen in every state. */
import type { Page, Route } from 'playwright-core';
import { group, sign, StubInbox } from '../../dev/stub_inbox.ts';
import { people, picture, type StubPerson } from '../../dev/stub_people.ts';
import { StubVoice } from '../../dev/stub_voice.ts';
import type { Language } from '../../src/lib/i18n.svelte.ts';

/** The stub's person of a language. */
export function personOf(language: Language): StubPerson {
  const person = people().find((other) => other.patient.language === language);
  if (!person) throw new Error(`nobody of the stub speaks ${language}`);
  return person;
}

async function answer(route: Route, made: [number, unknown] | Promise<[number, unknown]> | undefined): Promise<void> {
  const [status, body] = (await made) ?? [404, { code: 'not-found', field: null, message: 'Stub: this is not here any more.' }];
  if (Buffer.isBuffer(body)) await route.fulfill({ status, contentType: 'audio/wav', body });
  else await route.fulfill({ status, contentType: 'application/json', body: body === undefined ? '' : JSON.stringify(body) });
}

/** Routes of the inbox, the faces, the looking and the files, and the people they speak of. */
export async function withInbox(page: Page, slug: string, language: Language): Promise<StubInbox> {
  let count = 0;
  const person = personOf(language);
  const inbox = new StubInbox(person, () => `made-${(count += 1)}`);
  await page.route(`**/api/patients/${slug}/people`, (route) =>
    route.request().method() === 'GET' ? answer(route, Promise.resolve([200, person.people])) : route.fallback(),
  );
  await page.route(new RegExp(`/api/patients/${slug}/(suggestions|faces|sensors|look|people/[^/]+/face)(/|$|\\?)`), (route) => {
    const request = route.request();
    const [what = '', id, more] = new URL(request.url()).pathname.split('/').slice(4).map(decodeURIComponent);
    const method = request.method();
    const body = (): unknown => request.postDataJSON() as unknown;
    if (what === 'suggestions') return answer(route, inbox.decide(method, id, more, body));
    if (what === 'faces') return answer(route, inbox.faces(method, id, more, body));
    if (what === 'sensors') return answer(route, inbox.sensors(method, request.postDataBuffer() ?? Buffer.alloc(0)));
    if (what === 'look') return answer(route, inbox.look(method));
    return answer(route, inbox.forget(id ?? ''));
  });
  await page.route(/\/media\/(group-.|sign|sea)\?/, (route) => {
    const id = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    const drawn = id === 'sign' ? sign(language === 'zh-CN') : id === 'sea' ? picture(id, false) : group(id);
    return route.fulfill({ contentType: 'image/svg+xml', body: drawn });
  });
  return inbox;
}

/** Routes of hearing and speaking; `part` is laid over what the machine can. */
export async function withVoice(page: Page, slug: string, language: Language, part: object = {}): Promise<void> {
  let count = 0;
  const voice = new StubVoice(language === 'zh-CN', () => `turn-${(count += 1)}`);
  voice.voice('PUT', () => part);
  await page.route(new RegExp(`/api/patients/${slug}/(voice|listen|speak)(/|$|\\?)`), (route) => {
    const request = route.request();
    const url = new URL(request.url());
    const [what = '', id, more] = url.pathname.split('/').slice(4).map(decodeURIComponent);
    const body = (): unknown => request.postDataJSON() as unknown;
    if (what === 'voice') return answer(route, voice.voice(request.method(), body));
    if (what === 'speak') return answer(route, voice.speak());
    return answer(route, voice.listen(request.method(), id, more, Number(url.searchParams.get('after') ?? 0), body));
  });
}
