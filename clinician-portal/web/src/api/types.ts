/** Short names for the shapes of the contract. */
import type { components } from './schema.ts';

type Shapes = components['schemas'];

export type AdherenceDay = Shapes['AdherenceDay'];
export type AuditRow = Shapes['AuditRow'];
export type Chain = Shapes['Chain'];
export type CheckIn = Shapes['CheckIn'];
export type CheckInInput = Shapes['CheckInInput'];
export type Code = Shapes['Code'];
export type Colleague = Shapes['Colleague'];
export type Device = Shapes['Device'];
export type Game = Shapes['Game'];
export type Games = Shapes['Games'];
export type Invite = Shapes['Invite'];
export type Invited = Shapes['Invited'];
export type InviteMade = Shapes['InviteMade'];
export type Me = Shapes['Me'];
export type MySession = Shapes['MySession'];
export type Note = Shapes['Note'];
export type PatientDetail = Shapes['PatientDetail'];
export type PatientInput = Shapes['PatientInput'];
export type PatientRow = Shapes['PatientRow'];
export type PlanDelivery = Shapes['PlanDelivery'];
export type PlanGame = Shapes['PlanGame'];
export type PlanInput = Shapes['PlanInput'];
export type PlanVersion = Shapes['PlanVersion'];
export type Plans = Shapes['Plans'];
export type Point = Shapes['Point'];
export type Role = Shapes['Role'];
export type Session = Shapes['Session'];
export type SessionDetail = Shapes['SessionDetail'];
export type Trend = Shapes['Trend'];
export type Trends = Shapes['Trends'];
export type Trial = Shapes['Trial'];
