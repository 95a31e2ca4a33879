/**
 * What stands in the QR code of a pairing: the portal's address and the code behind `#`, where no server's log sees it. A
 * camera that opens it as a page finds `/pair`, which says what to do with it.
 */
export const pairingText = (origin: string, code: string): string => `${origin}/pair#${code}`;

/** The code of such an address, tidied; `null` when there is none. */
export function pairingCodeOf(hash: string): string | null {
  const letters = hash.replace(/^#/, '').replace(/[\s-]/g, '').toUpperCase();
  return /^[2-9A-HJ-NP-Z]{8}$/.test(letters) ? `${letters.slice(0, 4)}-${letters.slice(4)}` : null;
}
