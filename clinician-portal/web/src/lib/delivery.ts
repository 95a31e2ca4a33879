/** Where a version of the plan has arrived. Pure. */
import type { Device, PlanDelivery } from '../api/types.ts';

/** `in-force`: the device said that it follows it; `handed-over`: it was fetched; `waiting`: the device has not called since. */
export type ArrivalState = 'in-force' | 'handed-over' | 'waiting';

export interface Arrival {
  device: Device;
  state: ArrivalState;
  /** When that state began; `null` while waiting. */
  at_ms: number | null;
}

/** One row a device that is still paired. */
export function arrivalsOf(version: number, deliveries: PlanDelivery[], devices: Device[]): Arrival[] {
  return devices
    .filter((device) => device.unpaired_ms == null)
    .map((device) => {
      const found = deliveries.find((delivery) => delivery.device === device.id && delivery.version === version);
      if (!found) return { device, state: 'waiting', at_ms: null };
      // The device's clock may be off; when the portal heard of it is certain.
      if (found.taken_ms != null) return { device, state: 'in-force', at_ms: found.heard_ms ?? found.taken_ms };
      return { device, state: 'handed-over', at_ms: found.sent_ms };
    });
}

/** The version's state in one word: as far as the device that has come furthest; `null` without a device. */
export function furthest(arrivals: Arrival[]): ArrivalState | null {
  const states = arrivals.map((arrival) => arrival.state);
  return (['in-force', 'handed-over', 'waiting'] as const).find((state) => states.includes(state)) ?? null;
}
