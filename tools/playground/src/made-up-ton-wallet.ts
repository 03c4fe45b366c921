import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { beginCell, Cell, contractAddress, storeStateInit } from '@ton/core';

/** `account` of TON Connect with its `ton_proof`, as `POST /v1/auth/wallets` takes it. */
export interface MadeUpTonProof {
  readonly address: string;
  readonly network: string;
  readonly publicKey: string;
  readonly walletStateInit: string;
  readonly proof: {
    readonly timestamp: number;
    readonly domain: { readonly lengthBytes: number; readonly value: string };
    readonly payload: string;
    readonly signature: string;
  };
}

export interface TonProofRequest {
  readonly payload: string;
  readonly domain: string;
  readonly at: Date;
}

/** Main network. */
const NETWORK = '-239';
const WALLET_ID = 698_983_191;
/** The standard wallet of version 3, revision 2. */
const CODE =
  'te6cckEBAQEAcQAA3v8AIN0gggFMl7ohggEznLqxn3Gw7UTQ0x/THzHXC//jBOCk8mCDCNcYINMf0x/TH/gjE7vyY+1E0NMf0x/T/9FRMrryoVFEuvKiBPkBVBBV+RDyo/gAkyDXSpbTB9QC+wDo0QGkyMsfyx/L/8ntVBC9ba0=';
/** DER of an Ed25519 key up to its 32 bytes (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The made-up wallet of TON of a person: its key is a digest of their id, so it keeps nothing safe. */
export function signWithTonWallet(
  id: number,
  request: TonProofRequest | null,
): { readonly address: string; readonly tonProof: MadeUpTonProof | null } {
  const seed = digest(Buffer.from(`countersign playground of TON ${id}`));
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  const init = {
    code: Cell.fromBase64(CODE),
    data: beginCell().storeUint(0, 32).storeUint(WALLET_ID, 32).storeBuffer(publicKey).endCell(),
  };
  const address = contractAddress(0, init);
  const raw = address.toRawString();
  if (request === null) return { address: raw, tonProof: null };

  const { payload, domain, at } = request;
  const timestamp = Math.floor(at.getTime() / 1000);
  const lengthBytes = Buffer.byteLength(domain);
  const message = Buffer.concat([
    Buffer.from('ton-proof-item-v2/'),
    bytes(4, (view) => view.setInt32(0, address.workChain)),
    address.hash,
    bytes(4, (view) => view.setUint32(0, lengthBytes, true)),
    Buffer.from(domain),
    bytes(8, (view) => view.setBigUint64(0, BigInt(timestamp), true)),
    Buffer.from(payload),
  ]);
  const signed = digest(
    Buffer.concat([Buffer.from('ffff', 'hex'), Buffer.from('ton-connect'), digest(message)]),
  );
  return {
    address: raw,
    tonProof: {
      address: raw,
      network: NETWORK,
      publicKey: publicKey.toString('hex'),
      walletStateInit: beginCell().store(storeStateInit(init)).endCell().toBoc().toString('base64'),
      proof: {
        timestamp,
        domain: { lengthBytes, value: domain },
        payload,
        signature: sign(null, signed, privateKey).toString('base64'),
      },
    },
  };
}

function bytes(length: number, write: (view: DataView) => void): Buffer {
  const made = new ArrayBuffer(length);
  write(new DataView(made));
  return Buffer.from(made);
}

function digest(text: Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}
