import { telegramPublicKeys, verifyInitData } from '@countersign/proofs';
import { Refused, type Environment } from '@countersign/custody-protocol';
import type { ConsentBot } from './rules';

const MAX_AGE_SECONDS = 600;

export interface Launch {
  readonly environment: Environment;
  readonly userId: string;
  readonly startParam: string | null;
}

/**
 * Reads init data of at most ten minutes by Telegram's Ed25519 signature. `hash` does not count: the API could make it.
 * @throws Refused `launch_refused`
 */
export function readLaunch(raw: string, bots: readonly ConsentBot[], now: Date): Launch {
  let reason: string | undefined;
  for (const bot of bots) {
    const { environment, id } = bot;
    const publicKey = bot.publicKey ?? telegramPublicKeys[environment];
    const signature = { botId: id, publicKey, policy: 'required' } as const;
    const read = verifyInitData(raw, { hmacKeys: null, signature, now, maxAgeSeconds: MAX_AGE_SECONDS });
    if (read.ok) {
      const { user, startParam = null } = read.value.initData;
      return { environment, userId: user.id, startParam };
    }
    reason = read.code;
  }
  throw new Refused('launch_refused', reason === undefined ? {} : { reason });
}
