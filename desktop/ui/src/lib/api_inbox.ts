/** What ReMe found by itself and the carer decides about: suggestions, faces, files of a watch or a calendar. */
import { done, json, Trouble, troubleIn } from './api.ts';
import type { FaceGroupDto, FaceNameDto, LookDto, SensedDto, SuggestionCountDto, SuggestionDto, SuggestionEditDto } from './dto.ts';

export class InboxApi {
  private readonly base: string;

  constructor(slug: string) {
    this.base = `/patients/${encodeURIComponent(slug)}`;
  }

  private readonly one = (id: string): string => `${this.base}/suggestions/${encodeURIComponent(id)}`;
  private readonly group = (id: string): string => `${this.base}/faces/${encodeURIComponent(id)}`;

  suggestions = (): Promise<SuggestionDto[]> => json('GET', `${this.base}/suggestions`);
  count = (): Promise<SuggestionCountDto> => json('GET', `${this.base}/suggestions/count`);
  accept = (id: string, edit: SuggestionEditDto | null): Promise<SuggestionDto> => json('POST', `${this.one(id)}/accept`, edit ?? {});
  dismiss = (id: string): Promise<SuggestionDto> => json('POST', `${this.one(id)}/dismiss`, {});
  reopen = (id: string): Promise<SuggestionDto> => json('POST', `${this.one(id)}/reopen`, {});
  dismissAll = (ids: string[]): Promise<{ dismissed: number }> => json('POST', `${this.base}/suggestions/dismiss`, { ids });

  look = (): Promise<LookDto> => json('GET', `${this.base}/look`);
  beginLook = (): Promise<LookDto> => json('POST', `${this.base}/look`, {});
  stopLook = (): Promise<LookDto> => json('DELETE', `${this.base}/look`);

  faces = (): Promise<FaceGroupDto[]> => json('GET', `${this.base}/faces`);
  nameFace = (id: string, name: FaceNameDto): Promise<FaceGroupDto> => json('POST', `${this.group(id)}/name`, name);
  mergeFaces = (id: string, into: string): Promise<FaceGroupDto> => json('POST', `${this.group(id)}/merge`, { into });
  splitFaces = (id: string, faces: string[]): Promise<FaceGroupDto[]> => json('POST', `${this.group(id)}/split`, { faces });
  dismissFaces = (id: string): Promise<void> => done('POST', `${this.group(id)}/dismiss`, {});
  forgetFace = (person: string): Promise<void> => done('DELETE', `${this.base}/people/${encodeURIComponent(person)}/face`);

  /**
   * Sends files of one time together, to be laid side by side; they are read while they arrive. `onsent` hears the share sent,
   * 0–1. Aborting `signal` ends it, and nothing is kept.
   */
  sendSensors(files: File[], onsent: (share: number) => void, signal: AbortSignal): Promise<SensedDto> {
    return new Promise((kept, failed) => {
      const form = new FormData();
      for (const file of files) form.append('file', file, file.name);
      // `fetch` cannot tell how much has been sent.
      const sending = new XMLHttpRequest();
      sending.open('POST', `/api${this.base}/sensors`);
      sending.setRequestHeader('X-ReMe', '1');
      sending.setRequestHeader('Accept-Language', document.documentElement.lang || 'en');
      sending.upload.onprogress = (event) => {
        if (event.lengthComputable) onsent(event.loaded / event.total);
      };
      sending.onload = () => {
        if (sending.status >= 200 && sending.status < 300) kept(JSON.parse(sending.responseText) as SensedDto);
        else failed(troubleIn(sending.status, sending.responseText));
      };
      sending.onerror = () => failed(new Trouble('offline', null, '', 0));
      sending.onabort = () => failed(new Trouble('cancelled', null, '', 0));
      signal.addEventListener('abort', () => sending.abort());
      sending.send(form);
    });
  }
}

/** Has new photos looked at in the background. What comes of it waits in the inbox; that it cannot be done troubles nobody here. */
export function lookLater(slug: string, media: string[]): void {
  if (media.length > 0) void new InboxApi(slug).beginLook().catch(() => undefined);
}
