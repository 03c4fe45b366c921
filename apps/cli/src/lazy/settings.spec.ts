import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationSettings } from '@countersign/applications';
import { FeaturesInUse } from '../../../api/src/features';
import './business';

describe('the CLI', () => {
  it('knows every group of settings that is documented', async () => {
    await FeaturesInUse.load(['all']);
    const text = readFileSync(join(__dirname, '../../../../docs/settings.md'), 'utf8');
    const [, table = ''] = /^\| field .*\n\| -.*\n((?:\|.*\n)+)/m.exec(text) ?? [];
    const documented = [...table.matchAll(/^\| `(\w+)/gm)].map(([, group]) => group);

    expect(new Set(Object.keys(new ApplicationSettings()))).toEqual(new Set(documented));
  });
});
