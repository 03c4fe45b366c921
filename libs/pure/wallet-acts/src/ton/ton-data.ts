import { accepted } from '@countersign/errors';
import { hasControlCharacter } from '@countersign/text';
import {
  readBoundedBoc,
  readTonAddress,
  tonDataMessage,
  tonSchemaHash,
  type TonAddress,
  type TonNetwork,
} from '@countersign/wallet-proofs';
import { refusedAct } from '../act-refusals';
import { base64Bytes, isReadable, membersOf } from '../fields';
import { sentencesOf, type Decoded, type Meaning } from '../meaning';
import type { ActContext, TonDataAct, UndecodedCall } from '../wallet-act';
import { foreignDomain, secondsOf } from './ton-proof';

const MAX_DATA_BYTES = 32_768;
/** The depth of a cell is bounded too, and another cell is put around it. */
const MAX_CELLS = 512;
const MAX_SCHEMA_BYTES = 8_192;
/** Of a domain in the DNS of TON (TEP-81). */
const MAX_DOMAIN_BYTES = 126;

/**
 * Reads the request of `signData`. Text is what it says; bytes and cells are not decoded. Whose schema a cell has is a claim:
 * only its CRC-32 is signed.
 *
 * @see https://github.com/ton-blockchain/ton-connect/blob/main/requests-responses.md Sign Data
 */
export function decodeTonData(
  { domain, data }: TonDataAct,
  context: ActContext,
  address: TonAddress,
  network: TonNetwork,
): Decoded<Meaning> {
  const foreign = foreignDomain(domain, context);
  if (foreign) return foreign;
  const members = membersOf(data, ['type', 'text', 'bytes', 'cell', 'schema', 'network', 'from']);
  if (!members) return refusedAct('wallet.act_malformed');
  if ((members.get('network') ?? network) !== network) return refusedAct('wallet.chain_mismatch');
  const from = members.get('from') ?? address.raw;
  const signer = typeof from === 'string' ? readTonAddress(from) : null;
  if (!signer?.ok || signer.value.raw !== address.raw) return refusedAct('wallet.signer_mismatch');

  const [type, text, bytes, cell, schema] = ['type', 'text', 'bytes', 'cell', 'schema'].map((name) =>
    members.get(name),
  );
  const given = ['text', 'bytes', 'cell', 'schema'].filter((name) => members.has(name)).join();
  const origin: Origin = { domain, address, timestamp: secondsOf(context.now) };
  if (type === 'text' && given === 'text' && typeof text === 'string') return textOf(text, origin);
  if (type === 'binary' && given === 'bytes') return binaryOf(base64Bytes(bytes), origin, context.chain);
  if (type === 'cell' && given === 'cell,schema' && typeof schema === 'string') {
    return cellOf(base64Bytes(cell), schema, origin, context.chain);
  }
  return refusedAct('wallet.act_malformed');
}

interface Origin {
  readonly domain: string;
  readonly address: TonAddress;
  /** Unix seconds. */
  readonly timestamp: number;
}

function textOf(text: string, origin: Origin): Decoded<Meaning> {
  const bytes = Buffer.from(text);
  if (bytes.length > MAX_DATA_BYTES) return refusedAct('wallet.act_too_large');
  if (!isReadable(text)) return refusedAct('wallet.message_unreadable');
  const { domain } = origin;
  const summary = [`Sign the text of a message for ${domain}.`];
  return accepted({
    payload: tonDataMessage({ ...origin, content: { type: 'text', text } }),
    method: 'text',
    domain,
    text,
    summary,
  });
}

function binaryOf(bytes: Buffer | null, origin: Origin, chain: string): Decoded<Meaning> {
  if (!bytes) return refusedAct('wallet.act_malformed');
  if (bytes.length > MAX_DATA_BYTES) return refusedAct('wallet.act_too_large');
  return undecoded(
    tonDataMessage({ ...origin, content: { type: 'binary', bytes } }),
    'binary',
    origin.domain,
    chain,
  );
}

function cellOf(boc: Buffer | null, schema: string, origin: Origin, chain: string): Decoded<Meaning> {
  const { domain } = origin;
  if (!boc || !schema.isWellFormed()) return refusedAct('wallet.act_malformed');
  if (boc.length > MAX_DATA_BYTES || Buffer.byteLength(schema) > MAX_SCHEMA_BYTES) {
    return refusedAct('wallet.act_too_large');
  }
  const cell = readBoundedBoc(boc, { maxBytes: MAX_DATA_BYTES, maxCells: MAX_CELLS });
  if (!cell || !isDnsName(domain)) return refusedAct('wallet.act_malformed');
  const schemaHash = tonSchemaHash(schema);
  const payload = tonDataMessage({ ...origin, content: { type: 'cell', schemaHash, cell } });
  return undecoded(payload, `cell:${schemaHash.toString(16).padStart(8, '0')}`, domain, chain);
}

function undecoded(payload: Buffer, method: string, domain: string, chain: string): Decoded<Meaning> {
  const calls: readonly UndecodedCall[] = [{ contract: null, method }];
  const summary = [`Sign data for ${domain}.`, ...sentencesOf([], calls, chain)];
  return accepted({ payload, method, domain, undecoded: calls, summary });
}

/** Whether TON's DNS can write the domain: labels that are not empty. */
function isDnsName(domain: string): boolean {
  const isName = /^[^.\s]+(?:\.[^.\s]+)*$/.test(domain) && !hasControlCharacter(domain);
  return isName && Buffer.byteLength(domain) < MAX_DOMAIN_BYTES;
}
