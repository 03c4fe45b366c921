import type { Way, Ways } from './audit-trail';
import { ofOperator } from './audit-ways-of-operators';
import { aPerson } from '../factories';

const byImport: Way = (stage) =>
  Promise.resolve(
    stage.local(async () => {
      const line = JSON.stringify({ telegramId: aPerson().id, firstName: 'Ada' });
      const { output } = await stage.countersign.run('import -', line);
      const { importId: subject } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as {
        importId: string;
      };
      const details = { created: '1', exists: '0', invalid: '0' };
      return [
        ofOperator('import.started', null, { subject }),
        ofOperator('import.finished', null, { subject, details }),
      ];
    }),
  );

export const waysOfImports = {
  'import.started': { 'by an import': byImport },
  'import.finished': { 'by an import': byImport },
} satisfies Partial<Ways>;
