import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SiweMessage } from '@signinwithethereum/siwe';

/** A message by its fields, and its signature. */
type SignedSiweFields = Readonly<Partial<SiweMessage>> & { readonly signature: string };

interface Siwe {
  readonly files: {
    readonly 'parsing_positive.json': {
      readonly vectors: Readonly<Record<string, { readonly message: string; readonly fields: object }>>;
    };
    readonly 'parsing_negative.json': { readonly vectors: Readonly<Record<string, string>> };
    readonly 'verification_positive.json': { readonly vectors: Readonly<Record<string, SignedSiweFields>> };
    readonly 'verification_negative.json': { readonly vectors: Readonly<Record<string, SignedSiweFields>> };
    readonly 'eip1271.json': {
      readonly vectors: Readonly<Record<string, { readonly message: string; readonly signature: string }>>;
    };
  };
}

export interface TonProofVector {
  readonly id: string;
  readonly address: string;
  readonly network: '-239' | '-3';
  readonly public_key: string | null;
  readonly proof: {
    readonly timestamp: number | string;
    readonly domain: { readonly lengthBytes: number; readonly value: string };
    readonly signature: string;
    readonly payload: string;
    readonly state_init: string;
  };
  readonly expected: string;
  readonly derived: {
    readonly code_hash: string;
    readonly message_hash: string;
    readonly key_in_state_init: string;
    readonly wallet_version: string;
  };
}

interface TonProofs {
  readonly known_code_hashes: Readonly<Record<string, string>>;
  readonly vectors: readonly TonProofVector[];
}

export const siweVectors = (load('siwe') as Siwe).files;
export const tonProofVectors = load('ton-proof') as TonProofs;

function load(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, '../../../../test/vectors', `${name}.json`), 'utf8'));
}
