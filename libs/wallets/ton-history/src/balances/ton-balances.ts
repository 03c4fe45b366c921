import { Injectable } from '@nestjs/common';
import { addressOfStack, type Chain, type TonEndpoint } from '@countersign/chains';
import { JettonWallets } from '../asking/jetton-wallets';
import { TwoEndpoints, type Said } from '../asking/two-endpoints';

/** What endpoints say an address has. */
@Injectable()
export class TonBalances {
  constructor(
    private readonly endpoints: TwoEndpoints,
    private readonly jettons: JettonWallets,
  ) {}

  /** In nanocoins. @param owner raw */
  coin(chain: Chain, owner: string): Promise<Said<bigint>> {
    return this.endpoints.ask(chain, async (endpoint) => (await endpoint.account(owner)).balance);
  }

  /** In base units of the jetton. @param owner raw, and so `master` */
  async jetton(chain: Chain, owner: string, master: string): Promise<Said<bigint>> {
    const wallet = await this.jettons.of(chain, owner, master);
    if (wallet.value === null) return { ...wallet, value: null };
    const { value } = wallet;
    return this.endpoints.ask(chain, (endpoint) => balanceOf(endpoint, value, owner, master));
  }
}

/** Null where the contract is not the jetton wallet that its master names it to be. */
async function balanceOf(
  endpoint: TonEndpoint,
  wallet: string,
  owner: string,
  master: string,
): Promise<bigint | null> {
  const { state } = await endpoint.account(wallet);
  if (state === 'uninitialized') return 0n;
  if (state !== 'active') return null;
  const { exitCode, stack } = await endpoint.runGetMethod(wallet, 'get_wallet_data');
  const [balance, ofOwner, ofMaster] = stack;
  const isRight = addressOfStack(ofOwner) === owner && addressOfStack(ofMaster) === master;
  return exitCode === 0 && isRight && typeof balance === 'bigint' && balance >= 0n ? balance : null;
}
