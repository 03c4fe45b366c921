import { Injectable } from '@nestjs/common';
import { EvmSends } from '../evm/evm-sends';
import { TonSends } from '../ton/ton-sends';
import type { SendPort } from './send-port';

/** The port of each kind of chain. */
@Injectable()
export class SendPorts {
  private readonly byNamespace: ReadonlyMap<string, SendPort>;

  constructor(evm: EvmSends, ton: TonSends) {
    this.byNamespace = new Map<string, SendPort>([
      ['eip155', evm],
      ['ton', ton],
    ]);
  }

  /** @param chainId of a chain that sends */
  of(chainId: string): SendPort {
    const port = this.byNamespace.get(chainId.split(':')[0] ?? '');
    if (!port) throw new Error('wallets send nothing on this kind of chain');
    return port;
  }
}
