import type { AuditRecord, Stage, Way, Ways } from './audit-trail';
import { ofOperator } from './audit-ways-of-operators';
import { aPerson } from '../factories';

interface Summary {
  readonly importId: string;
}

/** Imports one person, under a name of its own. */
async function importOne({ countersign }: Stage): Promise<{ importId: string; records: AuditRecord[] }> {
  const telegramId = aPerson().id;
  const line = JSON.stringify({ telegramId, firstName: 'Ada' });
  const { output } = await countersign.run(`import - --name old-${telegramId}`, line);
  const { importId } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Summary;
  const details = { created: '1', exists: '0', conflict: '0', invalid: '0' };
  return {
    importId,
    records: [
      ofOperator('import.started', null, { subject: importId }),
      ofOperator('import.finished', null, { subject: importId, details }),
    ],
  };
}

const byImport: Way = (stage) => Promise.resolve(stage.cli(async () => (await importOne(stage)).records));

export const waysOfImports = {
  'import.started': { 'by an import': byImport },
  'import.finished': { 'by an import': byImport },
  'import.undone': {
    'by an undo': async (stage) => {
      const { importId } = await importOne(stage);
      return stage.cli(async () => {
        await stage.countersign.json(`import undo ${importId}`);
        const details = { removed: '1', remaining: '0' };
        return [ofOperator('import.undone', null, { subject: importId, details })];
      });
    },
  },
} satisfies Partial<Ways>;
