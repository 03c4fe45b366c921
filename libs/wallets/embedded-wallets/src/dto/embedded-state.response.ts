import { Id, Instant, ListOf, toResponse } from '@countersign/http';
import type { EmbeddedState } from '../own/embedded-state.service';

class WalletGrantResponse {
  @Id('The application that may use the wallet.')
  applicationId: string;

  @Instant('When the person let it.')
  grantedAt: string;
}

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

  @ListOf(WalletGrantResponse, 'Oldest first.')
  grants: readonly WalletGrantResponse[];

  static of({ state, grants, frozenAt }: EmbeddedState): EmbeddedStateResponse {
    return toResponse(EmbeddedStateResponse, {
      ...state,
      frozenAt,
      grants: grants.map((grant) => toResponse(WalletGrantResponse, grant)),
    });
  }
}
