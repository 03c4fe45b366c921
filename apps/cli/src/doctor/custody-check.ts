import type { INestApplicationContext } from '@nestjs/common';
import { CustodyClient } from '@countersign/custody-client';
import { note, ok, wrong, type Finding } from './finding';

const COMPARISON = 'docs/operations.md#signatures-without-an-act';
const RULES = 'docs/embedded-wallets.md#rules';

/** What its custody process lets wallets do; nothing where the installation has none. */
export async function custodyFindings(app: INestApplicationContext): Promise<readonly Finding[]> {
  const custody = clientIn(app);
  if (!custody?.isConfigured) return [];
  try {
    const { brake, rules, comparison } = await custody.health();
    const { assets, consentBots } = rules;
    return [
      ...(brake ? [wrong('custody', `all wallets are stopped since ${brake.since}: ${brake.reason}`)] : []),
      comparison === null
        ? note(
            'custody',
            'CUSTODY_API_DATABASE_URL is not set: it compares signatures with nothing',
            COMPARISON,
          )
        : comparison.withoutAct > 0
          ? wrong('custody', `${comparison.withoutAct} signatures were not allowed by the API`, COMPARISON)
          : ok('custody', `its signatures were compared at ${comparison.comparedAt ?? 'no time yet'}`),
      assets === 0
        ? note('custody', 'its rules name no coin or token: wallets sign messages alone', RULES)
        : ok('custody', `its rules name ${assets} coins and tokens`),
      ...(consentBots === 0
        ? [note('custody', 'its rules name no consent bot: no words are shown, and no freeze ends', RULES)]
        : []),
    ];
  } catch {
    return [wrong('custody', 'it does not answer at CUSTODY_SOCKET', 'docs/operations.md')];
  }
}

/** Null without the feature. */
function clientIn(app: INestApplicationContext): CustodyClient | null {
  try {
    return app.get(CustodyClient, { strict: false });
  } catch {
    return null;
  }
}
