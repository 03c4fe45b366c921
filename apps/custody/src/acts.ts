import type { PoolClient } from 'pg';
import type { Clock } from '@countersign/runtime';
import { type Answers, type Call, type CallOf, Refused } from '@countersign/custody-protocol';
import { ForeignRow } from '@countersign/custody-rules';
import { wantReport } from './store/accounts.repository';
import type { CustodyDatabase, Written } from './store/custody-database.repository';
import type { Witness } from './store/witness';
import { writeOnce } from './store/journal.repository';

export type Handlers = {
  readonly [Name in Call['call']]: (
    client: PoolClient,
    call: CallOf<Name>,
    now: Date,
  ) => Promise<Answers[Name] | Written<Answers[Name]>>;
};

const UNREAD: readonly string[] = ['nonce_unread', 'nonce_outside'];
const FOREIGN_ROW = 'a row was not written by custody';

/** An act and its entry in the journal are one transaction. It is committed before the answer leaves. */
export class Acts {
  constructor(
    private readonly database: CustodyDatabase,
    private readonly handlers: Handlers,
    private readonly clock: Clock,
    private readonly witness: Witness | null,
  ) {}

  async answer(call: Call): Promise<Answers[Call['call']]> {
    const handle = this.handlers[call.call] as Handlers['sign'];
    try {
      const answer = await this.database.transaction((client) =>
        handle(client, call as CallOf<'sign'>, this.clock.now()),
      );
      await this.witness?.after(call.call);
      return answer;
    } catch (error) {
      if (error instanceof Refused && UNREAD.includes(error.code) && 'chain' in call)
        await this.database.transaction((client) => wantReport(client, call));
      if (!(error instanceof ForeignRow)) throw error;
      const { walletId, digest } = error;
      const brake = { call: 'brake', kind: FOREIGN_ROW, walletId, digest };
      await this.database.transaction((client) => writeOnce(client, brake, this.clock.now()));
      throw new Refused('braked', { reason: FOREIGN_ROW });
    }
  }
}

/** An answer that may be too long for the header of a frame. */
export function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
