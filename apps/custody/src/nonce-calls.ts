import { Refused } from '@countersign/custody-protocol';
import { cancellationOf } from '@countersign/custody-rules';
import { hexOf, signedTransaction } from '@countersign/wallet-acts';
import { digestToSign, signDigest } from '@countersign/wallet-keys';
import { json, type Handlers } from './acts';
import type { Allowance } from './allowance';
import { accountOf, noteSigned, setNext, unsettledAfter } from './store/accounts.repository';
import { acceptingLoss, Written } from './store/custody-database.repository';
import { journalHead, nextEntry } from './store/journal.repository';
import type { SealedWallets } from './store/sealed-wallets.repository';

export function nonceHandlers(
  wallets: SealedWallets,
  allowance: Allowance,
): Pick<Handlers, 'to-read' | 'report' | 'unsettled' | 'cancel'> {
  return {
    'to-read': async (client, _call, now) => {
      const chains = [];
      for (const rule of allowance.rules.chains)
        chains.push({ ...rule, accounts: await wallets.toRead(client, rule.chain, now) });
      return json(chains);
    },
    report: async (client, { walletId, on: chain, next }, now) => {
      const account = { walletId, chain };
      if ((await accountOf(client, account, null)).next !== next) await journalHead(client, 'FOR UPDATE');
      return new Written(null, acceptingLoss(client), setNext(client, account, next, now));
    },
    unsettled: async (client, { after }, now) => json(await unsettledAfter(client, after, now)),
    /** This works for a frozen wallet and under the brake, because it moves nothing. */
    cancel: async (client, { callId, walletId, on: chain, nonce, ...fee }, now) => {
      await journalHead(client, 'FOR UPDATE');
      const account = await accountOf(client, { walletId, chain }, nonce);
      const wallet = await wallets.get(client, walletId);
      const { evmAddress: address } = wallet;
      const [gas, wanted] = [BigInt(fee.gas), BigInt(fee.price)];
      const { unsigned, price } = cancellationOf(account, { chain, address, nonce, gas, price: wanted });
      const digest = digestToSign('evm-transaction', unsigned, now);
      if (!digest) throw new Refused('malformed');
      const entry = { callId, call: 'cancel', walletId, kind: 'evm-transaction', digest };
      const written = await nextEntry(client, entry, now);
      const signature = wallets.seal.withKeys(wallet, (keys) => signDigest('evm-transaction', keys, digest));
      const transaction = hexOf(signedTransaction(unsigned, signature));
      const answer = { walletId, chain, address, nonce, fee: String(gas * price), transaction };
      const of = { walletId, chain, callId, person: walletId };
      const signed = { nonce, price, endsAt: 'infinity' };
      const noted = noteSigned(client, of, signed, [{ name: 'cancel', amount: 0n }]);
      return new Written(json(answer), noted, written?.write());
    },
  };
}
