/** English. Short sentences, no blame; the keys are the contract for every other language. */
import { enCarer } from './en_carer.ts';
import { enInbox } from './en_inbox.ts';
import { enPatient } from './en_patient.ts';
import { enTalk } from './en_talk.ts';

export const en = { ...enPatient, ...enCarer, ...enTalk, ...enInbox };
