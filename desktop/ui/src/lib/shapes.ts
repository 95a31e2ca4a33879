/** Shapes of the newer addresses, until the generated `dto.ts` holds them. */
import type { FactDto, FoundDto as OldFoundDto, MemoryInputDto } from './dto.ts';

/** A part of an upright photo, in fractions 0–1 of its width and height. */
export interface RegionDto {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface QuestionDto {
  question: string;
  by: string | null;
}

export interface PatternDto {
  sentence: string | null;
  support: number;
  exceptions: number;
  supports: string[];
  exceptional: string[];
}

export interface FoundDto extends OldFoundDto {
  level: number;
  cited: string[];
  rule: string | null;
  pattern: PatternDto | null;
  nothing: boolean;
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
}

export interface SuggestionEditDto {
  text: string | null;
  draft: MemoryInputDto | null;
  fact: FactDto | null;
}

export interface SuggestionCountDto {
  open: number;
  kinds: Record<string, number>;
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
  asked: boolean;
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
  rate: number;
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
