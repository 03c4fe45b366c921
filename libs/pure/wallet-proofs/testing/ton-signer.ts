import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { beginCell, storeStateInit, type Contract } from '@ton/core';

/** A key of TON, made from a byte that is repeated. */
export interface TonSigner {
  readonly publicKey: Buffer;
  readonly privateKey: KeyObject;
}

/** What is signed, where it is not the ordinary thing. */
export interface TonProofRequest {
  readonly payload: string;
  readonly domain?: string;
  readonly network?: string;
  readonly timestamp?: number;
}

export const PROVEN_AT = 1_760_000_000;
export const PROOF_DOMAIN = 'example.com';

export function tonSigner(seed: number): TonSigner {
  const pkcs8 = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.alloc(32, seed),
  ]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { privateKey, publicKey: spki.subarray(-32) };
}

/** What a wallet application answers to a `ton_proof` request, by the words of the protocol's page. */
export function tonAccount(signer: TonSigner, contract: Contract, request: TonProofRequest) {
  const { payload, domain = PROOF_DOMAIN, network = '-239', timestamp = PROVEN_AT } = request;
  const { address, init } = contract;
  const message = Buffer.concat([
    Buffer.from('ton-proof-item-v2/', 'utf8'),
    Buffer.from(new Int32Array([address.workChain]).buffer).reverse(),
    address.hash,
    Buffer.from(new Uint32Array([Buffer.byteLength(domain)]).buffer),
    Buffer.from(domain, 'utf8'),
    Buffer.from(new BigUint64Array([BigInt(timestamp)]).buffer),
    Buffer.from(payload, 'utf8'),
  ]);
  const full = Buffer.concat([
    Buffer.from('ffff', 'hex'),
    Buffer.from('ton-connect', 'utf8'),
    digest(message),
  ]);
  const stateInit = beginCell()
    .store(storeStateInit(init ?? {}))
    .endCell();
  return {
    address: address.toRawString(),
    network,
    publicKey: signer.publicKey.toString('hex'),
    walletStateInit: stateInit.toBoc().toString('base64'),
    proof: {
      timestamp: timestamp as number | string,
      domain: { lengthBytes: Buffer.byteLength(domain), value: domain },
      payload,
      signature: sign(null, digest(full), signer.privateKey).toString('base64'),
    },
  };
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
