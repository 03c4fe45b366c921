import { hasCode, type Schemas } from '@countersign/client';
import { evidenceOf, formatAmount, isStale, plainWords } from '@countersign/client/wallets';
import { h } from '../../dom';
import { countersign, signedIn } from '../../me';
import { addSection } from '../../section';

type Wallet = Schemas['WalletResponse'];
type Chain = Schemas['ChainBalancesResponse'];
type Transaction = Schemas['TransactionResponse'];

const VERBS = { in: 'Received', out: 'Sent', self: 'Sent to itself' } as const;

export function moneySection(): void {
  const { body, action } = addSection(
    'money',
    'Balances and history',
    'What linked wallets have and did, and what each answer rests on. Give something for an amount only where it is confirmed and final. Chains are read where the service has endpoints of them: see CHAINS in docs/configuration.md.',
  );
  const shown = h('div', { className: 'money' });
  body.append(
    h(
      'div',
      { className: 'buttons' },
      action('Show what my wallets have', async () => {
        signedIn();
        const { items } = await countersign.call('GET', '/v1/wallets');
        shown.replaceChildren(...(await Promise.all(items.map(walletView))));
        return items.length === 0 ? 'Link a wallet first.' : `Wallets: ${items.length}.`;
      }),
    ),
    shown,
  );
}

async function walletView({ walletId, address }: Wallet): Promise<HTMLElement> {
  const path = { walletId };
  const { chains, notFollowed } = await countersign.call('GET', '/v1/wallets/{walletId}/balances', { path });
  const views = await Promise.all(chains.map((chain) => chainView(walletId, chain)));
  return h(
    'article',
    { 'aria-label': `Wallet ${address}` },
    h('h3', {}, address),
    ...views.flat(),
    ...notFollowed.map(({ chainId, reason }) => h('p', {}, `${chainId}: ${plainWords[reason]}`)),
  );
}

async function chainView(walletId: string, chain: Chain): Promise<HTMLElement[]> {
  const { chainId, name, hasHistory, balances } = chain;
  return [
    h('h4', {}, `Balances on ${name}`),
    ...warningOf(chain),
    h(
      'ul',
      { className: 'list', 'aria-label': `Balances on ${name}` },
      ...balances.map((balance) => {
        const amount = balance.amount === null ? '?' : formatAmount(balance.amount, balance.decimals);
        return row(`${amount} ${symbolOf(balance)}`, plainWords[evidenceOf(balance)]);
      }),
    ),
    ...(hasHistory
      ? await historyView(walletId, chainId, name)
      : [h('p', {}, 'Its transactions are not read.')]),
  ];
}

async function historyView(walletId: string, chainId: string, name: string): Promise<HTMLElement[]> {
  try {
    const { chain, items, nextCursor } = await countersign.call(
      'GET',
      '/v1/wallets/{walletId}/transactions',
      { path: { walletId }, query: { chainId, limit: 20 } },
    );
    const isWhole = chain.isComplete && nextCursor === null;
    return [
      h('h4', {}, `History on ${name}`),
      ...warningOf(chain),
      h('ul', { className: 'list', 'aria-label': `History on ${name}` }, ...items.map(transactionView)),
      ...(items.length === 0 ? [h('p', {}, 'No transaction yet.')] : []),
      ...(isWhole ? [] : [h('p', {}, plainWords.incomplete)]),
    ];
  } catch (error) {
    if (hasCode(error, 'chain.unavailable')) return [h('p', {}, plainWords.stale)];
    throw error;
  }
}

function transactionView(item: Transaction): HTMLElement {
  const { status, block, transfers } = item;
  const moved = transfers.map((transfer) => {
    const { direction, amount, decimals, counterparty, comment } = transfer;
    const other = counterparty === null ? '' : ` ${direction === 'in' ? 'from' : 'to'} ${counterparty}`;
    const text = comment === null ? '' : `, with the comment “${comment}”`;
    return `${VERBS[direction]} ${formatAmount(amount, decimals)} ${symbolOf(transfer)}${other}${text}`;
  });
  return row(
    `${new Date(block.at).toLocaleString()}: ${moved.join('; ') || 'nothing was moved'}`,
    ...(status === 'failed' ? [plainWords.failed] : []),
    plainWords[evidenceOf(item)],
  );
}

function warningOf(chain: Schemas['ChainReadingResponse']): HTMLElement[] {
  if (!isStale(chain)) return [];
  const since = chain.staleSince === null ? '' : ` Since ${new Date(chain.staleSince).toLocaleString()}.`;
  return [h('p', { className: 'state' }, `${plainWords.stale}${since}`)];
}

/** What a token that is not listed calls itself is no name: any contract may claim any. */
function symbolOf({ symbol, isListed }: Schemas['AssetResponse']): string {
  return symbol ?? (isListed ? '' : 'of a token that is not listed');
}

function row(text: string, ...about: readonly string[]): HTMLElement {
  return h('li', {}, h('span', { className: 'sum' }, text), ' ', h('span', {}, about.join(' ')));
}
