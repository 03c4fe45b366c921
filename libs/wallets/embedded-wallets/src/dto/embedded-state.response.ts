import { Instant, toResponse } from '@countersign/http';
import type { EmbeddedState } from '../own/embedded-state.service';

export class EmbeddedStateResponse {
  @Instant(
    'When the words were first shown: from then on the wallet may act without the service. `null` if never.',
    null,
    {
      nullable: true,
    },
  )
  exportedAt: string | null;

  @Instant(
    'When a chain was first seen to have a transaction of it that the service did not send. `null`: none was seen.',
    null,
    { nullable: true },
  )
  usedElsewhereAt: string | null;

  @Instant('Since when custody signs nothing for it. `null`: it acts.', null, { nullable: true })
  frozenAt: string | null;

  static of({ state, frozenAt }: EmbeddedState): EmbeddedStateResponse {
    return toResponse(EmbeddedStateResponse, { ...state, frozenAt });
  }
}
