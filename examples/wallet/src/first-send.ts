import { randomUUID } from 'node:crypto';
import { cancelWaitingSend, sendFromWallet } from '@countersign/client/wallets';
import { agree, chains, giveTestCoins, person, say, walletOf } from './people.js';

/** The first send to an address waits, 24 hours by default. Meanwhile the person can cancel it. */

const [ada, grace] = [await person('Ada'), await person('Grace')];
for (const chain of chains) {
  const [from, to] = [await walletOf(ada, chain), await walletOf(grace, chain)];
  await giveTestCoins(chain, from.address);
  say(`${chain.name}: the wallet ${from.address} of Ada has test coins.`);
  const request = { kind: 'coin', to: to.address, amount: '1000' } as const;
  const send = await sendFromWallet(ada.client, from.walletId, chain.id, request, randomUUID(), agree);
  say(`  ${send.state}: the first send to Grace waits until ${send.waitsUntil}.`);
  const { state } = await cancelWaitingSend(ada.client, from.walletId, send.sendId);
  say(`  ${state}: Ada has cancelled it.`);
}
for (const { client } of [ada, grace]) client.close();
