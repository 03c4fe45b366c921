import { IsReason } from '@countersign/account';
import type { CustodyHealth } from '@countersign/custody-client';
import { Count, Flag, Instant, Text } from '@countersign/http';
import { EmbeddedStateResponse } from '../dto/embedded-wallet.dto';

export class FreezeWalletRequest {
  @IsReason()
  reason: string;
}

/** As its person sees it. */
export class AdminEmbeddedStateResponse extends EmbeddedStateResponse {}

export class CustodyResponse {
  @Flag('Whether the custody process answers.', true)
  isReachable: boolean;

  @Count(
    'Wallets that are sealed under another key of its ring than the active one; null when it does not answer.',
    0,
    {
      nullable: true,
    },
  )
  toRewrap: number | null;

  @Count('Entries of its journal; null when it does not answer.', 5_211, { nullable: true })
  journalEntries: number | null;

  @Instant(
    'Since when all embedded wallets are stopped; null while they act, and when it does not answer.',
    null,
    { nullable: true },
  )
  stoppedAt: string | null;

  @Text('Why they are stopped.', null, { nullable: true })
  stoppedFor: string | null;

  static of(health: CustodyHealth | null): CustodyResponse {
    return {
      isReachable: health !== null,
      toRewrap: health?.toRewrap ?? null,
      journalEntries: health?.journal.sequence ?? null,
      stoppedAt: health?.brake?.since ?? null,
      stoppedFor: health?.brake?.reason ?? null,
    };
  }
}
