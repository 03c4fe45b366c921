import type { CustodyRefusal } from '@countersign/custody-protocol';

/** A call that is not answered. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly code: CustodyRefusal) {
    super(code);
  }
}
