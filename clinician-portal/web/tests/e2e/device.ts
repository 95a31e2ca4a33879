/** A device, as far as the portal can tell: pairs with a code, signs what it sends, fetches the plan, says that it follows it. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

const base64url = (bytes: Buffer): string => bytes.toString('base64url');

/** A UUID of version 7. */
function uuid(now_ms: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now_ms, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export class Device {
  readonly id = uuid(Date.now());
  private readonly key: KeyObject;
  private readonly publicKey: string;
  private readonly portal: string;

  constructor(portal: string) {
    this.portal = portal;
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.key = privateKey;
    this.publicKey = publicKey.export({ format: 'jwk' }).x ?? '';
  }

  private async post(path: string, message: unknown): Promise<unknown> {
    const body = JSON.stringify(message);
    const time = String(Date.now());
    const hash = createHash('sha256').update(body).digest('hex');
    const signed = ['reme-device-request-v1', 'POST', path, this.id, time, hash, ''].join('\n');
    const answer = await fetch(this.portal + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-reme-device': this.id,
        'x-reme-time': time,
        'x-reme-signature': base64url(sign(null, Buffer.from(signed), this.key)),
      },
      body,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  pair = (code: string, platform: string): Promise<unknown> =>
    this.post('/api/device/pair', { code, device: this.id, public_key: this.publicKey, platform, app_version: '0.1.0', consents: [] });

  /** What the portal has for it. */
  pull = async (): Promise<{ plan: { version: number; dose: { session_minutes: number } } | null }> =>
    (await this.post('/api/device/pull', { cursor: 0 })) as { plan: { version: number; dose: { session_minutes: number } } | null };

  planTaken = (version: number): Promise<unknown> => this.post('/api/device/plan-taken', { version, taken_ms: Date.now() });
}
