/** 中文。短句，称“您”，不责怪；键与英文一一对应，少一个就编译不过。 */
import type { en } from './en.ts';
import { zhCarer } from './zh_carer.ts';
import { zhInbox } from './zh_inbox.ts';
import { zhPatient } from './zh_patient.ts';
import { zhTalk } from './zh_talk.ts';

export const zh: Record<keyof typeof en, string> = { ...zhPatient, ...zhCarer, ...zhTalk, ...zhInbox };
