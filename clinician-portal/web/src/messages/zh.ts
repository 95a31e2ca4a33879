/** 中文。键与英文一一对应，少一个就编译不过。 */
import type { en } from './en.ts';
import { zhCodes } from './zh_codes.ts';
import { zhFrame } from './zh_frame.ts';
import { zhPatient } from './zh_patient.ts';

export const zh: Record<keyof typeof en, string> = { ...zhFrame, ...zhPatient, ...zhCodes };
