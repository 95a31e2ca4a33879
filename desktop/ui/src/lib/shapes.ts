/** Shapes of the newer addresses, until the generated `dto.ts` holds them. */
import type { FactDto, MemoryDto, MemoryInputDto } from './dto.ts';

/** A part of an upright photo, in fractions 0–1 of its width and height. */
export interface RegionDto {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface QuestionDto {
  question: string;
  /** A written rule to be applied. */
  rule: string | null;
  /** `patient` keeps what is sensitive out; anything else is the carer. */
  by: string | null;
}

export interface FoundDto {
  memories: MemoryDto[];
  answer_text: string | null;
  cited: string[];
  level: number;
  rule_in_words: string | null;
  support: number | null;
  exceptions: number | null;
  nothing_found: boolean;
  nothing_text: string | null;
}

export interface SuggestionDto {
  id: string;
  kind: string;
  state: string;
  made_at: string;
  source: string;
  confidence: number | null;
  text: string;
  memory: string | null;
  media: string | null;
  region: RegionDto | null;
  draft: MemoryInputDto | null;
  fact: FactDto | null;
  person: string | null;
  group: string | null;
  /** Of kind `same-photo`: the photo it looks like. */
  other: string | null;
}

/** How looking through the photos stands. */
export interface LookDto {
  state: string;
  done: number;
  of: number;
  found: number;
  missing: string[];
}

export interface SuggestionEditDto {
  text: string | null;
  draft: MemoryInputDto | null;
  fact: FactDto | null;
}

export interface SuggestionCountDto {
  open: number;
  kinds: { kind: string; open: number }[];
}

export interface FaceDto {
  id: string;
  media: string;
  region: RegionDto;
}

export interface FaceGroupDto {
  id: string;
  person: string | null;
  name: string | null;
  asked_at: string | null;
  consent: boolean;
  faces: FaceDto[];
  count: number;
}

export interface FaceNameDto {
  name: string;
  person: string | null;
  relation: string;
  consent: boolean;
}

export interface SensorJobDto {
  id: string;
  name: string;
  kind: string | null;
  state: string;
  read_bytes: number;
  total_bytes: number;
  events: number;
  skipped: number;
  episodes: number;
  suggestions: number;
  again: number;
  trouble: string | null;
}

export interface ReadyDto {
  ready: boolean;
  message: string | null;
}

export interface VoiceDto {
  hearing: ReadyDto;
  device: ReadyDto;
  speaking: ReadyDto;
  speak: boolean;
  rate_percent: number;
}

export interface HeardWordDto {
  text: string;
  confidence: number;
}

export interface ListenEventDto {
  seq: number;
  kind: string;
  level: number;
  text: string;
  words: HeardWordDto[];
  recording: string | null;
}
