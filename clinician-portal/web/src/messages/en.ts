/** English. The keys are the contract for every other language. */
import { enCodes } from './en_codes.ts';
import { enFrame } from './en_frame.ts';
import { enPatient } from './en_patient.ts';

export const en = { ...enFrame, ...enPatient, ...enCodes };
