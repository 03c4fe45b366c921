import { aChoice, aNumber, aText, ChainFault, Fields } from './chain-fields';
import type { ConfiguredEvmIndexer } from './configured-chain';
import { readRpcUrl, URL_FORM } from './rpc-url';

/** What Etherscan and a public Blockscout allow without payment. */
const DEFAULT_REQUESTS_PER_SECOND = 3;

const aKey = aText(/^[\x21-\x7e]{1,200}$/, 'a key of 1 to 200 ASCII characters');

/** An indexer is asked by address, so it is refused where addresses may not be named. */
export function readIndexer(fields: Fields, mayNameAddresses: boolean): ConfiguredEvmIndexer | null {
  const read = (value: unknown): ConfiguredEvmIndexer => {
    const indexer = Fields.of(fields.at('indexer'), value);
    const url = indexer.required('url', aUrl);
    const shape = indexer.required('shape', aChoice('blockscout', 'etherscan'));
    const apiKey = indexer.optional('apiKey', aKey) ?? null;
    const requestsPerSecond =
      indexer.optional('requestsPerSecond', aNumber(1, 10_000)) ?? DEFAULT_REQUESTS_PER_SECOND;
    indexer.end();
    return { url, shape, apiKey, requestsPerSecond };
  };
  const indexer = fields.optional('indexer', read) ?? null;
  if (indexer && !mayNameAddresses)
    throw new ChainFault(
      `${fields.at('indexer')} needs mayNameAddresses: true, since an indexer learns each address that is looked at`,
    );
  return indexer;
}

function aUrl(value: unknown): URL {
  const url = typeof value === 'string' ? readRpcUrl(value) : null;
  if (url === null) throw new Error(URL_FORM);
  return url;
}
