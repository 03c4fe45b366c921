import { hasCode, type Schemas } from '@countersign/client';
import { connectWallet, evidenceOf, formatAmount, isStale, plainWords } from '@countersign/client/wallets';
import { useCallback } from 'react';
import { countersign } from './countersign';
import { Failure, Section, Spinner } from './parts';
import { useAction } from './use-action';
import { useList } from './use-list';

type Chain = Schemas['ChainBalancesResponse'];
type Transaction = Schemas['TransactionResponse'];

interface WalletMoney {
  readonly walletId: string;
  readonly address: string;
  readonly chains: readonly (Chain & { readonly transactions: readonly Transaction[] | null })[];
  readonly notFollowed: readonly Schemas['NotFollowedResponse'][];
}

async function readWallets(): Promise<readonly WalletMoney[]> {
  const { items } = await countersign.call('GET', '/v1/wallets');
  return Promise.all(items.map(readMoney));
}

async function readMoney({ walletId, address }: Schemas['WalletResponse']): Promise<WalletMoney> {
  const path = { walletId };
  const { chains, notFollowed } = await countersign.call('GET', '/v1/wallets/{walletId}/balances', { path });
  const read = chains.map(async (chain) => ({ ...chain, transactions: await readHistory(walletId, chain) }));
  return { walletId, address, notFollowed, chains: await Promise.all(read) };
}

/** The ten newest transactions. `null` if the history of the chain is not read, or cannot be read now. */
async function readHistory(
  walletId: string,
  { chainId, hasHistory }: Chain,
): Promise<readonly Transaction[] | null> {
  if (!hasHistory) return null;
  const input = { path: { walletId }, query: { chainId, limit: 10 } };
  try {
    return (await countersign.call('GET', '/v1/wallets/{walletId}/transactions', input)).items;
  } catch (error) {
    if (hasCode(error, 'chain.unavailable')) return null;
    throw error;
  }
}

/** An EIP-1193 provider. A Mini App gets it from the kit of a wallet, such as WalletConnect. */
const { ethereum } = window as { ethereum?: Parameters<typeof connectWallet>[1] };

/** Shows what the person's wallets have, and how certain each answer is. */
export function Wallets() {
  const { items, error, reload } = useList(readWallets);
  const connect = useAction(
    useCallback(async () => {
      if (ethereum) await connectWallet(countersign, ethereum);
      await reload();
    }, [reload]),
  );
  return (
    <Section title="Your wallets">
      <Failure error={error ?? connect.error} />
      {items === null && error === null && <Spinner label="Loading your wallets" />}
      {items?.length === 0 && <p className="hint">You have no wallet here.</p>}
      {items?.map(({ walletId, address, chains, notFollowed }) => (
        <article key={walletId} aria-label={`Wallet ${address}`}>
          <h3 className="address">{address}</h3>
          {chains.map((chain) => (
            <OnChain key={chain.chainId} {...chain} />
          ))}
          {notFollowed.map(({ chainId, reason }) => (
            <p key={chainId} className="hint">
              {chainId}: {plainWords[reason]}
            </p>
          ))}
        </article>
      ))}
      {ethereum && (
        <button onClick={connect.run} disabled={connect.isRunning}>
          Connect a wallet
        </button>
      )}
      {(items === null ? error !== null : items.length > 0) && (
        <button className="plain" onClick={() => void reload()}>
          Load the wallets again
        </button>
      )}
    </Section>
  );
}

function OnChain(chain: WalletMoney['chains'][number]) {
  const { name, balances, transactions, staleSince } = chain;
  return (
    <>
      {isStale(chain) && (
        <p className="hint">
          {plainWords.stale}
          {staleSince !== null && ` Since ${new Date(staleSince).toLocaleString()}.`}
        </p>
      )}
      <ul aria-label={`Balances on ${name}`}>
        {balances.map((balance) => (
          <li key={balance.contract ?? 'coin'} className="entry">
            <strong>
              {balance.amount === null ? '?' : formatAmount(balance.amount, balance.decimals)}{' '}
              {symbolOf(balance)}
            </strong>
            <span className="hint">{plainWords[evidenceOf(balance)]}</span>
          </li>
        ))}
      </ul>
      <ul aria-label={`History on ${name}`}>
        {transactions?.map((item) => (
          <Entry key={`${item.hash} ${item.part}`} {...item} />
        ))}
      </ul>
    </>
  );
}

const SIGNS = { in: '+', out: '−', self: '' } as const;

function Entry(item: Transaction) {
  const { block, status, transfers } = item;
  return (
    <li className="entry">
      {transfers.map((transfer, index) => (
        <span key={index}>
          {SIGNS[transfer.direction]}
          {formatAmount(transfer.amount, transfer.decimals)} {symbolOf(transfer)}
          {transfer.comment !== null && ` “${transfer.comment}”`}
        </span>
      ))}
      <span className="hint">
        <time dateTime={block.at}>{new Date(block.at).toLocaleString()}</time>.{' '}
        {status === 'failed' && `${plainWords.failed} `}
        {plainWords[evidenceOf(item)]}
      </span>
    </li>
  );
}

/** A token that is not listed can have any name. */
function symbolOf({ symbol }: { readonly symbol: string | null }): string {
  return symbol ?? 'of a token that is not listed';
}
