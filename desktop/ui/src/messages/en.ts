/** English. Short sentences, no blame; the keys are the contract for every other language. */
import { enCarer } from './en_carer.ts';
import { enPatient } from './en_patient.ts';

export const en = { ...enPatient, ...enCarer };
