import { randomUUID } from 'node:crypto';
import {
  estimateSend,
  evidenceOf,
  followSend,
  plainWords,
  readAmount,
  sendFromWallet,
  type SendRequest,
} from '@countersign/client/wallets';
import {
  agree,
  chains,
  giveTestCoins,
  inWords,
  person,
  say,
  walletOf,
  type Asset,
  type Chain,
  type Person,
} from './people.js';

/** Ada sends coins and a token to Grace, on each chain. */

const [ada, grace] = [await person('Ada'), await person('Grace')];
for (const chain of chains) {
  const from = await walletOf(ada, chain);
  await giveTestCoins(chain, from.address);
  say(`${chain.name}: the wallet ${from.address} of Ada has test coins.`);
  const to = await walletOf(grace, chain);
  for (const asset of [{ ...chain.currency, address: null }, ...chain.tokens])
    await send(chain, asset, to.address, readAmount('0.5', asset.decimals) ?? '0');
  await showBalances(grace, chain, to.walletId);
}
for (const { client } of [ada, grace]) client.close();

async function send(chain: Chain, asset: Asset, to: string, amount: string): Promise<void> {
  const { walletId } = await walletOf(ada, chain);
  const request = requestOf(chain, asset, to, amount);
  const { maxFee } = await estimateSend(ada.client, walletId, chain.id, request);
  say(`${chain.name}: Ada sends ${inWords(amount, asset)}, for at most ${inWords(maxFee, chain.currency)}.`);

  // A page stores it before the call.
  const key = randomUUID();
  const sent = await sendFromWallet(ada.client, walletId, chain.id, request, key, agree);
  // As after an answer that got lost: the same key answers the same send.
  const again = await sendFromWallet(ada.client, walletId, chain.id, request, key, () => true);
  say(`  The same key again: ${again.sendId === sent.sendId ? 'the same send' : 'another send'}.`);

  const states: string[] = [];
  const onRead = ({ state }: { readonly state: string }): void => {
    if (states.at(-1) !== state) states.push(state);
  };
  const { outcome } = await followSend(ada.client, walletId, sent.sendId, { onRead });
  say(`  ${states.join(', ')}${outcome === null ? '' : `: ${outcome}`}.`);
}

function requestOf({ kind }: Chain, { address }: Asset, to: string, amount: string): SendRequest {
  if (address === null) return { kind: 'coin', to, amount };
  return kind === 'evm'
    ? { kind: 'token', token: address, to, amount }
    : { kind: 'jetton', master: address, to, amount };
}

/** What a person has, and what each amount rests on. */
async function showBalances({ name, client }: Person, { id }: Chain, walletId: string): Promise<void> {
  const { chains: read } = await client.call('GET', '/v1/wallets/{walletId}/balances', {
    path: { walletId },
  });
  for (const balance of read.find(({ chainId }) => chainId === id)?.balances ?? []) {
    const { amount, symbol, decimals } = balance;
    const has = inWords(amount, { address: null, symbol: symbol ?? '', decimals: decimals ?? 0 });
    say(`  ${name} has ${has}. ${plainWords[evidenceOf(balance)]}`);
  }
}
