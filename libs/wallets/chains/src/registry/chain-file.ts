import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Flag, Integer, ListOf, Matching, Nested, OneOf, TakesValuesUpTo, Text } from '@countersign/http';
import { isInsideName, parseUrl, readIpAddress } from '@countersign/text';
import { readChainId } from '@countersign/wallet-proofs';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateBy, type ValidationOptions } from 'class-validator';

/** The largest amount has 78 decimal digits: 2^256 - 1. */
export const MAX_DECIMALS = 77;

const INSIDE = ['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'];

/** Only the operator names nodes, so they may be inside the network. `http:` is accepted only there. */
function isNodeUrl(text: unknown): boolean {
  const url = typeof text === 'string' && text.length <= 2_048 ? parseUrl(text) : undefined;
  if (url?.hash !== '' || url.hostname === '' || !isDecodable(`${url.username}:${url.password}`))
    return false;
  if (url.protocol !== 'http:') return url.protocol === 'https:';
  const address = readIpAddress(url.hostname);
  if (address) return INSIDE.includes(address.range());
  return isInsideName(url.hostname) || url.hostname.endsWith('.svc');
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function NodeUrl(options: ValidationOptions = {}): PropertyDecorator {
  const message =
    'must be an https:// URL without a fragment, or http:// inside of the network; a % of a password is written %25';
  const rule = ValidateBy({ name: 'url', validator: { validate: isNodeUrl } }, { message, ...options });
  return applyDecorators(ApiProperty(), rule);
}

function KnownChainId(): PropertyDecorator {
  const validate = (value: unknown) => typeof value === 'string' && readChainId(value).ok;
  const message = 'must be a CAIP-2 id, such as eip155:1, ton:-239 or ton:-3';
  const rule = ValidateBy({ name: 'chainId', validator: { validate } }, { message });
  return applyDecorators(ApiProperty(), rule);
}

function Amount(description: string): PropertyDecorator {
  return Matching(description, '20000000', {
    ...REQUIRED,
    pattern: /^(?:0|[1-9][0-9]{0,77})$/,
    message: 'must be text with a whole number in the smallest unit',
  });
}

const REQUIRED = { input: 'required' } as const;
const OPTIONAL = { input: 'optional' } as const;

class Currency {
  @Matching('A symbol.', 'ETH', {
    ...REQUIRED,
    pattern: /^[\x21-\x7e]{1,16}$/,
    message: 'must be a symbol of 1 to 16 ASCII characters',
  })
  symbol: string;

  @Integer('Digits after the point.', 18, { ...REQUIRED, min: 0, max: MAX_DECIMALS })
  decimals: number;
}

export class ListedToken extends Currency {
  @Text('As stored: `0x` and lower-case hex. Of TON: a jetton master, raw.', null, REQUIRED)
  address: string;
}

class IndexerInFile {
  @NodeUrl()
  url: string;

  @Matching('Never in a log, an error or an answer.', 'KEY', {
    ...OPTIONAL,
    pattern: /^[\x21-\x7e]{1,256}$/,
    message: 'must be a key of 1 to 256 ASCII characters',
  })
  apiKey?: string;

  @Integer('Of TON those of a node by default.', 20, { ...OPTIONAL, min: 1, max: 10_000 })
  requestsPerSecond?: number;
}

class EvmIndexerInFile extends IndexerInFile {
  @OneOf(['blockscout', 'etherscan'], 'Etherscan has one host for all chains.', 'blockscout', REQUIRED)
  shape: 'blockscout' | 'etherscan';

  /** Etherscan and public Blockscouts allow this much without payment. */
  override requestsPerSecond = 3;
}

class TonSendingInFile {
  @Amount('The fee of one send.')
  maxFee: string;

  @Amount('0.05 coins.')
  attached = '50000000';
}

class EvmSendingInFile {
  @Amount('Of a unit of gas.')
  maxFeePerGas: string;

  @Amount('Of one transaction.')
  maxFee: string;

  @Amount('Of a unit of gas.')
  minTipPerGas = '0';

  @Integer('Of one transaction.', 1_000_000, { ...REQUIRED, min: 21_000, max: 30_000_000 })
  maxGas = 1_000_000;

  @Integer('In blocks.', 64, { ...OPTIONAL, min: 0, max: 100_000 })
  depth?: number;

  @Flag('Whether there is a fee for layer 1.', false, REQUIRED)
  isOpStack = false;
}

/** A chain of `CHAINS`. docs/chains.md explains the members. */
abstract class ChainInFile {
  @KnownChainId()
  chainId: string;

  @NodeUrl({ each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(8)
  @IsArray()
  rpcUrls: string[];

  @Flag('Whether the nodes may learn which addresses are asked for.', false, REQUIRED)
  mayNameAddresses: boolean;

  @Matching('Built in for known chains.', 'ethereum', {
    ...OPTIONAL,
    pattern: /^[a-z0-9][a-z0-9-]{0,63}$/,
    message: 'must be a name of lower-case letters, digits and hyphens',
  })
  name?: string;

  @OneOf(['production', 'test'], 'Built in for known chains.', 'test', OPTIONAL)
  environment?: 'production' | 'test';

  @Nested(Currency, 'Built in for known chains.', OPTIONAL)
  currency?: Currency;

  @Integer('For one request.', 10_000, { ...REQUIRED, min: 100, max: 120_000 })
  timeLimitMs = 10_000;

  @Integer('For each of `rpcUrls`.', 20, { ...REQUIRED, min: 1, max: 10_000 })
  requestsPerSecond = 20;

  @ListOf(ListedToken, 'Tokens that are no spam.', { ...REQUIRED, list: { max: 10_000 } })
  tokens: ListedToken[] = [];
}

@TakesValuesUpTo(Infinity)
export class TonChainInFile extends ChainInFile {
  @ListOf(IndexerInFile, 'APIs of toncenter, version 3.', { ...REQUIRED, list: { max: 2 } })
  indexers: IndexerInFile[] = [];

  @Nested(TonSendingInFile, 'Absent: embedded wallets send nothing on it.', OPTIONAL)
  sending?: TonSendingInFile;
}

@TakesValuesUpTo(Infinity)
export class EvmChainInFile extends ChainInFile {
  @Matching('Of block 0.', `0x${'0'.repeat(64)}`, {
    ...OPTIONAL,
    pattern: /^0x[0-9a-f]{64}$/,
    message: 'must be 0x and 64 lower-case hex digits',
  })
  genesisHash?: string;

  @Integer('Built in for known chains.', 65, { ...OPTIONAL, min: 1, max: 100_000 })
  confirmations?: number;

  @Integer('Built in for known chains.', 2_000, { ...OPTIONAL, min: 100, max: 600_000 })
  blockTimeMs?: number;

  @Nested(EvmIndexerInFile, 'Lists transactions and collectibles.', OPTIONAL)
  indexer?: EvmIndexerInFile;

  @Nested(EvmSendingInFile, 'Absent: embedded wallets send nothing on it.', OPTIONAL)
  sending?: EvmSendingInFile;
}
