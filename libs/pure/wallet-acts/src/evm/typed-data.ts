import { accepted, readJsonObject } from '@countersign/text';
import { readEvmAddress } from '@countersign/wallet-proofs';
import { hashStruct } from 'viem/utils';
import { refusedAct, type RefusedAct } from '../act-refusals';
import { bytesOf, hexBytes, membersOf, wholeNumber } from '../fields';
import { sentencesOf, type Decoded, type Meaning } from '../meaning';
import type { ActContext, TypedDataAct } from '../wallet-act';
import { permitsOf } from './permits';
import { fieldsText, readStructTypes, type Field, type Struct, type StructTypes } from './struct-types';

const MAX_TEXT_LENGTH = 65_536;
const MAX_DEPTH = 16;
/** Structs, arrays and other values together. */
const MAX_VALUES = 1_024;

/** The order is that of EIP-712. */
const DOMAIN_FIELDS: readonly Field[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
];
const DOMAIN = 'EIP712Domain';

/**
 * Reads typed data by EIP-712. Types are computed anew from `types`: each value must be in range, and each struct must
 * have exactly its own fields. A domain must name chain and contract, so that the signature is only for these.
 * @see https://eips.ethereum.org/EIPS/eip-712
 */
export function decodeTypedData(
  { typedData }: TypedDataAct,
  { address, chain }: ActContext,
  chainId: number,
): Decoded<Meaning> {
  const isText = typeof typedData === 'string';
  if (isText && typedData.length > MAX_TEXT_LENGTH) return refusedAct('wallet.act_too_large');
  const members = membersOf(isText ? readJsonObject(typedData) : typedData, [
    'types',
    'primaryType',
    'domain',
    'message',
  ]);
  const types = readStructTypes(members?.get('types'));
  const primaryType = members?.get('primaryType');
  if (!members || !types) return malformed('types');
  if (typeof primaryType !== 'string' || primaryType === DOMAIN || !types.has(primaryType)) {
    return malformed('primaryType');
  }

  try {
    const { fields, values } = readDomain(members.get('domain'), types.get(DOMAIN));
    if (values['chainId'] !== BigInt(chainId)) return refusedAct('wallet.chain_mismatch');
    const message = new Reader(types).struct(primaryType, members.get('message'), 'message', 1);
    const verifyingContract = String(values['verifyingContract']);
    const payload = Buffer.concat([
      hashOf(new Map([[DOMAIN, fields]]), DOMAIN, values),
      hashOf(types, primaryType, message),
    ]);
    const permits = permitsOf({ types, primaryType, message, verifyingContract }, address);
    const undecoded = permits ? [] : [{ contract: verifyingContract, method: primaryType }];
    const spends = permits ?? [];
    const summary = sentencesOf(spends, undecoded, chain);
    return accepted({
      ...{ payload, contract: verifyingContract, method: primaryType, spends, undecoded, summary },
    });
  } catch (error) {
    if (error instanceof Misfit) return malformed(error.path);
    throw error;
  }
}

/** The domain's type follows from its values. `declared` may only repeat it. */
function readDomain(
  input: unknown,
  declared: readonly Field[] | undefined,
): { fields: readonly Field[]; values: Struct } {
  const given = membersOf(
    input,
    DOMAIN_FIELDS.map(({ name }) => name),
  );
  const fields = DOMAIN_FIELDS.filter(({ name }) => given?.has(name));
  const isComplete = given?.has('chainId') && given.has('verifyingContract');
  if (!isComplete || (declared && JSON.stringify(declared) !== JSON.stringify(fields))) {
    throw new Misfit('domain');
  }
  return { fields, values: new Reader(new Map([[DOMAIN, fields]])).struct(DOMAIN, input, 'domain', 1) };
}

class Misfit extends Error {
  constructor(readonly path: string) {
    super();
  }
}

class Reader {
  private values = 0;
  private length = 0;

  constructor(private readonly types: StructTypes) {}

  struct(type: string, value: unknown, path: string, depth: number): Struct {
    const fields = this.types.get(type) ?? [];
    const members = membersOf(
      value,
      fields.map(({ name }) => name),
    );
    if (!members) throw new Misfit(path);
    this.countType(type);
    return Object.fromEntries(
      fields.map(({ name, type: ofField }) => [
        name,
        this.value(ofField, members.get(name), `${path}.${name}`, depth + 1),
      ]),
    );
  }

  /** A struct hashes its type anew with its dependencies, also in empty lists. */
  private countType(type: string): void {
    const fields = this.types.get(type) ?? [];
    this.length += fieldsText(fields).length;
    if (this.length > MAX_TEXT_LENGTH) throw new Misfit('types');
    for (const field of fields) this.countType(field.type.replace(/\[.*/, ''));
  }

  private value(type: string, value: unknown, path: string, depth: number): unknown {
    this.values += 1;
    if (depth > MAX_DEPTH || this.values > MAX_VALUES) throw new Misfit(path);
    const [, item, count] = /^(.+)\[([0-9]*)\]$/.exec(type) ?? [];
    if (item !== undefined) {
      if (!Array.isArray(value) || (count !== '' && value.length !== Number(count))) throw new Misfit(path);
      return value.map((one: unknown, at) => this.value(item, one, `${path}[${String(at)}]`, depth + 1));
    }
    if (this.types.has(type)) return this.struct(type, value, path, depth);
    const atom = atomOf(type, value);
    this.length += typeof atom === 'string' ? atom.length : 0;
    if (atom === null || this.length > MAX_TEXT_LENGTH) throw new Misfit(path);
    return atom;
  }
}

function atomOf(type: string, value: unknown): bigint | string | boolean | null {
  if (type === 'bool') return typeof value === 'boolean' ? value : null;
  if (type === 'string') return typeof value === 'string' && value.isWellFormed() ? value : null;
  if (type === 'address') {
    const address = typeof value === 'string' ? readEvmAddress(value) : null;
    return address?.ok ? address.value : null;
  }
  const [, base, size] = /^(bytes|uint|int)([0-9]*)$/.exec(type) ?? [];
  if (base === 'bytes') {
    const bytes = hexBytes(value);
    if (!bytes || (size !== '' && bytes.length !== Number(size))) return null;
    return `0x${bytes.toString('hex')}`;
  }
  const number = wholeNumber(value);
  const bits = BigInt(size ?? 0) - (base === 'int' ? 1n : 0n);
  const min = base === 'int' ? -(2n ** bits) : 0n;
  return number !== null && number >= min && number < 2n ** bits ? number : null;
}

function hashOf(types: StructTypes, primaryType: string, data: Struct): Buffer {
  return bytesOf(hashStruct({ data, primaryType, types: Object.fromEntries(types) }));
}

function malformed(path: string): RefusedAct {
  const code = path.startsWith('domain') ? 'wallet.typed_data_domain' : 'wallet.typed_data_malformed';
  return refusedAct(code, `${path} is not well-formed`);
}
