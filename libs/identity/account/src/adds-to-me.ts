import { extensionPoint } from '@countersign/extensions';
import type { Principal } from '@countersign/sessions';
import type { User } from '@countersign/users';

interface MeAddition {
  /** Members of the answer of GET /v1/me, which the module declares in `MeResponse`. */
  describe(caller: Principal, user: User): Promise<object>;
  /** The name of a person that everyone may see; null without one. */
  publicNameOf(userId: string): Promise<string | null>;
}

/** What a module knows of people besides their identities. */
export const AddsToMe = extensionPoint<MeAddition>();
