import { ChainService } from '../rpc/chain-service';
import { isRecord, type JsonRecord } from '../rpc/json-rpc';
import { malformed } from '../node-error';
import { readLastBlock, type TonBlock } from './read-toncenter';

const MAX_BYTES = 8 * 1_048_576;

/** A name with several values is sent once for each value. */
type Query = Readonly<Record<string, string | readonly string[]>>;
type Read<T> = (answer: JsonRecord) => T;

/** An API of toncenter, version 3. Its newest block proves its network, because it does not have the first state. */
export class TonIndexer extends ChainService {
  /** @throws NodeError, also from `read` */
  async get<T>(path: string, query: Query, read: Read<T>, timeLimitMs?: number): Promise<T> {
    await this.known();
    return this.ask(path, query, read, timeLimitMs);
  }

  /** Reads the newest block of the masterchain that is indexed. @throws NodeError */
  head(timeLimitMs?: number): Promise<TonBlock> {
    return this.get('masterchainInfo', {}, readLastBlock, timeLimitMs);
  }

  protected async identify(): Promise<void> {
    const { reference } = this.chain;
    const read: Read<boolean> = ({ last }) => isRecord(last) && last['global_id'] === reference;
    if (!(await this.ask('masterchainInfo', {}, read))) throw this.lied('wrong_network');
  }

  private ask<T>(path: string, query: Query, read: Read<T>, timeLimitMs?: number): Promise<T> {
    const pairs = Object.entries(query).flatMap(([name, values]) =>
      [values].flat().map((value) => [name, value] as [string, string]),
    );
    const question = { path: `/${path}`, query: new URLSearchParams(pairs) };
    return this.exchange(question, 1, { maxBytes: MAX_BYTES, timeLimitMs }, (answer) => {
      if (!isRecord(answer)) return malformed();
      return read(answer);
    });
  }
}
