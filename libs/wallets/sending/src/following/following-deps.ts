import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, DatabaseClock } from '@countersign/database';
import { ForeignUse } from '@countersign/embedded-wallets';
import { WalletAddresses, WalletKeys } from '@countersign/linked-wallets';
import { Logger, Metrics, type CountBy } from '@countersign/observability';
import { SendPorts } from '../ports/send-ports';
import { SendingLeasesRepository } from '../store/sending-leases.repository';
import { SendsRepository } from '../store/sends.repository';
import { Broadcasts } from './broadcasts';
import { SendChanges } from './send-changes';

/** What looking after the sends of all chains shares. */
@Injectable()
export class FollowingDeps {
  readonly patience: number;
  readonly countState: CountBy<'chain' | 'state'>;

  constructor(
    readonly database: Database,
    readonly databaseClock: DatabaseClock,
    readonly clock: Clock,
    readonly ports: SendPorts,
    readonly sends: SendsRepository,
    readonly leases: SendingLeasesRepository,
    readonly keys: WalletKeys,
    readonly addresses: WalletAddresses,
    readonly broadcasts: Broadcasts,
    readonly changes: SendChanges,
    readonly foreignUse: ForeignUse,
    readonly logger: Logger,
    metrics: Metrics,
    { patience }: Configuration,
  ) {
    this.patience = patience;
    this.countState = metrics.counter(
      'countersign_send_states_total',
      'Sends of embedded wallets that came to a state, by chain and state, as this replica saw it.',
      'chain',
      'state',
    );
  }
}
