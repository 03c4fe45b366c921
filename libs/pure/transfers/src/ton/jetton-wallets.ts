import { beginCell, storeStateInit, type Address, type Builder, type Cell } from '@ton/core';
import { toAddress } from './addresses';

/** The fields of a jetton wallet's first data. Numbers are 0, except for the Merkle root and the salt. */
const FIELDS = ['status', 'balance', 'owner', 'master', 'code', 'merkleRoot', 'salt'] as const;
type JettonField = (typeof FIELDS)[number];

/** The order of the fields in the reference contracts. */
const LAYOUTS = {
  tep74: ['balance', 'owner', 'master', 'code'],
  'jetton-contract-v1': ['status', 'balance', 'owner', 'master'],
  stablecoin: ['status', 'balance', 'owner', 'master'],
  sharded: ['balance', 'owner', 'master'],
  mintless: ['status', 'balance', 'owner', 'master', 'merkleRoot', 'salt'],
} as const satisfies Readonly<Record<string, readonly JettonField[]>>;
type JettonKind = keyof typeof LAYOUTS;
export const jettonKinds = Object.keys(LAYOUTS) as readonly JettonKind[];

/** With owner and master, it determines the addresses of a jetton's wallets. */
export interface JettonCode {
  /** A known kind, or the layout of another one. */
  readonly kind: JettonKind | readonly JettonField[];
  /** The hash of the code cell in the state init, which may be a library cell: 64 hex digits. */
  readonly codeHash: string;
  readonly codeDepth: number;
  /** For the airdrop of a mintless jetton; 0 for others. */
  readonly merkleRoot: bigint;
}

/** A sharded wallet begins with this number of bits of its owner. */
const SHARD_BITS = 8;
const MAX_SALT = 32;
/** The maximum depth of a cell. */
const MAX_DEPTH = 1_024;
const PRUNED_BRANCH = 1;
const LEVEL = 1;

/** Reads `kind` or a list of fields, `codeHash`, `codeDepth`, and an optional `merkleRoot` in decimal. Else null. */
export function readJettonCode(json: unknown): JettonCode | null {
  if (typeof json !== 'object' || json === null) return null;
  const { kind: named, codeHash, codeDepth, merkleRoot = '0', ...rest } = json as Record<string, unknown>;
  const kind = jettonKinds.find((known) => known === named) ?? layoutIn(named);
  const isCode = typeof codeHash === 'string' && /^[0-9a-fA-F]{64}$/.test(codeHash);
  const isRoot = typeof merkleRoot === 'string' && /^(?:0|[1-9][0-9]{0,77})$/.test(merkleRoot);
  const isDepth = Number.isSafeInteger(codeDepth) && Number(codeDepth) >= 0 && Number(codeDepth) <= MAX_DEPTH;
  if (!kind || !isCode || !isRoot || !isDepth || Object.keys(rest).length > 0) return null;
  const root = BigInt(merkleRoot);
  const hasRoot = fieldsOf(kind).includes('merkleRoot') === 'merkleRoot' in json;
  if (!hasRoot || root >= 2n ** 256n) return null;
  return { kind, codeHash: codeHash.toLowerCase(), codeDepth: Number(codeDepth), merkleRoot: root };
}

/** Each field at most once, and all fields that tell wallets apart. */
function layoutIn(value: unknown): readonly JettonField[] | null {
  if (!Array.isArray(value)) return null;
  const fields = value.flatMap((one) => FIELDS.find((known) => known === one) ?? []);
  const isLayout = fields.length === value.length && new Set(fields).size === fields.length;
  return isLayout && fields.includes('owner') && fields.includes('master') ? fields : null;
}

/** All addresses are raw. @throws RangeError for an address outside of workchain 0, where no jetton wallet exists */
export function jettonWalletOf(code: JettonCode, owner: string, master: string): string {
  const of = { owner: toAddress(owner), master: toAddress(master) };
  if (of.owner.workChain !== 0 || of.master.workChain !== 0) throw new RangeError('not in workchain 0');
  let best = stateInitHash(code, of, 0);
  // The first four bits bring the wallet near to its owner.
  const distanceOf = (hash: Buffer): number => ((hash[0] ?? 0) ^ (of.owner.hash[0] ?? 0)) >> 4;
  const maxSalt = fieldsOf(code.kind).includes('salt') ? MAX_SALT : 0;
  for (let salt = 1; salt <= maxSalt && distanceOf(best) > 0; salt += 1) {
    const hash = stateInitHash(code, of, salt);
    if (distanceOf(hash) < distanceOf(best)) best = hash;
  }
  const prefix = code.kind === 'sharded' ? SHARD_BITS / 8 : 0;
  return `0:${Buffer.concat([of.owner.hash.subarray(0, prefix), best.subarray(prefix)]).toString('hex')}`;
}

function fieldsOf(kind: JettonCode['kind']): readonly JettonField[] {
  return typeof kind === 'string' ? LAYOUTS[kind] : kind;
}

function stateInitHash(
  { kind, codeHash, codeDepth, merkleRoot }: JettonCode,
  { owner, master }: Readonly<Record<'owner' | 'master', Address>>,
  salt: number,
): Buffer {
  const code = cellOf(codeHash, codeDepth);
  const stores: Readonly<Record<JettonField, (data: Builder) => Builder>> = {
    status: (data) => data.storeUint(0, 4),
    balance: (data) => data.storeCoins(0),
    owner: (data) => data.storeAddress(owner),
    master: (data) => data.storeAddress(master),
    code: (data) => data.storeRef(code),
    merkleRoot: (data) => data.storeUint(merkleRoot, 256),
    salt: (data) => data.storeUint(salt, 10),
  };
  const data = fieldsOf(kind)
    .reduce((builder, field) => stores[field](builder), beginCell())
    .endCell();
  const init = { code, data, ...(kind === 'sharded' ? { splitDepth: SHARD_BITS } : {}) };
  return beginCell().store(storeStateInit(init)).endCell().hash(0);
}

/** Replaces a cell of which only hash and depth are known: it has both at level 0. */
function cellOf(hash: string, depth: number): Cell {
  return beginCell()
    .storeUint(PRUNED_BRANCH, 8)
    .storeUint(LEVEL, 8)
    .storeBuffer(Buffer.from(hash, 'hex'))
    .storeUint(depth, 16)
    .endCell({ exotic: true });
}
