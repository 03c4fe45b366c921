import { featuresIn } from '../../../api/src/features';
import { command } from '../declaration';

export const migrate = {
  name: 'migrate',
  ...command(
    'make the ledger of erasures, and bring the schema of the database up to date, with the tables of the features in use',
    {
      '--drop <features>':
        'instead: drop the tables of these features, which are not in use, with all that is in them; comma separated',
    },
  ).plain(async (call) => {
    const { environment } = call.terminal;
    const libs = await import('../lazy/migrations.js');
    const use = featuresIn(environment).map(({ name }) => name);
    const url = libs.readDatabaseUrl(environment);
    const dropped = call.optional('drop')?.split(/ *, */) ?? [];
    if (dropped.length > 0) {
      await libs.dropUnused(url, use, dropped);
      return { json: { dropped }, text: `Dropped the tables of ${dropped.join(', ')}` };
    }
    const settings = libs.readLedgerSettings(environment);
    await libs.createLedger({ ...settings, databaseDirectUrl: url });
    const applied = await libs.migrate(url, { use });
    const isMade = settings.erasureLedger !== null;
    const text = [
      isMade
        ? 'The ledger of erasures is made.'
        : 'There is no ledger of erasures: ERASURE_LEDGER is not set.',
      applied.length > 0 ? `Applied ${applied.join(', ')}` : 'The schema is up to date',
    ];
    return { json: { applied }, text: text.join('\n') };
  }),
};
