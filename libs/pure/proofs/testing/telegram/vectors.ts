import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface IntermediateVector {
  readonly id: string;
  readonly token?: string;
  readonly input?: string;
  readonly expected_hex: string;
}

interface HmacVector {
  readonly id: string;
  readonly bot_token: string;
  readonly init_data: string;
  readonly expected: 'valid' | 'invalid';
}

interface SignatureVector {
  readonly id: string;
  readonly bot_id: number;
  readonly init_data: string;
  readonly public_key_hex: string;
  readonly expected: 'valid' | 'invalid';
}

interface HostileVectors {
  readonly bot_token: string;
  /** Unix seconds. */
  readonly now: number;
  readonly max_age: number;
  readonly vectors: readonly {
    readonly id: string;
    readonly init_data: string;
    readonly recommended: 'accept' | 'reject';
    readonly why: string;
  }[];
}

interface LoginWidgetVector {
  readonly id: string;
  readonly bot_token: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly expected: 'valid' | 'invalid';
}

export const intermediateVectors = (load('hmac-intermediate') as { vectors: readonly IntermediateVector[] })
  .vectors;
export const hmacVectors = (load('miniapp-hmac') as { vectors: readonly HmacVector[] }).vectors;
export const signatureVectors = (load('miniapp-ed25519') as { vectors: readonly SignatureVector[] }).vectors;
export const loginWidgetVectors = (load('login-widget') as { vectors: readonly LoginWidgetVector[] }).vectors;
export const hostileVectors = load('miniapp-hostile') as HostileVectors;

function load(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, '../../../../../test/vectors', `${name}.json`), 'utf8'));
}
